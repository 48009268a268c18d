"""One undecided request, and the messages and the record that are made from it.

Rule of this file: it builds, it does not send: what is done with it stands in `reservations`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from nirc.core.actions import DecisionRecord
from nirc.core.choice import Choice, Target
from nirc.core.decision_records import LateRecord, Looked
from nirc.core.overload import NO_BUDGET, Budget
from nirc.core.parts import Parts
from nirc.core.promises import Promise
from nirc.core.transfer import Move
from nrcli.wire.messages import (
    Epoch,
    Reserve,
    ReserveGranted,
    ReserveRefusal,
    RouteAnswer,
    RouteOutcome,
    RouteRequest,
    Rung,
)


@dataclass(slots=True)
class OpenRequest:
    """A request on its way to its answer."""

    site: str
    request: RouteRequest
    received_at_s: float
    answer_by_s: float
    choice: Choice
    next_index: int = 0
    "First target not looked at yet."
    asked: Target | None = None
    asked_at_s: float = 0.0
    ask_until_s: float = 0.0
    asked_count: int = 0
    refusals: list[str] = field(default_factory=list)
    failed: list[tuple[str, int]] = field(default_factory=list)
    "(site, row) of targets that were asked in vain."
    reasons: dict[str, ReserveRefusal] = field(default_factory=dict)
    "Why sites refused."
    offered: bool = False
    "Asked by the router itself, for an entry of the network queue: told only if the call moves."
    budget: Budget = NO_BUDGET
    "Of its tenant, as it was taken on."

    @property
    def about(self) -> str:
        """Why it is asked, as `DecisionRecord.about`."""
        if self.offered:
            return "callback_offer" if self.request.callback else "offer"
        return self.request.reason.value if self.request.reason else ""

    def awaits(self, site: str) -> bool:
        """Was this site asked, and has it not answered yet."""
        return self.asked is not None and self.asked.site == site


def reserve_for(open_request: OpenRequest, target: Target, *, epoch: Epoch, data: bytes) -> Reserve:
    """What the target is asked; `answer_within_s` is filled from the request's `ask_until_s`."""
    request, ladder = open_request.request, target.ladder
    return Reserve(
        domain=request.domain,
        epoch=epoch,
        request_id=request.request_id,
        interaction_id=request.interaction_id,
        origin_site=open_request.site,
        service=request.service,
        queue=target.queue,
        agent=target.agent,
        methods=ladder.methods,
        channels=ladder.claims,
        expires_s=ladder.expires_s,
        answer_within_s=open_request.ask_until_s - open_request.asked_at_s,
        waited_s=request.waited_s,
        priority=max(request.priority, open_request.choice.priority),
        answered=request.answered,
        ani=request.ani,
        dialed_number=request.dialed_number,
        visited_sites=request.visited_sites,
        moves_since_person_count=request.moves_since_person_count,
        moves_count=request.moves_count,
        data_version=request.data_version,
        data_digest=request.data_digest,
        broadcast=open_request.choice.broadcast and not target.agent,
        data=data,
        callback=request.callback,
        number_on=ladder.number_on,
        number_only=bool(ladder.number_on) and all(rung.number_on for rung in ladder.rungs),
    )


def usable_rungs(target: Target, grant: ReserveGranted) -> tuple[Rung, ...]:
    """The rungs that can be tried with what the target lends; an older one lends no number."""
    rungs = target.ladder.rungs
    return rungs if grant.number else tuple(rung for rung in rungs if not rung.number_on)


def unusable(open_request: OpenRequest, grant: ReserveGranted, parts: Parts, now_s: float) -> str:
    """Why a grant is of no use, or empty."""
    if parts.relay.cancelled(grant.token, now_s):
        return "its token was cancelled"
    target, origin = open_request.asked, open_request.site
    stopped = parts.controls.stopped(origin, open_request.request.service)
    if stopped or (target is not None and (stopped := parts.controls.barred(target.site))):
        return stopped
    if target is None or not target.ladder.rungs or usable_rungs(target, grant):
        return ""
    return "lent no number, and no path leads there without"


def promise_for(open_request: OpenRequest, target: Target, reserve: Reserve) -> Promise:
    """What is withheld for what a target is asked, until it is seen to be held or not."""
    request = open_request.request
    return Promise(
        request.request_id,
        target.site,
        request.domain,
        target.row,
        target.agent,
        reserve.channels,
        open_request.ask_until_s + reserve.expires_s,
        origin=(open_request.site, request.trunk_group),
        origin_channels=target.ladder.origin_channels,
    )


def answer_for(
    open_request: OpenRequest,
    outcome: RouteOutcome,
    *,
    reason: str,
    epoch: Epoch,
    decision_id: str,
    grant: ReserveGranted | None = None,
) -> RouteAnswer:
    """The one answer; with `grant` it tells the origin where to and by which methods."""
    request, target, choice = open_request.request, open_request.asked, open_request.choice
    moved = grant is not None and target is not None
    callback = choice.callback and outcome is RouteOutcome.STAY
    handler = choice.handler if outcome is RouteOutcome.STAY and not moved else ""
    return RouteAnswer(
        domain=request.domain,
        epoch=epoch,
        request_id=request.request_id,
        outcome=outcome,
        target_site=target.site if moved and target else "",
        queue=grant.queue if grant else "",
        agent=grant.agent if grant else "",
        token=grant.token if grant else "",
        rungs=usable_rungs(target, grant) if moved and target and grant else (),
        number=grant.number if grant else "",
        expires_s=grant.expires_s if grant else 0.0,
        decision_id=decision_id,
        policy_version=choice.policy_version,
        reason=reason,
        policy=choice.policy,
        announcement=choice.announcement if outcome is RouteOutcome.ANNOUNCE or callback else "",
        retry_after_s=choice.retry_after_s if outcome is RouteOutcome.RETRY_AFTER else 0.0,
        reject_reason=choice.reject_reason if outcome is RouteOutcome.REJECT or handler else "",
        entry_id=_entry_of(open_request, outcome),
        callback=callback,
        handler=handler,
    )


def word_of(answer: RouteAnswer | None, outcome: RouteOutcome, reason: str = "") -> str:
    """What a record, and a counter, call an ending."""
    if answer is not None and answer.handler:
        return "to_handler"
    if answer is not None and answer.callback and reason:
        return "callback"
    return "deadline" if reason == "deadline" else outcome.value


def _entry_of(open_request: OpenRequest, outcome: RouteOutcome) -> str:
    """The entry that an answer makes, keeps or moves."""
    request = open_request.request
    if open_request.offered:
        return request.entry_id
    if outcome is RouteOutcome.NETWORK_QUEUE:
        return request.entry_id or request.request_id
    return ""


def move_for(
    open_request: OpenRequest, grant: ReserveGranted, target: Target, now_s: float, until_s: float
) -> Move:
    """The move that the answer starts."""
    request = open_request.request
    return Move(
        token=grant.token,
        request_id=request.request_id,
        interaction_id=request.interaction_id,
        domain=request.domain,
        service=request.service,
        origin=open_request.site,
        target=target.site,
        queue=grant.queue,
        agent=grant.agent,
        answered_at_s=now_s,
        until_s=until_s,
    )


def record_for(
    open_request: OpenRequest,
    *,
    outcome: str,
    epoch: Epoch,
    decision_id: str,
    took_s: float,
    answer: RouteAnswer | None = None,
    would_be: Target | None = None,
    live_outcome: str = "",
) -> DecisionRecord:
    """All there is to know about the decision, which has ended: nothing of it may change later.

    Its target is that of `answer`, or `would_be` if nothing was done.
    """
    request, choice = open_request.request, open_request.choice
    target = answer or would_be
    return LateRecord(
        Looked(choice),
        decision_id=decision_id,
        request_id=request.request_id,
        interaction_id=request.interaction_id,
        origin_site=open_request.site,
        service=request.service,
        domain=request.domain,
        epoch=epoch,
        policy=choice.policy,
        policy_version=choice.policy_version,
        outcome=outcome,
        target_site=answer.target_site if answer else would_be.site if would_be else "",
        queue=target.queue if target else "",
        agent=target.agent if target else "",
        took_s=took_s,
        refusals=tuple(open_request.refusals),
        mode=choice.mode,
        rules=choice.rules,
        memory=choice.seen.memory if choice.seen else (),
        live_outcome=live_outcome,
        announcement=choice.announcement,
        retry_after_s=choice.retry_after_s,
        reject_reason=choice.reject_reason,
        handler=choice.handler,
        entry_id=request.entry_id if open_request.offered else "",
        reason=(answer.reason if answer else "") or choice.reason,
        about=open_request.about,
        controls=choice.controls,
        replay=choice.replay,
    )
