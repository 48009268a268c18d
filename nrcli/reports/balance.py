"""Names the calls of which records do not say what became of them, or say it twice.

Rule of this file: each finding names the call, the place, what is wrong and what usually is behind
it. Sums cannot show these: in every one of them each stay has its end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

from nrcli.reports.facts import Decided, End, Facts, Stay
from nrcli.reports.periods import US
from nrcli.reports.stories import Stories


class Fault(Enum):
    """What can be wrong with the account of a call."""

    NEVER_ARRIVED = "never_arrived"
    FROM_NOWHERE = "from_nowhere"
    TWO_PLACES = "two_places"
    NO_END = "no_end"
    NO_LEG = "no_leg"
    RECORDS_MISSING = "records_missing"


CAUSES = {
    Fault.NEVER_ARRIVED: "the target's record is late, or was lost with its site agent; look for a "
    "gap of that site, then at the target's own list of calls",
    Fault.FROM_NOWHERE: "the origin's record is late or lost, or the call came by a peer plan of a "
    "site that is not in these records",
    Fault.TWO_PLACES: "a move was settled by neither site, or clocks of sites differ by more than "
    "a minute: look at both legs",
    Fault.NO_END: "the call still stood when the records were read, or its site agent was killed",
    Fault.NO_LEG: "the origin's record is late or lost: the router moved a call that no leg is of",
    Fault.RECORDS_MISSING: "records were shed or lost: figures of that site are too low by at most "
    "so many records",
}
"What usually is behind each."


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One call, or one gap, that the balance does not account for."""

    fault: Fault
    site: str
    interaction_id: str
    at_us: int
    told: str

    @property
    def cause(self) -> str:
        """What usually is behind it."""
        return CAUSES[self.fault]


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRules:
    """When a call is out of balance."""

    known_until_us: int
    "Records are there up to then."
    settle_us: int = 60 * US
    "So long may a call be on its way from one site to another."
    open_us: int = 4 * 3600 * US
    "So long may a call stand without an end."


def out_of_balance(facts: Facts, rules: BalanceRules) -> tuple[Finding, ...]:
    """Every call that is not accounted for, in the order of time."""
    stories = Stories(facts.stays)
    found = [
        *_halves(stories, rules),
        *_twice(stories, rules),
        *_without_end(stories, rules),
        *_without_leg(stories, facts.decided, rules),
    ]
    return tuple(sorted(found, key=lambda one: (one.at_us, one.site, one.interaction_id)))


def _halves(stories: Stories, rules: BalanceRules) -> Iterator[Finding]:
    """Moves of which one side alone tells."""
    settled_us = rules.known_until_us - rules.settle_us
    for one in stories.stays:
        if one.end is End.MOVED_OUT and stories.after(one) is None and one.decided_us < settled_us:
            to = one.target_site or "another site"
            yield _finding(Fault.NEVER_ARRIVED, one, one.decided_us, f"moved out to {to}")
        if one.moved_in and stories.before(one) is None and one.offered_us < settled_us:
            told = f"moved in, entered at {one.entry_site or 'an unknown site'}"
            yield _finding(Fault.FROM_NOWHERE, one, one.offered_us, told)


def _twice(stories: Stories, rules: BalanceRules) -> Iterator[Finding]:
    """A caller stands in one place: nowhere else for longer than a move takes."""
    by_call: dict[str, list[Stay]] = defaultdict(list)
    for one in stories.stays:
        if one.interaction_id:
            by_call[one.interaction_id].append(one)
    for stays in by_call.values():
        for before, after in pairwise(stays):
            if min(before.decided_us, after.decided_us) - after.offered_us > rules.settle_us:
                told = f"at {before.site} and at {after.site} at the same time"
                yield _finding(Fault.TWO_PLACES, after, after.offered_us, told)


def _without_end(stories: Stories, rules: BalanceRules) -> Iterator[Finding]:
    for one in stories.stays:
        if one.end is End.WAITING and one.offered_us < rules.known_until_us - rules.open_us:
            yield _finding(Fault.NO_END, one, one.offered_us, "waits without an end")


def _without_leg(
    stories: Stories, decided: Iterable[Decided], rules: BalanceRules
) -> Iterator[Finding]:
    """Calls that the router moved and no site tells of."""
    known = {(one.site, one.interaction_id) for one in stories.stays}
    told: set[tuple[str, str]] = set()
    for one in sorted(decided, key=lambda one: (one.at_us, one.request_id)):
        key = (one.origin_site, one.interaction_id)
        if one.outcome != "move" or not one.origin_site or key in known or key in told:
            continue
        if one.at_us < rules.known_until_us - rules.open_us:
            told.add(key)
            yield Finding(
                fault=Fault.NO_LEG,
                site=one.origin_site,
                interaction_id=one.interaction_id,
                at_us=one.at_us,
                told=f"moved to {one.target_site} by request {one.request_id}",
            )


def _finding(fault: Fault, one: Stay, at_us: int, told: str) -> Finding:
    return Finding(
        fault=fault, site=one.site, interaction_id=one.interaction_id, at_us=at_us, told=told
    )


@dataclass(slots=True)
class Numbers:
    """The numbers of records of one kind that one start of a site agent told."""

    site: str
    kind: str
    seen: set[int] = field(default_factory=set)
    first: int = 0
    last: int = 0
    "Of those in the time asked for: what lies between them should be there."

    def take(self, number: int, *, asked_for: bool) -> None:
        """One more record. Numbers are given in the order of telling, which is not quite that of
        time: what was read around the time asked for fills what seems missing at its edges."""
        self.seen.add(number)
        if asked_for:
            self.first = min(self.first or number, number)
            self.last = max(self.last, number)

    @property
    def missing_count(self) -> int:
        """How many were not there."""
        between = sum(1 for number in self.seen if self.first <= number <= self.last)
        return self.last - self.first + 1 - between if between else 0


def gaps(numbered: Iterable[Numbers], at_us: int) -> tuple[Finding, ...]:
    """Numbers that are missing. What was trimmed before the first is no gap."""
    return tuple(
        Finding(
            fault=Fault.RECORDS_MISSING,
            site=one.site,
            interaction_id="",
            at_us=at_us,
            told=f"{one.missing_count} records of {one.kind} are missing between numbers "
            f"{one.first} and {one.last}",
        )
        for one in sorted(numbered, key=lambda one: (one.site, one.kind, one.first))
        if one.missing_count
    )
