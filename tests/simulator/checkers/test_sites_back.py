"""L2 is broken by each of these."""

from told_faults import broken, leaderless, leads, mended, watched

from simulator.checkers.sites_back import check
from simulator.history import Line

CUT = [*leads(1.0, "n1"), *leads(1.0, "n1", "lisbon"), broken(5.0, "links", sites="porto")]
HEALED = [leaderless(7.0), mended(20.0)]


def run(*after: Line) -> list[str]:
    return [wrong.site for wrong in check([*CUT, *HEALED, *after, watched(60.0)])]


def test_all_are_back_in_time() -> None:
    assert run(*leads(25.0, "n1")) == []


def test_one_is_not_or_too_late() -> None:
    assert run() == ["porto"]
    assert run(*leads(31.0, "n1")) == ["porto"]


def test_while_something_is_broken_nobody_is_waited_for() -> None:
    assert run(broken(22.0, "store", nodes="n2", name="2")) == []


def test_carriers_and_clocks_are_no_excuse() -> None:
    assert run(broken(22.0, "harmless", name="2")) == ["porto"]
