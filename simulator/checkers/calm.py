"""When the same things were broken for a while, and which nodes were whole meanwhile.

Rule of this file: a time in which anything is slow or lossy is no calm; a node that any fault
concerns is not whole, unless only some sites are cut from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.checkers.faults_told import (
    GONE,
    HARMLESS,
    LINKS,
    PEERS,
    SITE_LOST,
    SITE_STOPPED,
    SLOW,
    STORE,
    Fault,
    faults_of,
)
from simulator.history import Line

OF_NODES = (GONE, STORE, PEERS, LINKS)
OF_SITES = (SITE_STOPPED, SITE_LOST, LINKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calm:
    """A time in which nothing broke and nothing was mended."""

    from_s: float
    until_s: float
    faults: tuple[Fault, ...]

    @property
    def whole_count(self) -> int:
        """Nodes that no fault concerns."""
        count = max(fault.nodes_count for fault in self.faults) if self.faults else 1
        hit: set[str] = set()
        for fault in self.faults:
            cut_from_some = fault.effect == LINKS and fault.sites
            if fault.effect not in OF_NODES or cut_from_some:
                continue
            if not fault.nodes:
                return 0
            hit |= fault.nodes
        return count - len(hit)

    @property
    def has_quorum(self) -> bool:
        """Are most nodes whole?"""
        return 2 * self.whole_count > max((fault.nodes_count for fault in self.faults), default=1)

    def only(self, *effects: str) -> bool:
        """Is nothing else broken than what has one of these effects?"""
        return all(fault.effect in (*effects, HARMLESS) for fault in self.faults)

    def gone(self, node: str) -> bool:
        """Is a node dead, stopped, or cut off?"""
        return any(
            fault.effect == GONE and (node in fault.nodes or not fault.nodes)
            for fault in self.faults
        )

    def spares(self, site: str) -> bool:
        """Does nothing concern this site?"""
        return not any(
            fault.effect in OF_SITES and (site in fault.sites or not fault.sites)
            for fault in self.faults
        )


def calms(lines: Sequence[Line]) -> list[Calm]:
    """Calm times from the first fault on, in order; without faults there are none."""
    faults = faults_of(lines)
    last_s = lines[-1].at_s if lines else 0.0
    if not faults:
        return []
    edges = sorted({edge for one in faults for edge in (one.from_s, one.until_s) if edge < last_s})
    found = []
    for begin_s, end_s in zip(edges, [*edges[1:], last_s], strict=True):
        active = tuple(one for one in faults if one.from_s <= begin_s < one.until_s)
        if not any(one.effect == SLOW for one in active):
            found.append(Calm(from_s=begin_s, until_s=end_s, faults=active))
    return found
