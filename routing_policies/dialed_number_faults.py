"""Finds in a dialed number plan what its shape cannot show.

Rule of this file: no call may belong to two entries, or to two plans, by the same right; every
fault names both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from routing_policies.calendar_faults import LineOf, Steps, meant, no_line, told_faults
from routing_policies.calendar_kinds import DialedNumberPlanDoc, PlanEntry, TrunkGroupNumbers
from routing_policies.dialed_numbers import Key, keys_of
from routing_policies.errors import Fault
from routing_policies.numbers import countries, is_country

Found = Iterator[tuple[Steps, str, str]]


def plan_faults(
    document: DialedNumberPlanDoc, source: str, line_of: LineOf = no_line
) -> list[Fault]:
    """Everything that keeps this plan from being used."""
    return told_faults(_found(document), source, line_of)


def trunk_group_faults(plans: Iterable[DialedNumberPlanDoc]) -> list[Fault]:
    """Trunk groups that more than one plan names: only one plan can read their calls."""
    first: dict[tuple[str, str | None], str] = {}
    found: list[Fault] = []
    for plan in sorted(plans, key=lambda one: one.name):
        for i, group in enumerate(plan.spec.trunk_groups):
            other = first.setdefault((group.name, group.site), plan.name)
            if other == plan.name:
                continue
            fault = Fault(
                source=f"DialedNumberPlan/{plan.name}",
                line=0,
                place=f"spec.trunk_groups[{i}]",
                problem=f"DialedNumberPlan/{other} names trunk group {group.name} already",
                remedy="keep it in one plan, or let each name its site",
            )
            found.append(fault)
    return found


def _found(document: DialedNumberPlanDoc) -> Found:
    spec = document.spec
    unknown = list(_country(("spec", "country"), spec.country))
    yield from unknown
    for i, group in enumerate(spec.trunk_groups):
        if group.country is not None:
            yield from _country(("spec", "trunk_groups", i, "country"), group.country)
    yield from _trunk_groups(spec.trunk_groups)
    for i, text in enumerate(spec.emergency):
        if not text.isdigit() or not text.isascii():
            problem = f"{text!r} is no number as it is dialed"
            yield ("spec", "emergency", i), problem, 'write digits in quotes, such as "112"'
    if not unknown:
        yield from _entries(spec.entries, spec.country)


def _country(place: Steps, country: str) -> Found:
    if not is_country(country):
        remedy = meant(country, countries())
        if is_country(country.upper()):
            remedy = f"write {country.upper()}"
        yield place, f"no numbering plan is known for {country}", remedy


def _trunk_groups(groups: tuple[TrunkGroupNumbers, ...]) -> Found:
    seen: dict[tuple[str, str | None], int] = {}
    for i, group in enumerate(groups):
        first = seen.setdefault((group.name, group.site), i)
        if first != i:
            problem = f"trunk_groups[{first}] says the same trunk group already"
            yield ("spec", "trunk_groups", i), problem, "join the two, or name their sites"


def _entries(entries: tuple[PlanEntry, ...], country: str) -> Found:
    """Entries that could win the same call: alike in all but what they lead to."""
    seen: dict[tuple[object, ...], int] = {}
    for i, entry in enumerate(entries):
        told = set()
        for key in keys_of(entry.number, country):
            first = seen.setdefault(_conditions(key, entry), i)
            if first != i and first not in told:
                told.add(first)
                problem = f"entries[{first}] and entries[{i}] match the same calls"
                yield ("spec", "entries", i), problem, _remedy(entries[first], entry)


def _conditions(key: Key, entry: PlanEntry) -> tuple[object, ...]:
    """Two entries with the same cannot be told apart; two calendars may be open at once."""
    return (
        key,
        entry.trunk_group,
        entry.site,
        entry.caller,
        entry.withheld,
        entry.digits,
        entry.calendar is None,
    )


def _remedy(first: PlanEntry, second: PlanEntry) -> str:
    if first.calendar != second.calendar:
        return "both calendars may be open at once: keep one entry without a calendar instead"
    return "remove one, or let it name a trunk group, site, caller, digits or calendar"
