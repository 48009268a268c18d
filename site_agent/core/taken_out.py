"""Ends an entry of the network queue that an operator took out.

Rule of this file: nobody is dropped. A caller on the line keeps their place at home and their time
waited, hears what the operator named, and is asked about no more; a promise to call somebody back
ends, unless their telephone rings already. A leader of lower epoch is not obeyed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nrcli.wire.messages import RouteAnswer
from site_agent.core.answer_actions import AnswerActions
from site_agent.core.callbacks import Callbacks
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox
from site_agent.core.queue_entries import QueueEntries
from site_agent.core.route_requests import RouteRequests

REASON = "taken_out"
Told = Callable[[str, Any, float], None]


class TakenOut:
    """Answers that take an entry out; all others go on to whom they concern."""

    __slots__ = ("_actions", "_callbacks", "_entries", "_leaders", "_out", "_requests")

    def __init__(
        self,
        *,
        entries: QueueEntries,
        callbacks: Callbacks,
        requests: RouteRequests,
        actions: AnswerActions,
        leaders: Leaders,
        out: Outbox,
    ) -> None:
        self._entries = entries
        self._callbacks = callbacks
        self._requests = requests
        self._actions = actions
        self._leaders = leaders
        self._out = out

    def or_else(self, otherwise: Told) -> Told:
        """Takes an entry out if the answer says so."""

        def told(node: str, answer: RouteAnswer, now_s: float) -> None:
            if not answer.taken_out:
                otherwise(node, answer, now_s)
            elif self._leaders.obeys(node, answer.domain, answer.epoch, answer.request_id):
                self._end(answer, now_s)

        return told

    def _end(self, answer: RouteAnswer, now_s: float) -> None:
        if self._callbacks.cancel(answer.entry_id, REASON):
            self._ended(answer, "")
            return
        call = self._entries.waiting(answer.entry_id)
        if call is None:
            self._out.count("entries_not_taken_out")
            return
        call.kept_home = True
        self._requests.withdraw(call.call_id, REASON)
        self._ended(answer, call.call_id)
        self._actions.announce(call, answer.announcement, now_s)

    def _ended(self, answer: RouteAnswer, call_id: str) -> None:
        self._out.count("entries_taken_out")
        self._out.write("entry_taken_out", entry=answer.entry_id, call=call_id, by=answer.reason)
