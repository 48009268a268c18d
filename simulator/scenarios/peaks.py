"""Intervals in which more comes than can be served, though over the run as a whole it can.

Rule of this file: expectation only, by the intervals of the measures; nothing is drawn. A queue, or
the network, is told of once, by the interval that lacks most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from simulator.model.instants import US
from simulator.scenarios.kind import ScenarioSpec
from simulator.scenarios.loading import Scenario
from simulator.scenarios.local_time import start_unix_s
from simulator.scenarios.means import work_s_of
from simulator.scenarios.rates import pieces_of
from simulator.scenarios.shifts import calendar_of, spans_of

Numbers = NDArray[np.float64]
INTERVALS_MAX = 100_000
"A run with more intervals is not looked at."


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """The interval in which a queue, or the network, lacks most."""

    place: str
    "`lisbon sales`, or `the network as a whole`."
    from_s: float
    "Seconds of the run; as is `until_s`."
    until_s: float
    offered: float
    "Agents that would be busy if nobody gave up."
    agents: float
    "Signed in and skilled, on average; who serves several queues counts in each."
    over_count: int
    "Intervals that are offered more than their agents can do."
    intervals_count: int

    @property
    def lack(self) -> float:
        """Agents missing."""
        return self.offered - self.agents


def peaks_of(scenario: Scenario) -> list[Peak]:
    """The network's peak, then those of queues, the largest lack first; none where every interval
    has staff enough. Raises DocumentError if a file of the scenario is wrong."""
    spec = scenario.doc.spec
    edges = _edges(spec)
    if len(edges) > INTERVALS_MAX:
        return []
    offered = _offered(scenario, edges)
    agents, everybody = _agents(spec, edges)
    none = np.zeros(len(edges) - 1)
    queues = [
        _peak(f"{site} {queue}", edges, work, agents.get((site, queue), none))
        for (site, queue), work in offered.items()
    ]
    whole = _peak("the network as a whole", edges, sum(offered.values(), none), everybody)
    found = sorted((one for one in queues if one is not None), key=lambda one: -one.lack)
    return [one for one in (whole, *found) if one is not None]


def peak_told(spec: ScenarioSpec, peak: Peak) -> str:
    """A peak in words, by the clocks of the scenario."""
    start_s, zone = start_unix_s(spec.start, spec.time_zone), ZoneInfo(spec.time_zone)
    begins, ends = (
        datetime.fromtimestamp(start_s + at_s, zone) for at_s in (peak.from_s, peak.until_s)
    )
    staffed = f"{peak.agents:.1f} agents signed in" if peak.agents else "nobody signed in"
    return (
        f"overloaded at its peak: {peak.place} is offered {peak.offered:.1f} agents' work with "
        f"{staffed} from {begins:%Y-%m-%d %H:%M} to {ends:%H:%M}; so are {peak.over_count} of "
        f"{peak.intervals_count} intervals, though not the run as a whole"
    )


def _edges(spec: ScenarioSpec) -> Numbers:
    count = ceil(spec.duration_s / spec.interval_s)
    edges: Numbers = np.minimum(np.arange(count + 1) * spec.interval_s, spec.duration_s) * US
    return edges


def _peak(place: str, edges: Numbers, offered: Numbers, agents: Numbers) -> Peak | None:
    lack = offered - agents
    # A lack of less than a thousandth of an agent is the rounding of instants.
    over = lack > 0.001
    if not over.any():
        return None
    at = int(np.argmax(lack))
    return Peak(
        place=place,
        from_s=float(edges[at] / US),
        until_s=float(edges[at + 1] / US),
        offered=float(offered[at]),
        agents=float(agents[at]),
        over_count=int(over.sum()),
        intervals_count=len(over),
    )


def _offered(scenario: Scenario, edges: Numbers) -> dict[tuple[str, str], Numbers]:
    """Agents' work in each interval by queue of a site, where calls enter."""
    spec = scenario.doc.spec
    services = {one.name: one for one in spec.services}
    ingresses = {one.name: one for one in spec.ingresses}
    work_s = {name: work_s_of(spec, name, scenario.folder) for name in services}
    found: dict[tuple[str, str], Numbers] = {}
    for arrival in spec.arrivals:
        ingress = ingresses[arrival.ingress]
        service = services[ingress.service]
        pieces = list(pieces_of(spec, arrival, scenario.folder))
        spans = [(piece.from_us, piece.to_us) for piece in pieces]
        per_us = [piece.calls / (piece.to_us - piece.from_us) for piece in pieces]
        calls = _mean_of(spans, edges, per_us) * US
        key = (ingress.entry_sites[0].site, service.queue or service.name)
        found[key] = found.get(key, 0.0) + calls * work_s[service.name]
    return found


def _agents(spec: ScenarioSpec, edges: Numbers) -> tuple[dict[tuple[str, str], Numbers], Numbers]:
    """Mean agents signed in, of one replication: by queue of a site, and of the network."""
    found: dict[tuple[str, str], Numbers] = {}
    everybody = np.zeros(len(edges) - 1)
    for site in spec.sites:
        calendar = calendar_of(spec, site)
        for group in site.agents:
            spans = [s for own in spans_of(spec, site, group, calendar, 0) for s in own]
            there = _mean_of(spans, edges)
            everybody += there
            for queue in group.skills:
                key = (site.name, queue)
                found[key] = found.get(key, 0.0) + there
    return found, everybody


def _mean_of(
    spans: Sequence[tuple[int, int]], edges: Numbers, weights: Sequence[float] | None = None
) -> Numbers:
    """By interval, how many of the spans (each so much) stand at a time, on average."""
    if not spans:
        return np.zeros(len(edges) - 1)
    given = np.ones(len(spans)) if weights is None else np.asarray(weights)
    begins, ends = np.asarray(spans, dtype=np.float64).T
    until = _passed(begins, given, edges) - _passed(ends, given, edges)
    mean: Numbers = np.diff(until) / np.diff(edges)
    return mean


def _passed(instants: Numbers, weights: Numbers, edges: Numbers) -> Numbers:
    """Time that has passed at each edge since each instant before it, weighted and added up."""
    order = np.argsort(instants)
    at, weight = instants[order], weights[order]
    before = np.searchsorted(at, edges)
    counts = np.append(0.0, np.cumsum(weight))[before]
    sums = np.append(0.0, np.cumsum(weight * at))[before]
    passed: Numbers = counts * edges - sums
    return passed
