"""Agents say what they are: by dialed codes, and by what the site daemon is told."""

import pytest
from acd_bench import AGENTS, Bench

from nrcli.wire.messages import AgentState
from site_agent.adapters.base import AgentChanged, AgentUnanswered, SetAgentState
from site_agent.adapters.sip_acd.agent_codes import said_by
from site_agent.sip import signals as s

CODES = {"*1": "ready", "*21": "not_ready break", "*3": "working_after_call"}


def dial(bench: Bench, code: str) -> str:
    bench.anna.call(f"sip:{code}@{AGENTS[0]}:{AGENTS[1]}", from_="<sip:anna@site>")
    bench.wire.settle()
    return str(bench.anna.told(s.InviteFailed)[-1].response.reason)


def last(bench: Bench) -> AgentChanged:
    return [e for e in bench.told(AgentChanged) if e.agent == "anna"][-1]


@pytest.mark.parametrize(
    ("meaning", "state", "reason"),
    [("ready", "ready", ""), ("not_ready break", "not_ready", "break")],
)
def test_what_a_code_says(meaning: str, state: str, reason: str) -> None:
    assert said_by("anna", meaning) == SetAgentState(agent="anna", state=state, reason=reason)


def test_codes_change_the_state_and_the_phone_shows_it() -> None:
    bench = Bench(agent_codes=CODES)
    assert dial(bench, "*21") == "not_ready break"
    assert (last(bench).state, last(bench).reason) == (AgentState.NOT_READY, "break")
    dial(bench, "*1")
    assert (last(bench).state, last(bench).reason) == (AgentState.READY, "")
    dial(bench, "*3")
    assert last(bench).state is AgentState.WORKING_AFTER_CALL
    dial(bench, "*1")
    assert last(bench).state is AgentState.READY
    bench.finish()


def test_not_ready_said_on_a_call_is_pending_until_its_end() -> None:
    bench = Bench()
    bench.call()
    bench.wire.advance(1.0)
    bench.acd.command(SetAgentState(agent="anna", state="not_ready", reason="meal"))
    told = last(bench)
    assert (told.state, told.pending, told.reason) == (AgentState.BUSY, True, "meal")
    bench.caller.hang_up(bench.leg)
    bench.wire.advance(2.0)
    told = last(bench)
    assert (told.state, told.pending, told.reason) == (AgentState.NOT_READY, False, "meal")
    bench.finish()


def test_after_call_work_is_as_long_as_the_agent_says() -> None:
    bench = Bench()
    bench.call()
    bench.wire.advance(1.0)
    bench.caller.hang_up(bench.leg)
    bench.wire.settle()
    bench.acd.command(SetAgentState(agent="anna", state="working_after_call", for_s=10.0))
    bench.wire.advance(9.0)
    assert bench.agent_state() is AgentState.WORKING_AFTER_CALL
    bench.wire.advance(2.0)
    assert bench.agent_state() is AgentState.READY
    bench.finish()


def test_an_agent_who_does_not_answer_is_told_and_not_ready_with_that_reason() -> None:
    bench = Bench()
    bench.anna.refuse = 480
    call_id = bench.call()
    bench.wire.advance(0.5)
    assert bench.told(AgentUnanswered) == [AgentUnanswered(agent="anna", call_id=call_id)]
    assert (last(bench).state, last(bench).reason) == (AgentState.NOT_READY, "unanswered")
    bench.anna.refuse = 0
    bench.wire.advance(6.0)
    assert last(bench).reason == "" and bench.caller.hears() == 4002
    bench.finish()


def test_an_unknown_agent_changes_nothing() -> None:
    bench = Bench()
    for state in ("ready", "working_after_call"):
        bench.acd.command(SetAgentState(agent="nobody", state=state))
    assert bench.agent_state() is AgentState.READY
    bench.finish()
