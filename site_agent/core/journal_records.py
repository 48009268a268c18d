"""Holds, calls and moves as they stand in the journal, and back.

Rule of this file: translation only; what becomes of them after a restart is decided in `restart`.
Instants are written as they are; a reader adds what its clock differs by.
"""

from __future__ import annotations

from typing import Any

from nrcli.wire.messages import Reserve, RouteAnswer, TransferMethod
from site_agent.core.attached_data import AttachedData
from site_agent.core.calls import Call, CallState
from site_agent.core.hold import Hold, HoldState
from site_agent.core.moves import Move
from site_agent.core.plain_values import from_plain, to_plain
from site_agent.core.transfer_table import MoveState

Value = dict[str, Any]
DATA_BYTES_MAX = 4096
"Attached data larger than this is not kept: the call goes on without it."
CALL_TEXTS = (
    "interaction_id",
    "service",
    "queue",
    "trunk_group",
    "dialed_number",
    "ani",
    "token",
    "agent",
)
CALL_NUMBERS = ("priority", "moves_since_person_count", "moves_count")
CALL_FLAGS = ("answered", "emergency", "withheld", "verified", "foreign")
CALL_INSTANTS = ("offered_at_s", "entered_at_s")


def hold_value(hold: Hold | None) -> Value | None:
    """What is kept of a hold; nothing before it has a token."""
    if hold is None or not hold.token:
        return None
    value: Value = {
        "hold_id": hold.hold_id,
        "state": hold.state.value,
        "message": to_plain(hold.message),
        "node": hold.node,
        "expires_at_s": hold.expires_at_s,
        "call_id": hold.call_id,
        "invite_key": hold.invite_key,
        "arrived": hold.arrived,
        "unsettled": hold.unsettled,
        "over": hold.over,
    }
    if hold.dialed:
        value["dialed"] = hold.dialed
    if hold.number:
        value["number"] = hold.number
    return value


def hold_of(token: str, value: Value, shift_s: float) -> Hold:
    """The hold that was kept. Raises ValueError, KeyError, TypeError."""
    hold = Hold(str(value["hold_id"]), from_plain(Reserve, value["message"]), str(value["node"]))
    hold.token = token
    hold.state = HoldState(value["state"])
    hold.expires_at_s = float(value["expires_at_s"]) + shift_s
    hold.call_id, hold.invite_key = str(value["call_id"]), str(value["invite_key"])
    hold.arrived, hold.over = bool(value["arrived"]), bool(value["over"])
    hold.unsettled = bool(value["unsettled"])
    hold.dialed = str(value.get("dialed", ""))
    hold.number = str(value.get("number", ""))
    return hold


def call_value(call: Call | None) -> Value | None:
    """What is kept of a call: nothing while it only rings, for it would end with the process."""
    if call is None or not (call.answered or call.token or call.state is not CallState.WAITING):
        return None
    value: Value = {name: getattr(call, name) for name in CALL_TEXTS + CALL_NUMBERS + CALL_FLAGS}
    value |= {name: getattr(call, name) for name in CALL_INSTANTS}
    value["connected_at_s"] = call.connected_at_s
    value["state"] = call.state.value
    value["visited_sites"] = list(call.visited_sites)
    if call.data is not None and len(call.data.data) <= DATA_BYTES_MAX:
        value["data"] = to_plain(call.data)
    if call.kept_home:
        value["kept_home"] = True
    if call.entry_id:
        value["entry"] = [call.entry_id, call.entry_domain]
    return value


def call_of(call_id: str, value: Value, shift_s: float) -> Call:
    """The call that was kept. Raises ValueError, KeyError, TypeError."""
    call = Call(
        call_id=call_id,
        interaction_id=str(value["interaction_id"]),
        service=str(value["service"]),
        queue=str(value["queue"]),
        offered_at_s=0.0,
    )
    for name in CALL_TEXTS:
        setattr(call, name, str(value[name]))
    for name in CALL_NUMBERS:
        setattr(call, name, int(value[name]))
    for name in CALL_FLAGS:
        setattr(call, name, bool(value[name]))
    for name in CALL_INSTANTS:
        setattr(call, name, float(value[name]) + shift_s)
    connected_at_s = value["connected_at_s"]
    call.connected_at_s = None if connected_at_s is None else float(connected_at_s) + shift_s
    call.state = CallState(value["state"])
    call.visited_sites = tuple(str(site) for site in value["visited_sites"])
    call.kept_home = bool(value.get("kept_home"))
    if "entry" in value:
        call.entry_id, call.entry_domain = (str(part) for part in value["entry"])
    if "data" in value:
        call.data = from_plain(AttachedData, value["data"])
    return call


def move_value(move: Move | None) -> Value | None:
    """What is kept of a move: nothing once its outcome is known, unless the caller holds a return
    token and may still come back by it."""
    if move is None or not (move.open or (move.return_token and not move.returned)):
        return None
    return {
        "answer": to_plain(move.answer),
        "call_id": move.call.call_id,
        "call": call_value(move.call),
        "state": move.state.value,
        "method": move.method.value if move.method else "",
        "return_token": move.return_token,
        "place_until_s": move.place_until_s,
        "started_at_s": move.started_at_s,
    }


def move_of(value: Value, call: Call | None, shift_s: float) -> Move:
    """The move that was kept, of the call that was resumed or of what is known of the call.

    Raises ValueError, KeyError, TypeError.
    """
    of = call or call_of(str(value["call_id"]), value["call"], shift_s)
    answer = from_plain(RouteAnswer, value["answer"])
    move = Move(of, answer, float(value["started_at_s"]) + shift_s)
    move.state = MoveState(value["state"])
    move.method = TransferMethod(value["method"]) if value["method"] else None
    move.return_token = str(value["return_token"])
    move.place_until_s = float(value["place_until_s"]) + shift_s
    move.next_rung = len(answer.rungs)
    return move
