"""What sites believe of their leaders."""

from told_faults import at, leaderless, leads

from simulator.checkers.leaders_told import Beliefs


def test_a_site_has_the_leader_of_its_last_epoch_while_its_tier_is_full() -> None:
    beliefs = Beliefs([*leads(1.0, "n1"), leaderless(3.0), *leads(4.0, "n2", revision=6)])
    assert [beliefs.leader("porto", at_s) for at_s in (0.5, 1.0, 3.5, 9.0)] == ["", "n1", "", "n2"]
    assert beliefs.led_share(["porto"], 1.0, 5.0) == 0.75
    assert beliefs.sites == ["porto"]


def test_a_process_that_begins_anew_believes_in_nobody() -> None:
    beliefs = Beliefs([*leads(1.0, "n1"), at(2.0, "site_started", "porto", incarnation=2)])
    assert beliefs.leader("porto", 2.5) == ""


def test_what_holds_for_a_moment_only_has_not_settled() -> None:
    moment = [*leads(1.0, "n1"), leaderless(1.5), *leads(4.0, "n2", revision=6)]
    beliefs = Beliefs(moment)
    holds = lambda at_s: bool(beliefs.leader("porto", at_s))  # noqa: E731
    assert beliefs.settled_after_s(0.0, 9.0, holds) == 4.0
    assert beliefs.settled_after_s(5.0, 9.0, holds) == 0.0
    assert beliefs.settled_after_s(1.5, 3.5, holds) == 2.0
