"""Knows which handlers (voicemail, callback machines) can take a call now.

Rule of this file: nobody is asked and nothing is reserved at a handler, so room is reckoned: a
caller who was sent there counts for the handler's `call_s`, one who did not get there no more. A
handler that failed somebody rests for a while, so that the next callers are not sent in vain.
"""

from __future__ import annotations

from collections.abc import Mapping

from nirc.core.paths import CLIENT
from nirc.core.settings import RouterSettings
from nrcli.wire.messages import MoveOutcome, TransferOutcome
from routing_policies.calendars import CalendarState
from routing_policies.document import HandlerDoc
from routing_policies.handler_kinds import NO_HANDLER, PLACE, methods_of
from routing_policies.handler_load import HandlerLoad
from routing_policies.model import CallFacts

NOT_ITS_FAULT = (MoveOutcome.CALLER_GONE, MoveOutcome.SERVED_AT_HOME)
_NONE: Mapping[str, HandlerDoc] = {}


class Handlers:
    """Handlers of the documents in use, which sites know of them, and who is there."""

    __slots__ = ("_load", "_reading", "_rest_s", "documents")

    def __init__(self, settings: RouterSettings) -> None:
        self._rest_s = settings.handler_rest_s
        self._reading: set[str] = set()
        self._load = HandlerLoad()
        self.documents: Mapping[str, HandlerDoc] = _NONE

    def link_up(self, site: str, reads: bool) -> None:
        """A site's stream stands: does its agent know what a handler is?"""
        (self._reading.add if reads else self._reading.discard)(site)

    def reads(self, site: str) -> bool:
        """May the site be told of handlers?"""
        return site in self._reading

    def problem(
        self, name: str, facts: CallFacts, calendar: CalendarState | None, now_s: float
    ) -> str:
        """Why the handler cannot take this call now; empty if it can. `calendar`: as it stands."""
        found = self.documents.get(name)
        if found is None:
            return "there is none of that name"
        spec, refused = found.spec, facts.refused_targets
        if PLACE + name in refused:
            return "failed this caller just now"
        if NO_HANDLER in refused and not facts.origin_site.startswith(CLIENT):
            return f"{facts.origin_site} can send this caller to none"
        if NO_HANDLER in refused or not (
            facts.origin_site.startswith(CLIENT) or self.reads(facts.origin_site)
        ):
            return f"{facts.origin_site} knows no handlers yet"
        group = facts.trunk_group or "(none)"
        if not self._in_reach(found, facts):
            return f"no way from {facts.origin_site} trunk group {group}"
        if calendar is not None and not calendar.open:
            return f"closed by {spec.calendar}"
        if self._load.resting(name, now_s):
            return "failed another caller just now"
        there = self._load.count(name, now_s)
        if spec.calls_max is not None and there >= spec.calls_max:
            return f"{there} callers are there, at most {spec.calls_max} may"
        return ""

    def _in_reach(self, handler: HandlerDoc, facts: CallFacts) -> bool:
        spec = handler.spec
        methods = methods_of(
            spec.way(facts.origin_site, facts.trunk_group), answered=facts.answered
        )
        if facts.origin_site.startswith(CLIENT):
            return spec.uri is not None and "redirect_302" in methods
        return bool(methods)

    def calendar_of(self, name: str) -> str:
        """The calendar by which the handler is open; empty: it always is."""
        found = self.documents.get(name)
        return found.spec.calendar or "" if found is not None else ""

    # ---- who is there

    def sent(self, name: str, request_id: str, now_s: float) -> None:
        """A call was sent there."""
        found = self.documents.get(name)
        if found is not None:
            self._load.put(name, request_id, now_s + found.spec.call_s)

    def ended(self, message: TransferOutcome, now_s: float) -> None:
        """Its site tells how that went."""
        name = message.target_site.removeprefix(PLACE)
        if message.outcome is MoveOutcome.ARRIVED:
            self.sent(name, message.request_id, now_s)
            return
        self._load.drop(name, message.request_id)
        if message.outcome not in NOT_ITS_FAULT:
            self._load.rest(name, now_s + self._rest_s)

    def count(self, name: str, now_s: float) -> int:
        """How many callers count as being there."""
        return self._load.count(name, now_s)
