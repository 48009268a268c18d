"""Works out what a network does with a number, and says it in plain words.

Rule of this file: documents and the question in, an answer out; the reading itself is that of a
site (`call_numbers`), so that what is told here is what happens there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from routing_policies.calendars import Calendar
from routing_policies.call_numbers import CallHeard, CallRead, NumberReader
from routing_policies.dialed_numbers import place_of
from routing_policies.kinds import (
    AnyDocument,
    CalendarDoc,
    DialedNumberPlanDoc,
    RoutingPolicyDoc,
    ServiceDoc,
    SiteDoc,
    TenantDoc,
)
from routing_policies.network_kinds import SiteSpec
from routing_policies.number_lists import indexed
from routing_policies.numbers import NormalNumber, NumberKind, normalise

BUILT_IN = "the built-in policy"
LOSERS_SHOWN_MAX = 20
D = TypeVar("D", bound=AnyDocument)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked."""

    number: str
    trunk_group: str = ""
    site: str = ""
    caller: str = ""
    digits: str = ""
    country: str = ""
    "What the number means without +; empty: as the plan says."
    verified: bool = False
    unix_s: float


class EntryTold(BaseModel):
    """One entry of the plan whose number fits."""

    place: str
    number: str
    service: str
    fate: str
    "Why it did not win; empty for the one that did."


class CalendarTold(BaseModel):
    """One calendar at the moment asked about."""

    name: str
    open: bool
    words: str


class NumberAnswer(BaseModel):
    """The whole answer."""

    at: str
    number: str
    number_words: str
    caller_words: str
    plan: str
    entries: tuple[EntryTold, ...]
    service: str
    queue: str
    policy: str
    priority: int
    priority_because: str
    emergency: bool
    blocked_by: str
    calendars: tuple[CalendarTold, ...]
    problem: str
    "Why the call has no service here; empty if it has one."


class Network:
    """Documents by kind and name."""

    def __init__(self, documents: Iterable[AnyDocument]) -> None:
        self._documents = list(documents)
        self.calendars = {one.name: Calendar(one) for one in self.of(CalendarDoc).values()}

    def of(self, kind: type[D]) -> dict[str, D]:
        """Documents of one kind, by name."""
        return {one.name: one for one in self._documents if isinstance(one, kind)}

    def site(self, name: str) -> SiteSpec:
        """A site's document, or what holds without one."""
        found = self.of(SiteDoc).get(name)
        return found.spec if found else SiteSpec()

    def time_zone(self, site: str) -> str:
        """The time zone in which a moment is meant and told."""
        return self.site(site).time_zone

    def reader(self, site: str) -> NumberReader:
        """Numbers as this site reads them; without a site: as any."""
        spec = self.site(site)
        tenant = self.of(TenantDoc).get(spec.tenant)
        return NumberReader(
            site=site,
            plans=self.of(DialedNumberPlanDoc).values(),
            services=self.of(ServiceDoc),
            calendars=self.calendars,
            lists=[indexed(one) for one in tenant.spec.lists] if tenant else [],
            queues=spec.queues,
        )

    def policy_of(self, service: str) -> str:
        """The routing policy of a service, and whose word that is."""
        found = self.of(ServiceDoc).get(service)
        if found is None:
            return BUILT_IN
        if found.spec.policy:
            return f"{found.spec.policy} (of the service)"
        tenant = self.of(TenantDoc).get(found.spec.tenant)
        if tenant is not None and tenant.spec.policy:
            return f"{tenant.spec.policy} (of tenant {tenant.name})"
        return "default" if "default" in self.of(RoutingPolicyDoc) else BUILT_IN


def answer_to(question: Question, network: Network) -> NumberAnswer:
    """What becomes of a call to this number."""
    reader = network.reader(question.site)
    heard = _heard(question)
    read = reader.read(heard, question.unix_s)
    entries = tuple(
        EntryTold(
            place=f"DialedNumberPlan/{read.plan} {place_of(one.index)}",
            number=one.entry.number,
            service=one.entry.service,
            fate=one.fate,
        )
        for one in reader.considered(heard, read, question.unix_s)
    )
    queue = reader.queue_of(read.service) if read.service else ""
    names = _calendars_named(question.site, queue, network, read)
    zone = ZoneInfo(network.time_zone(question.site))
    return NumberAnswer(
        at=datetime.fromtimestamp(question.unix_s, zone).strftime(f"%Y-%m-%d %H:%M:%S {zone.key}"),
        number=read.called.text,
        number_words=number_words(read.called),
        caller_words=_caller_words(question, read),
        plan=read.plan,
        entries=entries,
        service=read.service,
        queue=queue,
        policy=network.policy_of(read.service) if read.service else "",
        priority=read.priority.priority,
        priority_because=read.priority.because,
        emergency=read.emergency,
        blocked_by=read.priority.blocked_by,
        calendars=tuple(_calendar(name, network, question.unix_s) for name in names),
        problem=_problem(question, read),
    )


def lines_of(answer: NumberAnswer) -> list[str]:
    """The answer for people."""
    rows = [("at", answer.at), ("number", answer.number_words), ("caller", answer.caller_words)]
    if answer.blocked_by:
        rows.append(("refused", f"603: the caller is on the blocked list {answer.blocked_by}"))
    if answer.problem:
        rows.append(("no service", answer.problem))
    winner = next((entry for entry in answer.entries if not entry.fate), None)
    if winner is not None:
        rows.append(("entry", f"{winner.place}: {winner.number}"))
        rows.append(("service", f"{answer.service}, in queue {answer.queue}"))
        rows.append(("policy", answer.policy))
    rows.append(("priority", f"{answer.priority} (from {answer.priority_because})"))
    if answer.emergency:
        rows.append(("emergency", "never moved, never refused"))
    rows += [("calendar", f"{one.name}: {one.words}") for one in answer.calendars]
    losers = [entry for entry in answer.entries if entry.fate]
    rows += [("not", _loser(entry)) for entry in losers[:LOSERS_SHOWN_MAX]]
    if len(losers) > LOSERS_SHOWN_MAX:
        rows.append(("not", f"and {len(losers) - LOSERS_SHOWN_MAX} more entries that fit"))
    width = max(len(title) for title, _ in rows)
    return [f"{title:<{width}}  {words}" for title, words in rows if words]


def number_words(number: NormalNumber) -> str:
    """A number and what it is."""
    match number.kind:
        case NumberKind.FULL:
            known = "" if number.valid else ", unknown to the numbering plan of its country"
            return f"{number.e164} ({number.country or 'no country'}{known})"
        case NumberKind.SHORT:
            return f"{number.text} (a short code, as dialed)"
        case NumberKind.NAME:
            return f"{number.text} (a name, no number)"
        case NumberKind.WITHHELD:
            return "withheld"
        case NumberKind.REFUSED:
            return "too long to be a number"
    return "none"


def duration_words(seconds: float) -> str:
    """Seconds as a person says them: 2 d 3 h, 25 min, 40 s."""
    parts = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")]
    left = int(seconds)
    told = []
    for size, unit in parts:
        count, left = divmod(left, size)
        if count:
            told.append(f"{count} {unit}")
    return " ".join(told[:2]) or "0 s"


def _heard(question: Question) -> CallHeard:
    """The question as a call: the number stands wherever the plan may look for it."""
    number = question.number
    if question.country:
        number = normalise(number, question.country).text or number
    return CallHeard(
        trunk_group=question.trunk_group,
        called={
            "request_uri": number,
            "to": number,
            "history_info": number,
            "diversion": number,
        },
        caller=question.caller,
        verified=question.verified,
        digits=question.digits,
    )


def _calendars_named(site: str, queue: str, network: Network, read: CallRead) -> list[str]:
    """Calendars that have a say: of the entry, of the queue, of the site."""
    spec = network.site(site)
    own = next((one.calendar for one in spec.queues if one.name == queue), None)
    named = [read.match.entry.calendar if read.match else None, own or spec.calendar]
    return list(dict.fromkeys(name for name in named if name))


def _calendar(name: str, network: Network, unix_s: float) -> CalendarTold:
    found = network.calendars.get(name)
    if found is None:
        return CalendarTold(name=name, open=False, words="there is no such Calendar")
    state = found.state(unix_s)
    left_s = state.closes_in_s if state.open else state.opens_in_s
    verb = "closes" if state.open else "opens"
    words = ["open" if state.open else "closed"]
    if state.special_day:
        words.append(f"special day {state.special_day}")
    if state.holiday:
        words.append(f"holiday {state.holiday}")
    words.append(f"never {verb}" if left_s == inf else f"{verb} in {duration_words(left_s)}")
    return CalendarTold(name=name, open=state.open, words=", ".join(words))


def _caller_words(question: Question, read: CallRead) -> str:
    if not question.caller:
        return ""
    vouched = ", vouched for" if read.verified else ""
    return number_words(read.caller) + vouched


def _problem(question: Question, read: CallRead) -> str:
    if read.match is not None:
        return ""
    group = question.trunk_group or "any trunk group"
    if not read.plan:
        return f"no DialedNumberPlan is for {group}: the site's own settings decide"
    return f"no entry of DialedNumberPlan/{read.plan} matches: the site's own settings decide"


def _loser(entry: EntryTold) -> str:
    return f"{entry.place}: {entry.number} for {entry.service}: {entry.fate}"
