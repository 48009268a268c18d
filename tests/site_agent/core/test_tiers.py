"""Tiers follow from links and leadership."""

from nrcli.wire.messages import Epoch, Leading, NotLeading
from site_agent.core.actions import ClearAlarm, RaiseAlarm, WriteHistory
from site_agent.core.events import EpochSaved
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox
from site_agent.core.settings import SiteSettings
from site_agent.core.tiers import Tier, Tiers

EPOCH = Epoch(generation=1, revision=4)


def test_the_whole_way_down_and_up() -> None:
    out = Outbox()
    leaders = Leaders({}, out)
    tiers = Tiers("lisbon", SiteSettings(), leaders, out)
    assert tiers.tier is Tier.LOCAL_ONLY
    leaders.link_up("n1")
    assert not tiers.update(0.0)
    assert tiers.tier is Tier.LEADER_CHANGING
    leaders.heard("n1", Leading(domain="default", epoch=EPOCH, node="n1"))
    leaders.saved(EpochSaved(domain="default", epoch=EPOCH, node="n1"))
    assert [a for a in out.take() if isinstance(a, RaiseAlarm)] == [], "a start is no change"
    assert tiers.update(1.0)
    assert not tiers.update(1.5)
    out.take()
    leaders.not_leading("n1", NotLeading(domain="default", request_id="r", leader=""))
    tiers.update(2.0)
    assert [a.code for a in out.take() if isinstance(a, RaiseAlarm)] == ["leader_changing"]
    tiers.update(12.0)
    assert tiers.tier is Tier.LOCAL_ONLY
    alarms = out.take()
    assert [a.fields for a in alarms if isinstance(a, WriteHistory)] == [{"tier": 3}]
    assert [a.code for a in alarms if isinstance(a, RaiseAlarm)] == ["local_only"]
    assert [a.code for a in alarms if isinstance(a, ClearAlarm)] == ["leader_changing"]


def test_no_link_is_local_only_at_once() -> None:
    out = Outbox()
    leaders = Leaders({}, out)
    tiers = Tiers("lisbon", SiteSettings(), leaders, out)
    leaders.link_up("n1")
    tiers.update(0.0)
    leaders.link_down("n1")
    tiers.update(0.1)
    assert tiers.tier is Tier.LOCAL_ONLY


def planned(*, plan: bool = True) -> tuple[Tiers, Leaders, Outbox]:
    out = Outbox()
    leaders = Leaders({}, out)
    return Tiers("lisbon", SiteSettings(), leaders, out, has_plan=lambda now_s: plan), leaders, out


def lead(leaders: Leaders) -> None:
    leaders.link_up("n1")
    leaders.heard("n1", Leading(domain="default", epoch=EPOCH, node="n1"))
    leaders.saved(EpochSaved(domain="default", epoch=EPOCH, node="n1"))


def test_without_a_link_a_plan_is_used_after_a_moment() -> None:
    tiers, leaders, out = planned()
    tiers.update(0.0)
    tiers.update(1.9)
    assert tiers.tier is Tier.LOCAL_ONLY
    tiers.update(2.0)
    assert tiers.tier is Tier.PEER_PLAN
    assert "peer_plan_in_use" in [a.code for a in out.take() if isinstance(a, RaiseAlarm)]
    lead(leaders)
    assert tiers.update(3.0) and tiers.ramp.over(3.0), "it was never there before"
    assert "peer_plan_in_use" in [a.code for a in out.take() if isinstance(a, ClearAlarm)]


def test_links_without_a_leader_lead_to_the_plan_and_it_lasts_while_links_come_and_go() -> None:
    tiers, leaders, _ = planned()
    lead(leaders)
    tiers.update(0.0)
    leaders.not_leading("n1", NotLeading(domain="default", request_id="", leader=""))
    tiers.update(1.0)
    assert tiers.tier is Tier.LEADER_CHANGING
    tiers.update(11.0)
    assert tiers.tier is Tier.PEER_PLAN
    for now_s, change in ((12.0, leaders.link_down), (13.0, leaders.link_up)):
        change("n1")
        tiers.update(now_s)
        assert tiers.tier is Tier.PEER_PLAN


def test_back_after_long_is_a_ramp_and_after_a_leader_change_is_none() -> None:
    tiers, leaders, _ = planned(plan=False)
    lead(leaders)
    tiers.update(0.0)
    leaders.not_leading("n1", NotLeading(domain="default", request_id="", leader=""))
    tiers.update(1.0)
    lead(leaders)
    assert tiers.update(3.0) and tiers.ramp.over(3.0)
    leaders.link_down("n1")
    tiers.update(10.0)
    lead(leaders)
    assert tiers.update(70.0) and not tiers.ramp.over(70.0)


def test_a_plan_that_ends_leaves_the_site_alone() -> None:
    good = [True]
    out = Outbox()
    leaders = Leaders({}, out)
    tiers = Tiers("lisbon", SiteSettings(), leaders, out, has_plan=lambda now_s: good[0])
    tiers.update(0.0)
    tiers.update(5.0)
    assert tiers.tier is Tier.PEER_PLAN
    good.clear()
    good.append(False)
    tiers.update(6.0)
    assert tiers.tier is Tier.LOCAL_ONLY
