"""L1: a new leader decides within N.

Rule of this file: it is judged where nodes are dead, stopped or cut off and most are whole: then
some site has a leader among the others, by its own word.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.checkers.bounds import SIMULATED, Bounds, Clocked
from simulator.checkers.calm import Calm, calms
from simulator.checkers.faults_told import GONE, SITE_LOST, SITE_STOPPED
from simulator.checkers.leaders_told import Beliefs, Holds
from simulator.history import Line, Violation

NAME = "L1"
LOOKS_AT = ("fault_begun", "fault_ended")


def check(
    lines: Iterable[Line], bounds: Bounds = SIMULATED, clocked: Clocked | None = None
) -> list[Violation]:
    """Violations of L1, in order."""
    lines, clocked = list(lines), clocked or Clocked(bounds)
    beliefs, found = Beliefs(lines), []
    for calm in calms(lines):
        if calm.only(GONE, SITE_STOPPED, SITE_LOST) and calm.has_quorum:
            took_s = beliefs.settled_after_s(calm.from_s, calm.until_s, _led(calm, beliefs))
            if clocked.fails(NAME, took_s, bounds.leader_s):
                text = f"no site had a leader for {took_s:.1f} s"
                found.append(Violation(invariant=NAME, at_s=calm.from_s, site="", text=text))
    return found


def _led(calm: Calm, beliefs: Beliefs) -> Holds:
    """Does some site that nothing concerns have a leader that is there?"""
    sites = [site for site in beliefs.sites if calm.spares(site)]

    def holds(at_s: float) -> bool:
        leaders = [beliefs.leader(site, at_s) for site in sites]
        return not sites or any(leader and not calm.gone(leader) for leader in leaders)

    return holds
