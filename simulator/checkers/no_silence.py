"""S13: no answered caller hears more than 2 s of silence.

Rule of this file: who was answered hears something (an answer is always with media or an agent)
until their last leg is over; a leg is silent while its ACD says so, and from the instant at which
the origin lets go of a caller whom the target has not answered. What a killed process could not
play does not count: that silence begins with its next start; nor does that of a lost site.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from simulator.checkers.bounds import SIMULATED, Bounds, Clocked
from simulator.checkers.faults_told import Stops
from simulator.checkers.restarts import STARTED
from simulator.history import Line, Violation

NAME = "S13"
LOOKS_AT = ("call_answered",)
BEGINS = ("call_offered", "call_arriving", "call_resumed")
RINGS = "call_offered"
"Who is not answered there hears that it rings, also where another site had answered its bridge."
HEARD = ("call_answered", "call_arrived", "call_connected", "call_resumed", "silence_ended")
PASSED_ON = ("moved", "redirected")
Leg = tuple[str, str]


@dataclass(slots=True)
class _Caller:
    """One interaction over all sites."""

    legs: dict[Leg, bool] = field(default_factory=dict)
    "Live ones, and whether the caller hears something there."
    rings: set[Leg] = field(default_factory=set)
    "Live ones on which they called, and were not answered."
    answered: bool = False
    cut: bool = False
    "All that is left of them is at killed processes: nobody plays them anything."
    silent_since: Line | None = None


def check(
    lines: Iterable[Line], bounds: Bounds = SIMULATED, clocked: Clocked | None = None
) -> list[Violation]:
    """Violations of S13, in order."""
    lines = list(lines)
    checker = _Checker(Stops(lines), bounds, clocked or Clocked(bounds))
    for line in lines:
        checker.take(line)
    if lines:
        checker.end(lines[-1].at_s)
    return sorted(checker.found, key=lambda wrong: wrong.at_s)


class _Checker:
    """What each caller hears."""

    def __init__(self, stops: Stops, bounds: Bounds, clocked: Clocked) -> None:
        self.found: list[Violation] = []
        self._stops = stops
        self._bounds = bounds
        self._clocked = clocked
        self._callers: dict[str, _Caller] = {}

    def take(self, line: Line) -> None:
        """One line."""
        name = line.text("interaction")
        if line.kind == STARTED:
            self._started(line)
            return
        if not name or line.text("verdict") == "refused":
            return
        caller, leg = self._callers.setdefault(name, _Caller()), (line.site, line.text("call"))
        if line.kind in BEGINS:
            caller.legs.setdefault(leg, line.kind == RINGS)
            caller.rings |= {leg} if line.kind == RINGS else set()
        if line.kind in HEARD:
            caller.answered = True
            caller.legs[leg] = True
            caller.rings.discard(leg)
        elif line.kind == "silence_begun":
            caller.legs[leg] = False
        elif line.kind == "call_ended":
            caller.legs.pop(leg, None)
            caller.rings.discard(leg)
            caller.answered = caller.answered and not caller.rings
            if not caller.legs and line.text("released_by") not in PASSED_ON:
                self._heard(name, caller, line.at_s)
                del self._callers[name]
                return
        self._look(name, caller, line)

    def end(self, last_s: float) -> None:
        """The history is over; callers who have no leg anywhere are judged elsewhere."""
        for name, caller in self._callers.items():
            since = caller.silent_since
            lost = since is not None and self._stops.lost(since.site, since.at_s)
            if since is not None and caller.legs and not lost:
                silent_s = last_s - since.at_s - self._stops.s(since.site, since.at_s, last_s)
                if silent_s > self._bounds.silence_s * self._bounds.scale:
                    self._wrong(name, since, silent_s)

    def _look(self, name: str, caller: _Caller, line: Line) -> None:
        cut = all(self._stops.stopped(site, line.at_s) for site, _ in caller.legs)
        if any(caller.legs.values()) or not caller.answered:
            self._heard(name, caller, line.at_s)
        elif caller.legs and cut:
            self._heard(name, caller, line.at_s)
            caller.cut = True
        elif caller.silent_since is None:
            caller.silent_since = line

    def _heard(self, name: str, caller: _Caller, at_s: float) -> None:
        """Whoever was silent hears something again, or is gone."""
        since, caller.silent_since, caller.cut = caller.silent_since, None, False
        if since is not None and not self._stops.lost(since.site, since.at_s):
            silent_s = at_s - since.at_s - self._stops.s(since.site, since.at_s, at_s)
            if self._clocked.fails(NAME, silent_s, self._bounds.silence_s):
                self._wrong(name, since, silent_s)

    def _started(self, line: Line) -> None:
        """Silence of callers of a site that begins anew counts from here."""
        for caller in self._callers.values():
            silent = caller.silent_since is not None or caller.cut
            if silent and any(leg[0] == line.site for leg in caller.legs):
                caller.silent_since, caller.cut = line, False

    def _wrong(self, name: str, since: Line, silent_s: float) -> None:
        text = f"{name} heard nothing for {silent_s:.3f} s"
        self.found.append(Violation(invariant=NAME, at_s=since.at_s, site=since.site, text=text))
