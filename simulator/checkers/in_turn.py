"""Nobody in the network queue is passed over for an agent whom both callers could have had.

Rule of this file: it compares callers of one service whose rank differs by more than ways and
clocks explain, and judges only what a history shows: that the one passed over stood there idle,
could be reached, had not just failed at that site, and was given an agent of the same queue later.
One such case may be an offer under way elsewhere; two that lie further apart than an offer lasts
are none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from simulator.history import Line, Violation

NAME = "in_turn"
LOOKS_AT = ("entry_begun",)
SETTLED_S = 1.5
"An entry that is younger, or was moved a moment ago, may not be known yet as it is."
ALIKE_S = 0.5
"Callers from one trunk group of a site: so much later is later."
APART_S = 60.0
"Callers from elsewhere: their ways weigh up to this, as a rule."
CONTACT_S = 3.0
"Around that moment the site must have heard of its leader."
NEW_LEADER_S = 5.0
FAILED_S = 6.0
"A site that did not take a caller is not offered them for a while."
OFFER_S = 2.5
"No offer lasts longer."
OF_THE_LEADER = ("answer", "command", "position_told")
Call = tuple[str, str]
"(site, call)"
Place = tuple[str, str]
"(site, queue)"


@dataclass(slots=True)
class _Entry:
    call: Call
    interaction: str
    service: str
    trunk_group: str
    priority: int
    since_s: float
    idle_since_s: float
    moving: bool = False
    failed: dict[str, float] = field(default_factory=dict)
    "Sites that did not take the caller, and when."
    passed: dict[Place, float] = field(default_factory=dict)
    "When the caller was first passed over for an agent of a queue."


@dataclass(slots=True)
class _Seen:
    """What of the whole history each moment is judged by."""

    moved: dict[str, Call] = field(default_factory=dict)
    "By token: whose move it was."
    given: defaultdict[Call, list[tuple[float, Place]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    contacts: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    leaders: list[float] = field(default_factory=list)


def check(lines: Iterable[Line]) -> list[Violation]:
    """Callers who were passed over, in order."""
    ordered = list(lines)
    if not any(line.kind == "entry_begun" for line in ordered):
        return []
    checker = _Checker(_read(ordered))
    for line in ordered:
        checker.take(line)
    return checker.found


def _read(lines: Sequence[Line]) -> _Seen:
    seen = _Seen()
    for line in lines:
        if line.kind == "move_started":
            seen.moved[line.text("token")] = (line.site, line.text("call"))
        elif line.kind in OF_THE_LEADER:
            seen.contacts[line.site].append(line.at_s)
        elif line.kind == "epoch":
            seen.leaders.append(line.at_s)
    for line in lines:
        if line.kind == "hold" and (call := seen.moved.get(line.text("token"))):
            seen.given[call].append((line.at_s, (line.site, line.text("queue"))))
    return seen


class _Checker:
    """Who stands in the queue at the moment."""

    def __init__(self, seen: _Seen) -> None:
        self.found: list[Violation] = []
        self._seen = seen
        self._entries: dict[Call, _Entry] = {}

    def take(self, line: Line) -> None:
        """One line."""
        call = (line.site, line.text("call"))
        entry = self._entries.get(call)
        if line.kind == "entry_begun":
            self._begin(call, line)
        elif line.kind == "hold":
            self._given(line)
        elif entry is None:
            return
        elif line.kind in ("entry_ended", "call_ended", "call_connected"):
            del self._entries[call]
        elif line.kind == "move_started":
            entry.moving = True
        elif line.kind == "move_ended":
            entry.moving, entry.idle_since_s = False, line.at_s
            entry.failed[line.text("target")] = line.at_s

    def _begin(self, call: Call, line: Line) -> None:
        since_s = float(line.fields.get("since_s", line.at_s))
        self._entries[call] = _Entry(
            call,
            line.text("interaction"),
            line.text("service"),
            line.text("trunk_group"),
            line.number("priority"),
            since_s,
            line.at_s,
        )

    def _given(self, line: Line) -> None:
        """Something is held for a caller of the queue: who stands before them?"""
        call = self._seen.moved.get(line.text("token"))
        winner = self._entries.get(call) if call else None
        if winner is None or not line.text("agent"):
            return
        place = (line.site, line.text("queue"))
        for entry in self._entries.values():
            if entry is not winner and self._passed_over(entry, winner, place, line.at_s):
                first_s = entry.passed.setdefault(place, line.at_s)
                if line.at_s - first_s > OFFER_S:
                    self._wrong(entry, winner, line)

    def _passed_over(self, entry: _Entry, winner: _Entry, place: Place, at_s: float) -> bool:
        alike = (entry.call[0], entry.trunk_group) == (winner.call[0], winner.trunk_group)
        margin_s = ALIKE_S if alike else APART_S
        before = entry.priority >= winner.priority and entry.since_s < winner.since_s - margin_s
        idle = not entry.moving and entry.idle_since_s <= at_s - SETTLED_S
        if entry.service != winner.service or not before or not idle or entry.call[0] == place[0]:
            return False
        if at_s - entry.failed.get(place[0], -FAILED_S) < FAILED_S:
            return False
        had_it = any(when > at_s and where == place for when, where in self._seen.given[entry.call])
        return had_it and self._reachable(entry.call[0], at_s)

    def _reachable(self, site: str, at_s: float) -> bool:
        """Did the site hear of its leader right before and after, and was the leader no new one?"""
        contacts, leaders = self._seen.contacts[site], self._seen.leaders
        k = bisect_left(contacts, at_s)
        before = k > 0 and contacts[k - 1] >= at_s - CONTACT_S
        after = k < len(contacts) and contacts[k] <= at_s + CONTACT_S
        n = bisect_left(leaders, at_s - NEW_LEADER_S)
        return before and after and (n == len(leaders) or leaders[n] > at_s)

    def _wrong(self, entry: _Entry, winner: _Entry, line: Line) -> None:
        text = (
            f"{entry.interaction} of {entry.call[0]}, waiting since {entry.since_s:.1f}, was passed"
            f" over again for {winner.interaction} of {winner.call[0]}, waiting since"
            f" {winner.since_s:.1f}"
        )
        self.found.append(Violation(invariant=NAME, at_s=line.at_s, site=line.site, text=text))
