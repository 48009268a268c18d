"""Which node each site believed to lead, at any instant, by its own lines.

Rule of this file: tier 0 says that somebody leads, the site's last epoch says who. A process that
was started anew believes in nobody at first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from simulator.checkers.restarts import STARTED
from simulator.history import Line

FULL = 0
SETTLED_S = 1.0
"A state that lasts for less has not settled."
Holds = Callable[[float], bool]


class Beliefs:
    """Tier and leading node by site and time."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._at_s: defaultdict[str, list[float]] = defaultdict(list)
        self._leader: defaultdict[str, list[str]] = defaultdict(list)
        tiers: dict[str, int] = {}
        nodes: dict[str, str] = {}
        for line in lines:
            site = line.site
            if line.kind == "tier":
                tiers[site] = line.number("tier")
            elif line.kind == "epoch":
                nodes[site] = line.text("node")
            elif line.kind == STARTED:
                tiers.pop(site, None)
            else:
                continue
            leads = nodes.get(site, "") if tiers.get(site) == FULL else ""
            self._at_s[site].append(line.at_s)
            self._leader[site].append(leads)

    @property
    def sites(self) -> list[str]:
        """Sites that ever told a tier or an epoch."""
        return sorted(self._at_s)

    def leader(self, site: str, at_s: float) -> str:
        """The node that leads for a site; empty: nobody."""
        place = bisect_right(self._at_s[site], at_s) - 1
        return self._leader[site][place] if place >= 0 else ""

    def settled_after_s(self, from_s: float, until_s: float, holds: Holds) -> float:
        """Seconds until something held, and went on for a moment; all of the time if it never did.

        `holds` is asked with an instant; it may change only where a site's belief does.
        """
        edges = self._edges(from_s, until_s)
        for begin_s, end_s in self._true_times(edges, holds):
            if end_s - begin_s >= SETTLED_S or end_s == until_s:
                return begin_s - from_s
        return until_s - from_s

    def _true_times(self, edges: list[float], holds: Holds) -> Iterator[tuple[float, float]]:
        since_s: float | None = None
        for begin_s, end_s in pairwise(edges):
            if not holds(begin_s):
                if since_s is not None:
                    yield since_s, begin_s
                since_s = None
            elif since_s is None:
                since_s = begin_s
            if since_s is not None and end_s == edges[-1]:
                yield since_s, end_s

    def _edges(self, from_s: float, until_s: float) -> list[float]:
        edges = {from_s, until_s}
        for times in self._at_s.values():
            edges |= {at_s for at_s in times if from_s < at_s < until_s}
        return sorted(edges)

    def led_share(self, sites: Sequence[str], from_s: float, until_s: float) -> float:
        """Share of a time in which at least one of these sites had a leader."""
        ordered, led_s = self._edges(from_s, until_s), 0.0
        for begin_s, end_s in pairwise(ordered):
            if any(self.leader(site, begin_s) for site in sites):
                led_s += end_s - begin_s
        return led_s / (until_s - from_s) if until_s > from_s else 1.0
