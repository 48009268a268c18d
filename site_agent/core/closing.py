"""What becomes of waiting callers when their queue closes or its last agent leaves.

Rule of this file: `drain` leaves them to the agents who are still there, `interflow` asks NIRC at
once, `announce` tells them and lets them go, `callback` promises to call them back; who cannot be
called back is offered to the network as with `interflow`. Callers of other sites who were not
answered yet, and emergency calls, are never let go.
"""

from __future__ import annotations

from collections.abc import Callable

from routing_policies.network_kinds import WhatOfWaiting
from site_agent.core.answer_actions import AnswerActions
from site_agent.core.calls import Call, CallBook
from site_agent.core.outbox import Outbox

REASON = "closed"
Ask = Callable[[Call, float], None]
"Ask NIRC about a call now, whatever was said about waiting."
Promise = Callable[[Call, str, float], bool]
"Promise to call back, with an announcement; False: this caller cannot be."


class Closing:
    """Acts on all waiting callers of one queue."""

    __slots__ = ("_actions", "_ask", "_calls", "_out", "promise")

    def __init__(self, calls: CallBook, actions: AnswerActions, ask: Ask, out: Outbox) -> None:
        self.promise: Promise = lambda call, announcement, now_s: False
        self._calls = calls
        self._actions = actions
        self._ask = ask
        self._out = out

    def act(self, queue: str, what: WhatOfWaiting | None, announcement: str, now_s: float) -> None:
        """Do `what` with every caller waiting in `queue`; None: as before."""
        if what is None or what == "drain":
            return
        for call in self._calls.waiting():
            if call.queue != queue or call.emergency or (call.foreign and not call.answered):
                continue
            self._out.count(f"closing_{what}")
            if what == "callback" and self.promise(call, announcement, now_s):
                continue
            if what in ("interflow", "callback"):
                call.asked_after_s = call.not_before_s = now_s
                self._ask(call, now_s)
            elif what == "announce":
                self._actions.release(call, REASON, announcement, now_s)
