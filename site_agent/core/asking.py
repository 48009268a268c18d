"""What a site's own rules and its calendars say about asking NIRC, for one call at a time.

Rule of this file: rules stand in `rules_in_force`, calendars in `opening`; here a queue's figures
and a call are laid out for them. Whether a call may be asked about at all is decided in
`overflow_rules`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from routing_policies import columns as c
from routing_policies.calendars import CalendarState
from routing_policies.call_features import ServiceValues, call_vector
from routing_policies.call_priority import grown_priority
from routing_policies.model import CallFacts, Feature
from site_agent.core.calls import Call
from site_agent.core.own_row import row_of
from site_agent.core.queue_limits import QueueLimits
from site_agent.core.rules_in_force import RulesInForce
from site_agent.core.site_documents import SiteDocuments
from site_agent.core.site_model import SiteModel

LOOK_S = 1.0
"A rule that says no is looked at again after this: waiting times and queues change."


class Clock(Protocol):
    """Calendars at an instant of boot time."""

    def calendar(self, name: str, now_s: float) -> CalendarState | None:
        """A calendar; None if there is none of that name."""

    def closes_in_s(self, queue: str, now_s: float) -> float:
        """Seconds until a queue's calendar closes it."""

    def site_open(self, now_s: float) -> bool:
        """Is the site's own calendar open?"""


class Asking:
    """The site's word about asking."""

    __slots__ = ("_clock", "_documents", "_limits", "_model", "_rules", "flowing", "hurry", "site")

    def __init__(
        self,
        *,
        site: str,
        rules: RulesInForce,
        limits: QueueLimits,
        model: SiteModel,
        documents: SiteDocuments,
    ) -> None:
        self.site = site
        self._rules = rules
        self._limits = limits
        self._model = model
        self._documents = documents
        self._clock: Clock | None = None
        self.hurry: set[str] = set()
        "Queues without staff whose callers are offered to the other sites at once (interflow)."
        self.flowing: set[str] = set()
        "Closed queues whose waiting callers are offered to the other sites (interflow)."

    def join(self, clock: Clock) -> None:
        """Name what knows the calendars; once, before the first event."""
        self._clock = clock

    def is_urgent(self, call: Call) -> bool:
        """Is there nothing to wait for at home: closed, shifted, about to close, or left by all
        agents?"""
        queue, limits = call.queue, self._limits
        closed = call.held_back and (queue in limits.closed or queue in limits.shifted)
        leaves = queue in self.hurry or queue in self.flowing
        return call.is_away or closed or leaves or queue in self._limits.refusing

    def wants(self, call: Call, now_s: float) -> bool:
        """Do the site's own rules want NIRC to be asked about this call now?"""
        rules = self._rules.ask_rules(call.queue)
        if not rules.rules or self.is_urgent(call):
            return True
        row = self._row(call.queue, now_s)
        return row is None or rules.say(now_s, row, self._vector(call, rules.features, now_s))

    def has_handlers(self, queue: str) -> bool:
        """Do the site's own rules send callers of this queue to a handler at times?"""
        return bool(self._rules.handler_rules(queue).rules)

    def handlers(self, call: Call, now_s: float) -> tuple[tuple[str, str], ...]:
        """(handler, reason) where the site's own rules send this caller now, in order."""
        rules, row = self._rules.handler_rules(call.queue), self._row(call.queue, now_s)
        if row is None:
            return ()
        return rules.say(now_s, row, self._vector(call, rules.features, now_s))

    def requery_s(self, queue: str) -> float:
        """Time between two questions about a waiting call."""
        return self._rules.requery_s(queue)

    def look_s(self, queue: str) -> float:
        """Time until a rule that said no is looked at again."""
        return min(LOOK_S, self._rules.requery_s(queue))

    def _row(self, queue: str, now_s: float) -> list[float] | None:
        found = self._model.queue_report(queue)
        if found is None:
            return None
        row = row_of(self.site, *found, now_s)
        if self._clock is not None:
            row[c.Q_CLOSES_AT] = now_s + self._clock.closes_in_s(queue, now_s)
            row[c.Q_SITE_OPEN] = self._clock.site_open(now_s)
        return row

    def _vector(self, call: Call, features: Sequence[Feature], now_s: float) -> list[float]:
        service = self._documents.services.get(call.service)
        waited_s = max(0.0, now_s - call.offered_at_s)
        needs_data = any(feature.kind.startswith("data") for feature in features)
        facts = CallFacts(
            interaction_id=call.interaction_id,
            origin_site=self.site,
            queue=call.queue,
            service=call.service,
            trunk_group=call.trunk_group,
            dialed_number=call.dialed_number,
            ani=call.ani,
            withheld=call.withheld,
            verified=call.verified,
            waited_s=waited_s,
            priority=grown_priority(
                call.priority, waited_s, service.spec.ageing if service else None
            ),
            answered=call.answered,
            moves_count=call.moves_count,
            moves_since_person_count=call.moves_since_person_count,
            refused_count=len(call.refused_targets),
            data=_data_of(call) if needs_data else {},
        )
        values = ServiceValues()
        if service is not None:
            values = ServiceValues(
                priority=service.spec.priority,
                aht_s=service.spec.aht_s,
                threshold_s=service.spec.service_level.threshold_s,
                target=service.spec.service_level.target,
            )
        return call_vector(
            facts,
            origin_row=0,
            service=values,
            features=features,
            world=_World(self._documents, self._at(now_s), verified=call.verified),
        )

    def _at(self, now_s: float) -> Callable[[str], CalendarState | None]:
        clock = self._clock
        return lambda name: None if clock is None else clock.calendar(name, now_s)


class _World:
    """What features need beyond the call, at one moment."""

    def __init__(
        self,
        documents: SiteDocuments,
        calendar: Callable[[str], CalendarState | None],
        *,
        verified: bool,
    ) -> None:
        self._lists = documents.lists
        self._verified = verified
        self.calendar = calendar

    def listed(self, list_name: str, number: str) -> bool:
        """Is the number on the tenant's list, and trusted as far as the list wants it?"""
        found = self._lists.get(list_name)
        return found is not None and found.holds(number, verified=self._verified)

    def handler(self, name: str, facts: CallFacts) -> bool:
        """Rules of a site name handlers, and read nothing of them."""
        return False


def _data_of(call: Call) -> Mapping[str, object]:
    """Attached data was checked when it came; anything but an object of it is no data."""
    if call.data is None:
        return {}
    try:
        read = json.loads(call.data.data)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
