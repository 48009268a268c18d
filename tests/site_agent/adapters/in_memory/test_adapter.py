"""The ACD in memory keeps the adapter's contract."""

from typing import Any, TypeVar

import pytest

from nrcli.wire.messages import AgentState, TransferMethod
from site_agent.adapters import base
from site_agent.adapters.in_memory.adapter import InMemoryAcd
from site_agent.adapters.in_memory.signals import Answered, HungUp, Redirected, Refused
from site_agent.adapters.in_memory.state import MemoryCall, MemoryQueue

A = TypeVar("A")


def make(agents: int = 1, places_max: int = 2) -> InMemoryAcd:
    return InMemoryAcd(
        queues=[MemoryQueue("sales", places_max=places_max)],
        agents={f"a{i}": {"sales": 5} for i in range(agents)},
        trunks={"carrier": 5},
    )


def call(call_id: str) -> MemoryCall:
    return MemoryCall(call_id, f"i-{call_id}", "sales", "sales", "carrier")


def of(events: list[Any], kind: type[A]) -> list[A]:
    return [event for event in events if isinstance(event, kind)]


def test_a_call_is_offered_then_connected_when_an_agent_is_ready() -> None:
    acd = make()
    events = acd.offer(call("c1"), 1.0)
    assert of(events, base.CallOffered)[0].agent_ready
    assert of(events, base.CallConnected)[0].agent == "a0"
    assert [type(s) for s in acd.take_signals()] == [Answered]
    assert acd.take_signals() == []


def test_the_oldest_waiting_call_is_served_first() -> None:
    acd = make()
    acd.offer(call("c1"), 1.0)
    acd.offer(call("c2"), 2.0)
    acd.offer(call("c3"), 3.0)
    events = acd.agent_hangs_up("c1", 4.0)
    assert of(events, base.CallConnected)[0].call_id == "c2"
    assert of(events, base.CallEnded)[0].released_by == "agent"


def test_a_full_queue_refuses() -> None:
    acd = make(agents=0)
    for number in range(3):
        acd.offer(call(f"c{number}"), 1.0)
    assert acd.take_signals() == [Refused(call_id="c2", sip_status=486)]


def test_a_redirect_ends_the_leg() -> None:
    acd = make(agents=0)
    acd.offer(call("c1"), 1.0)
    acd.command(
        base.StartMove(
            call_id="c1",
            move_id="m",
            method=TransferMethod.REDIRECT_302,
            address="sip:t@x",
            return_address="sip:r@y",
        ),
        1.0,
    )
    assert acd.take_signals() == [
        Redirected(call_id="c1", move_id="m", contacts=("sip:t@x", "sip:r@y"))
    ]
    events = acd.redirect_acknowledged("c1", "m", 2.0)
    assert of(events, base.MoveProgress)[0].sign is base.MoveSign.REDIRECTED
    assert of(events, base.CallEnded)[0].released_by == "redirected"


def test_an_agent_who_leaves_loses_the_hold() -> None:
    acd = make()
    acd.command(base.HoldAgent(hold_id="h", agent="a0", queue="sales"), 1.0)
    assert of(acd.set_ready("a0", False, 2.0), base.HoldLost)[0].hold_id == "h"


def test_a_held_agent_who_says_ready_again_stays_held() -> None:
    acd = make()
    acd.command(base.HoldAgent(hold_id="h", agent="a0", queue="sales"), 1.0)
    acd.set_ready("a0", True, 2.0)
    again = acd.command(base.HoldAgent(hold_id="h2", agent="a0", queue="sales"), 3.0)
    assert of(again, base.HoldRefused)[0].hold_id == "h2"


def test_moved_calls_end_and_are_told_once() -> None:
    acd = make(agents=0)
    acd.offer(call("c1"), 1.0)
    ended = of(acd.command(base.EndMoved(call_id="c1"), 2.0), base.CallEnded)
    assert ended[0].released_by == "moved" and acd.take_signals() == [HungUp(call_id="c1")]
    assert acd.caller_left("c1", 3.0) == [] and not acd.calls


def test_the_snapshot_names_everything() -> None:
    kinds = {type(event) for event in make().snapshot(0.0)}
    assert kinds == {base.AgentChanged, base.TrunkChanged, base.QueueChanged}
    assert make().capabilities().hold_agent is base.HoldLevel.EXACT
    assert of(make().snapshot(0.0), base.AgentChanged)[0].state is AgentState.READY


@pytest.mark.parametrize(
    "command",
    [
        base.SetQueueClosed(queue="sales", closed=True),
        base.SetQueueShifted(queue="sales", shifted=True),
    ],
)
def test_a_closed_queue_holds_new_callers_back_emergencies_apart(command: base.AcdCommand) -> None:
    acd = make()
    acd.command(command, 0.0)
    offered = of(acd.offer(call("c1"), 1.0), base.CallOffered)[0]
    assert offered.held_back and not offered.agent_ready and not acd.calls["c1"].agent
    urgent = call("c2")
    urgent.emergency = True
    assert of(acd.offer(urgent, 2.0), base.CallConnected)[0].call_id == "c2"
    acd.agent_hangs_up("c2", 3.0)
    assert of(acd.command(base.PutBack(call_id="c1"), 4.0), base.CallConnected)
