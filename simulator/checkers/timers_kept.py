"""L4: reservations and transfers end within their path's timers.

Rule of this file: the limits are the site's own words (`expires_s` of a hold, `limit_s` of a rung);
a site that was killed has them again from its start on, and time in which its process was stopped
does not count. A move counted `unresolved` is the one exception.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.checkers.bounds import SIMULATED, Bounds, Clocked
from simulator.checkers.faults_told import Stops
from simulator.checkers.restarts import STARTED
from simulator.history import Line, Violation

NAME = "L4"
LOOKS_AT = ("hold", "move_started")
BEGINS = {"hold": "expires_s", "move_started": "limit_s"}
ENDS = {"hold_ended": "hold", "move_ended": "move_started"}
PROLONGS = "callback_dialed"
"The agent is held on while somebody's telephone rings."
UNRESOLVED = "unresolved"
Key = tuple[str, str, str]


@dataclass(slots=True)
class _Open:
    """A hold or a move under way."""

    line: Line
    since_s: float
    limit_s: float


def check(
    lines: Iterable[Line], bounds: Bounds = SIMULATED, clocked: Clocked | None = None
) -> list[Violation]:
    """Violations of L4: what ended late, then what is open beyond its time."""
    lines = list(lines)
    clocked = clocked or Clocked(bounds)
    stops = Stops(lines)
    found: list[Violation] = []
    opened: dict[Key, _Open] = {}

    def late(begun: _Open, until_s: float, *, over: bool) -> None:
        kind = begun.line.kind
        took_s = until_s - begun.since_s - stops.s(begun.line.site, begun.since_s, until_s)
        bound_s = bounds.hold_late_s if kind == "hold" else bounds.move_late_s
        late_s = took_s - begun.limit_s
        fails = clocked.fails(NAME, late_s, bound_s) if over else late_s > bound_s * bounds.scale
        if fails:
            what = "hold" if kind == "hold" else "move"
            text = f"{what} {begun.line.text('token')} is open beyond its {begun.limit_s:.1f} s"
            found.append(
                Violation(invariant=NAME, at_s=begun.line.at_s, site=begun.line.site, text=text)
            )

    for line in lines:
        token = line.text("token")
        if line.kind in BEGINS and BEGINS[line.kind] in line.fields:
            limit_s = line.decimal(BEGINS[line.kind])
            opened[line.site, line.kind, token] = _Open(line, line.at_s, limit_s)
        elif line.kind == PROLONGS and (site_hold := (line.site, "hold", token)) in opened:
            opened[site_hold].since_s = line.at_s
            opened[site_hold].limit_s = line.decimal("expires_s")
        elif line.kind in ENDS:
            begun = opened.pop((line.site, ENDS[line.kind], token), None)
            if begun is not None and line.text("outcome") != UNRESOLVED:
                late(begun, line.at_s, over=True)
        elif line.kind == STARTED:
            for (site, _, _), begun in opened.items():
                if site == line.site:
                    begun.since_s = line.at_s
    for begun in opened.values():
        late(begun, lines[-1].at_s, over=False)
    return found
