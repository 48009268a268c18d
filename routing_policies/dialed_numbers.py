"""Finds the entry of a dialed number plan that a call belongs to.

Rule of this file: the longest number that fits wins; among equally long ones the entry that names a
trunk group, then a site, then the longer beginning of the caller's number, then whether the number
is withheld, then digits, then a calendar. No two entries can win the same call: that is refused at
publish (`dialed_number_faults`). Entries are found by their numbers in time of a number's length,
however many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from routing_policies.calendar_kinds import DialedNumberPlanDoc, PlanEntry, TrunkGroupNumbers
from routing_policies.numbers import NormalNumber, international_prefix, normalise

Key = tuple[str, bool]
"A number, and whether it is only the beginning of one."
Rank = tuple[bool, bool, int, bool, bool, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class DialedCall:
    """What a plan looks at."""

    number: NormalNumber
    "What was dialed, normalised with `DialedNumberPlan.country_of`."
    trunk_group: str = ""
    site: str = ""
    caller: str = ""
    "E.164, empty where it is not known or withheld."
    withheld: bool = False
    digits: str = ""
    "What the caller entered, where something asked for it."


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMatch:
    """The entry that won."""

    plan: str
    index: int
    entry: PlanEntry

    @property
    def service(self) -> str:
        """The network service that the call wants."""
        return self.entry.service

    @property
    def priority(self) -> int:
        """The entry's own priority, 0 where it has none."""
        return self.entry.priority or 0

    @property
    def place(self) -> str:
        """`DialedNumberPlan/lisbon spec.entries[3]`."""
        return f"DialedNumberPlan/{self.plan} {place_of(self.index)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """One entry whose number fits, and what became of it."""

    index: int
    entry: PlanEntry
    fate: str
    "Why it did not win; empty for the one that did."


class DialedNumberPlan:
    """One plan, ready for calls."""

    __slots__ = ("_beginnings", "_emergency", "_entries", "_lengths", "_whole", "country", "name")

    def __init__(self, document: DialedNumberPlanDoc) -> None:
        """`document` has no `plan_faults`."""
        spec = document.spec
        self.name = document.name
        self.country = spec.country
        self._entries = spec.entries
        self._emergency = frozenset(spec.emergency)
        ranked = sorted(range(len(spec.entries)), key=lambda i: rank_of(spec.entries[i]))
        self._whole: dict[str, list[int]] = {}
        self._beginnings: dict[str, list[int]] = {}
        for index in reversed(ranked):
            for text, is_beginning in keys_of(spec.entries[index].number, spec.country):
                table = self._beginnings if is_beginning else self._whole
                table.setdefault(text, []).append(index)
        self._lengths = tuple(sorted({len(text) for text in self._beginnings}, reverse=True))

    def is_emergency(self, number: NormalNumber, dialed: str = "") -> bool:
        """Is this, as it was dialed or as it was normalised, an emergency number?"""
        return number.text in self._emergency or dialed in self._emergency

    def match(self, call: DialedCall, is_open: Callable[[str], bool]) -> PlanMatch | None:
        """The entry of this call; `is_open` tells of a calendar by its name."""
        for index in self._fitting(call.number.text):
            if misfit(self._entries[index], call, is_open) == "":
                return PlanMatch(plan=self.name, index=index, entry=self._entries[index])
        return None

    def considered(self, call: DialedCall, is_open: Callable[[str], bool]) -> list[Considered]:
        """Every entry whose number fits, in the order they were tried, with what became of each."""
        told: list[Considered] = []
        winner = -1
        for index in self._fitting(call.number.text):
            entry = self._entries[index]
            fate = misfit(entry, call, is_open)
            if not fate and winner < 0:
                winner = index
            elif not fate:
                fate = self._why_after(index, winner)
            told.append(Considered(index=index, entry=entry, fate=fate))
        return told

    def _fitting(self, text: str) -> Iterator[int]:
        """Entries whose number fits, longest first, then narrowest."""
        yield from self._whole.get(text, ())
        for length in self._lengths:
            if length <= len(text):
                yield from self._beginnings.get(text[:length], ())

    def _why_after(self, index: int, winner: int) -> str:
        won, lost = self._entries[winner], self._entries[index]
        if set(keys_of(won.number, self.country)) == set(keys_of(lost.number, self.country)):
            return f"{place_of(winner)} is narrower"
        return f"{place_of(winner)} has the longer number"


def place_of(index: int) -> str:
    """Where an entry stands in its document."""
    return f"spec.entries[{index}]"


def rank_of(entry: PlanEntry) -> Rank:
    """How narrow an entry is, besides its number; the greater wins."""
    return (
        entry.trunk_group is not None,
        entry.site is not None,
        _caller_rank(entry.caller),
        entry.withheld is not None,
        entry.digits is not None,
        entry.calendar is not None,
    )


def keys_of(written: str, country: str) -> Iterable[Key]:
    """The texts under which an entry's number is looked up: E.164, and as it is written.

    A number in national form fits what was dialed in either form.
    """
    is_beginning = written.endswith("*")
    bare = written.removesuffix("*")
    if bare.startswith("+") or not bare:
        return ((bare, is_beginning),)
    full = international_prefix(bare, country) if is_beginning else normalise(bare, country).e164
    return ((bare, is_beginning), (full, is_beginning)) if full else ((bare, is_beginning),)


def misfit(entry: PlanEntry, call: DialedCall, is_open: Callable[[str], bool]) -> str:
    """Why an entry whose number fits is not for this call; empty if it is."""
    if entry.trunk_group is not None and entry.trunk_group != call.trunk_group:
        return f"is for trunk group {entry.trunk_group}"
    if entry.site is not None and entry.site != call.site:
        return f"is for site {entry.site}"
    if entry.caller is not None and not fits(entry.caller, call.caller):
        return f"is for callers {entry.caller}"
    if entry.withheld is not None and entry.withheld != call.withheld:
        return "is for callers who " + ("withhold" if entry.withheld else "show") + " their number"
    if entry.digits is not None and entry.digits != call.digits:
        return f"is for callers who entered {entry.digits or 'nothing'}"
    if entry.calendar is not None and not is_open(entry.calendar):
        return f"calendar {entry.calendar} is closed"
    return ""


def fits(written: str, number: str) -> bool:
    """Is `number` the one written, or does it begin as written before a *?"""
    if written.endswith("*"):
        return bool(number) and number.startswith(written[:-1])
    return number == written


def trunk_group_of(
    groups: Sequence[TrunkGroupNumbers], site: str, trunk_group: str
) -> TrunkGroupNumbers | None:
    """How a trunk group presents numbers: what is said for this site before what is for any."""
    found = [group for group in groups if group.name == trunk_group and group.site in {site, None}]
    return max(found, key=lambda group: group.site is not None, default=None)


def _caller_rank(caller: str | None) -> int:
    """Length of a caller's number, whole ones above beginnings of the same length."""
    if caller is None:
        return 0
    return 2 * len(caller.removesuffix("*")) + 1 + (not caller.endswith("*"))
