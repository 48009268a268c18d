"""Every command of the contract is carried out."""

from typing import Any

from sim_world import floor_of, one_site, try_of

from nrcli.wire.messages import TransferMethod
from simulator.model.outcomes import HELD, READY
from simulator.world.acd_commands import Commands
from simulator.world.acd_state import Leg
from simulator.world.floor import Floor
from site_agent.adapters import base


def desk(agents: int = 1, **changes: Any) -> tuple[Commands, Floor]:
    floor, _, _ = floor_of(one_site(agents, **changes))
    return Commands(floor), floor


def done(commands: Commands, floor: Floor, command: base.AcdCommand) -> list[Any]:
    commands.table[type(command)](command)
    return floor.told.take()


def leg_in(floor: Floor, number: int = 1, *, waits: bool = True) -> Leg:
    leg = try_of(number).new_leg(0, 0)
    floor.legs[leg.call_id] = leg
    leg.rank = leg.try_.rank(0)
    floor.use(0, 1)
    if waits:
        leg.queue = 0
        floor.seek(leg)
    floor.told.take()
    return leg


def accept(leg: Leg, hold_id: str = "h", **changes: Any) -> base.AcceptArrival:
    fields: dict[str, Any] = {"interaction_id": "1.0", "service": "sales", "answer_now": False}
    return base.AcceptArrival(
        call_id=leg.call_id,
        hold_id=hold_id,
        queue="sales",
        waited_s=0.0,
        **(fields | changes),
    )


def test_every_command_is_known() -> None:
    commands, _ = desk()
    known = set(base.AcdCommand.__args__)  # type: ignore[attr-defined]
    assert set(commands.table) == known


def test_an_agent_is_held_once_and_let_go() -> None:
    commands, floor = desk()
    hold = base.HoldAgent(hold_id="h", agent="lisbon-a0", queue="sales")
    assert [type(e) for e in done(commands, floor, hold)] == [base.AgentChanged, base.HoldGranted]
    again = base.HoldAgent(hold_id="i", agent="lisbon-a0", queue="sales")
    [refused] = done(commands, floor, again)
    assert refused.reason == "no_agent"
    assert floor.agents[0].state == HELD
    done(commands, floor, base.ReleaseHold(hold_id="h"))
    assert floor.agents[0].state == READY
    assert done(commands, floor, base.ReleaseHold(hold_id="unknown")) == []


def test_places_are_held_up_to_the_last() -> None:
    commands, floor = desk(0, queue_places_max=1)
    [granted] = done(commands, floor, base.HoldPlace(hold_id="h", queue="sales"))
    assert isinstance(granted, base.HoldGranted)
    [refused] = done(commands, floor, base.HoldPlace(hold_id="i", queue="sales"))
    assert refused.reason == "no_place"
    [unknown] = done(commands, floor, base.HoldPlace(hold_id="i", queue="help"))
    assert unknown.reason == "unknown"
    done(commands, floor, base.ReleaseHold(hold_id="h"))
    assert not floor.lines[0].full()


def test_an_arrival_takes_the_held_agent() -> None:
    commands, floor = desk()
    done(commands, floor, base.HoldAgent(hold_id="h", agent="lisbon-a0", queue="sales"))
    leg = leg_in(floor, waits=False)
    kinds = [type(event) for event in done(commands, floor, accept(leg, agent="lisbon-a0"))]
    assert kinds == [
        base.AgentChanged,
        base.ArrivalAcknowledged,
        base.CallConnected,
        base.QueueChanged,
    ]
    assert leg.foreign
    assert leg.talking


def test_an_arrival_on_a_place_waits_by_its_rank() -> None:
    commands, floor = desk(0)
    done(commands, floor, base.HoldPlace(hold_id="h", queue="sales"))
    leg = leg_in(floor, waits=False)
    kinds = [type(e) for e in done(commands, floor, accept(leg, answer_now=True))]
    assert kinds == [base.ArrivalAcknowledged, base.QueueChanged]
    assert leg.waiting
    assert floor.lines[0].places_held == 0


def test_one_who_comes_back_is_no_foreigner_and_a_dead_token_brings_an_ordinary_call() -> None:
    commands, floor = desk(0)
    back = leg_in(floor, 1, waits=False)
    done(commands, floor, accept(back, hold_id=""))
    assert not back.foreign
    late = leg_in(floor, 2, waits=False)
    ordinary = base.TreatAsOrdinary(
        call_id=late.call_id, interaction_id="2.0", queue="sales", service="sales"
    )
    kinds = [type(event) for event in done(commands, floor, ordinary)]
    assert base.ArrivalAcknowledged in kinds
    assert late.foreign
    refused = leg_in(floor, 3, waits=False)
    done(commands, floor, base.RefuseArrival(call_id=refused.call_id, sip_status=480))
    assert refused.over
    assert floor.used[0] == 2


def test_a_302_ends_the_leg_at_once_and_others_keep_it() -> None:
    commands, floor = desk(0)
    leg = leg_in(floor)
    move = base.StartMove(
        call_id=leg.call_id, move_id="m", method=TransferMethod.REDIRECT_302, address="sip:t@x:1"
    )
    kinds = [type(event) for event in done(commands, floor, move)]
    assert kinds == [base.MoveProgress, base.CallEnded, base.TrunkChanged, base.QueueChanged]
    stays = leg_in(floor, 2)
    refer = base.StartMove(
        call_id=stays.call_id, move_id="n", method=TransferMethod.REFER, address="sip:t@x:1"
    )
    [sign] = done(commands, floor, refer)
    assert sign.sign is base.MoveSign.ACCEPTED
    assert stays.waiting
    done(commands, floor, base.PutBack(call_id=stays.call_id))
    assert not stays.moving
    done(commands, floor, base.EndMoved(call_id=stays.call_id))
    assert stays.over
    [refused] = done(commands, floor, refer)
    assert refused.sign is base.MoveSign.REFUSED


def test_a_caller_who_was_answered_is_not_redirected() -> None:
    commands, floor = desk(agents=0)
    leg = leg_in(floor)
    leg.answered = True
    move = base.StartMove(
        call_id=leg.call_id,
        move_id="m",
        method=TransferMethod.REDIRECT_302,
        address="sip:nirc-x@192.0.2.1:5060",
    )
    [told] = done(commands, floor, move)
    assert told.sign is base.MoveSign.REFUSED
    assert leg.call_id in floor.legs and leg.waiting
