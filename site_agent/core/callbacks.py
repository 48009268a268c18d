"""Callbacks of this site: promised, kept in rank, tried by whoever has an agent, ended.

Rule of this file: a promise begins while the caller is on the line and counts once they are gone.
Own agents who have nobody waiting call first; else any site by way of the network queue. At most
one call at a time is made to a number; what became of one is asked until it is known. A call in
vain costs an attempt and never the rank.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nrcli.wire.messages import (
    DOMAIN_FIRST,
    CallLegRecord,
    CallTaken,
    Cancel,
    CancelAnswer,
    CancelVerdict,
    MoveOutcome,
    RouteAnswer,
    RouteRequestCancel,
    TransferOutcome,
)
from site_agent.core.answer_actions import AnswerActions
from site_agent.core.callback import Callback, CallbackState
from site_agent.core.callback_book import CallbackBook
from site_agent.core.callback_settings import CallbackSettings
from site_agent.core.calls import Call, CallState
from site_agent.core.declined_answers import DeclinedAnswers
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox

TIMER = "callback:"
ASK_AGAIN_S = 1.0
"A site that dials is asked this often how it goes, at first."
ASK_AGAIN_S_MAX = 4.0
RETRY_S = 5.0
"Nobody was dialed after all (the agent was gone, the token dead): tried again after this."
REASON = "callback"
OUTCOMES = {
    "answered": MoveOutcome.ARRIVED,
    "busy": MoveOutcome.BUSY,
    "no_answer": MoveOutcome.NO_ANSWER,
    "failed": MoveOutcome.ERROR,
    "not_dialed": MoveOutcome.REFUSED,
    "unresolved": MoveOutcome.UNRESOLVED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is known of a wish to be called back, beside the call."""

    number: str = ""
    from_unix_s: float = 0.0
    until_unix_s: float = 0.0
    announcement: str = ""


NO_WISH = Wish()


class Callbacks:
    """The origin's side."""

    __slots__ = (
        "_actions",
        "_book",
        "_declined",
        "_leaders",
        "_new_id",
        "_open_hours",
        "_out",
        "_settings",
        "_site",
        "_unix_offset_s",
        "_withdraw",
    )

    def __init__(
        self,
        *,
        site: str,
        settings: CallbackSettings,
        book: CallbackBook,
        actions: AnswerActions,
        declined: DeclinedAnswers,
        leaders: Leaders,
        out: Outbox,
        new_id: Callable[[], str],
        withdraw: Callable[[str, str], None],
        open_hours: Callable[[float], bool],
        unix_offset_s: float,
    ) -> None:
        """`withdraw`: ask no more about a call; `open_hours`: may people be called now."""
        self._site = site
        self._settings = settings
        self._book = book
        self._actions = actions
        self._declined = declined
        self._leaders = leaders
        self._out = out
        self._new_id = new_id
        self._withdraw = withdraw
        self._open_hours = open_hours
        self._unix_offset_s = unix_offset_s

    # ---- a promise begins ------------------------------------------------------------------

    def promise(self, call: Call, now_s: float, wish: Wish = NO_WISH, domain: str = "") -> bool:
        """Promise to call this waiting caller back, tell them so, and let them go. False: they
        cannot be called back, and wait on; the reason is counted and written."""
        if self._book.of_call(call.call_id) is not None:
            return True
        if call.state is not CallState.WAITING or call.agent or call.emergency:
            return False
        number = wish.number or call.ani
        problem = self._book.refuses(call, number)
        if problem:
            self._out.count("callbacks_refused")
            self._out.write(
                "callback_refused",
                call=call.call_id,
                interaction=call.interaction_id,
                reason=problem,
            )
            return False
        callback = self._of(call, number, wish, now_s, domain or call.entry_domain)
        self._withdraw(call.call_id, REASON)
        self._book.add(callback)
        self._out.count("callbacks")
        self._out.write(
            "callback_begun",
            entry=callback.entry_id,
            call=call.call_id,
            interaction=call.interaction_id,
            queue=call.queue,
        )
        self._actions.release(call, REASON, wish.announcement, now_s)
        return True

    def connected(self, call_id: str) -> None:
        """An own agent has the caller after all: nobody need call them back."""
        callback = self._book.of_call(call_id)
        if callback is not None and callback.state is CallbackState.PLEDGED:
            self._end(callback, "served")

    def call_over(self, call_id: str, released_by: str, now_s: float) -> None:
        """The call that a promise was given in has ended: from now on it counts."""
        callback = self._book.of_call(call_id)
        if callback is None or callback.state is not CallbackState.PLEDGED:
            return
        if released_by in ("moved", "redirected"):
            self._end(callback, "served")
            return
        callback.call_id = ""
        self._book.put(callback, CallbackState.RESTING)
        self.look_at(callback, now_s)

    def _of(self, call: Call, number: str, wish: Wish, now_s: float, domain: str) -> Callback:
        callback = Callback(f"cb-{self._new_id()}", number, call.offered_at_s)
        unix_s = now_s + self._unix_offset_s
        callback.interaction_id, callback.service = call.interaction_id, call.service
        callback.queue, callback.priority = call.queue, call.priority
        callback.domain = domain or DOMAIN_FIRST
        callback.dialed_number, callback.verified = call.dialed_number, call.verified
        callback.call_id = call.call_id
        callback.from_unix_s = wish.from_unix_s
        latest_s = max(unix_s, wish.from_unix_s) + self._settings.keep_s
        callback.until_unix_s = min(wish.until_unix_s or latest_s, latest_s)
        if call.data is not None:
            callback.data_version, callback.data_digest = call.data.version, call.data.digest
        return callback

    # ---- time passes -----------------------------------------------------------------------

    def wall_time(self, unix_s: float, now_s: float) -> None:
        """Each second: who is due, whose window is over."""
        self._unix_offset_s = unix_s - now_s
        for callback in self._book:
            if callback.state is CallbackState.PLEDGED:
                self._actions.insist(callback.call_id, REASON)
            self.look_at(callback, now_s)

    def look_at(self, callback: Callback, now_s: float) -> None:
        """Is it to be tried now, later, or not any more?"""
        if callback.busy or callback.state is CallbackState.PLEDGED:
            return
        unix_s = now_s + self._unix_offset_s
        if unix_s >= callback.until_unix_s:
            self._end(callback, "window_over")
            return
        due = now_s >= callback.not_before_s and unix_s >= callback.from_unix_s
        state = CallbackState.DUE if due and self._open_hours(now_s) else CallbackState.RESTING
        if callback.state is not state:
            self._book.put(callback, state)

    def cancel(self, entry_id: str, reason: str) -> bool:
        """Somebody takes the promise back. False: there is none of that id, or it is dialed."""
        callback = self._book.get(entry_id)
        if callback is None or callback.busy:
            return False
        self._end(callback, reason)
        return True

    # ---- another site dials ----------------------------------------------------------------

    def offered(self, node: str, answer: RouteAnswer, now_s: float) -> bool:
        """The leader found an agent at another site. False: the entry is no callback of ours."""
        callback = self._book.get(answer.entry_id)
        if callback is None:
            return False
        obeyed = self._leaders.obeys(node, answer.domain, answer.epoch, answer.request_id)
        if not obeyed or callback.state is not CallbackState.DUE:
            if callback.token != answer.token:
                self._declined.decline(answer, MoveOutcome.SERVED_AT_HOME, now_s)
            return True
        callback.token, callback.request_id = answer.token, answer.request_id
        callback.target, callback.asked_at_s, callback.tries = answer.target_site, now_s, 0
        self._book.put(callback, CallbackState.DIALING)
        self._ask(callback, now_s)
        return True

    def told(self, message: CallTaken | CancelAnswer, now_s: float) -> bool:
        """The site that dials says how it goes. False: the token is of no callback."""
        callback = self._book.of_token(message.token) if message.token else None
        if callback is None or callback.target != message.from_site:
            return False
        if isinstance(message, CancelAnswer):
            if message.verdict is CancelVerdict.TAKEN:
                self.tried(callback, "answered", now_s)
            else:
                detail = message.detail if message.detail in OUTCOMES else "not_dialed"
                self.tried(callback, detail, now_s)
        return True

    def due(self, entry_id: str, now_s: float) -> None:
        """It is time to ask again how it goes."""
        callback = self._book.get(entry_id)
        if callback is None or callback.state is not CallbackState.DIALING or not callback.token:
            return
        if now_s - callback.asked_at_s >= self._settings.unresolved_s:
            self.tried(callback, "unresolved", now_s)
            return
        self._ask(callback, now_s)

    def _ask(self, callback: Callback, now_s: float) -> None:
        """The first question is the word to dial. The node that leads knows what it means."""
        node = self._leaders.node_of(callback.domain) if callback.tries % 4 != 3 else ""
        message = Cancel(
            token=callback.token,
            request_id=callback.request_id,
            from_site=self._site,
            to_site=callback.target,
            dial=True,
        )
        self._out.send(node or self._leaders.relay(callback.tries), message)
        step_s = ASK_AGAIN_S * 2 ** min(callback.tries, 8)
        callback.tries += 1
        self._out.start(TIMER + callback.entry_id, now_s + min(step_s, ASK_AGAIN_S_MAX))

    # ---- how a call to them went -----------------------------------------------------------

    def tried(self, callback: Callback, outcome: str, now_s: float) -> None:
        """A call to them ended, or they answered: the promise is kept, tried again, or over."""
        self._out.stop(TIMER + callback.entry_id)
        self._out.count(f"callbacks_{outcome}")
        self._write_try(callback, outcome)
        if callback.token:
            self._tell_leader(callback, outcome, now_s)
        callback.token = callback.request_id = callback.target = callback.call_id = ""
        if outcome == "answered":
            self._end(callback, "answered")
            return
        dialed = outcome != "not_dialed"
        callback.attempts_count += dialed
        if callback.attempts_count >= self._settings.attempts_max:
            self._end(callback, "attempts_over")
            return
        callback.not_before_s = now_s + (self._settings.pause_s if dialed else RETRY_S)
        self._book.put(callback, CallbackState.RESTING)

    def _write_try(self, callback: Callback, outcome: str) -> None:
        self._out.write(
            "callback_tried",
            entry=callback.entry_id,
            interaction=callback.interaction_id,
            target=callback.target or self._site,
            token=callback.token,
            outcome=outcome,
        )

    def _tell_leader(self, callback: Callback, outcome: str, now_s: float) -> None:
        told = TransferOutcome(
            domain=callback.domain,
            request_id=callback.request_id,
            token=callback.token,
            target_site=callback.target,
            method=None,
            outcome=OUTCOMES[outcome],
            took_s=max(0.0, now_s - callback.asked_at_s),
        )
        self._out.send(self._leaders.node_of(callback.domain), told)

    def _end(self, callback: Callback, why: str) -> None:
        self._out.count(f"callbacks_over_{why}")
        self._out.stop(TIMER + callback.entry_id)
        self._book.drop(callback)
        self._out.write(
            "callback_ended",
            entry=callback.entry_id,
            interaction=callback.interaction_id,
            why=why,
        )
        node = self._leaders.node_of(callback.domain)
        withdrawn = RouteRequestCancel(
            request_id=callback.entry_id, domain=callback.domain, reason=why
        )
        self._out.send(node, withdrawn)
        if why == "served":
            return
        record = CallLegRecord(
            interaction_id=callback.interaction_id,
            call_id=callback.entry_id,
            sip_call_id="",
            site=self._site,
            leg="callback",
            queue=callback.queue,
            agent="",
            trunk_group="",
            ani=callback.number,
            dialed_number=callback.dialed_number,
            method="",
            token="",
            started_unix_s=callback.since_s + self._unix_offset_s,
            waited_s=0.0,
            talked_s=0.0,
            released_by="site",
            sip_status=0,
            end_reason=why,
        )
        self._out.send(node or self._leaders.relay(), record)
