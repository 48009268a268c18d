"""Times without NIRC: since when, at which tier, how many were moved meanwhile."""

from site_agent.core.settings import BlindShare
from site_agent.core.standing import KEPT_MAX, Standing
from site_agent.core.tiers import Tier


def degraded(standing: Standing, at_s: float, back_s: float) -> None:
    standing.look(Tier.LOCAL_ONLY, 7, True, at_s)
    standing.look(Tier.PEER_PLAN, 7, True, at_s + 2.0)
    standing.moved("porto")
    standing.look(Tier.FULL, 7, True, back_s)


def test_a_time_without_nirc_is_told_while_it_lasts_and_after() -> None:
    standing = Standing({})
    assert standing.look(Tier.FULL, 7, True, 10.0)
    assert not standing.look(Tier.FULL, 7, True, 11.0)
    assert standing.look(Tier.LOCAL_ONLY, 7, True, 20.0)
    assert standing.look(Tier.PEER_PLAN, 7, True, 22.0)
    standing.moved("porto")
    told = standing.told(30.0)
    assert (told.tier, told.tier_for_s, told.plan_serial) == (2, 8.0, 7)
    (outage,) = told.outages
    assert (outage.over, outage.lasted_s, outage.peer_plan_s) == (False, 10.0, 8.0)
    standing.look(Tier.FULL, 7, True, 40.0)
    standing.moved("porto")
    (outage,) = standing.told(60.0).outages
    assert (outage.over, outage.began_for_s, outage.lasted_s) == (True, 40.0, 20.0)
    assert (outage.peer_plan_s, outage.local_only_s) == (18.0, 2.0)
    assert outage.plan_calls_count == 2, "who still goes by the plan is counted with that time"
    assert standing.look(Tier.FULL, 7, True, 61.0), "and nodes are told"
    assert standing.told(61.0).tier_for_s == 21.0


def test_a_change_of_leader_and_the_moment_before_the_first_link_are_no_such_time() -> None:
    standing = Standing({})
    standing.look(Tier.LOCAL_ONLY, 0, False, 0.0)
    standing.look(Tier.LEADER_CHANGING, 0, False, 0.2)
    standing.look(Tier.FULL, 0, False, 5.0)
    standing.look(Tier.LEADER_CHANGING, 0, False, 6.0)
    standing.look(Tier.FULL, 0, False, 12.0)
    assert [one.lasted_s for one in standing.told(13.0).outages] == [5.0]
    standing = Standing({})
    standing.look(Tier.LOCAL_ONLY, 0, False, 0.0)
    standing.look(Tier.FULL, 0, False, 0.9)
    assert standing.told(1.0).outages == ()


def test_the_newest_are_kept_first_to_last() -> None:
    standing = Standing({})
    for number in range(KEPT_MAX + 2):
        degraded(standing, 100.0 * number, 100.0 * number + 10.0 + number)
    lasted = [one.lasted_s for one in standing.told(1_000.0).outages]
    assert lasted == [15.0, 14.0, 13.0, 12.0]


def test_blind_calls_are_counted_apart_and_the_share_is_told() -> None:
    standing = Standing({"sales": BlindShare(share=0.25, address="sip:1@198.51.100.9")})
    standing.look(Tier.FULL, 0, False, 0.0)
    standing.moved("porto")
    standing.look(Tier.LOCAL_ONLY, 0, False, 1.0)
    standing.moved("blind:sales")
    told = standing.told(5.0)
    assert [(one.service, one.share_percent) for one in told.blind_shares] == [("sales", 25)]
    assert (told.outages[0].plan_calls_count, told.outages[0].blind_calls_count) == (0, 1)
