"""What the origin of a move does in each state at each sign: the whole rule, as one table.

Rule of this file: every pair of state and sign is listed, even where nothing changes; the caller
is put back only when the target can no longer take them, and let go only when the target has them
(or they are gone). The one exception is a target that cannot be reached: then the caller's own
device is asked, and the move is counted as unresolved.
"""

from __future__ import annotations

from enum import Enum


class MoveState(Enum):
    """Where a move stands at the origin."""

    REDIRECTING = "redirecting"  # 302 is on its way
    REDIRECTED = "redirected"  # the leg is over, the place is kept
    REFERRING = "referring"  # REFER is on its way
    RETRYING = "retrying"  # REFER was refused right after the ACK; once more soon
    TRANSFERRING = "transferring"  # REFER was accepted
    BRIDGING = "bridging"  # the bridge's INVITE is on its way
    BRIDGE_TAKEN = "bridge_taken"  # the target accepted the bridge's INVITE and rings or queues
    BRIDGE_ASKED = "bridge_asked"  # long after that: is the target still there?
    BRIDGED = "bridged"  # media is joined
    CANCELLING = "cancelling"  # the target is asked: taken, or never
    TAKEN = "taken"  # the target owns the caller; its 200 is awaited
    CALLER_LEFT = "caller_left"  # our leg is gone, perhaps by the carrier's own way
    PROBING = "probing"  # the target cannot be reached; the caller's device is asked
    ENDED = "ended"


class Sign(Enum):
    """What can be learnt about a move."""

    REDIRECTED = "redirected"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOTIFIED_OK = "notified_ok"
    NOTIFIED_BAD = "notified_bad"
    SILENT = "silent"
    BRIDGED = "bridged"
    CALLER_GONE = "caller_gone"
    CALL_TAKEN = "call_taken"  # told at once, or answer to `Cancel`
    CALL_ARRIVED = "call_arrived"
    NEVER = "never"  # the target will never take, or its unanswered call is over
    LATE = "late"  # the rung's time is over
    RETRY_DUE = "retry_due"
    UNREACHABLE = "unreachable"  # long after the beginning still nothing is known
    ALIVE = "alive"  # the caller's device still holds our dialog
    GONE = "gone"  # it does not, or does not answer
    RETURNED = "returned"  # the caller came back by the return token
    PLACE_OVER = "place_over"  # the place at home was kept long enough
    RECALLED = "recalled"  # the agent who passed the caller on wants them back


class Effect(Enum):
    """What is done on the way to the next state."""

    NONE = "none"
    KEEP_PLACE = "keep_place"
    NEXT_RUNG = "next_rung"
    RETRY_OR_NEXT = "retry_or_next"
    RETRY = "retry"
    STOP_LATE = "stop_late"
    CANCEL = "cancel"
    WAIT_THEN_CANCEL = "wait_then_cancel"
    PROBE = "probe"
    ASK_IF_THERE = "ask_if_there"
    IS_THERE = "is_there"
    ARRIVED = "arrived"
    PUT_BACK = "put_back"
    ABORT = "abort"
    ABORT_GONE = "abort_gone"
    CALLER_GONE = "caller_gone"
    BACK_UNRESOLVED = "back_unresolved"
    END_UNRESOLVED = "end_unresolved"
    RETURNED = "returned"
    LATE_ARRIVAL = "late_arrival"
    # Of moves to handlers alone:
    HANDED_OVER = "handed_over"
    NEXT_UNLESS_BUSY = "next_unless_busy"
    ASK_DEVICE = "ask_device"
    RING_ON = "ring_on"


Step = tuple[MoveState | None, Effect]
"Next state and effect; without a state the effect decides it."
_M, _S, _E = MoveState, Sign, Effect
_DONE = _M.ENDED
_ARRIVED: Step = (_DONE, _E.ARRIVED)
_CANCEL: Step = (_M.CANCELLING, _E.CANCEL)
_TAKEN: Step = (_M.TAKEN, _E.NONE)
_LEFT: Step = (_M.CALLER_LEFT, _E.WAIT_THEN_CANCEL)
_BACK: Step = (_DONE, _E.PUT_BACK)
_ABORT: Step = (_DONE, _E.ABORT)
_PROBE: Step = (None, _E.PROBE)
_UNRESOLVED: Step = (_DONE, _E.END_UNRESOLVED)


def _stay(state: MoveState, *signs: Sign) -> dict[Sign, Step]:
    return dict.fromkeys(signs, (state, Effect.NONE))


TABLE: dict[MoveState, dict[Sign, Step]] = {
    _M.REDIRECTING: {
        **_stay(_M.REDIRECTING, _S.RECALLED),
        _S.REDIRECTED: (_M.REDIRECTED, _E.KEEP_PLACE),
        _S.SILENT: (_M.REDIRECTED, _E.KEEP_PLACE),
        _S.REFUSED: (None, _E.NEXT_RUNG),
        _S.CALLER_GONE: (_DONE, _E.CALLER_GONE),
        _S.CALL_TAKEN: _ARRIVED,
        _S.CALL_ARRIVED: _ARRIVED,
        _S.RETURNED: (_DONE, _E.RETURNED),
        _S.UNREACHABLE: _UNRESOLVED,
        **_stay(_M.REDIRECTING, _S.ACCEPTED, _S.NOTIFIED_OK, _S.NOTIFIED_BAD, _S.BRIDGED),
        **_stay(_M.REDIRECTING, _S.NEVER, _S.LATE, _S.RETRY_DUE, _S.ALIVE, _S.GONE),
        **_stay(_M.REDIRECTING, _S.PLACE_OVER),
    },
    _M.REDIRECTED: {
        **_stay(_M.REDIRECTED, _S.RECALLED),
        _S.CALL_TAKEN: _ARRIVED,
        _S.CALL_ARRIVED: _ARRIVED,
        _S.RETURNED: (_DONE, _E.RETURNED),
        _S.PLACE_OVER: (_M.CALLER_LEFT, _E.CANCEL),
        **_stay(_M.REDIRECTED, _S.REDIRECTED, _S.ACCEPTED, _S.REFUSED, _S.NOTIFIED_OK),
        **_stay(_M.REDIRECTED, _S.NOTIFIED_BAD, _S.SILENT, _S.BRIDGED, _S.CALLER_GONE),
        **_stay(_M.REDIRECTED, _S.NEVER, _S.LATE, _S.RETRY_DUE, _S.UNREACHABLE),
        **_stay(_M.REDIRECTED, _S.ALIVE, _S.GONE),
    },
    _M.REFERRING: {
        _S.RECALLED: _CANCEL,
        _S.ACCEPTED: (_M.TRANSFERRING, _E.NONE),
        _S.NOTIFIED_OK: (_M.TRANSFERRING, _E.NONE),
        _S.REFUSED: (None, _E.RETRY_OR_NEXT),
        _S.NOTIFIED_BAD: _CANCEL,
        _S.SILENT: _CANCEL,
        _S.LATE: _CANCEL,
        _S.NEVER: _CANCEL,
        _S.UNREACHABLE: _CANCEL,
        _S.CALLER_GONE: _LEFT,
        _S.CALL_TAKEN: _TAKEN,
        _S.CALL_ARRIVED: _ARRIVED,
        **_stay(_M.REFERRING, _S.REDIRECTED, _S.BRIDGED, _S.RETRY_DUE, _S.ALIVE, _S.GONE),
        **_stay(_M.REFERRING, _S.RETURNED, _S.PLACE_OVER),
    },
    _M.RETRYING: {
        _S.RECALLED: _CANCEL,
        _S.RETRY_DUE: (None, _E.RETRY),
        _S.CALLER_GONE: (_DONE, _E.CALLER_GONE),
        _S.CALL_TAKEN: _TAKEN,
        _S.CALL_ARRIVED: _ARRIVED,
        **_stay(_M.RETRYING, _S.REDIRECTED, _S.ACCEPTED, _S.REFUSED, _S.NOTIFIED_OK),
        **_stay(_M.RETRYING, _S.NOTIFIED_BAD, _S.SILENT, _S.BRIDGED, _S.NEVER, _S.LATE),
        **_stay(_M.RETRYING, _S.UNREACHABLE, _S.ALIVE, _S.GONE, _S.RETURNED, _S.PLACE_OVER),
    },
    _M.TRANSFERRING: {
        _S.RECALLED: _CANCEL,
        _S.REFUSED: _CANCEL,
        _S.NOTIFIED_BAD: _CANCEL,
        _S.SILENT: _CANCEL,
        _S.LATE: _CANCEL,
        _S.NEVER: _CANCEL,
        _S.UNREACHABLE: _CANCEL,
        _S.CALLER_GONE: _LEFT,
        _S.CALL_TAKEN: _TAKEN,
        _S.CALL_ARRIVED: _ARRIVED,
        **_stay(_M.TRANSFERRING, _S.REDIRECTED, _S.ACCEPTED, _S.NOTIFIED_OK, _S.BRIDGED),
        **_stay(_M.TRANSFERRING, _S.RETRY_DUE, _S.ALIVE, _S.GONE, _S.RETURNED),
        **_stay(_M.TRANSFERRING, _S.PLACE_OVER),
    },
    _M.BRIDGING: {
        _S.RECALLED: _ABORT,
        _S.REFUSED: (None, _E.NEXT_RUNG),
        _S.BRIDGED: (_M.BRIDGED, _E.STOP_LATE),
        _S.CALL_TAKEN: (_M.BRIDGE_TAKEN, _E.STOP_LATE),
        _S.CALL_ARRIVED: _ARRIVED,
        _S.SILENT: _ABORT,
        _S.LATE: _ABORT,
        _S.NEVER: _ABORT,
        _S.UNREACHABLE: _ABORT,
        _S.CALLER_GONE: (_DONE, _E.ABORT_GONE),
        **_stay(_M.BRIDGING, _S.REDIRECTED, _S.ACCEPTED, _S.NOTIFIED_OK, _S.NOTIFIED_BAD),
        **_stay(_M.BRIDGING, _S.RETRY_DUE, _S.ALIVE, _S.GONE, _S.RETURNED, _S.PLACE_OVER),
    },
    _M.BRIDGE_TAKEN: {
        _S.RECALLED: _ABORT,
        _S.BRIDGED: (_M.BRIDGED, _E.NONE),
        _S.CALL_ARRIVED: _ARRIVED,
        _S.REFUSED: _BACK,
        _S.SILENT: _ABORT,
        _S.NEVER: _ABORT,
        _S.CALLER_GONE: (_DONE, _E.ABORT_GONE),
        **_stay(_M.BRIDGE_TAKEN, _S.REDIRECTED, _S.ACCEPTED, _S.NOTIFIED_OK, _S.NOTIFIED_BAD),
        _S.UNREACHABLE: (None, _E.ASK_IF_THERE),
        **_stay(_M.BRIDGE_TAKEN, _S.CALL_TAKEN, _S.LATE, _S.RETRY_DUE, _S.ALIVE, _S.GONE),
        **_stay(_M.BRIDGE_TAKEN, _S.RETURNED, _S.PLACE_OVER),
    },
    _M.BRIDGE_ASKED: {
        _S.RECALLED: _ABORT,
        _S.BRIDGED: (_M.BRIDGED, _E.STOP_LATE),
        _S.CALL_ARRIVED: _ARRIVED,
        _S.CALL_TAKEN: (_M.BRIDGE_TAKEN, _E.IS_THERE),
        _S.REFUSED: _BACK,
        _S.SILENT: _ABORT,
        _S.NEVER: _ABORT,
        _S.LATE: _ABORT,
        _S.CALLER_GONE: (_DONE, _E.ABORT_GONE),
        **_stay(_M.BRIDGE_ASKED, _S.REDIRECTED, _S.ACCEPTED, _S.NOTIFIED_OK, _S.NOTIFIED_BAD),
        **_stay(_M.BRIDGE_ASKED, _S.RETRY_DUE, _S.UNREACHABLE, _S.ALIVE, _S.GONE),
        **_stay(_M.BRIDGE_ASKED, _S.RETURNED, _S.PLACE_OVER),
    },
    _M.BRIDGED: {
        **_stay(_M.BRIDGED, _S.RECALLED),
        _S.CALL_ARRIVED: _ARRIVED,
        _S.CALLER_GONE: _ARRIVED,
        _S.UNREACHABLE: _ARRIVED,
        **_stay(_M.BRIDGED, _S.REDIRECTED, _S.ACCEPTED, _S.REFUSED, _S.NOTIFIED_OK),
        **_stay(_M.BRIDGED, _S.NOTIFIED_BAD, _S.SILENT, _S.BRIDGED, _S.CALL_TAKEN, _S.NEVER),
        **_stay(_M.BRIDGED, _S.LATE, _S.RETRY_DUE, _S.ALIVE, _S.GONE, _S.RETURNED),
        **_stay(_M.BRIDGED, _S.PLACE_OVER),
    },
    _M.CANCELLING: {
        **_stay(_M.CANCELLING, _S.RECALLED),
        _S.CALL_TAKEN: _TAKEN,
        _S.CALL_ARRIVED: _ARRIVED,
        _S.NEVER: _BACK,
        _S.CALLER_GONE: (_M.CALLER_LEFT, _E.NONE),
        _S.UNREACHABLE: _PROBE,
        **_stay(_M.CANCELLING, _S.REDIRECTED, _S.ACCEPTED, _S.REFUSED, _S.NOTIFIED_OK),
        **_stay(_M.CANCELLING, _S.NOTIFIED_BAD, _S.SILENT, _S.BRIDGED, _S.LATE, _S.RETRY_DUE),
        **_stay(_M.CANCELLING, _S.ALIVE, _S.GONE, _S.RETURNED, _S.PLACE_OVER),
    },
    _M.TAKEN: {
        **_stay(_M.TAKEN, _S.RECALLED),
        _S.CALL_ARRIVED: _ARRIVED,
        _S.NEVER: _BACK,
        _S.CALLER_GONE: _ARRIVED,
        _S.LATE: (_M.TAKEN, _E.CANCEL),
        _S.UNREACHABLE: _PROBE,
        **_stay(_M.TAKEN, _S.REDIRECTED, _S.ACCEPTED, _S.REFUSED, _S.NOTIFIED_OK),
        **_stay(_M.TAKEN, _S.NOTIFIED_BAD, _S.SILENT, _S.BRIDGED, _S.CALL_TAKEN),
        **_stay(_M.TAKEN, _S.RETRY_DUE, _S.ALIVE, _S.GONE, _S.RETURNED, _S.PLACE_OVER),
    },
    _M.CALLER_LEFT: {
        **_stay(_M.CALLER_LEFT, _S.RECALLED),
        _S.CALL_TAKEN: _ARRIVED,
        _S.CALL_ARRIVED: _ARRIVED,
        _S.NEVER: (_DONE, _E.CALLER_GONE),
        _S.LATE: (_M.CALLER_LEFT, _E.CANCEL),
        _S.UNREACHABLE: _UNRESOLVED,
        _S.RETURNED: (_DONE, _E.RETURNED),
        **_stay(_M.CALLER_LEFT, _S.REDIRECTED, _S.ACCEPTED, _S.REFUSED, _S.NOTIFIED_OK),
        **_stay(_M.CALLER_LEFT, _S.NOTIFIED_BAD, _S.SILENT, _S.BRIDGED, _S.CALLER_GONE),
        **_stay(_M.CALLER_LEFT, _S.RETRY_DUE, _S.ALIVE, _S.GONE, _S.PLACE_OVER),
    },
    _M.PROBING: {
        **_stay(_M.PROBING, _S.RECALLED),
        _S.ALIVE: (_DONE, _E.BACK_UNRESOLVED),
        _S.GONE: _UNRESOLVED,
        _S.LATE: _UNRESOLVED,
        _S.CALLER_GONE: _UNRESOLVED,
        _S.NEVER: _BACK,
        _S.CALL_TAKEN: _TAKEN,
        _S.CALL_ARRIVED: _ARRIVED,
        **_stay(_M.PROBING, _S.REDIRECTED, _S.ACCEPTED, _S.REFUSED, _S.NOTIFIED_OK),
        **_stay(_M.PROBING, _S.NOTIFIED_BAD, _S.SILENT, _S.BRIDGED, _S.RETRY_DUE),
        **_stay(_M.PROBING, _S.UNREACHABLE, _S.RETURNED, _S.PLACE_OVER),
    },
    _M.ENDED: {
        _S.CALL_ARRIVED: (_DONE, _E.LATE_ARRIVAL),
        **_stay(_DONE, _S.REDIRECTED, _S.ACCEPTED, _S.REFUSED, _S.NOTIFIED_OK, _S.NOTIFIED_BAD),
        **_stay(_DONE, _S.SILENT, _S.BRIDGED, _S.CALLER_GONE, _S.CALL_TAKEN, _S.NEVER, _S.LATE),
        **_stay(_DONE, _S.RETRY_DUE, _S.UNREACHABLE, _S.ALIVE, _S.GONE, _S.RETURNED),
        **_stay(_DONE, _S.PLACE_OVER, _S.RECALLED),
    },
}

_BRIDGES = (_M.BRIDGING, _M.BRIDGE_TAKEN, _M.BRIDGE_ASKED, _M.BRIDGED)


def taken_up(state: MoveState, *, here: bool, bridged: bool) -> tuple[MoveState, Sign]:
    """Where a move goes on after the origin's process was killed in `state`, and by which sign.

    What the process was waiting for is lost, so all it can do is ask. `here`: the caller's leg was
    answered and stands again; `bridged`: and it is joined with the target.
    """
    if state in (_M.REDIRECTING, _M.REDIRECTED):
        return _M.REDIRECTING, Sign.SILENT
    if state is _M.CALLER_LEFT:
        return _M.CALLER_LEFT, Sign.LATE
    if bridged:
        return _M.BRIDGED, Sign.UNREACHABLE
    if state in _BRIDGES:
        return _M.BRIDGING, Sign.SILENT if here else Sign.CALLER_GONE
    return _M.REFERRING, Sign.SILENT if here else Sign.CALLER_GONE
