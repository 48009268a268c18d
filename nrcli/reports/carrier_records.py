"""Compares a carrier's records of calls with our legs: matched, only ours, only theirs, length.

Rule of this file: records in, a comparison out. One of theirs is matched with one of ours at most:
by an id where both have one, else by the caller's number and the nearest begin.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from nrcli.wire.history_messages import CallLegRecord

DIGITS = 9
"Of a number, from its end: how a carrier writes what comes before differs."


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One call on a trunk, as either side tells it."""

    began_s: float
    "Seconds since 1970: the answer, or where there was none the INVITE."
    lasted_s: float
    "From the answer to the end; 0: not answered."
    caller: str = ""
    called: str = ""
    id: str = ""
    "Call-ID or charging id; empty: none."
    place: str = ""
    "Where it stands: a line of their file, or our call."


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareRules:
    """What counts as the same."""

    within_s: float = 5.0
    "Between their begin and ours."
    differs_s: float = 2.0
    "Between their length and ours."
    clock_s: float = 0.0
    "By which their clock is ahead of ours."


@dataclass(slots=True)
class Comparison:
    """What was found."""

    matched: list[tuple[Connection, Connection]] = field(default_factory=list)
    "(ours, theirs)"
    differing: list[tuple[Connection, Connection]] = field(default_factory=list)
    "Of the matched ones, those that lasted differently."
    only_ours: list[Connection] = field(default_factory=list)
    only_theirs: list[Connection] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Is nothing different?"""
        return not (self.differing or self.only_ours or self.only_theirs)


def our_connections(legs: Iterable[CallLegRecord], trunk_group: str = "") -> list[Connection]:
    """The callers' legs of a trunk group (empty: all), each call once, by their begin."""
    calls: dict[tuple[str, str], list[CallLegRecord]] = {}
    for leg in legs:
        if leg.leg == "caller" and trunk_group in ("", leg.trunk_group):
            calls.setdefault((leg.site, leg.call_id), []).append(leg)
    return sorted(map(_ours, calls.values()), key=lambda one: one.began_s)


def compare(
    ours: Sequence[Connection], theirs: Sequence[Connection], rules: CompareRules
) -> Comparison:
    """Match each of theirs with one of ours."""
    found = Comparison()
    by_id = {one.id: one for one in ours if one.id}
    by_caller: dict[str, list[Connection]] = {}
    for one in sorted(ours, key=lambda one: one.began_s):
        by_caller.setdefault(_key(one.caller), []).append(one)
    left = {id(one): one for one in ours}
    for their in sorted(theirs, key=lambda one: one.began_s):
        our = by_id.get(their.id) if their.id else None
        if our is None or id(our) not in left:
            our = _nearest(by_caller.get(_key(their.caller), []), left, their, rules)
        if our is None:
            found.only_theirs.append(their)
            continue
        del left[id(our)]
        found.matched.append((our, their))
        if abs(our.lasted_s - their.lasted_s) > rules.differs_s:
            found.differing.append((our, their))
    found.only_ours = list(left.values())
    return found


def _nearest(
    ours: Sequence[Connection],
    left: Mapping[int, Connection],
    their: Connection,
    rules: CompareRules,
) -> Connection | None:
    at_s = their.began_s - rules.clock_s
    first = bisect_left(ours, at_s - rules.within_s, key=lambda one: one.began_s)
    near: list[Connection] = []
    for one in ours[first:]:
        if one.began_s > at_s + rules.within_s:
            break
        if id(one) in left:
            near.append(one)
    return min(near, key=lambda one: abs(one.began_s - at_s), default=None)


def _ours(legs: Sequence[CallLegRecord]) -> Connection:
    first, last = min(legs, key=_began), max(legs, key=lambda leg: leg.ended_unix_s)
    answered_s = next((leg.answered_unix_s for leg in legs if leg.answered_unix_s), 0.0)
    id_ = next((leg.icid or leg.sip_call_id for leg in legs if leg.icid or leg.sip_call_id), "")
    return Connection(
        began_s=answered_s or first.setup_unix_s or _began(first),
        lasted_s=max(0.0, last.ended_unix_s - answered_s) if answered_s else 0.0,
        caller=first.ani_received or first.ani,
        called=first.dialed_received or first.dialed_number,
        id=id_,
        place=f"{first.site}/{first.call_id}",
    )


def _began(leg: CallLegRecord) -> float:
    return leg.queued_unix_s or leg.started_unix_s


def _key(number: str) -> str:
    return "".join(digit for digit in number if digit.isdigit())[-DIGITS:]
