"""The questions this site has open at NIRC: asked, repeated to a new leader, answered, withdrawn.

Rule of this file: at most one request per call; the first answer in time wins; the token of every
other answer is cancelled, so that no agent stays held for a call that will not come.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nrcli.wire.messages import (
    DOMAIN_FIRST,
    DataPut,
    MoveOutcome,
    RequeryReason,
    RouteAnswer,
    RouteOutcome,
    RouteRequest,
    RouteRequestCancel,
)
from site_agent.adapters.base import ReturnToAgent
from site_agent.core.answer_actions import AnswerActions
from site_agent.core.asking import Asking
from site_agent.core.callbacks import Callbacks, Wish
from site_agent.core.calls import Call, CallBook
from site_agent.core.declined_answers import DeclinedAnswers
from site_agent.core.failed_ways import forget_old
from site_agent.core.handler_moves import HandlerMoves
from site_agent.core.leaders import Leaders
from site_agent.core.local_fallback import ASK_TIMER, ask_again_at_s, let_in, look_again
from site_agent.core.outbox import Outbox
from site_agent.core.overflow_rules import Verdict, verdict
from site_agent.core.plan_overflow import PlanOverflow
from site_agent.core.queue_entries import QueueEntries
from site_agent.core.request_words import (
    FAILED,
    LOCAL,
    write_answer,
    write_answered,
    write_begun,
    write_ended,
)
from site_agent.core.settings import SiteSettings

DEADLINE_TIMER = "deadline:"


class _Open:
    """One open request."""

    __slots__ = ("call", "deadline_at_s", "message", "node")

    def __init__(self, call: Call, message: RouteRequest, deadline_at_s: float) -> None:
        self.call = call
        self.message = message
        self.deadline_at_s = deadline_at_s
        self.node = ""
        "Node that was asked last."


class RouteRequests:
    """Open requests by id, and by call."""

    __slots__ = (
        "_actions",
        "_asking",
        "_begin_move",
        "_by_call",
        "_callbacks",
        "_calls",
        "_declined",
        "_entries",
        "_handlers",
        "_leaders",
        "_new_id",
        "_open",
        "_out",
        "_plan",
        "_ready_count",
        "_settings",
        "_site",
    )

    def __init__(
        self,
        *,
        site: str,
        settings: SiteSettings,
        leaders: Leaders,
        calls: CallBook,
        declined: DeclinedAnswers,
        out: Outbox,
        new_id: Callable[[], str],
        ready_count: Callable[[str], int],
        asking: Asking,
        actions: AnswerActions,
        entries: QueueEntries,
        plan: PlanOverflow,
        handlers: HandlerMoves,
    ) -> None:
        self._plan = plan
        self._handlers = handlers
        self._entries = entries
        self._asking = asking
        self._actions = actions
        self._site = site
        self._settings = settings
        self._leaders = leaders
        self._calls = calls
        self._declined = declined
        self._out = out
        self._new_id = new_id
        self._ready_count = ready_count
        self._begin_move: Callable[[Call, RouteAnswer, float], None] | None = None
        self._callbacks: Callbacks | None = None
        self._open: dict[str, _Open] = {}
        self._by_call: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._open)

    def join(
        self,
        begin_move: Callable[[Call, RouteAnswer, float], None],
        callbacks: Callbacks | None = None,
    ) -> None:
        """Name what carries out an answer; once, before the first event."""
        self._begin_move, self._callbacks = begin_move, callbacks

    def entered(self, call: Call, now_s: float) -> None:
        """A call began to wait here: ask at once, or after `ask_after_s`."""
        if self._settings.ask_after_s > 0 and not self._asking.is_urgent(call):
            self._out.start(ASK_TIMER + call.call_id, now_s + self._settings.ask_after_s)
        else:
            self.consider(call, now_s)

    def arrived(self, call: Call, now_s: float) -> None:
        """A call came by a token: own agents first; asked about only if it goes on waiting."""
        self._out.start(ASK_TIMER + call.call_id, now_s + self._asking.requery_s(call.queue))

    def ask_due(self, call_id: str, now_s: float) -> None:
        """The timer of a waiting call: look whether to ask (again)."""
        call = self._calls.get(call_id)
        if call is not None:
            call.refused_targets = ()
            self._calls.changed(call)
            self.consider(call, now_s, RequeryReason.STILL_WAITING)

    def ways_changed(self, call: Call, now_s: float) -> None:
        """The caller was answered: what could not move a ringing call may move this one, so ask.

        Not before `ask_after_s`, not while a question is open, and not about an arrived call, whose
        first chance are this site's own agents.
        """
        self._calls.changed(call)
        asked = call.call_id in self._by_call or call.entry_id
        if asked or call.foreign or now_s < call.entered_at_s + self._settings.ask_after_s:
            return
        call.refused_targets = ()
        self.consider(call, now_s, RequeryReason.STILL_WAITING)

    def consider(self, call: Call, now_s: float, reason: RequeryReason | None = None) -> None:
        """Ask about `call` if the rules say so; else look again later."""
        if call.passed_by and (call.back_status or call.consult_id):
            let_in(self._out, call)
            return
        forget_old(call, now_s)
        leading, from_s = self._leaders.node_of(DOMAIN_FIRST), self._plan.asks_from_s(call)
        if now_s < from_s:
            leading = ""
        word = verdict(
            call,
            ready_count=self._ready_count(call.queue),
            leading_node=leading or self._plan.stands_in(call, now_s),
            asked=call.call_id in self._by_call,
            full=len(self._open) >= self._settings.requests_open_max,
            now_s=now_s,
            wanted=lambda: self._asking.wants(call, now_s),
        )
        ready_count = self._ready_count(call.queue)
        free = word is not Verdict.LEAVE and call.call_id not in self._by_call
        if free and self._handlers.by_rule(call, ready_count, now_s):
            return
        if word is Verdict.ASK and leading:
            self._ask(call, leading, now_s, reason)
            return
        if word is Verdict.ASK:
            self._out.stop(ASK_TIMER + call.call_id)
            if self._plan.overflow(call, now_s):
                return
            word = Verdict.LOOK_AGAIN
        if call.call_id not in self._by_call:
            let_in(self._out, call)
        if word is Verdict.LOOK_AGAIN:
            at_s = now_s + self._asking.requery_s(call.queue)
            if not (call.entry_id and call.refused_targets):
                at_s = max(at_s, call.asked_after_s, call.not_before_s)
            if now_s < from_s < at_s:
                at_s = from_s
            self._out.start(ASK_TIMER + call.call_id, at_s)
        elif word is Verdict.RULED_OUT:
            at_s = now_s + self._asking.look_s(call.queue)
            self._out.start(ASK_TIMER + call.call_id, at_s)

    def tier_changed(self, now_s: float) -> None:
        """A leader is known again, or none any more: waiting calls are looked at, spread over time.
        Those in the network queue are known to a leader."""
        leads, step_s = (
            self._leaders.node_of(DOMAIN_FIRST),
            1.0 / self._settings.back_up_calls_per_s,
        )
        waiting = [
            call
            for call in self._calls.waiting()
            if call.call_id not in self._by_call
            and (not call.entry_id if leads else self._plan.stands_in(call, now_s))
        ]
        for number, call in enumerate(waiting):
            call.asked_after_s = min(call.asked_after_s, now_s)
            at_s = max(now_s + number * step_s, self._plan.asks_from_s(call))
            self._out.start(ASK_TIMER + call.call_id, at_s)

    def resend(self, domain: str, now_s: float) -> None:
        """Another node leads: repeat to it what is unanswered, with the same ids."""
        node = self._leaders.node_of(domain)
        for opened in self._open.values():
            if node and opened.node != node and opened.message.domain == domain:
                self._send(opened, node, now_s)

    def stands(self, node: str) -> None:
        """The stream to `node` ended, or it said that it does not lead: its requests are unsent."""
        for opened in self._open.values():
            if opened.node == node:
                opened.node = ""

    def withdraw(self, call_id: str, reason: str) -> None:
        """The call needs no answer any more."""
        self._out.stop(ASK_TIMER + call_id)
        if call := self._calls.get(call_id):
            self._entries.end(call, reason)
        self._drop(call_id, reason)

    def _drop(self, call_id: str, reason: str) -> None:
        request_id = self._by_call.get(call_id)
        if request_id is None:
            return
        opened = self._close(request_id)
        write_ended(self._out, opened.call, request_id, LOCAL, reason)
        self._out.send(
            self._leaders.node_of(opened.message.domain),
            RouteRequestCancel(request_id=request_id, domain=opened.message.domain, reason=reason),
        )

    def deadline_passed(self, request_id: str, now_s: float) -> None:
        """No answer in time: the site goes on by itself."""
        if request_id not in self._open:
            return
        opened = self._close(request_id)
        self._out.count("requests_late")
        write_ended(self._out, opened.call, request_id, FAILED, "deadline")
        self._out.send(
            self._leaders.node_of(opened.message.domain),
            RouteRequestCancel(
                request_id=request_id, domain=opened.message.domain, reason="deadline"
            ),
        )
        let_in(self._out, opened.call)
        again_s = self._asking.requery_s(opened.call.queue)
        at_s = ask_again_at_s(self._settings, None, now_s, again_s)
        look_again(self._calls, self._out, opened.call, at_s)

    def answered(self, node: str, answer: RouteAnswer, now_s: float) -> None:
        """A node answered: the first answer of a request counts, later ones are cancelled."""
        opened = self._open.get(answer.request_id)
        if opened is None and answer.entry_id and answer.outcome is RouteOutcome.MOVE:
            self._entry_moves(node, answer, now_s)
            return
        obeyed = self._leaders.obeys(node, answer.domain, answer.epoch, answer.request_id)
        if opened is None or not obeyed or opened.deadline_at_s < now_s:
            self._declined.decline(answer, MoveOutcome.SERVED_AT_HOME, now_s)
            return
        self._close(answer.request_id)
        opened.call.asked_as_it_is = opened.message.answered == opened.call.answered
        write_answer(self._out, answer)
        if answer.outcome is RouteOutcome.MOVE and answer.target_site != self._site:
            assert self._begin_move is not None, "join() comes first"
            self._begin_move(opened.call, answer, now_s)
            write_answered(
                self._out, opened.call, answer, moves=self._declined.is_ours(answer.token)
            )
            return
        write_answered(self._out, opened.call, answer, moves=False)
        self._declined.decline(answer, MoveOutcome.SERVED_AT_HOME, now_s)
        self._stays(opened.call, answer, now_s)

    def _entry_moves(self, node: str, answer: RouteAnswer, now_s: float) -> None:
        """The leader found somebody for a call in the network queue. The site wins: a call that
        waits no more is not moved."""
        if self._callbacks is not None and self._callbacks.offered(node, answer, now_s):
            return
        call = self._entries.waiting(answer.entry_id)
        obeyed = self._leaders.obeys(node, answer.domain, answer.epoch, answer.request_id)
        if call is None or not obeyed or answer.target_site == self._site:
            self._declined.decline(answer, MoveOutcome.SERVED_AT_HOME, now_s)
            return
        self._drop(call.call_id, "moved from the network queue")
        self._out.stop(ASK_TIMER + call.call_id)
        call.asked_as_it_is = False
        write_answer(self._out, answer)
        assert self._begin_move is not None, "join() comes first"
        self._begin_move(call, answer, now_s)

    def _stays(self, call: Call, answer: RouteAnswer, now_s: float) -> None:
        """The call is not moved: do what the answer says, and time the next question."""
        again_s = self._asking.requery_s(call.queue)
        at_s = ask_again_at_s(self._settings, answer, now_s, again_s)
        if answer.outcome is RouteOutcome.ACT_LOCALLY:
            call.asked_after_s = at_s
        elif answer.outcome is RouteOutcome.RETRY_AFTER:
            call.not_before_s = at_s
        elif answer.outcome is RouteOutcome.NETWORK_QUEUE:
            call.asked_after_s = now_s + max(again_s, self._settings.entry_requery_s)
            at_s = now_s + again_s if call.refused_targets else call.asked_after_s
            self._entries.begin(call, answer)
        elif answer.outcome is RouteOutcome.STAY and not call.asked_as_it_is:
            at_s = now_s
        if answer.handler and self._handlers.told(call, answer, now_s):
            return
        if call.passed_by and answer.outcome is RouteOutcome.REJECT:
            self._out.do(ReturnToAgent(call_id=call.call_id, sip_status=480))
            return
        if not (call.passed_by and answer.outcome is RouteOutcome.NETWORK_QUEUE):
            let_in(self._out, call)
        look_again(self._calls, self._out, call, at_s)
        self._actions.act(call, answer, now_s)
        if answer.callback and self._callbacks is not None:
            wish = Wish(announcement=answer.announcement)
            self._callbacks.promise(call, now_s, wish, answer.domain)

    def _ask(self, call: Call, node: str, now_s: float, reason: RequeryReason | None) -> None:
        message = RouteRequest(
            request_id=self._new_id(),
            interaction_id=call.interaction_id,
            call_id=call.call_id,
            service=call.service,
            queue="" if call.is_away else call.queue,
            dialed_number=call.dialed_number,
            ani=call.ani,
            trunk_group=call.trunk_group,
            answered=call.answered or bool(call.consult_of),
            priority=call.priority,
            visited_sites=call.visited_sites,
            moves_since_person_count=call.moves_since_person_count,
            moves_count=call.moves_count,
            reason=reason,
            refused_targets=(*call.refused_targets, *self._handlers.resting(call, now_s)),
            failed_ways=tuple(call.failed_ways),
            data_version=call.data.version if call.data else 0,
            data_digest=call.data.digest if call.data else b"",
            withheld=call.withheld,
            verified=call.verified,
            entry_id=call.entry_id,
        )
        opened = _Open(call, message, now_s + self._settings.deadline_s)
        self._open[message.request_id] = opened
        self._by_call[call.call_id] = message.request_id
        self._out.count("requests")
        write_begun(
            self._out,
            call,
            message,
            deadline_s=self._settings.deadline_s,
            ready_count=0 if call.held_back else self._ready_count(call.queue),
        )
        self._out.stop(ASK_TIMER + call.call_id)
        self._out.start(DEADLINE_TIMER + message.request_id, opened.deadline_at_s)
        self._send(opened, node, now_s)

    def _send(self, opened: _Open, node: str, now_s: float) -> None:
        opened.node = node
        data = opened.call.data
        if data is not None and data.digest == opened.message.data_digest:
            put = DataPut(
                interaction_id=opened.call.interaction_id,
                version=data.version,
                digest=data.digest,
                data=data.data,
            )
            self._out.send(node, put)
        left_s = max(0.0, opened.deadline_at_s - now_s)
        waited_s = max(0.0, now_s - opened.call.offered_at_s)
        self._out.send(node, replace(opened.message, deadline_s=left_s, waited_s=waited_s))

    def _close(self, request_id: str) -> _Open:
        opened = self._open.pop(request_id)
        del self._by_call[opened.call.call_id]
        self._out.stop(DEADLINE_TIMER + request_id)
        return opened
