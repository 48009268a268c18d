"""What is told of agents."""

from dataclasses import replace

from site_playbook import agent_of, led, offered

from nrcli.wire import messages as msg
from site_agent.adapters import base
from site_agent.core.actions import TellCti

OVER = msg.AgentTakenOver(agent="anna", network_id="p1", by_site="porto")


def test_reasons_and_pending_not_ready_are_written_when_they_change() -> None:
    play = led()
    said = replace(agent_of("anna", msg.AgentState.BUSY), pending=True, reason="meal")
    assert play.event(said).lines("agent_said")[0]["pending"]
    assert not play.event(said).lines("agent_said")
    play.event(replace(agent_of("anna", msg.AgentState.NOT_READY), reason="meal"))
    assert play.lines("agent_said")[0] == {
        "agent": "anna", "state": "not_ready", "reason": "meal", "pending": False,
    }  # fmt: skip


def test_the_supervisor_is_told_of_an_agent_who_does_not_answer() -> None:
    play = led().event(offered())
    play.event(base.AgentUnanswered(agent="anna", call_id="c1"))
    assert play.lines("agent_unanswered") == [{"agent": "anna", "call": "c1"}]
    assert play.one(TellCti).kind == "agent_unanswered"
    assert play.daemon.view(play.now_s).alarms[0].code == "agent_unanswered"
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"))
    assert not play.daemon.view(play.now_s).alarms


def test_a_log_in_elsewhere_takes_the_agent_out_once() -> None:
    play = led().said(OVER)
    assert play.one(base.SetAgentState).reason == "elsewhere"
    assert play.lines("agent_taken_over")[0]["by"] == "porto"
    assert not play.said(OVER, node="n2").all(base.SetAgentState), "every node tells of it"
    play.event(replace(agent_of("anna", msg.AgentState.NOT_READY), reason="elsewhere"))
    play.event(agent_of("anna"))
    assert play.said(OVER).all(base.SetAgentState)


def test_the_log_in_is_told_under_the_network_wide_id() -> None:
    play = led()
    play.event(replace(agent_of("anna"), network_id="p1"))
    play.wait(1.0)
    agents = [
        one
        for delta in play.sent(msg.StateDelta, "n1")
        for one in delta.entities
        if isinstance(one, msg.AgentReport)
    ]
    assert agents[-1].network_id == "p1" and agents[-1].logged_in_before_s >= 0
