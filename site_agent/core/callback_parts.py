"""Joins what calls callers back to the other parts of the site daemon.

Rule of this file: it builds and connects, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from nrcli.wire.messages import CallTaken, CancelAnswer, WaitingCallReport
from site_agent.adapters.base import CallbackWanted
from site_agent.core.answer_actions import AnswerActions
from site_agent.core.callback_book import CallbackBook
from site_agent.core.callback_calls import CallbackCalls
from site_agent.core.callbacks import Callbacks, Wish
from site_agent.core.calls import Call, CallBook
from site_agent.core.closing import Closing
from site_agent.core.declined_answers import DeclinedAnswers
from site_agent.core.journal import Journal
from site_agent.core.leaders import Leaders
from site_agent.core.opening import Opening
from site_agent.core.outbox import Outbox
from site_agent.core.report_builder import ReportBuilder
from site_agent.core.route_requests import RouteRequests
from site_agent.core.rules_in_force import RulesInForce
from site_agent.core.settings import SiteSettings
from site_agent.core.site_documents import SiteDocuments
from site_agent.core.site_model import SiteModel
from site_agent.core.target_holds import TargetHolds

WISH_TIMER = "wish:"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackParts:
    """What calls back."""

    book: CallbackBook
    origin: Callbacks
    calls: CallbackCalls
    waiting: CallBook
    rules: RulesInForce
    out: Outbox
    timed: set[str] = field(default_factory=set)
    "Calls that the site's own rules will look at."

    def offered(self, call_id: str, now_s: float) -> None:
        """A caller waits here: the site's own rules may say when that is long enough."""
        call = self.waiting.get(call_id)
        rule = self.rules.callback(call.queue) if call is not None else None
        if call is not None and rule is not None:
            self.timed.add(call_id)
            self.out.start(WISH_TIMER + call_id, max(now_s, call.offered_at_s + rule.after_s))

    def waited(self, call_id: str, now_s: float) -> None:
        """It is long enough, by the rules as they stand now."""
        self.timed.discard(call_id)
        call = self.waiting.get(call_id)
        rule = self.rules.callback(call.queue) if call is not None else None
        if call is not None and rule is not None:
            self.origin.promise(call, now_s, Wish(announcement=rule.announcement or ""))

    def over(self, call_id: str) -> None:
        """The caller has gone."""
        if call_id in self.timed:
            self.timed.discard(call_id)
            self.out.stop(WISH_TIMER + call_id)

    def wanted(self, event: CallbackWanted, now_s: float) -> None:
        """A caller asks for it, as the ACD tells."""
        call = self.waiting.get(event.call_id)
        if call is not None:
            wish = Wish(
                number=event.number,
                from_unix_s=event.from_unix_s,
                until_unix_s=event.until_unix_s,
                announcement=event.announcement,
            )
            self.origin.promise(call, now_s, wish)

    def report(self, name: str) -> tuple[WaitingCallReport, float | None] | None:
        """Who waits, on the line or to be called back, as nodes are told."""
        callback = self.book.get(name)
        return self.waiting.report(name) if callback is None else callback.report()

    def told(self, message: CallTaken | CancelAnswer, now_s: float) -> bool:
        """Another site speaks of a token; False: it is of no callback."""
        return bool(len(self.book)) and self.origin.told(message, now_s)


class Base(Protocol):
    """What is built on, of the site daemon's parts."""

    @property
    def site(self) -> str: ...
    @property
    def settings(self) -> SiteSettings: ...
    @property
    def documents(self) -> SiteDocuments: ...
    @property
    def reports(self) -> ReportBuilder: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def actions(self) -> AnswerActions: ...
    @property
    def declined(self) -> DeclinedAnswers: ...
    @property
    def leaders(self) -> Leaders: ...
    @property
    def out(self) -> Outbox: ...
    @property
    def new_id(self) -> Callable[[], str]: ...
    @property
    def calls(self) -> CallBook: ...
    @property
    def rules(self) -> RulesInForce: ...
    @property
    def model(self) -> SiteModel: ...


def callback_parts(
    base: Base,
    *,
    holds: TargetHolds,
    requests: RouteRequests,
    opening: Opening,
    closing: Closing,
    entered: Callable[[Call, float], None],
) -> CallbackParts:
    """Build the parts and hand them to one another."""
    rules = base.settings.callbacks

    def mark_both(kind: str, name: str) -> None:
        base.reports.mark(kind, name)
        base.journal.mark(kind, name)

    book = CallbackBook(rules, base.documents, base.reports.mark, base.journal.mark)

    def open_hours(now_s: float) -> bool:
        state = opening.calendar(rules.calendar, now_s) if rules.calendar else None
        return state is None or state.open

    origin = Callbacks(
        site=base.site,
        settings=rules,
        book=book,
        actions=base.actions,
        declined=base.declined,
        leaders=base.leaders,
        out=base.out,
        new_id=base.new_id,
        withdraw=requests.withdraw,
        open_hours=open_hours,
        unix_offset_s=base.settings.unix_offset_s,
    )
    dialing = CallbackCalls(
        site=base.site,
        settings=rules,
        book=book,
        callbacks=origin,
        calls=base.calls,
        model=base.model,
        holds=holds,
        leaders=base.leaders,
        out=base.out,
        new_id=base.new_id,
        entered=entered,
        can_dial=base.settings.dials,
        mark=mark_both,
    )

    def promise(call: Call, announcement: str, now_s: float) -> bool:
        return origin.promise(call, now_s, Wish(announcement=announcement))

    closing.promise = promise
    return CallbackParts(
        book=book, origin=origin, calls=dialing, waiting=base.calls, rules=base.rules, out=base.out
    )
