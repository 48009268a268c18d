"""The site as its ACD tells it."""

import pytest
from site_playbook import agent_of, queue_of, trunk_of

from nrcli.wire.messages import AgentQueue, AgentState, ChannelClaim
from site_agent.adapters.base import AgentChanged
from site_agent.core.settings import QueueRules, SiteSettings, TrunkRules
from site_agent.core.site_model import SiteModel

SETTINGS = SiteSettings(
    queues={"sales": QueueRules(queue="sales")},
    trunks={"carrier": TrunkRules(trunk_group="carrier", min_free=2)},
)


def make(loans: dict[str, int] | None = None) -> SiteModel:
    model = SiteModel(SETTINGS, lambda kind, name: None, lambda: loans or {})
    model.queue_changed(queue_of(waiting_count=1))
    return model


def test_agents_are_counted_as_they_change() -> None:
    model = make()
    for name in ("a", "b"):
        model.agent_changed(agent_of(name), 1.0)
    model.agent_changed(agent_of("a", AgentState.BUSY), 2.0)
    model.agent_gone("b")
    model.agent_gone("b")
    report, _ = model.queue_report("sales")
    assert (report.staffed_count, report.ready_count, report.busy_count) == (1, 0, 1)


def test_the_time_in_a_state_counts_from_its_change() -> None:
    model = make()
    model.agent_changed(agent_of("a"), 1.0)
    model.agent_changed(agent_of("a"), 5.0)
    assert model.agent_report("a")[1] == 1.0


def test_only_shared_memberships_are_told() -> None:
    model = make()
    queues = (AgentQueue(queue="own"), AgentQueue(queue="sales"))
    model.agent_changed(AgentChanged(agent="a", state=AgentState.READY, queues=queues), 1.0)
    assert [m.queue for m in model.agent_report("a")[0].queues] == ["sales"]
    own = AgentChanged(agent="b", state=AgentState.READY, queues=queues[:1])
    model.agent_changed(own, 1.0)
    assert model.agent_report("b") is None


def test_free_is_what_is_there_minus_promised_minus_kept() -> None:
    model = make({"sales": 1})
    model.trunk_changed(trunk_of("carrier", used=1, channels_max=5))
    model.promise("channel", "carrier", 1)
    model.promise("place", "sales", 1)
    model.promise("loan", "sales", 1)
    assert (model.free_channels("carrier"), model.free_places("sales")) == (1, 1)
    assert model.loan_count("sales") == 2
    assert model.lacking((ChannelClaim(trunk_group="carrier", count=2),)) == "carrier"
    assert model.lacking((ChannelClaim(trunk_group="carrier", count=1),)) == ""
    assert model.free_channels("none") == 0


def test_more_cannot_be_taken_back_than_was_promised() -> None:
    with pytest.raises(AssertionError):
        make().promise("place", "sales", -1)


def test_who_cannot_be_held_is_counted_and_not_offered() -> None:
    model = make()
    members = (AgentQueue(queue="sales"),)
    anna = AgentChanged(agent="anna", state=AgentState.READY, queues=members, holdable=False)
    model.agent_changed(anna, 1.0)
    assert model.count("sales", AgentState.READY) == 1
    assert model.agent_report("anna") is None
