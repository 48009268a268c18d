"""L2: all sites are back within M after everything is mended.

Rule of this file: it is judged where nothing is broken any more: then every site has a leader, by
its own word.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.checkers.bounds import SIMULATED, Bounds, Clocked
from simulator.checkers.calm import calms
from simulator.checkers.leaders_told import Beliefs, Holds
from simulator.history import Line, Violation

NAME = "L2"
LOOKS_AT = ("fault_ended",)


def check(
    lines: Iterable[Line], bounds: Bounds = SIMULATED, clocked: Clocked | None = None
) -> list[Violation]:
    """Violations of L2, in order."""
    lines, clocked = list(lines), clocked or Clocked(bounds)
    beliefs, found = Beliefs(lines), []
    for calm in calms(lines):
        for site in beliefs.sites if calm.only() else ():
            took_s = beliefs.settled_after_s(calm.from_s, calm.until_s, _led(site, beliefs))
            if clocked.fails(NAME, took_s, bounds.back_s):
                text = f"had no leader for {took_s:.1f} s after everything was mended"
                found.append(Violation(invariant=NAME, at_s=calm.from_s, site=site, text=text))
    return found


def _led(site: str, beliefs: Beliefs) -> Holds:
    return lambda at_s: bool(beliefs.leader(site, at_s))
