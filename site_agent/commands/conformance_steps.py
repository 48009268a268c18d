"""What a vendor's CTI must do, step by step, each with the remedy where it does not.

Rule of this file: a step looks at what was said and at nothing else; the steps come in this order,
and one that needs what the CTI said it cannot do is left out.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from nrcli.wire.messages import AgentState
from site_agent.acd_shells import new_id, new_token
from site_agent.adapters import base
from site_agent.adapters.http_push.said_by_cti import PROTOCOL
from site_agent.commands.conformance_bench import Bench, NotJson, StepFailed, ask_again

DATA = {"customer": "C0815", "name": "Zoë Łukasz"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that a CTI must do."""

    name: str
    remedy: str
    run: Callable[[Bench], Awaitable[None]]
    needs_hold: bool = False
    needs_move: bool = False

    def left_out(self, bench: Bench) -> str:
        """Why this CTI need not do it; empty: it must."""
        can = bench.acd.capabilities()
        if self.needs_hold and can.hold_agent is base.HoldLevel.NONE:
            return "it says hold_agent: none"
        if self.needs_move and not can.methods:
            return "it names no methods"
        return ""


async def _hello(bench: Bench) -> None:
    await bench.until("no hello came", lambda: bench.acd.session)


async def _snapshot(bench: Bench) -> None:
    await bench.until("no batch with a snapshot came", lambda: bench.acd.is_synced)
    agents = bench.told(base.AgentChanged)
    if not any(agent.queues for agent in agents):
        raise StepFailed("the snapshot has no agent in a queue that the kit knows")
    if not any(queue.open for queue in bench.told(base.QueueChanged)):
        raise StepFailed("the snapshot has no open queue that the kit knows")


async def _stream(bench: Bench) -> None:
    await bench.until("nobody reads commands", lambda: bench.readers)
    await _ready(bench)
    await bench.answered(0)


async def _heartbeat(bench: Bench) -> None:
    count = len(bench.batches)
    await bench.until("no batch came while nothing happened", lambda: len(bench.batches) > count)


async def _delta(bench: Bench) -> None:
    agent = agent_of(bench)
    bench.order(f"agent {agent} takes a call of their own", order="busy", agent=agent)
    await bench.until(
        f"{agent} was not told to be busy", lambda: bench.state_of(agent) is AgentState.BUSY
    )
    await _ready(bench)


async def _hold(bench: Bench) -> None:
    agent = agent_of(bench)
    bench.command(base.HoldAgent(hold_id="kit-1", agent=agent, queue=queue_of(bench)))
    await bench.until(
        "hold_agent was not granted", lambda: bench.told(base.HoldGranted, hold_id="kit-1")
    )
    if bench.state_of(agent) is not AgentState.RESERVED:
        raise StepFailed(f"{agent} is held and not told to be reserved")


async def _hold_again(bench: Bench) -> None:
    bench.push(base.HoldAgent(hold_id="kit-2", agent=agent_of(bench), queue=queue_of(bench)))
    await bench.until(
        "the second hold was not refused", lambda: bench.heard("hold_refused", hold_id="kit-2")
    )


async def _duplicate(bench: Bench) -> None:
    count = len(bench.heard("ack"))
    for number in range(1, 6):
        command = {"number": number, "type": "hold_agent", "hold_id": "kit-1"}
        about = {"agent": agent_of(bench), "queue": queue_of(bench)}
        if bench.reader is not None:
            bench.reader.give(number, json.dumps(command | about).encode())
    await bench.until("the repeated command got no ack", lambda: len(bench.heard("ack")) > count)
    if bench.heard("hold_refused", hold_id="kit-1"):
        raise StepFailed("a command that was repeated was done a second time")


async def _release(bench: Bench) -> None:
    agent = agent_of(bench)
    bench.command(base.ReleaseHold(hold_id="kit-1"))
    await bench.until(
        f"{agent} was not told to be ready", lambda: bench.state_of(agent) is AgentState.READY
    )
    await bench.answered(0)


async def _arrival(bench: Bench) -> None:
    can_hold = bench.acd.capabilities().hold_agent is not base.HoldLevel.NONE
    agent, token = agent_of(bench) if can_hold else "", new_token()
    hold: base.AcdCommand = base.HoldPlace(hold_id="kit-3", queue=queue_of(bench))
    if agent:
        hold = base.HoldAgent(hold_id="kit-3", agent=agent, queue=queue_of(bench))
    bench.command(hold)
    await bench.until("nothing was held", lambda: bench.told(base.HoldGranted, hold_id="kit-3"))
    bench.decide = lambda call: [_accept(bench, call.call_id, agent)]
    bench.order(f"a call comes in to the user part {token}", order="token_arrives", token=token)
    await bench.until("no call_arriving", lambda: bench.told(base.CallArriving, token=token))
    call_id = bench.told(base.CallArriving, token=token)[0].call_id
    for missed, kind in (
        ("the caller was not answered", base.CallAnswered),
        ("no arrival_acknowledged came", base.ArrivalAcknowledged),
        *([("the agent was not connected", base.CallConnected)] if agent else []),
    ):
        await bench.until(missed, lambda kind=kind: bench.told(kind, call_id=call_id))  # type: ignore[misc]
    await _leaves(bench, call_id)


async def _move(bench: Bench) -> None:
    call_id = await _enters(bench)
    _start_move(bench, call_id, "kit-move-1")
    final = (base.MoveSign.NOTIFIED, base.MoveSign.BRIDGED, base.MoveSign.REDIRECTED)
    await bench.until(
        "the move was not told to its end",
        lambda: [m for m in _signs(bench, "kit-move-1") if m in final],
    )
    bench.command(base.EndMoved(call_id=call_id))
    await bench.until(
        "no call_ended after end_moved", lambda: bench.heard("call_ended", call_id=call_id)
    )


async def _move_refused(bench: Bench) -> None:
    bench.order("the next move is refused by its target", order="next_move", outcome="refuses")
    call_id = await _enters(bench)
    _start_move(bench, call_id, "kit-move-2")
    await bench.until("the refusal was not told", lambda: _signs(bench, "kit-move-2"))
    bench.order("moves are taken again", order="next_move", outcome="takes")
    if _signs(bench, "kit-move-2")[-1] is base.MoveSign.ACCEPTED:
        raise StepFailed("a refused move was told to be accepted only")
    bench.command(base.PutBack(call_id=call_id))
    await bench.answered(0)
    if bench.told(base.CallEnded, call_id=call_id):
        raise StepFailed("the caller of a refused move was lost")
    await _leaves(bench, call_id)


async def _resume(bench: Bench) -> None:
    count = len(bench.readers)
    bench.close_stream()
    agent = agent_of(bench)
    bench.order(f"agent {agent} takes a call of their own", order="busy", agent=agent)
    await bench.until("nobody reads commands again", lambda: len(bench.readers) > count)
    if bench.readers[-1] == 0:
        raise StepFailed("the new stream began at 0, not after the last command that was done")
    await bench.until(
        "the command of meanwhile was not done", lambda: bench.state_of(agent) is AgentState.BUSY
    )
    await _ready(bench)


async def _gap(bench: Bench) -> None:
    count = len(bench.heard("snapshot"))
    await _spoilt(bench, ask_again("snapshot", "the kit plays a gap"))
    await bench.until("no snapshot came", lambda: len(bench.heard("snapshot")) > count)


async def _malformed(bench: Bench) -> None:
    await _spoilt(bench, lambda taken: NotJson())
    lost = json.loads(bench.batches[-1])
    await bench.until(
        "the batch did not come again as it was",
        lambda: [json.loads(body) for body in bench.batches[-50:]].count(lost) > 1,
    )


async def _unknown(bench: Bench) -> None:
    number, count = 2**40, len(bench.heard("ack"))
    command = {"number": number, "type": "of_a_later_protocol", "call_id": "none"}
    await bench.until("nobody reads commands", lambda: bench.reader is not None)
    assert bench.reader is not None, "waited for above"
    bench.reader.give(number, json.dumps(command).encode())
    await bench.until("it got no ack", lambda: len(bench.heard("ack")) > count)


async def _lost_session(bench: Bench) -> None:
    count, bench.acd.session = len(bench.hellos), "kit-restarted"
    bench.close_stream()
    await bench.until("no new hello came", lambda: len(bench.hellos) > count)
    await bench.until("no new snapshot came", lambda: bench.acd.is_synced)
    await _ready(bench)


# ---- parts of steps ------------------------------------------------------------------------------


def agent_of(bench: Bench) -> str:
    """The agent whom the kit asks for: the first in a known queue."""
    name: str = next(one.agent for one in bench.told(base.AgentChanged) if one.queues)
    return name


def queue_of(bench: Bench) -> str:
    """The queue that the kit asks for."""
    agent = agent_of(bench)
    queue: str = bench.told(base.AgentChanged, agent=agent)[0].queues[0].queue
    return queue


async def _ready(bench: Bench) -> None:
    agent = agent_of(bench)
    bench.order(f"agent {agent} is ready", order="ready", agent=agent)
    await bench.until(
        f"{agent} was not told to be ready", lambda: bench.state_of(agent) is AgentState.READY
    )


async def _enters(bench: Bench) -> str:
    count = len(bench.told(base.CallOffered))
    queue = queue_of(bench)
    agent = agent_of(bench)
    bench.order(f"agent {agent} is not ready", order="not_ready", agent=agent)
    bench.order(f"a caller enters queue {queue}", order="caller_enters", queue=queue)
    await bench.until("no call_offered", lambda: len(bench.told(base.CallOffered)) > count)
    call_id: str = bench.told(base.CallOffered)[-1].call_id
    return call_id


async def _leaves(bench: Bench, call_id: str) -> None:
    bench.order(f"the caller of {call_id} hangs up", order="caller_leaves", call_id=call_id)
    await bench.until("no call_ended", lambda: bench.told(base.CallEnded, call_id=call_id))
    if len(bench.heard("call_ended", call_id=call_id)) > 1:
        raise StepFailed("call_ended came twice")


async def _spoilt(bench: Bench, spoil: Any) -> None:
    bench.spoil = spoil
    await bench.until("no batch came", lambda: bench.spoil is None)


def _accept(bench: Bench, call_id: str, agent: str) -> base.AcceptArrival:
    return base.AcceptArrival(
        call_id=call_id,
        hold_id="kit-3",
        interaction_id=new_id(),
        service=queue_of(bench),
        queue=queue_of(bench),
        agent=agent,
        waited_s=12.0,
        answer_now=True,
        data=json.dumps(DATA, sort_keys=True, ensure_ascii=False).encode(),
    )


def _start_move(bench: Bench, call_id: str, move_id: str) -> None:
    method = bench.acd.capabilities().methods[0]
    address = f"sip:{new_token()}@target.invalid:5060"
    bench.command(base.StartMove(call_id=call_id, move_id=move_id, method=method, address=address))


def _signs(bench: Bench, move_id: str) -> list[base.MoveSign]:
    return [one.sign for one in bench.told(base.MoveProgress, move_id=move_id)]


STEPS = (
    Step(
        name="hello",
        remedy=f'POST /v1/hello with {{"protocol": {PROTOCOL}, "capabilities": {{...}}}} and the'
        " header `Authorization: Bearer TOKEN`",
        run=_hello,
    ),
    Step(
        name="snapshot",
        remedy="make the first batch of a session begin with a snapshot of agents, queues, trunk"
        " groups, calls and holds",
        run=_snapshot,
    ),
    Step(
        name="commands and their acks",
        remedy="read GET /v1/commands?session=... and send {type: ack, up_to: NUMBER} for each",
        run=_stream,
    ),
    Step(
        name="heartbeat",
        remedy="send an empty batch every `heartbeat_ms` when there is nothing to say",
        run=_heartbeat,
    ),
    Step(name="delta", remedy="send agent_changed with every change of an agent", run=_delta),
    Step(
        name="hold",
        remedy="reserve the agent and answer hold_granted, or say hold_agent: none",
        run=_hold,
        needs_hold=True,
    ),
    Step(
        name="hold of a busy agent",
        remedy="answer hold_refused with reason no_agent for an agent who is not ready",
        run=_hold_again,
        needs_hold=True,
    ),
    Step(
        name="duplicate command",
        remedy="remember the highest number done; acknowledge a lower one again and do nothing",
        run=_duplicate,
        needs_hold=True,
    ),
    Step(
        name="release",
        remedy="make the agent ready again on release_hold, and say so",
        run=_release,
        needs_hold=True,
    ),
    Step(
        name="arrival by token",
        remedy="tell call_arriving for an INVITE whose user part is a token; on accept_arrival"
        " answer it, connect the agent, and tell call_answered, arrival_acknowledged and"
        " call_connected; call_ended once",
        run=_arrival,
    ),
    Step(
        name="move",
        remedy="tell move_progress with accepted, then notified; end the leg on end_moved",
        run=_move,
        needs_move=True,
    ),
    Step(
        name="refused move",
        remedy="tell move_progress with refused, keep the caller, and queue them on put_back",
        run=_move_refused,
        needs_move=True,
    ),
    Step(
        name="lost stream and resume",
        remedy="open the stream again at once, with Last-Event-ID (or after=) of the last command",
        run=_resume,
    ),
    Step(
        name="gap",
        remedy="where an answer says want: snapshot, begin the next batch with one",
        run=_gap,
    ),
    Step(
        name="malformed answer",
        remedy="send a batch that got no JSON answer again, unchanged and with its number",
        run=_malformed,
    ),
    Step(
        name="lost session",
        remedy="where an answer says want: hello, say hello again, then send a snapshot",
        run=_lost_session,
    ),
    Step(
        name="unknown command",
        remedy="acknowledge a command of a type that is not known; command_failed may say so",
        run=_unknown,
    ),
)
