"""S8 is broken by each of these."""

from history_lines import good_move, line

from simulator.checkers.state_grows import check
from simulator.history import Line


def state(incarnation: int, version: int, node: str = "n1.1", via: str = "porto") -> Line:
    numbers = {"incarnation": incarnation, "version": version}
    return line("site_state", "", node=node, of="porto", via=via, **numbers)


def test_a_good_history() -> None:
    assert check(good_move()) == []
    assert check([state(1, 5), state(1, 5), state(2, 1), state(1, 3, node="n1.2")]) == []


def test_a_version_goes_back() -> None:
    assert check([state(1, 5), state(1, 4)])


def test_an_incarnation_goes_back() -> None:
    (wrong,) = check([state(2, 1), state(1, 9)])
    assert (wrong.invariant, wrong.site) == ("S8", "porto")


def test_a_state_comes_by_another_sites_stream() -> None:
    assert check([state(1, 5, via="lisbon")])
