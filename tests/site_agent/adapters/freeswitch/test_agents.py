"""An agent's state from status, state, phone, after-call work and what is held."""

from __future__ import annotations

import pytest
from acd_contract_words import state_of, told
from esl_callcenter import PbxAgent
from esl_pbx import EPOCH_AT_0, Pbx
from freeswitch_bench import FreeswitchBench, two_agents

from nrcli.wire.messages import AgentQueue, AgentState
from site_agent.adapters import base


def bench(**agent: object) -> FreeswitchBench:
    found = PbxAgent("anna@default", "user/1000@pbx.example", {"sales@default": 2}, "Available")
    for name, value in agent.items():
        setattr(found, name, value)
    return FreeswitchBench(Pbx(agents=(found,)))


@pytest.mark.parametrize(
    ("agent", "state"),
    [
        ({}, AgentState.READY),
        ({"status": "Available (On Demand)"}, AgentState.READY),
        ({"status": "On Break"}, AgentState.NOT_READY),
        ({"status": "Logged Out"}, AgentState.NULL),
        ({"state": "Idle"}, AgentState.NOT_READY),
        ({"state": "Receiving"}, AgentState.BUSY),
        ({"state": "In a queue call"}, AgentState.BUSY),
        ({"contact": "sofia/gateway/carrier/35191"}, AgentState.READY),
        ({"contact": ""}, AgentState.NOT_READY),
        ({"ready_time": int(EPOCH_AT_0) + 20}, AgentState.NOT_READY),
        ({"wrap_up_s": 30, "last_bridge_end": int(EPOCH_AT_0) - 5}, AgentState.WORKING_AFTER_CALL),
    ],
)
def test_the_state_that_is_told(agent: dict[str, object], state: AgentState) -> None:
    found = bench(**agent)
    assert state_of(found, "anna") is state
    assert told(found, base.AgentChanged)[-1].queues == (AgentQueue(queue="sales", level=9),)


def test_a_rest_and_after_call_work_end_by_themselves() -> None:
    for agent in ({"ready_time": int(EPOCH_AT_0) + 20}, {"wrap_up_s": 20, "last_bridge_end": 0}):
        found = bench(**agent)
        if "wrap_up_s" in agent:
            found.enters("nirc_queue", nirc_queue="sales@default")
            found.agent_answers("anna")
            found.agent_hangs_up("anna")
            assert state_of(found, "anna") is AgentState.WORKING_AFTER_CALL
        found.passes(22.0)
        assert state_of(found, "anna") is AgentState.READY


def test_an_agent_whose_phone_is_not_registered_is_not_ready() -> None:
    found = bench()
    found.pbx.phone("1000@pbx.example", here=False)
    found.settle()
    assert state_of(found, "anna") is AgentState.NOT_READY
    found.pbx.phone("1000@pbx.example", here=True)
    found.settle()
    assert state_of(found, "anna") is AgentState.READY


def test_who_is_removed_is_gone_and_who_is_added_comes() -> None:
    found = FreeswitchBench(Pbx(agents=two_agents()))
    gone = found.pbx.centre.agents.pop("rita@default")
    gone.name = "new@default"
    found.pbx.centre.agents["new@default"] = gone
    found.passes(61.0)
    assert [one.agent for one in told(found, base.AgentGone)] == ["rita"]
    assert "new" in {one.agent for one in told(found, base.AgentChanged)}


def test_agents_of_another_domain_are_not_shown() -> None:
    found = FreeswitchBench(Pbx(agents=(PbxAgent("x@other", "user/1@o", {"sales@default": 1}),)))
    assert told(found, base.AgentChanged) == []
