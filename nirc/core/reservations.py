"""Takes a request from the question to its one answer: asks targets in turn, until one grants.

Rule of this file: a request ends exactly once, by `_close`, before its deadline; asking again gets
the same answer. At most one target is asked at a time, and whoever was asked in vain is told so.
"""

from __future__ import annotations

from collections.abc import Callable

from nirc.core.actions import Action, RecordDecision, StartTimer, StopTimer
from nirc.core.answers import Answers
from nirc.core.callback_limits import callback_refusal
from nirc.core.choice import Choice, Target
from nirc.core.open_request import (
    OpenRequest,
    answer_for,
    move_for,
    promise_for,
    record_for,
    reserve_for,
    unusable,
    word_of,
)
from nirc.core.overload import OF_TENANT, Work
from nirc.core.parts import Parts
from nirc.core.rehearsal import Rehearsal
from nirc.core.round_trips import RoundTrips
from nirc.core.telling import refused_because, say_failed, say_not_leading, say_not_needed
from nrcli.wire.messages import (
    RequeryReason,
    ReserveGranted,
    ReserveRefused,
    RouteAnswer,
    RouteOutcome,
    RouteRequest,
)

TIMER = "request:"


class Reservations:
    """Undecided requests, and the answers given."""

    __slots__ = (
        "_admission",
        "_answers",
        "_open",
        "_parts",
        "_rehearsal",
        "_round_trips",
        "offer_ended",
        "offers_forgotten",
    )

    def __init__(self, parts: Parts, rehearsal: Rehearsal) -> None:
        self._parts = parts
        self._rehearsal = rehearsal
        self._admission = parts.admission
        self._answers = Answers(parts.settings)
        self._round_trips = RoundTrips(parts.settings)
        self._open: dict[str, OpenRequest] = {}
        self.offer_ended: Callable[[OpenRequest, str, float], None] = lambda *_: None
        "Who offers calls of the network queue hears how it ended, and with which token."
        self.offers_forgotten: Callable[[str], None] = lambda _: None

    # ---- what sites say

    def request(self, site: str, message: RouteRequest, now_s: float, out: list[Action]) -> None:
        """An origin asks."""
        self._parts.statistics.count("requests")
        leadership = self._parts.leadership
        if not leadership.leads(message.domain, now_s):
            leader = self._parts.knowledge.leader(message.domain, now_s).node
            say_not_leading(self._parts, site, message, leader, out)
        elif not leadership.usable(message.domain, site):
            say_not_leading(self._parts, site, message, leadership.node, out)
        elif not self._repeated(site, message, now_s, out):
            self._begin(site, message, now_s, out)

    def drop(self, site: str, request_id: str, now_s: float, out: list[Action]) -> None:
        """The origin needs no answer (an empty `site`: we know it does not). One already given is
        settled by its token instead."""
        request = self._open.get(request_id)
        if request is not None and site in (request.site, ""):
            if request.asked is not None:
                say_not_needed(self._parts, request.request, request.asked.site, now_s, out)
                if request.offered:
                    self._parts.network.settle(request_id, request.asked.site)
            self._close(request, "cancelled", None, now_s, out)

    def granted(self, site: str, message: ReserveGranted, now_s: float, out: list[Action]) -> None:
        """A target holds what was asked. A grant nobody waits for is released."""
        parts = self._parts
        if message.epoch != parts.leadership.epoch(message.domain):
            parts.statistics.count("grants.of_another_epoch")
            return
        request = self._open.get(message.request_id)
        if request is None or not request.awaits(site):
            _release_stray(self._parts, self._answers, site, message, now_s, out)
            return
        self._round_trips.measure(site, now_s - request.asked_at_s)
        if wrong := unusable(request, message, parts, now_s):
            _give_up(parts, request, wrong, now_s, out)
            self._ask_next(request, now_s, out)
        elif now_s > request.answer_by_s:
            self._run_out(request, now_s, out)
        else:
            self._move(request, message, now_s, out)

    def refused(self, site: str, message: ReserveRefused, now_s: float, out: list[Action]) -> None:
        """A target holds nothing: the next one, if there is time."""
        parts = self._parts
        parts.network.settle(message.request_id, site)
        request = self._open.get(message.request_id)
        if request is None or request.asked is None or not request.awaits(site):
            return
        self._round_trips.measure(site, now_s - request.asked_at_s)
        parts.statistics.count(f"refused.{message.reason.value}")
        parts.holes.refused(request.asked, message.reason, now_s, out)
        request.reasons[site] = message.reason
        _lost(request, refused_because(message))
        self._ask_next(request, now_s, out)

    def offer(
        self, site: str, message: RouteRequest, choice: Choice, now_s: float, out: list[Action]
    ) -> None:
        """Targets were chosen for an entry of the network queue: asks them in turn."""
        answer_by_s = now_s + message.deadline_s
        request = OpenRequest(site, message, now_s, answer_by_s, choice, offered=True)
        self._open[message.request_id] = request
        self._ask_next(request, now_s, out)

    # ---- time and leadership

    def timer(self, request_id: str, now_s: float, out: list[Action]) -> None:
        """A target was silent too long, or the deadline is near."""
        request = self._open.get(request_id)
        if request is None:
            return
        if now_s >= request.answer_by_s:
            self._run_out(request, now_s, out)
        elif request.asked is not None and now_s >= request.ask_until_s:
            self._parts.statistics.count("refused.silent")
            self._parts.holes.refused(request.asked, None, now_s, out)
            _give_up(self._parts, request, "silent", now_s, out)
            self._ask_next(request, now_s, out)
        else:
            _arm(request, out)

    def forget(self, domain: str, out: list[Action]) -> None:
        """This node leads the domain no more: it answers nothing, the next leader is asked."""
        for request in [r for r in self._open.values() if r.request.domain == domain]:
            out.append(StopTimer(name=TIMER + request.request.request_id))
            del self._open[request.request.request_id]
            if not request.offered:
                self._admission.done(request.site, request.budget)
        self.offers_forgotten(domain)
        self._answers.forget(domain)
        self._parts.network.forget_promises(domain)
        self._parts.transfers.forget(domain)

    def sweep(self, now_s: float) -> None:
        """Lets go of old answers."""
        self._answers.sweep(now_s)

    def counts(self) -> tuple[int, int]:
        """(undecided requests, answers kept)."""
        return len(self._open), len(self._answers)

    # ---- from question to answer

    def _repeated(self, site: str, message: RouteRequest, now_s: float, out: list[Action]) -> bool:
        parts = self._parts
        known = self._answers.get(message.request_id) or self._open.get(message.request_id)
        if known is None:
            return False
        if known.site != site:
            text = f"used request id {message.request_id} of site {known.site}; dropped"
            parts.alarms.raise_event("site_speaks_for_another", site, text, now_s, out)
        elif not isinstance(known, OpenRequest):
            parts.leadership.command(message.domain, site, known.answer, now_s, out)
        return True

    def _begin(self, site: str, message: RouteRequest, now_s: float, out: list[Action]) -> None:
        parts = self._parts
        budget = parts.active.budget_of(message.service)
        again = message.reason is RequeryReason.STILL_WAITING
        refusal = self._admission.admit(site, now_s, again=again, budget=budget)
        if refusal:
            of_tenant = refusal.startswith(OF_TENANT)
            parts.statistics.count("overload.tenant" if of_tenant else "overload")
            request = OpenRequest(site, message, now_s, now_s, Choice("", 0, refusal))
            self._say(request, RouteOutcome.ACT_LOCALLY, refusal, now_s, out)
            return
        settings = parts.settings
        way_s = settings.answer_margin_s + self._round_trips.of(site)
        allowed_s = min(message.deadline_s, settings.deadline_s_max) - way_s
        answer_by_s = now_s + max(allowed_s, 0.0)
        if parts.active.documents is None:
            choice = Choice("", 0, "this node has no documents yet")
        else:
            choice = parts.choice.choose(site, message, now_s)
            if choice.failed:
                say_failed(parts, choice, message, now_s, out)
        request = OpenRequest(site, message, now_s, answer_by_s, choice, budget=budget)
        self._open[message.request_id] = request
        if parts.active.documents is None:
            self._finish(request, RouteOutcome.ACT_LOCALLY, choice.reason, now_s, out)
        else:
            self._ask_next(request, now_s, out)
            self._rehearsal.decided(request, now_s, out)

    def _ask_next(self, request: OpenRequest, now_s: float, out: list[Action]) -> None:
        """Asks the best target not looked at yet, or ends the request: the call stays."""
        self._parts.network.channels.drop(request.request.request_id)
        targets = request.choice.targets
        while request.next_index < len(targets):
            target = targets[request.next_index]
            request.next_index += 1
            target.lost_because = self._not_worth(request, target, now_s)
            if not target.lost_because:
                self._ask(request, target, now_s, out)
                return
        reason = "no target granted" if targets else request.choice.reason
        self._finish(request, request.choice.outcome, reason, now_s, out)

    def _not_worth(self, request: OpenRequest, target: Target, now_s: float) -> str:
        if request.asked_count >= self._parts.settings.candidates_asked_max:
            return "enough targets were asked"
        if now_s + self._round_trips.of(target.site) > request.answer_by_s:
            return "no time left to ask"
        home, needed = (request.site, request.request.trunk_group), target.ladder.origin_channels
        lacking = self._parts.network.channels.lacking_at_home(home, needed)
        if lacking and target.held is None:
            return lacking
        if request.received_at_s == now_s:
            return ""
        return self._parts.choice.spent_meanwhile(request.request.domain, target)

    def _ask(self, request: OpenRequest, target: Target, now_s: float, out: list[Action]) -> None:
        parts, message = self._parts, request.request
        within_s = min(parts.settings.reserve_timeout_s, request.answer_by_s - now_s)
        request.asked, request.asked_at_s = target, now_s
        request.ask_until_s = now_s + within_s
        request.asked_count += 1
        epoch = parts.leadership.epoch(message.domain)
        reserve = reserve_for(request, target, epoch=epoch, data=parts.data.inline(message))
        if not parts.leadership.command(message.domain, target.site, reserve, now_s, out):
            self._close(request, "not_leading", None, now_s, out)
            return
        parts.network.promise(promise_for(request, target, reserve))
        parts.holes.asked(target, now_s)
        parts.statistics.count("reserves")
        _arm(request, out)

    def _move(
        self, request: OpenRequest, grant: ReserveGranted, now_s: float, out: list[Action]
    ) -> None:
        parts, target = self._parts, request.asked
        assert target is not None
        target.agent = grant.agent
        parts.holes.granted(target, grant.token, now_s, out)
        until_s = now_s + grant.expires_s
        parts.data.bind(grant.token, target.site, request.request, out)
        parts.network.extend(grant.request_id, target.site, until_s)
        settled_by_s = until_s + parts.settings.moves_settle_s
        parts.transfers.answered(move_for(request, grant, target, now_s, settled_by_s))
        self._finish(request, RouteOutcome.MOVE, request.choice.reason, now_s, out, grant=grant)

    # ---- giving up and ending

    def _run_out(self, request: OpenRequest, now_s: float, out: list[Action]) -> None:
        """No time is left: the call stays."""
        self._parts.statistics.count("deadlines")
        _give_up(self._parts, request, "no answer before the deadline", now_s, out)
        self._finish(request, RouteOutcome.STAY, "deadline", now_s, out)

    def _finish(
        self,
        request: OpenRequest,
        outcome: RouteOutcome,
        reason: str,
        now_s: float,
        out: list[Action],
        *,
        grant: ReserveGranted | None = None,
    ) -> None:
        """Says the one answer; of an offer that came to nothing there is nothing to say."""
        if outcome is RouteOutcome.NETWORK_QUEUE and not request.offered:
            refusal = self._parts.queue.refuses(request.site, request.request, now_s)
            if refusal:
                outcome, reason = RouteOutcome.STAY, refusal
                self._parts.statistics.count("network_queue.refused")
        if request.choice.callback and outcome is RouteOutcome.STAY and not request.offered:
            refusal = callback_refusal(self._parts, request.request.service)
            request.choice.callback = not refusal
            reason = refusal or reason
        answer = None
        if grant is not None or not request.offered:
            answer = self._say(request, outcome, reason, now_s, out, grant=grant)
        if answer is not None and answer.handler:
            self._parts.active.handlers.sent(answer.handler, answer.request_id, now_s)
        self._close(request, word_of(answer, outcome, reason), answer, now_s, out)

    def _say(
        self,
        request: OpenRequest,
        outcome: RouteOutcome,
        reason: str,
        now_s: float,
        out: list[Action],
        *,
        grant: ReserveGranted | None = None,
    ) -> RouteAnswer:
        parts = self._parts
        domain = request.request.domain
        epoch, decision_id = parts.leadership.epoch(domain), parts.new_id()
        answer = answer_for(
            request, outcome, reason=reason, epoch=epoch, decision_id=decision_id, grant=grant
        )
        parts.leadership.command(domain, request.site, answer, now_s, out)
        self._answers.keep(request.site, answer, now_s)
        parts.statistics.count(f"answers.{word_of(answer, outcome)}")
        return answer

    def _close(
        self,
        request: OpenRequest,
        word: str,
        answer: RouteAnswer | None,
        now_s: float,
        out: list[Action],
    ) -> None:
        """The request is undecided no more; what was decided is written down."""
        parts, request_id = self._parts, request.request.request_id
        del self._open[request_id]
        if answer is None or answer.outcome is not RouteOutcome.MOVE:
            parts.network.channels.drop(request_id)
        if request.offered:
            self.offer_ended(request, answer.token if answer else "", now_s)
        else:
            self._admission.done(request.site, request.budget)
        out.append(StopTimer(name=TIMER + request_id))
        record = record_for(
            request,
            outcome=word,
            epoch=parts.leadership.epoch(request.request.domain),
            decision_id=answer.decision_id if answer else parts.new_id(),
            took_s=now_s - request.received_at_s,
            answer=answer,
        )
        parts.log.add(record)
        if self._admission.sheds(Work.HISTORY):
            parts.statistics.count("shed.history")
        else:
            out.append(RecordDecision(record=record))


def _arm(request: OpenRequest, out: list[Action]) -> None:
    name = TIMER + request.request.request_id
    out.append(StartTimer(name=name, at_s=min(request.ask_until_s, request.answer_by_s)))


def _give_up(
    parts: Parts, request: OpenRequest, reason: str, now_s: float, out: list[Action]
) -> None:
    """Tells the target asked that it is not needed."""
    if request.asked is not None:
        say_not_needed(parts, request.request, request.asked.site, now_s, out)
        _lost(request, reason)


def _lost(request: OpenRequest, reason: str) -> None:
    """The target asked is out."""
    if request.asked is not None:
        request.asked.lost_because = reason
        request.failed.append((request.asked.site, request.asked.row))
        request.refusals.append(f"{request.asked.site} {reason}")
        request.asked = None


def _release_stray(  # noqa: PLR0917 - what a grant is looked up in
    parts: Parts,
    answers: Answers,
    site: str,
    message: ReserveGranted,
    now_s: float,
    out: list[Action],
) -> None:
    """A grant that came late. The same grant told twice is no stray: its call is on its way."""
    move = parts.transfers.get(message.token)
    known = answers.get(message.request_id)
    if (move is not None and move.target == site) or (
        known is not None and known.answer.token == message.token
    ):
        return
    parts.statistics.count("grants.late")
    parts.network.settle(message.request_id, site)
    say_not_needed(parts, message, site, now_s, out)
