"""A callback as nodes are told of it, and as the journal keeps it."""

from __future__ import annotations

import json

import pytest

from site_agent.core.callback import Callback, CallbackState, callback_of, callback_value


def made(state: CallbackState) -> Callback:
    callback = Callback("cb-1", "+351911111111", 50.0)
    callback.state, callback.queue, callback.service = state, "sales", "sales"
    callback.attempts_count, callback.not_before_s, callback.data_digest = 2, 70.0, b"\x01"
    callback.from_unix_s, callback.token, callback.verified = 9.0, "nirc-1", True
    return callback


@pytest.mark.parametrize("state", list(CallbackState))
def test_what_is_kept_is_what_was(state: CallbackState) -> None:
    callback = made(state)
    value = json.loads(json.dumps(callback_value(callback)))
    again = callback_of("cb-1", value, 0.0)
    assert callback_value(again) == value and again.entry_id == "cb-1"
    moved = callback_of("cb-1", value, 10.0)
    assert (moved.since_s, moved.not_before_s, moved.from_unix_s) == (60.0, 80.0, 9.0)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (CallbackState.PLEDGED, None),
        (CallbackState.RESTING, "resting"),
        (CallbackState.DUE, "due"),
        (CallbackState.HOLDING, "dialing"),
        (CallbackState.DIALING, "dialing"),
    ],
)
def test_nodes_are_told_whether_an_agent_is_wanted(state: CallbackState, told: str | None) -> None:
    found = made(state).report()
    assert (found and found[0].callback_state) == told
    if found:
        assert (found[0].call_id, found[0].entry_id, found[1]) == ("cb-1", "", 50.0)


def test_what_cannot_be_read_raises() -> None:
    value = callback_value(made(CallbackState.DUE))
    assert value is not None and callback_value(None) is None
    for wrong in ({**value, "state": "sleeping"}, {**value, "since_s": None}, {}):
        with pytest.raises((ValueError, KeyError, TypeError)):
            callback_of("cb-1", wrong, 0.0)
