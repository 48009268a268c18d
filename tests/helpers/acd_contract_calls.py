"""Checks of the contract about what an adapter shows, its callers, and what it holds."""

from __future__ import annotations

from acd_contract_words import (
    ContractAcd,
    Lack,
    connected_to,
    ends_of,
    hold,
    needs,
    state_of,
    told,
    waiting_in,
)

from nrcli.wire.messages import AgentState
from site_agent.adapters import base

# ---- what an adapter shows ---------------------------------------------------------------------


def the_snapshot_names_queues_agents_and_trunks(acd: ContractAcd) -> None:
    seen = [*acd.events, *acd.snapshot()]
    assert {event.queue for event in seen if isinstance(event, base.QueueChanged)} >= {acd.queue}
    agents = [event for event in seen if isinstance(event, base.AgentChanged)]
    assert {event.agent for event in agents} >= set(acd.agents)
    for event in agents:
        assert event.agent not in acd.agents or acd.queue in {one.queue for one in event.queues}
    trunks = {event.trunk_group for event in seen if isinstance(event, base.TrunkChanged)}
    assert acd.trunk_group in trunks


def an_agent_is_ready_when_they_say_so(acd: ContractAcd) -> None:
    agent = acd.agents[0]
    acd.agent_ready(agent)
    assert state_of(acd, agent) is AgentState.READY
    acd.agent_not_ready(agent)
    assert state_of(acd, agent) is AgentState.NOT_READY


@needs(Lack.AGENT_LOG_IN)
def an_agent_who_logs_out_is_not_there(acd: ContractAcd) -> None:
    agent = acd.agents[0]
    acd.agent_ready(agent)
    acd.agent_logs_out(agent)
    assert state_of(acd, agent) not in (AgentState.READY, AgentState.RESERVED)
    acd.agent_logs_in(agent)
    acd.agent_ready(agent)
    assert state_of(acd, agent) is AgentState.READY


# ---- callers -----------------------------------------------------------------------------------


def a_caller_is_offered_once_and_ends_once(acd: ContractAcd) -> None:
    call_id = acd.caller_enters(acd.queue)
    offered = [one for one in told(acd, base.CallOffered) if one.call_id == call_id]
    assert [one.queue for one in offered] == [acd.queue]
    assert waiting_in(acd) == 1
    acd.passes(7.0)
    acd.caller_hangs_up(call_id)
    acd.passes(60.0)
    assert ends_of(acd, call_id) == ["caller"]
    waited_s = told(acd, base.CallEnded)[0].waited_s
    assert 6.0 <= waited_s <= 9.0
    assert waiting_in(acd) == 0
    assert told(acd, base.QueueChanged)[-1].abandoned_count == 1


def a_ready_agent_talks_and_is_ready_again(acd: ContractAcd) -> None:
    agent = acd.agents[0]
    acd.agent_ready(agent)
    call_id = acd.caller_enters(acd.queue)
    acd.agent_answers(agent)
    assert connected_to(acd, call_id) == [agent]
    assert state_of(acd, agent) is AgentState.BUSY
    assert waiting_in(acd) == 0
    acd.passes(20.0)
    acd.agent_hangs_up(agent)
    acd.passes(60.0)
    assert len(ends_of(acd, call_id)) == 1
    assert state_of(acd, agent) is AgentState.READY


def who_waits_longest_is_first(acd: ContractAcd) -> None:
    first = acd.caller_enters(acd.queue)
    acd.passes(5.0)
    second = acd.caller_enters(acd.queue)
    assert waiting_in(acd) == 2
    acd.agent_ready(acd.agents[0])
    acd.agent_answers(acd.agents[0])
    assert connected_to(acd, first) == [acd.agents[0]]
    assert not connected_to(acd, second)


# ---- holds -------------------------------------------------------------------------------------


@needs(Lack.HOLD_AGENT)
def a_held_agent_is_reserved_and_gets_no_other_call(acd: ContractAcd) -> None:
    agent = acd.agents[0]
    acd.agent_ready(agent)
    assert hold(acd, "h1", agent)
    assert state_of(acd, agent) is AgentState.RESERVED
    call_id = acd.caller_enters(acd.queue)
    acd.agent_answers(agent)
    acd.passes(1.0)
    assert not connected_to(acd, call_id)
    acd.command(base.ReleaseHold(hold_id="h1"))
    acd.passes(10.0)
    acd.agent_answers(agent)
    assert connected_to(acd, call_id) == [agent]


@needs(Lack.HOLD_AGENT)
def a_released_agent_is_ready(acd: ContractAcd) -> None:
    agent = acd.agents[0]
    acd.agent_ready(agent)
    assert hold(acd, "h1", agent)
    acd.command(base.ReleaseHold(hold_id="h1"))
    acd.passes(1.0)
    assert state_of(acd, agent) is AgentState.READY
    assert not told(acd, base.HoldLost)
    assert hold(acd, "h2", agent)


@needs(Lack.HOLD_AGENT)
def a_hold_may_be_let_go_by_the_agents_name(acd: ContractAcd) -> None:
    agent = acd.agents[0]
    acd.agent_ready(agent)
    assert hold(acd, "h1", agent)
    acd.command(base.ReleaseHold(hold_id="", agent=agent))
    acd.passes(1.0)
    assert state_of(acd, agent) is AgentState.READY


def agents_who_cannot_be_held_are_refused(acd: ContractAcd) -> None:
    assert not hold(acd, "h1", "nobody")
    assert not hold(acd, "h2", acd.agents[0])


def a_place_is_held_and_an_unknown_queue_is_refused(acd: ContractAcd) -> None:
    assert hold(acd, "h1")
    acd.command(base.HoldPlace(hold_id="h2", queue="nowhere"))
    acd.passes(10.0)
    assert [one.hold_id for one in told(acd, base.HoldRefused)] == ["h2"]
    acd.command(base.ReleaseHold(hold_id="h1"))


def what_nobody_holds_may_be_let_go(acd: ContractAcd) -> None:
    before = len(acd.events)
    acd.command(base.ReleaseHold(hold_id="never heard of"))
    acd.command(base.ReleaseHold(hold_id="", agent="nobody"))
    acd.passes(1.0)
    assert not [one for one in acd.events[before:] if isinstance(one, base.HoldLost)]


def an_agent_is_never_held_twice(acd: ContractAcd) -> None:
    agent = acd.agents[0]
    acd.agent_ready(agent)
    for hold_id in ("h1", "h2"):
        acd.command(base.HoldAgent(hold_id=hold_id, agent=agent, queue=acd.queue))
    acd.passes(10.0)
    assert len(told(acd, base.HoldGranted)) <= 1
    assert len(told(acd, base.HoldGranted)) + len(told(acd, base.HoldRefused)) == 2


@needs(Lack.HOLD_AGENT, Lack.AGENT_LOG_IN)
def a_hold_is_lost_when_its_agent_logs_out(acd: ContractAcd) -> None:
    agent = acd.agents[0]
    acd.agent_ready(agent)
    assert hold(acd, "h1", agent)
    acd.agent_logs_out(agent)
    acd.passes(1.0)
    assert [one.hold_id for one in told(acd, base.HoldLost)] == ["h1"]
    assert state_of(acd, agent) not in (AgentState.READY, AgentState.RESERVED)


@needs(Lack.HOLD_AGENT)
def not_ready_wins_over_a_hold(acd: ContractAcd) -> None:
    agent = acd.agents[0]
    acd.agent_ready(agent)
    assert hold(acd, "h1", agent)
    acd.agent_not_ready(agent)
    acd.passes(1.0)
    acd.command(base.ReleaseHold(hold_id="h1"))
    acd.passes(10.0)
    assert state_of(acd, agent) is AgentState.NOT_READY
    call_id = acd.caller_enters(acd.queue)
    acd.agent_answers(agent)
    assert not connected_to(acd, call_id)


CHECKS = (
    the_snapshot_names_queues_agents_and_trunks,
    an_agent_is_ready_when_they_say_so,
    an_agent_who_logs_out_is_not_there,
    a_caller_is_offered_once_and_ends_once,
    a_ready_agent_talks_and_is_ready_again,
    who_waits_longest_is_first,
    a_held_agent_is_reserved_and_gets_no_other_call,
    a_released_agent_is_ready,
    a_hold_may_be_let_go_by_the_agents_name,
    agents_who_cannot_be_held_are_refused,
    a_place_is_held_and_an_unknown_queue_is_refused,
    what_nobody_holds_may_be_let_go,
    an_agent_is_never_held_twice,
    a_hold_is_lost_when_its_agent_logs_out,
    not_ready_wins_over_a_hold,
)
