"""Tiers follow from links and leadership."""

from nrcli.wire.messages import Epoch, Leading
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
    assert tiers.update(1.0)
    assert not tiers.update(1.5)
    out.take()
    leaders.not_leading("n1", "default", "r")
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
