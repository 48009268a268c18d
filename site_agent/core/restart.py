"""What a site agent does first after its process was killed: it finishes what was begun.

Rule of this file: calls, then holds, then moves, each by its own part, and only then callers who
wait are offered to agents, so that nobody takes an agent who is held. Nothing is guessed: a move
whose outcome is not known is asked about by its token, and its caller is in one place until then.
One record that cannot be read costs itself alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from site_agent.adapters.base import CallResumed, PutBack
from site_agent.core.callback import callback_of
from site_agent.core.callback_calls import CallbackCalls
from site_agent.core.calls import Call, CallState
from site_agent.core.cancels import Cancels
from site_agent.core.events import JournalRead
from site_agent.core.journal import Journal
from site_agent.core.journal_records import call_of, hold_of, move_of
from site_agent.core.outbox import Outbox
from site_agent.core.restarted_calls import RestartedCalls
from site_agent.core.restarted_holds import RestartedHolds
from site_agent.core.transfer_execution import TransferExecution

T = TypeVar("T")
Kept = dict[str, dict[str, Any]]
"What was kept of one kind, by key."
ALARM = "journal_damaged"
OFF_ALARM = "journal_not_kept"


class Restart:
    """Takes up what the journal says, once."""

    __slots__ = (
        "_callbacks",
        "_calls",
        "_cancels",
        "_holds",
        "_incarnation",
        "_journal",
        "_moves",
        "_out",
        "_site",
    )

    def __init__(
        self,
        *,
        site: str,
        incarnation: int,
        journal: Journal,
        calls: RestartedCalls,
        holds: RestartedHolds,
        moves: TransferExecution,
        cancels: Cancels,
        callbacks: CallbackCalls,
        out: Outbox,
    ) -> None:
        self._site = site
        self._incarnation = incarnation
        self._journal = journal
        self._calls = calls
        self._holds = holds
        self._moves = moves
        self._cancels = cancels
        self._callbacks = callbacks
        self._out = out

    def read(self, event: JournalRead, now_s: float) -> None:
        """Take up what the journal and the ACD say; what became of it is written down anew."""
        self._out.write("site_started", incarnation=self._incarnation, sure=event.sure)
        if event.problem:
            self._out.alarm(ALARM, self._site, event.problem)
        self._journal.begin(event.entries)
        kept: dict[str, Kept] = {}
        for kind, key, value in event.entries:
            kept.setdefault(kind, {})[key] = value
        waiting = self._take_up_calls(event, kept.get("call", {}), now_s)
        self._take_up_holds(event, kept.get("hold", {}), kept.get("number", {}), now_s)
        self._take_up_moves(event, kept.get("move", {}), waiting, now_s)
        for call in waiting.values():
            self._out.do(PutBack(call_id=call.call_id))
            self._calls.waits_on(call, now_s)
        for token in kept.get("tombstone", {}):
            self._holds.bury(token, now_s)
        self._go_on_cancelling(kept.get("cancel", {}), now_s)
        self._take_up_callbacks(event, kept.get("callback", {}), now_s)

    def told(self, problem: str) -> None:
        """How the journal does now."""
        if problem:
            self._out.alarm(OFF_ALARM, self._site, f"the journal: {problem}")
        else:
            self._out.clear(OFF_ALARM, self._site)

    def pair_told(self, code: str, problem: str) -> None:
        """How the pair of site agents does now."""
        if problem:
            self._out.alarm(code, self._site, problem)
        else:
            self._out.clear(code, self._site)

    def linked(self, node: str, now_s: float) -> None:
        """A stream to a node stands."""
        self._holds.linked(node, now_s)

    # ---- inner -----------------------------------------------------------------------------

    def _take_up_calls(self, event: JournalRead, kept: Kept, now_s: float) -> dict[str, Call]:
        """Calls that the ACD has; those that nobody talks with are given back, by id."""
        waiting = {}
        for one in event.resumed:
            value, call = kept.pop(one.call_id, None), None
            if value is not None:
                call = self._read("call", one.call_id, call_of, one.call_id, value, event.shift_s)
            call = self._calls.take_up(one, call, now_s)
            if call.state is CallState.WAITING:
                waiting[call.call_id] = call
        for _ in kept:
            self._out.count("calls_cut_with_site")
        return waiting

    def _take_up_moves(
        self, event: JournalRead, kept: Kept, waiting: dict[str, Call], now_s: float
    ) -> None:
        bridged = {one.call_id for one in event.resumed if one.bridged}
        for token, value in kept.items():
            here = self._calls.here(str(value.get("call_id")))
            move = self._read("move", token, move_of, value, here, event.shift_s)
            if move is None:
                continue
            call_id = move.call.call_id
            if move.open:
                waiting.pop(call_id, None)
                self._out.count("moves_resumed")
            self._moves.resume(move, now_s, here=here is not None, bridged=call_id in bridged)

    def _take_up_holds(self, event: JournalRead, kept: Kept, numbers: Kept, now_s: float) -> None:
        resumed: dict[str, CallResumed] = {one.call_id: one for one in event.resumed}
        for number, value in numbers.items():
            self._read("number", number, self._holds.number, number, value, event.shift_s)
        for token, value in kept.items():
            hold = self._read("hold", token, hold_of, token, value, event.shift_s)
            if hold is not None:
                self._holds.take_up(hold, resumed.get(hold.call_id), now_s, sure=event.sure)
        self._holds.all_taken_up(now_s, sure=event.sure)

    def _take_up_callbacks(self, event: JournalRead, kept: Kept, now_s: float) -> None:
        for entry_id, value in kept.items():
            callback = self._read("callback", entry_id, callback_of, entry_id, value, event.shift_s)
            if callback is not None:
                here = self._calls.here(callback.call_id) is not None
                self._callbacks.take_up(callback, now_s, here=here)
        self._callbacks.look(now_s)

    def _go_on_cancelling(self, kept: Kept, now_s: float) -> None:
        for token, value in kept.items():
            move = self._moves.by_token(token)
            if move is None or not move.open:
                request_id, to_site = str(value.get("request_id")), str(value.get("to_site"))
                self._cancels.ask(token, request_id, to_site, now_s, watched=False)

    def _read(self, kind: str, key: str, how: Callable[..., T], *what: object) -> T | None:
        try:
            return how(*what)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._out.count("journal_records_unreadable")
            text = f"the journal's {kind} {key} cannot be read ({error!r}) and is left out"
            self._out.alarm(ALARM, self._site, text)
            return None
