"""Holds, calls and moves come back as they were, by another clock if need be."""

import json
from typing import Any

import pytest
from site_playbook import move_answer, reserve

from nrcli.wire.messages import TransferMethod
from site_agent.core.attached_data import seal
from site_agent.core.calls import Call, CallState
from site_agent.core.hold import Hold, HoldState
from site_agent.core.journal_records import (
    DATA_BYTES_MAX,
    call_of,
    call_value,
    hold_of,
    hold_value,
    move_of,
    move_value,
)
from site_agent.core.moves import Move
from site_agent.core.transfer_table import MoveState


def written(value: Any) -> Any:
    assert value is not None
    return json.loads(json.dumps(value))


def a_call(**fields: Any) -> Call:
    call = Call(call_id="c1", interaction_id="i", service="s", queue="sales", offered_at_s=40.0)
    call.answered = True
    for name, value in fields.items():
        setattr(call, name, value)
    return call


def test_a_hold_comes_back() -> None:
    hold = Hold("h", reserve(agent="anna"), "n1")
    assert hold_value(hold) is None and hold_value(None) is None
    hold.token, hold.state, hold.expires_at_s = "t", HoldState.TAKEN, 110.0
    hold.call_id, hold.invite_key, hold.arrived, hold.unsettled = "c", "k", True, True
    again = hold_of("t", written(hold_value(hold)), -10.0)
    assert hold_value(again) == {**(hold_value(hold) or {}), "expires_at_s": 100.0}
    assert again.message == hold.message


def test_a_call_is_kept_once_it_can_go_on_and_comes_back() -> None:
    assert call_value(a_call(answered=False)) is None and call_value(None) is None
    assert call_value(a_call(answered=False, state=CallState.MOVING)) is not None
    call = a_call(
        visited_sites=("porto",),
        foreign=True,
        token="t",
        connected_at_s=50.0,
        state=CallState.CONNECTED,
        data=seal(b'{"a":1}', 2),
    )
    again = call_of("c1", written(call_value(call)), 1.0)
    assert (again.offered_at_s, again.connected_at_s) == (41.0, 51.0)
    assert call_value(again) == {
        **(call_value(call) or {}),
        "offered_at_s": 41.0,
        "entered_at_s": 41.0,
        "connected_at_s": 51.0,
    }
    assert again.data == call.data


def test_large_data_is_not_kept() -> None:
    call = a_call(data=seal(b"x" * (DATA_BYTES_MAX + 1), 1))
    assert "data" not in (call_value(call) or {})


def test_a_move_is_kept_while_its_outcome_is_open_or_the_caller_may_return() -> None:
    move = Move(a_call(), move_answer("r", TransferMethod.REFER), 10.0)
    move.method, move.state = TransferMethod.REFER, MoveState.TAKEN
    again = move_of(written(move_value(move)), None, 5.0)
    assert (again.state, again.started_at_s, again.call.call_id) == (MoveState.TAKEN, 15.0, "c1")
    assert again.answer == move.answer and again.method is TransferMethod.REFER
    here = a_call()
    assert move_of(written(move_value(move)), here, 0.0).call is here
    move.state = MoveState.ENDED
    assert move_value(move) is None and move_value(None) is None
    move.return_token = "back"
    assert move_value(move) is not None
    move.returned = True
    assert move_value(move) is None


@pytest.mark.parametrize("value", [{}, {"state": "gone"}, {"answer": 3}])
def test_records_that_do_not_fit_raise(value: Any) -> None:
    for read in (
        lambda: hold_of("t", value, 0.0),
        lambda: call_of("c", value, 0.0),
        lambda: move_of(value, None, 0.0),
    ):
        with pytest.raises((KeyError, ValueError, TypeError)):
            read()
