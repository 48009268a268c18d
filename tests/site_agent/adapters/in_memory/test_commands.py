"""Each command of the daemon does what the contract says."""

from typing import get_args

from nrcli.wire.messages import AgentState, TransferMethod
from site_agent.adapters import base
from site_agent.adapters.in_memory.commands import Commands
from site_agent.adapters.in_memory.floor import Floor
from site_agent.adapters.in_memory.signals import (
    Announced,
    BridgeAborted,
    HungUp,
    Probed,
    Referred,
    Refused,
)
from site_agent.adapters.in_memory.state import MemoryCall, MemoryQueue


def make() -> tuple[Commands, Floor]:
    floor = Floor(
        queues=[MemoryQueue("sales", places_max=1)], agents={"a": {"sales": 5}}, trunks={"n": 5}
    )
    return Commands(floor), floor


def arriving(floor: Floor, call_id: str = "c") -> MemoryCall:
    call = MemoryCall(call_id, "", "", "", "n")
    call.arriving = True
    floor.calls[call_id] = call
    return call


def accept(**fields: object) -> base.AcceptArrival:
    known: dict[str, object] = {
        "call_id": "c",
        "hold_id": "h",
        "interaction_id": "i",
        "service": "sales",
        "queue": "sales",
        "waited_s": 2.0,
        "answer_now": True,
    }
    return base.AcceptArrival(**(known | fields))


def test_every_command_is_carried_out() -> None:
    commands, _ = make()
    assert set(get_args(base.AcdCommand)) == set(commands._commands)


def test_a_held_agent_takes_the_arrival_and_nobody_else() -> None:
    commands, floor = make()
    commands.do(base.HoldAgent(hold_id="h", agent="a", queue="sales"))
    assert floor.agents["a"].state is AgentState.RESERVED
    commands.do(base.HoldAgent(hold_id="h2", agent="a", queue="sales"))
    assert isinstance(floor.events[-1], base.HoldRefused)
    call = arriving(floor)
    commands.do(accept(agent="a"))
    assert call.agent == "a" and floor.holds == {}


def test_places_are_limited_and_released() -> None:
    commands, floor = make()
    commands.do(base.HoldPlace(hold_id="h", queue="sales"))
    commands.do(base.HoldPlace(hold_id="h2", queue="sales"))
    commands.do(base.HoldPlace(hold_id="h3", queue="none"))
    kinds = [type(event) for event in floor.events]
    assert kinds == [base.HoldGranted, base.HoldRefused, base.HoldRefused]
    commands.do(base.ReleaseHold(hold_id="h"))
    commands.do(base.ReleaseHold(hold_id="unknown"))
    assert floor.holds == {}


def test_refused_arrivals_end_and_ordinary_ones_wait() -> None:
    commands, floor = make()
    floor.agents["a"].state = AgentState.BUSY
    arriving(floor)
    commands.do(base.RefuseArrival(call_id="c", sip_status=480))
    assert floor.signals == [Refused(call_id="c", sip_status=480)] and not floor.calls
    call = arriving(floor)
    commands.do(
        base.TreatAsOrdinary(call_id="c", interaction_id="i", queue="sales", service="sales")
    )
    assert call.by_token and call.answered and not call.agent


def test_moves_probes_and_data() -> None:
    commands, floor = make()
    call = arriving(floor)
    commands.do(
        base.StartMove(call_id="c", move_id="m", method=TransferMethod.REFER, address="sip:t@x")
    )
    commands.do(base.AbortMove(call_id="c", move_id="m"))
    commands.do(base.ProbeCaller(call_id="c"))
    commands.do(base.GiveData(call_id="c", data=b"{}"))
    commands.do(base.Announce(call_id="c", position=1, ewt_s_min=1, ewt_s_max=2))
    assert [type(s) for s in floor.signals] == [Referred, BridgeAborted, Probed]
    assert (call.moving, call.data) == ("m", b"{}")
    call.queue = "sales"
    call.arriving = False
    commands.do(base.PutBack(call_id="c"))
    assert call.moving == "" and call.agent == "a"


def test_a_connected_call_is_not_moved() -> None:
    commands, floor = make()
    arriving(floor).agent = "a"
    commands.do(
        base.StartMove(call_id="c", move_id="m", method=TransferMethod.REFER, address="sip:t@x")
    )
    assert floor.events[-1].sign is base.MoveSign.REFUSED


def waiting_call(commands: Commands, floor: Floor, **fields: object) -> MemoryCall:
    call = MemoryCall("c", "i", "sales", "sales", "n")
    for name, value in fields.items():
        setattr(call, name, value)
    floor.calls["c"] = call
    return call


def test_a_rejection_ends_a_waiting_call_and_no_other() -> None:
    for fields, signal in (({}, Refused), ({"answered": True}, HungUp)):
        commands, floor = make()
        waiting_call(commands, floor, **fields)
        commands.do(base.RejectCall(call_id="c", reason="blocked"))
        assert [type(s) for s in floor.signals] == [signal] and not floor.calls
        ended = next(e for e in floor.events if isinstance(e, base.CallEnded))
        assert (ended.released_by, ended.sip_status) == ("site", 603)
    for fields in ({"agent": "a"}, {"moving": "m"}):
        commands, floor = make()
        waiting_call(commands, floor, **fields)
        commands.do(base.RejectCall(call_id="c", reason="busy"))
        commands.do(base.RejectCall(call_id="gone", reason="busy"))
        assert floor.calls and not floor.signals


def test_an_announcement_answers_and_one_that_is_not_there_is_told() -> None:
    commands, floor = make()
    waiting_call(commands, floor)
    floor.announcements = frozenset({"late"})
    for name in ("late", "lost"):
        commands.do(base.PlayAnnouncement(call_id="c", name=name))
    commands.do(base.PlayAnnouncement(call_id="gone", name="late"))
    over = [e for e in floor.events if isinstance(e, base.AnnouncementOver)]
    assert [(e.name, e.played) for e in over] == [("late", True), ("lost", False)]
    assert floor.calls["c"].answered and "lost" in over[1].problem
    assert Announced(call_id="c", name="late") in floor.signals


def test_a_closed_queue_and_a_growing_priority_are_noted() -> None:
    commands, floor = make()
    commands.do(base.SetQueueClosed(queue="sales", closed=True))
    commands.do(base.SetQueueClosed(queue="other", closed=True))
    commands.do(base.SetAgeing(call_id="c", every_s=10.0, most=3))
    assert floor.queues["sales"].closed
