"""Counts callers who did not call again: what stands in for first-contact resolution.

Rule of this file: nobody asks callers whether they were helped; no further call of the same number
for the same service within some days is a proxy, and is called one. Who hides the number is not
counted, and a contact is judged only when its days are over.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass

from nrcli.reports.facts import End
from nrcli.reports.periods import US
from nrcli.reports.places import call_place
from nrcli.reports.stories import Stories, Story
from nrcli.reports.tables import Table

DAY_US = 86_400 * US
DIGITS_LEAST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatRules:
    """When a call is a repeat."""

    within_us: int = 7 * DAY_US
    known_until_us: int
    "Records are there up to then: a contact younger than `within_us` by then is not judged."


def count_repeats(table: Table, stories: Stories, rules: RepeatRules) -> None:
    """Add judged contacts to a table: where and when the agent answered."""
    contacts: dict[tuple[str, str, str], list[Story]] = defaultdict(list)
    for story in stories.whole():
        first = story.first
        if is_number(first.ani) and first.came_in:
            contacts[first.tenant, first.service, first.ani].append(story)
    place_of = call_place(table.by)
    for of_one in contacts.values():
        begun = sorted(story.first.offered_us for story in of_one)
        for story in of_one:
            begun_us, last = story.first.offered_us, story.last
            if last.end is not End.ANSWERED or begun_us + rules.within_us > rules.known_until_us:
                continue
            again = bisect_right(begun, begun_us)
            is_repeated = again < len(begun) and begun[again] <= begun_us + rules.within_us
            counted = ("contacts_judged", *(("contacts_repeated",) if is_repeated else ()))
            table.add(place_of(last), last.decided_us, *counted)


def is_number(ani: str) -> bool:
    """Whether it tells one caller from another: not hidden, not masked.

    >>> is_number("+351912345678"), is_number("+35191......."), is_number("anonymous")
    (True, False, False)
    """
    digits = ani.removeprefix("+")
    return digits.isdecimal() and len(digits) >= DIGITS_LEAST
