"""Reads the numbers of one call: what was dialed, who calls, which service, which priority.

Rule of this file: the one place where plans, lists, services and calendars meet for a new call, so
that a site and `nrcli number explain` say the same. Pure: what was heard and the wall time come in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from routing_policies.calendar_kinds import DialedNumberPlanDoc, TrunkGroupNumbers
from routing_policies.calendars import Calendar
from routing_policies.call_priority import StartPriority, start_priority
from routing_policies.dialed_numbers import (
    Considered,
    DialedCall,
    DialedNumberPlan,
    PlanMatch,
    trunk_group_of,
)
from routing_policies.network_kinds import ServiceDoc, SiteQueue
from routing_policies.number_lists import IndexedList
from routing_policies.numbers import NOTHING, WITHHELD, NormalNumber, NumberKind, normalise

Source = Literal["request_uri", "to", "history_info", "diversion"]
NUMBERS = frozenset({NumberKind.FULL, NumberKind.SHORT})
PLAIN_GROUP = TrunkGroupNumbers(name="any")
"How a trunk group that no plan names presents numbers."
TRUNK_GROUPS_MAX = 1_000
"Trunk groups whose plan is remembered."


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHeard:
    """What a site heard of a new call, as it came."""

    trunk_group: str = ""
    called: Mapping[Source, str] = field(default_factory=dict)
    "The called number by where it was written: a SIP user, a URI, or digits."
    caller: str = ""
    withheld: bool = False
    "The caller asked that the number is not shown (RFC 3323)."
    verified: bool = False
    "Somebody who is trusted vouches for the caller's number (verstat)."
    emergency: bool = False
    "Marked as such (RFC 4412), whoever did so, or by a number of the trunk group's settings."
    digits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRead:
    """What it means."""

    plan: str
    "Name of the plan that was used; empty: none is for this trunk group."
    called: NormalNumber
    called_from: Source
    caller: NormalNumber
    "The number as it is known here, also of a caller who withholds it."
    withheld: bool
    verified: bool
    match: PlanMatch | None
    priority: StartPriority
    emergency: bool

    @property
    def service(self) -> str:
        """The network service; empty if no entry matches."""
        return self.match.service if self.match else ""

    @property
    def ani(self) -> str:
        """The caller's number as it may be shown: E.164, or as it came; empty if withheld."""
        return "" if self.withheld else self.caller.text


class NumberReader:
    """Plans, lists, services and calendars as one site uses them."""

    __slots__ = (
        "_calendars",
        "_groups",
        "_lists",
        "_plan_of",
        "_plans",
        "_queues",
        "_services",
        "_site",
    )

    def __init__(
        self,
        *,
        site: str,
        plans: Iterable[DialedNumberPlanDoc],
        services: Mapping[str, ServiceDoc],
        calendars: Mapping[str, Calendar],
        lists: Sequence[IndexedList] = (),
        queues: Sequence[SiteQueue] = (),
    ) -> None:
        """The documents have no faults; `queues` are the site's own."""
        documents = sorted(plans, key=lambda plan: plan.name)
        self._site = site
        self._plans = [DialedNumberPlan(document) for document in documents]
        self._groups = [document.spec.trunk_groups for document in documents]
        self._services = services
        self._calendars = calendars
        self._lists = lists
        self._queues = queues
        self._plan_of: dict[str, tuple[DialedNumberPlan, TrunkGroupNumbers] | None] = {}

    def service(self, name: str) -> ServiceDoc | None:
        """A network service by its name."""
        return self._services.get(name)

    def queue_of(self, service: str) -> str:
        """The site's queue for a service: one that names it, else the service's own."""
        for queue in self._queues:
            if service in queue.services:
                return queue.name
        found = self._services.get(service)
        return found.spec.queue if found else service

    def plan_of(self, trunk_group: str) -> tuple[DialedNumberPlan, TrunkGroupNumbers] | None:
        """The plan for calls on this trunk group, and how the group presents numbers.

        Looked for once, and remembered for the trunk groups that settings name.
        """
        if trunk_group not in self._plan_of:
            if len(self._plan_of) >= TRUNK_GROUPS_MAX:
                self._plan_of.clear()
            self._plan_of[trunk_group] = self._find_plan(trunk_group)
        return self._plan_of[trunk_group]

    def _find_plan(self, trunk_group: str) -> tuple[DialedNumberPlan, TrunkGroupNumbers] | None:
        """The best plan.

        A plan that names the trunk group (for this site, else for any) comes first, then the plan
        that is called as the site, then one that names no trunk group, then the only one.
        """
        best: tuple[int, int] | None = None
        for i, plan in enumerate(self._plans):
            group = trunk_group_of(self._groups[i], self._site, trunk_group)
            rank = 0
            if group is not None:
                rank = 4 if group.site is not None else 3
            elif plan.name == self._site:
                rank = 2
            elif not self._groups[i] or len(self._plans) == 1:
                rank = 1
            if rank and (best is None or rank > best[0]):
                best = (rank, i)
        if best is None:
            return None
        group = trunk_group_of(self._groups[best[1]], self._site, trunk_group)
        return self._plans[best[1]], group or PLAIN_GROUP

    def is_open(self, unix_s: float, calendar: str) -> bool:
        """Is this calendar open? One that is not here counts as closed."""
        found = self._calendars.get(calendar)
        return found is not None and found.state(unix_s).open

    def read(self, heard: CallHeard, unix_s: float) -> CallRead:
        """What these numbers mean at this moment."""
        chosen = self.plan_of(heard.trunk_group)
        plan, group = chosen if chosen else (None, PLAIN_GROUP)
        country = group.country or (plan.country if plan else "")
        called, called_from = _called(heard, group, country)
        caller = normalise(heard.caller, country)
        withheld = heard.withheld or caller.withheld
        emergency = heard.emergency or (plan is not None and plan.is_emergency(called))
        match = None
        if plan is not None:
            call = self._dialed(heard, called, caller, withheld=withheld)
            match = plan.match(call, lambda name: self.is_open(unix_s, name))
        service = self._services.get(match.service) if match else None
        return CallRead(
            plan=plan.name if plan else "",
            called=called,
            called_from=called_from,
            caller=caller,
            withheld=withheld,
            verified=heard.verified and not withheld,
            match=match,
            priority=start_priority(
                service=service.spec.priority if service else 0,
                trunk_group=group.priority,
                plan_entry=match.priority if match else 0,
                lists=[one for one in self._lists if one.blocked or not withheld],
                caller=_number_text(caller),
                verified=heard.verified,
                emergency=emergency,
            ),
            emergency=emergency,
        )

    def considered(self, heard: CallHeard, read: CallRead, unix_s: float) -> list[Considered]:
        """Entries whose number fits, with what became of each."""
        chosen = self.plan_of(heard.trunk_group)
        if chosen is None:
            return []
        call = self._dialed(heard, read.called, read.caller, withheld=read.withheld)
        return chosen[0].considered(call, lambda name: self.is_open(unix_s, name))

    def _dialed(
        self, heard: CallHeard, called: NormalNumber, caller: NormalNumber, *, withheld: bool
    ) -> DialedCall:
        """A withheld number is matched by no entry, even where it is known here."""
        return DialedCall(
            number=called,
            trunk_group=heard.trunk_group,
            site=self._site,
            caller="" if withheld else _number_text(caller),
            withheld=withheld,
            digits=heard.digits,
        )


def _called(
    heard: CallHeard, group: TrunkGroupNumbers, country: str
) -> tuple[NormalNumber, Source]:
    """The first of the group's sources that holds a number; else the Request-URI as it is."""
    for source in group.called_number_from:
        found = normalise(heard.called.get(source, ""), country)
        if found.kind in NUMBERS:
            return found, source
    found = normalise(heard.called.get("request_uri", ""), country)
    return (NOTHING if found is WITHHELD else found), "request_uri"


def _number_text(number: NormalNumber) -> str:
    return number.text if number.kind in NUMBERS else ""
