"""S9: no request outlives its deadline; a call with a ready agent at home is never asked about.

Rule of this file: nor is any call while the site knows that no NIRC node can be asked. The time in
which a site's process was stopped does not count.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.checkers.bounds import SIMULATED, Bounds, Clocked
from simulator.checkers.faults_told import Stops
from simulator.checkers.restarts import CUT
from simulator.history import Line, Violation

NAME = "S9"
LOOKS_AT = ("request_begun",)
NIRC_GONE = 2
"From this tier on there is no leader to ask: peer plan, local only."


def check(
    lines: Iterable[Line], bounds: Bounds = SIMULATED, clocked: Clocked | None = None
) -> list[Violation]:
    """Violations of S9, in order."""
    lines = list(lines)
    clocked = clocked or Clocked(bounds)
    stops = Stops(lines)
    found: list[Violation] = []
    begun: dict[tuple[str, str], Line] = {}
    tiers: dict[str, int] = {}
    for line in lines:
        place = (line.site, line.text("request"))
        if line.kind == "tier":
            tiers[line.site] = line.number("tier")
        elif line.kind == "request_begun":
            begun[place] = line
            if line.number("ready_count") > 0:
                text = f"call {line.text('call')} was asked about with a ready agent at home"
                found.append(_violation(line, text))
            if tiers.get(line.site, 0) >= NIRC_GONE:
                text = f"call {line.text('call')} was asked about though no NIRC node leads"
                found.append(_violation(line, text))
        elif line.kind == "request_ended" and place in begun:
            asked = begun.pop(place)
            late_s = _late_s(asked, line.at_s, stops)
            cut = line.text("how") == CUT
            if not cut and clocked.fails(NAME, late_s, bounds.answer_late_s):
                text = f"request {place[1]} ended {late_s:.3f} s after its deadline"
                found.append(_violation(line, text))
    last_s = lines[-1].at_s if lines else 0.0
    for (_, request), asked in begun.items():
        if _late_s(asked, last_s, stops) > bounds.answer_late_s * bounds.scale:
            found.append(_violation(asked, f"request {request} outlived its deadline"))
    return found


def _late_s(asked: Line, until_s: float, stops: Stops) -> float:
    took_s = until_s - asked.at_s - stops.s(asked.site, asked.at_s, until_s)
    return took_s - asked.decimal("deadline_s")


def _violation(line: Line, text: str) -> Violation:
    return Violation(invariant=NAME, at_s=line.at_s, site=line.site, text=text)
