"""Sessions, numbered batches, gaps; commands that come until they are acknowledged."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pushing_cti import SETTINGS, Pushing, agent_is, enters, kinds, whole

from nrcli.wire.messages import AgentState, TransferMethod
from site_agent.adapters import base
from site_agent.adapters.base import HoldLevel
from site_agent.adapters.http_push.http_push_protocol import ProtocolError
from site_agent.adapters.http_push.said_by_cti import Problem, Taken
from site_agent.adapters.http_push.said_to_cti import SendSnapshot


def test_hello_is_answered_with_what_a_cti_must_know() -> None:
    cti = Pushing(replace(SETTINGS, hold_agent=HoldLevel.PAUSE, methods=(TransferMethod.REFER,)))
    welcome = cti.hello()
    assert (welcome.protocol, welcome.site, welcome.next_seq) == (1, "porto", 1)
    assert (welcome.heartbeat_ms, welcome.silence_ms) == (5000, 15000)
    assert welcome.queues == ("sales", "support")
    assert welcome.capabilities.hold_agent is HoldLevel.PAUSE
    can = cti.acd.capabilities()
    assert can.methods == (TransferMethod.REFER,) and can.hold_agent is HoldLevel.PAUSE
    with pytest.raises(ProtocolError):
        cti.hello(protocol=9)


def test_a_batch_counts_once_and_in_its_order() -> None:
    cti = Pushing()
    cti.begins("anna")
    cti.take()
    assert cti.says(enters()).taken == 2
    again = cti.says(enters("c9"), seq=2)
    assert (again.taken, again.want) == (2, "")
    assert kinds(cti.take()) == ["CallOffered"]


def test_a_gap_is_answered_by_asking_for_a_snapshot() -> None:
    cti = Pushing()
    cti.begins("anna")
    cti.take()
    answer = cti.says(enters(), seq=4)
    assert isinstance(answer, Problem)
    assert (answer.status, answer.want, answer.taken) == (409, "snapshot", 1)
    assert cti.take() == []
    assert cti.says(whole("anna"), enters(), seq=9).taken == 9
    assert kinds(cti.take()) == ["CallOffered"]


def test_before_its_snapshot_a_cti_may_only_acknowledge() -> None:
    cti = Pushing()
    cti.hello()
    answer = cti.says(agent_is("anna", "ready"))
    assert isinstance(answer, Problem) and answer.want == "snapshot"
    assert cti.says({"type": "ack", "up_to": 1}).want == "snapshot"
    assert cti.says(whole("anna")).want == ""


@pytest.mark.parametrize("session", ["", "another"])
def test_an_unknown_session_must_say_hello(session: str) -> None:
    cti = Pushing()
    body = {"session": session or "x", "seq": 1}
    answer = cti.sends(json.dumps(body).encode())
    assert isinstance(answer, Problem) and answer.want == "hello"
    assert not cti.acd.is_synced


def test_a_batch_with_one_mistake_changes_nothing() -> None:
    cti = Pushing()
    cti.begins("anna")
    cti.take()
    answer = cti.says(enters(), {"type": "agent_changed", "agent": "anna"})
    assert isinstance(answer, Problem) and answer.place == "messages[1].state"
    answer = cti.says(enters(), enters("c2", data={"k": "x" * 70_000}))
    assert isinstance(answer, Problem) and (answer.status, answer.taken) == (422, 1)
    assert cti.take() == []
    assert isinstance(cti.says(enters()), Taken)


def test_a_new_session_promises_nothing_until_its_snapshot() -> None:
    cti = Pushing()
    cti.begins("anna")
    cti.asks(base.HoldAgent(hold_id="h1", agent="anna", queue="sales"))
    cti.says({"type": "hold_granted", "hold_id": "h1", "agent": "anna", "queue": "sales"})
    cti.reads()
    cti.take()
    cti.hello()
    told = cti.take()
    assert [one.state for one in told if isinstance(one, base.AgentChanged)] == [
        AgentState.NOT_READY
    ]
    cti.passes(15.0, heard=False)
    assert isinstance(cti.take()[0], base.HoldLost)
    assert any(isinstance(one, SendSnapshot) for one in cti.reads(ack=False))


def test_commands_come_again_until_they_are_acknowledged() -> None:
    cti = Pushing()
    cti.begins("anna")
    cti.asks(base.HoldPlace(hold_id="p1", queue="sales"))
    assert len(cti.reads(ack=False)) == 1
    assert cti.reads(ack=False) == []
    assert cti.acd.next_command_s() == cti.now_s + 2.0
    cti.passes(2.0, step_s=0.1)
    again = cti.acd.commands_due(cti.now_s)
    assert again[0] == (1, base.HoldPlace(hold_id="p1", queue="sales"))
    assert cti.acd.commands_after(0, cti.now_s)[0][0] == 1
    last = cti.acd.commands_after(0, cti.now_s)[-1][0]
    assert cti.acd.commands_after(last, cti.now_s) == []
    cti.says({"type": "ack", "up_to": last})
    assert cti.acd.commands_after(0, cti.now_s) == []


def test_the_next_timer_is_the_earliest() -> None:
    cti = Pushing()
    assert cti.acd.next_timer_s() is None
    cti.begins("anna")
    assert cti.acd.next_timer_s() == cti.now_s + 15.0
    cti.asks(base.HoldPlace(hold_id="p1", queue="sales"))
    assert cti.acd.next_timer_s() == cti.now_s + 0.8


def test_too_many_commands_are_refused_where_they_promise() -> None:
    cti = Pushing(replace(SETTINGS, commands_max=1))
    cti.begins("anna")
    assert cti.asks(base.HoldPlace(hold_id="p1", queue="sales")) == []
    refused = cti.asks(base.HoldAgent(hold_id="h1", agent="anna", queue="sales"))
    assert isinstance(refused[0], base.HoldRefused)
    assert cti.acd.push(SendSnapshot(reason="x"), cti.now_s) is False
