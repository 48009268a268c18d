"""What the origin does in each state of a move to a handler; nobody there can be asked.

Rule of this file: a handler says nothing by any link. It has the caller when the 302 was
acknowledged and they did not come back, when NOTIFY says 2xx or the peer hung up after it took the
REFER, or when it answered the bridge. Anything else leaves the caller in place; signs that are not
listed change nothing.
"""

from __future__ import annotations

from site_agent.core.transfer_table import Effect, MoveState, Sign, Step

_M, _S, _E = MoveState, Sign, Effect
_DONE = _M.ENDED
_HANDED: Step = (_DONE, _E.HANDED_OVER)
_NEXT: Step = (None, _E.NEXT_UNLESS_BUSY)
_ASK: Step = (_M.PROBING, _E.ASK_DEVICE)
_BACK: Step = (_DONE, _E.PUT_BACK)
_GONE: Step = (_DONE, _E.CALLER_GONE)
_ABORT: Step = (_DONE, _E.ABORT)
_LISTED: dict[MoveState, dict[Sign, Step]] = {
    _M.REDIRECTING: {
        _S.REDIRECTED: (_M.REDIRECTED, _E.KEEP_PLACE),
        _S.SILENT: (_M.REDIRECTED, _E.KEEP_PLACE),
        _S.REFUSED: _NEXT,
        _S.CALLER_GONE: _GONE,
        _S.RETURNED: (_DONE, _E.RETURNED),
        _S.UNREACHABLE: (_DONE, _E.END_UNRESOLVED),
    },
    _M.REDIRECTED: {
        _S.RETURNED: (_DONE, _E.RETURNED),
        _S.PLACE_OVER: _HANDED,
    },
    _M.REFERRING: {
        _S.ACCEPTED: (_M.TRANSFERRING, _E.NONE),
        _S.NOTIFIED_OK: _HANDED,
        _S.NOTIFIED_BAD: _NEXT,
        _S.REFUSED: (None, _E.RETRY_OR_NEXT),
        _S.SILENT: _ASK,
        _S.LATE: _ASK,
        _S.UNREACHABLE: _ASK,
        _S.CALLER_GONE: _GONE,
    },
    _M.RETRYING: {
        _S.RETRY_DUE: (None, _E.RETRY),
        _S.CALLER_GONE: _GONE,
    },
    _M.TRANSFERRING: {
        _S.NOTIFIED_OK: _HANDED,
        _S.NOTIFIED_BAD: _NEXT,
        _S.REFUSED: _NEXT,
        _S.SILENT: _ASK,
        _S.LATE: _ASK,
        _S.UNREACHABLE: _ASK,
        _S.CALLER_GONE: _HANDED,
    },
    _M.PROBING: {
        _S.ALIVE: _BACK,
        _S.NOTIFIED_OK: _HANDED,
        _S.NOTIFIED_BAD: _BACK,
        _S.CALLER_GONE: _HANDED,
        _S.GONE: (_DONE, _E.END_UNRESOLVED),
        _S.LATE: (_DONE, _E.END_UNRESOLVED),
    },
    _M.BRIDGING: {
        _S.ACCEPTED: (_M.BRIDGING, _E.RING_ON),
        _S.BRIDGED: _HANDED,
        _S.REFUSED: _NEXT,
        _S.SILENT: _ABORT,
        _S.LATE: _ABORT,
        _S.CALLER_GONE: (_DONE, _E.ABORT_GONE),
    },
    _M.BRIDGED: {
        _S.CALLER_GONE: _HANDED,
        _S.UNREACHABLE: _HANDED,
    },
}
HANDLER_TABLE: dict[MoveState, dict[Sign, Step]] = {
    state: {sign: _LISTED.get(state, {}).get(sign, (state, Effect.NONE)) for sign in Sign}
    for state in MoveState
}
