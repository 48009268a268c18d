"""What this site holds for calls of other sites, by request and by token.

Rule of this file: the site's own truth decides, never the router's picture: lending, places,
channels and agents are checked here, at the moment of the question. A token is live once, and once
cancelled it is never accepted while anybody may still speak of it.
"""

from __future__ import annotations

from collections.abc import Callable

from nrcli.wire.messages import (
    Cancel,
    CancelAnswer,
    CancelVerdict,
    Release,
    ReservationReport,
    Reserve,
    ReserveRefusal,
)
from site_agent.adapters.base import (
    HoldAgent,
    HoldGranted,
    HoldLost,
    HoldPlace,
    HoldRefused,
    ReleaseHold,
)
from site_agent.core.calls import Mark
from site_agent.core.hold import Hold, HoldState, same_target
from site_agent.core.hold_book import HoldBook
from site_agent.core.hold_words import HoldWords
from site_agent.core.leaders import Leaders
from site_agent.core.lending_rules import lending_problem
from site_agent.core.lent_numbers import LentNumbers
from site_agent.core.outbox import Outbox
from site_agent.core.plan_tokens import is_plan_token
from site_agent.core.settings import SiteSettings
from site_agent.core.site_model import SiteModel
from site_agent.core.tombstones import Tombstones

ANSWER_TIMER = "hold-answer:"
EXPIRY_TIMER = "hold:"
FORGET_TIMER = "forget-holds"
FORGET_EVERY_S = 10.0
REFUSALS = {
    "no_agent": ReserveRefusal.NO_AGENT,
    "no_place": ReserveRefusal.NO_PLACE,
    "closed": ReserveRefusal.CLOSED,
    "unknown": ReserveRefusal.UNKNOWN_TARGET,
}


class TargetHolds:
    """All holds of this site, and tombstones of tokens that were cancelled unknown."""

    __slots__ = (
        "_keep",
        "_leaders",
        "_mark",
        "_model",
        "_new_id",
        "_new_token",
        "_numbers",
        "_out",
        "_settings",
        "_site",
        "_sweeping",
        "_tombstones",
        "_words",
        "book",
        "on_refused",
        "open_count",
    )

    def __init__(
        self,
        *,
        site: str,
        settings: SiteSettings,
        model: SiteModel,
        leaders: Leaders,
        out: Outbox,
        mark: Mark,
        keep: Mark = lambda kind, token: None,
        new_id: Callable[[], str],
        new_token: Callable[[], str],
        tombstones: Tombstones,
        numbers: LentNumbers,
    ) -> None:
        self.open_count = 0
        "Holds that are pending or live."
        self.book = HoldBook()
        self.on_refused: Callable[[str, float], None] = lambda token, now_s: None
        "Told of a hold that the ACD did not grant; its token is empty where NIRC had asked."
        self._site = site
        self._settings = settings
        self._model = model
        self._leaders = leaders
        self._out = out
        self._mark = mark
        self._keep = keep
        "What nodes are not told, and a restart must know."
        self._new_id = new_id
        self._new_token = new_token
        self._tombstones = tombstones
        self._numbers = numbers
        self._sweeping = False
        self._words = HoldWords(model, out)

    # ---- the leader asks -------------------------------------------------------------------

    def reserve(self, node: str, message: Reserve, now_s: float) -> None:
        """The leader asks for an agent or a place, and channels. Idempotent by `request_id`."""
        if message.epoch > self._leaders.highest_of(message.domain):
            self._words.refused(
                node, message, ReserveRefusal.OVERLOAD, "epoch not acknowledged yet"
            )
            return
        if not self._leaders.obeys(node, message.domain, message.epoch, message.request_id):
            return
        known = self.book.by_request.get(message.request_id)
        if known is not None and known.state in (HoldState.PENDING, HoldState.LIVE):
            known.node, known.message = node, same_target(known.message, message)
            if known.state is HoldState.LIVE:
                self._words.granted(known, now_s)
            return
        problem = lending_problem(
            message,
            model=self._model,
            settings=self._settings,
            open_count=self.open_count,
            pending=self.book.pending_agents() if self.open_count else [],
        )
        hold = Hold(self._new_id(), message, node)
        problem = problem or self._numbers.lend_to(hold, now_s)
        if problem is not None:
            self._words.refused(node, message, *problem)
            return
        self.ask_acd(hold, now_s)

    def release(self, node: str, message: Release, now_s: float) -> None:
        """The leader gives up a reservation that no origin has heard of."""
        if not self._leaders.obeys(node, message.domain, message.epoch, message.request_id):
            return
        hold = self.book.by_request.get(message.request_id)
        if hold is not None and hold.state in (HoldState.PENDING, HoldState.LIVE):
            self._end(hold, HoldState.LAPSED, "released", now_s)

    # ---- the ACD answers -------------------------------------------------------------------

    def granted(self, event: HoldGranted, now_s: float) -> Hold | None:
        """The ACD holds it: make the token and tell the leader. Returns the hold, if wanted."""
        hold = self.book.by_hold_id.get(event.hold_id)
        if hold is not None and hold.restored and hold.state is HoldState.LIVE:
            hold.restored = False
            return None
        if hold is None or hold.state is not HoldState.PENDING:
            self._out.do(ReleaseHold(hold_id=event.hold_id))
            return None
        hold.state = HoldState.LIVE
        hold.token = hold.token or self._new_token()
        hold.expires_at_s = now_s + hold.message.expires_s
        self.book.by_token[hold.token] = hold
        self._out.stop(ANSWER_TIMER + hold.hold_id)
        self._out.start(EXPIRY_TIMER + hold.hold_id, hold.expires_at_s)
        self._out.count("holds")
        self._words.write(hold)
        self._mark("reservation", hold.token)
        self._words.granted(hold, now_s)
        return hold

    def refused(self, event: HoldRefused, now_s: float) -> None:
        """The ACD cannot hold it, or not any more after a restart."""
        hold = self.book.by_hold_id.get(event.hold_id)
        if hold is not None and hold.restored and hold.state is HoldState.LIVE:
            self._end(hold, HoldState.LAPSED, "lost", now_s)
            return
        if hold is None or hold.state is not HoldState.PENDING:
            return
        self._end(hold, HoldState.LAPSED, "refused", now_s)
        reason = REFUSALS.get(event.reason, ReserveRefusal.NO_AGENT)
        self._words.refused(hold.node, hold.message, reason, event.reason)
        self.on_refused(hold.token, now_s)

    def lost(self, event: HoldLost, now_s: float) -> None:
        """A granted hold is gone: a caller who still comes is served as an ordinary one."""
        hold = self.book.by_hold_id.get(event.hold_id)
        if hold is not None and hold.state is HoldState.LIVE:
            self._end(hold, HoldState.LAPSED, "lost", now_s)

    def unanswered(self, hold_id: str, now_s: float) -> None:
        """The ACD neither granted nor refused in time."""
        hold = self.book.by_hold_id.get(hold_id)
        if hold is not None and hold.state is HoldState.PENDING:
            self._end(hold, HoldState.LAPSED, "refused", now_s)
            self._words.refused(
                hold.node, hold.message, ReserveRefusal.NO_AGENT, "the ACD is silent"
            )
            self.on_refused(hold.token, now_s)

    def expired(self, hold_id: str, now_s: float) -> None:
        """A hold was not used in its time."""
        hold = self.book.by_hold_id.get(hold_id)
        if hold is not None and hold.state is HoldState.LIVE:
            self._end(hold, HoldState.LAPSED, "expired", now_s)

    def restore(self, hold: Hold, now_s: float, *, sure: bool) -> None:
        """A hold of before a restart. A live one goes on if the ACD holds it again; where the
        journal is not sure to be whole, no token of before is honoured."""
        self.book.add(hold)
        hold.forget_at_s = now_s + _life_s(hold, self._settings)
        self.forget_later(now_s)
        if hold.state is HoldState.LAPSED and not sure:
            hold.state = HoldState.CANCELLED
        if hold.state is not HoldState.LIVE:
            return
        self._promise(hold, 1)
        if not sure:
            self._end(hold, HoldState.CANCELLED, "lost", now_s)
        elif hold.expires_at_s <= now_s:
            self._end(hold, HoldState.LAPSED, "expired", now_s)
        else:
            hold.restored = True
            self._out.start(EXPIRY_TIMER + hold.hold_id, hold.expires_at_s)
            self._mark("reservation", hold.token)
            self._out.do(asked_of_acd(hold))

    # ---- tokens ----------------------------------------------------------------------------

    def by_token(self, token: str) -> Hold | None:
        """The hold of a token, whatever its state, while it is remembered."""
        return self.book.by_token.get(token)

    def cancelled(self, node: str, message: Cancel, now_s: float) -> None:
        """An origin asks: was the token taken? If not, it never will be."""
        hold = self.book.by_token.get(message.token)
        verdict = CancelVerdict.NEVER
        if hold is None:
            if self._tombstones.bury(message.token, now_s):
                self._out.count("tombstones_let_go")
            self.forget_later(now_s)
            pending = self.book.by_request.get(message.request_id)
            if pending is not None and pending.state is HoldState.PENDING:
                self._end(pending, HoldState.CANCELLED, "cancelled", now_s)
        elif hold.state is HoldState.TAKEN and (hold.arrived or not hold.over):
            verdict = CancelVerdict.TAKEN
            hold.forget_at_s = now_s + self._settings.tombstone_s
        elif hold.state is HoldState.LIVE:
            self._end(hold, HoldState.CANCELLED, "cancelled", now_s)
        else:
            hold.state = HoldState.CANCELLED
            hold.forget_at_s = now_s + self._settings.tombstone_s
            self._keep("reservation", message.token)
        self.answer_cancel(node, message.token, message.from_site, verdict)

    def answer_cancel(
        self, node: str, token: str, origin: str, verdict: CancelVerdict, detail: str = ""
    ) -> None:
        """Tell the origin what became of a token."""
        answer = CancelAnswer(
            token=token, verdict=verdict, from_site=self._site, to_site=origin, detail=detail
        )
        self._out.send(node, answer)

    def take(self, hold: Hold, call_id: str, invite_key: str, now_s: float) -> None:
        """An INVITE with the token was accepted: what was held is used."""
        was_live = hold.state is HoldState.LIVE
        hold.call_id, hold.invite_key = call_id, invite_key
        if was_live:
            self._end(hold, HoldState.TAKEN, "used", now_s)
        hold.state = HoldState.TAKEN
        hold.over = False
        self._mark("reservation", hold.token)

    def call_over(self, hold: Hold, now_s: float) -> None:
        """The call that came with the token has ended."""
        hold.over = True
        hold.forget_at_s = now_s + _life_s(hold, self._settings)
        self._mark("reservation", hold.token)
        self.forget_later(now_s)

    def forget_due(self, now_s: float) -> None:
        """Forget dead tokens that nobody has spoken of for long."""
        self._sweeping = False
        self._tombstones.forget(now_s)
        for hold in self.book.forget_dead(now_s):
            self._keep("reservation", hold.token)
        if self._tombstones or self.book.by_hold_id:
            self.forget_later(now_s)

    def report(self, token: str) -> tuple[ReservationReport, float | None] | None:
        """An open reservation as NIRC is told, and the instant of its expiry."""
        hold = self.book.by_token.get(token)
        if hold is None or hold.over or hold.state not in (HoldState.LIVE, HoldState.TAKEN):
            return None
        report = ReservationReport(
            token=token,
            request_id=hold.message.request_id,
            queue=hold.message.queue,
            agent=hold.message.agent,
            origin_site=hold.message.origin_site,
            taken=hold.state is HoldState.TAKEN,
            expires_in_s=0.0,
        )
        return report, hold.expires_at_s

    # ---- inner -----------------------------------------------------------------------------

    def ask_acd(self, hold: Hold, now_s: float) -> None:
        """Have the ACD hold what a new hold is for; one that has a token keeps it."""
        message = hold.message
        self.book.add(hold)
        self._promise(hold, 1)
        wait_s = min(self._settings.hold_answer_s, message.answer_within_s)
        self._out.start(ANSWER_TIMER + hold.hold_id, now_s + wait_s)
        self._out.do(asked_of_acd(hold))

    def _promise(self, hold: Hold, sign: int) -> None:
        self.open_count += sign
        self._model.promise("loan", hold.message.queue, sign)
        if not hold.message.agent:
            self._model.promise("place", hold.message.queue, sign)
        for claim in hold.message.channels:
            self._model.promise("channel", claim.trunk_group, sign * claim.count)

    def _end(self, hold: Hold, state: HoldState, why: str, now_s: float) -> None:
        """A pending or live hold ends; its claims go back."""
        was = hold.state
        hold.state = state
        hold.forget_at_s = now_s + self._settings.tombstone_s
        self._promise(hold, -1)
        self._out.stop(EXPIRY_TIMER + hold.hold_id)
        self._out.stop(ANSWER_TIMER + hold.hold_id)
        self._numbers.ended(hold, was, now_s)
        if why not in ("used", "refused"):
            self._out.do(ReleaseHold(hold_id=hold.hold_id))
        if was is HoldState.LIVE:
            self._out.count(f"holds_{why}")
            self._out.write("hold_ended", token=hold.token, agent=hold.message.agent, why=why)
            self._mark("reservation", hold.token)
        self.forget_later(now_s)

    def forget_later(self, now_s: float) -> None:
        """See to it that dead tokens are forgotten one day."""
        if not self._sweeping:
            self._sweeping = True
            self._out.start(FORGET_TIMER, now_s + FORGET_EVERY_S)


def _life_s(hold: Hold, settings: SiteSettings) -> float:
    """How long a dead token is remembered; one that its origin made would else be good again."""
    return settings.plan_token_s if is_plan_token(hold.token) else settings.tombstone_s


def asked_of_acd(hold: Hold) -> HoldAgent | HoldPlace:
    """What the ACD is asked to hold."""
    message = hold.message
    if message.agent:
        return HoldAgent(hold_id=hold.hold_id, agent=message.agent, queue=message.queue)
    return HoldPlace(hold_id=hold.hold_id, queue=message.queue)
