"""Two sites that send calls to one another on arrival: the exact Markov chain.

Rule of this file: a call is placed once, when it comes, and stays where it was placed; Poisson
arrivals, exponential handle times and patience, moves take no time. The state is the number of
calls at each site.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.theory.erlang_a import Impatient, impatient
from simulator.theory.markov_chains import Rates, stationary

Flags = NDArray[np.bool_]
Counts = NDArray[Any]
Rule = Callable[[Counts, int, Counts, int], Flags]
"(calls at home, agents at home, calls at the other, agents there) -> the call is moved."


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoSites:
    """What is at two sites; times in seconds. Callers wait `patience_s` on average."""

    agents: tuple[int, int]
    rates_per_s: tuple[float, float]
    aht_s: float
    patience_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SitesInLongRun:
    """Shares and means of the two sites together, and moves."""

    abandonment: float
    asa_s: float
    "Mean wait of all calls."
    waiting_share: float
    "Share of calls that find no free agent where they are placed."
    moved_share: float
    mean_queue: tuple[float, float]
    occupancy: tuple[float, float]


def stay(home: Counts, home_agents: int, other: Counts, other_agents: int) -> Flags:
    """Never moved."""
    return np.zeros(np.shape(home), dtype=bool)


def idle_elsewhere(home: Counts, home_agents: int, other: Counts, other_agents: int) -> Flags:
    """Moved where no agent is free at home and one is at the other site."""
    return (home >= home_agents) & (other < other_agents)


def shortest_delay(home: Counts, home_agents: int, other: Counts, other_agents: int) -> Flags:
    """Moved where the expected delay is smaller: 0 with a free agent, else (calls waiting + 1) /
    agents times the handle time; equal delays stay."""
    idle = idle_elsewhere(home, home_agents, other, other_agents)
    both = (home >= home_agents) & (other >= other_agents)
    return idle | (both & _shorter(home, home_agents, other, other_agents))


def naive_delay(home: Counts, home_agents: int, other: Counts, other_agents: int) -> Flags:
    """The same, with (calls waiting + 1) / agents counted also where an agent is free; a free
    agent at home still takes the call. Calls then queue at a large site while a small one idles."""
    return (home >= home_agents) & _shorter(home, home_agents, other, other_agents)


def _shorter(home: Counts, home_agents: int, other: Counts, other_agents: int) -> Flags:
    waits_here = (np.maximum(home - home_agents, 0) + 1) * other_agents
    waits_there = (np.maximum(other - other_agents, 0) + 1) * home_agents
    shorter: Flags = waits_there < waits_here
    return shorter


def long_run(sites: TwoSites, rule: Rule) -> SitesInLongRun:
    """The chain of a rule, cut where a site holds a call with chance far under 1e-12."""
    sizes = tuple(_cut(sites, site) for site in (0, 1))
    rates = Rates((sizes[0] + 1, sizes[1] + 1))
    states = rates.states
    steps = ((1, 0), (0, 1))
    moved = []
    for here, there in ((0, 1), (1, 0)):
        rate = sites.rates_per_s[here]
        away = rule(states[here], sites.agents[here], states[there], sites.agents[there])
        moved.append(away)
        rates.add(rate * (~away & (states[here] < sizes[here])), steps[here])
        rates.add(rate * (away & (states[there] < sizes[there])), steps[there])
        waiting = np.maximum(states[here] - sites.agents[here], 0)
        busy = np.minimum(states[here], sites.agents[here])
        back = tuple(-s for s in steps[here])
        rates.add(busy / sites.aht_s + waiting / sites.patience_s, back)
    return _measured(sites, states, moved, stationary(rates))


def pooled(sites: TwoSites) -> Impatient:
    """All agents in one group: what no rule can better."""
    load = sum(sites.rates_per_s) * sites.aht_s
    return impatient(sum(sites.agents), load, sites.aht_s, sites.patience_s)


def _measured(
    sites: TwoSites, states: Counts, moved: list[Flags], chance: NDArray[np.float64]
) -> SitesInLongRun:
    total = sum(sites.rates_per_s)
    queues, occupancies, waits, moves = [], [], 0.0, 0.0
    for here, there in ((0, 1), (1, 0)):
        agents = sites.agents[here]
        share = sites.rates_per_s[here] / total
        queues.append(float((chance * np.maximum(states[here] - agents, 0)).sum()))
        occupancies.append(float((chance * np.minimum(states[here], agents)).sum()) / agents)
        found = np.where(moved[here], states[there] >= sites.agents[there], states[here] >= agents)
        waits += share * float((chance * found).sum())
        moves += share * float((chance * moved[here]).sum())
    asa = sum(queues) / total
    return SitesInLongRun(
        abandonment=asa / sites.patience_s,
        asa_s=asa,
        waiting_share=waits,
        moved_share=moves,
        mean_queue=(queues[0], queues[1]),
        occupancy=(occupancies[0], occupancies[1]),
    )


def _cut(sites: TwoSites, site: int) -> int:
    """Calls at a site beyond which the chain is cut: as if all calls of both came to it."""
    load = sum(sites.rates_per_s) * sites.aht_s
    agents, step = sites.agents[site], sites.patience_s / sites.aht_s
    middle = max(0.0, (load - agents) * step)
    return agents + ceil(middle + 10.0 * sqrt(load * step + agents) + 20.0)
