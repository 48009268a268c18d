"""L1 is broken by each of these."""

from told_faults import broken, leaderless, leads, mended, watched

from simulator.checkers.bounds import REAL
from simulator.checkers.leader_returns import check
from simulator.history import Line

BEFORE = leads(1.0, "n1")
GONE = broken(10.0, "gone", nodes="n1")


def run(*after: Line, until_s: float = 30.0, gone: Line = GONE) -> bool:
    return bool(check([*BEFORE, gone, leaderless(10.5), *after, watched(until_s)]))


def test_another_leads_in_time() -> None:
    assert not run(*leads(15.0, "n2", revision=6))


def test_nobody_leads_or_too_late() -> None:
    assert run()
    assert run(*leads(17.0, "n2", revision=6))


def test_the_dead_one_does_not_count() -> None:
    assert run(*leads(11.0, "n1"))


def test_a_short_time_and_too_few_nodes_say_nothing() -> None:
    assert not run(mended(14.0), *leads(15.0, "n2", revision=6))
    assert not run(gone=broken(10.0, "gone", nodes="n1,n2"))
    assert not run(gone=broken(10.0, "slow", nodes="n1"))


def test_a_leader_that_is_not_concerned_goes_on() -> None:
    other = broken(10.0, "gone", nodes="n3")
    assert check([*BEFORE, other, watched(40.0)]) == []


def test_on_real_services_ten_times_as_long() -> None:
    late = [*BEFORE, GONE, leaderless(10.5), *leads(40.0, "n2", revision=6), watched(80.0)]
    assert check(late) and not check(late, REAL)
