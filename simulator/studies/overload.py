"""Says of a run that it must grow without end, before it is run: what comes, against who is there.

Rule of this file: it tells what is sure, whatever the policy and the engine. Only callers who never
give up are counted, against all agents of the network working for them without a pause; a queue or
a trunk group that is full turns callers away, hence no more than places and channels hold can wait.
Source: the fluid bound; the work in a system of several servers is at least that of one server as
fast as all of them (Lindley's recursion for its work).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.model.calls import CallsTable
from simulator.model.instants import NEVER_US, US
from simulator.model.network import NetworkModel

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Work that comes to a place, and who is there for it, over the whole run."""

    place: str
    offered: float
    "Erlangs, at the place where the calls enter."
    agents: float
    "Signed in on average."

    def told(self) -> str:
        """`lisbon/sales is offered 46.8 erlangs and has 22.0 agents`."""
        return (
            f"{self.place} is offered {self.offered:.1f} erlangs and has {self.agents:.1f} agents"
        )


class Work:
    """Adds up the work of a run's calls by the row where they enter."""

    def __init__(self, model: NetworkModel) -> None:
        self._model = model
        self._rows = np.zeros(len(model.rows))
        self._entry = np.array(
            [model.home_row(i, one.entries[0][0]) for i, one in enumerate(model.ingresses)]
        )

    def add(self, calls: CallsTable) -> None:
        """Take a part of the calls."""
        rows = self._entry[calls.ingress]
        known = rows >= 0
        np.add.at(self._rows, rows[known], (calls.talk_us + calls.acw_us)[known].astype(float))

    def loads(self, until_us: int) -> list[Load]:
        """Of every row, from the calls that came until then."""
        model, until_us = self._model, max(until_us, 1)
        found = []
        for row, (s, q) in enumerate(model.rows):
            site = model.sites[s]
            skilled = [a for a in site.agents if any(queue == q for queue, _ in a.levels)]
            here_us = sum(
                _within_us(window, until_us) for agent in skilled for window in agent.shifts
            )
            place = f"{site.name}/{site.queues[q].name}"
            offered = float(self._rows[row]) / until_us
            found.append(Load(place=place, offered=offered, agents=here_us / until_us))
        return found

    def load_at(self, place: str, until_us: int) -> Load | None:
        """Of one row by its name."""
        return next((one for one in self.loads(until_us) if one.place == place), None)

    def worst(self, until_us: int) -> Load:
        """Of the row that lacks most agents."""
        return max(self.loads(until_us), key=lambda one: one.offered - one.agents)


def sure_overload(
    model: NetworkModel, parts: Iterable[tuple[CallsTable, int]], wait_s_max: float
) -> str:
    """Why a run cannot but end overloaded; empty if that is not sure. `wait_s_max`: so long may
    who never gives up have to wait even then."""
    agents = sum(_within_us(w, model.duration_us) for w in _shifts(model)) / model.duration_us
    if not agents:
        return ""  # nobody is there at all: told as a warning, and the calls end unfinished
    work, total_us, calls_count = Work(model), 0.0, 0
    behind = _Behind(model)
    late_us: int | None = None
    for calls, _ in parts:
        work.add(calls)
        held = (calls.patience_us >= NEVER_US) & (calls.balks == 0)
        work_us = ((calls.talk_us + calls.acw_us) * held).astype(np.float64)
        total_us += float(work_us.sum())
        calls_count += int(held.sum())
        left_us = behind.after(calls.arrival_us, work_us)
        over = np.flatnonzero(left_us / agents > wait_s_max * US)
        if late_us is None and len(over):
            late_us = int(calls.arrival_us[over[0]])
    if late_us is None or not calls_count:
        return ""
    most_us = _held_most(model) * total_us / calls_count
    if most_us / agents <= wait_s_max * US:
        return ""
    worst = work.worst(model.duration_us)
    offered = sum(one.offered for one in work.loads(model.duration_us))
    return (
        f"overloaded: {worst.told()} (the network {offered:.1f} and {agents:.1f}), and callers"
        f" never give up: from {late_us / US:.0f} s on they would wait longer than {wait_s_max:g} s"
        " whatever the policy; add agents, lower the arrivals, give callers patience, or raise"
        " spec.limits.wait_s_max"
    )


class _Behind:
    """The least work that can be left when all agents work on it together."""

    def __init__(self, model: NetworkModel) -> None:
        edges: dict[int, int] = {}
        for from_us, until_us in _shifts(model):
            edges[from_us] = edges.get(from_us, 0) + 1
            edges[until_us] = edges.get(until_us, 0) - 1
        at_us = sorted({0, *edges})
        counts = np.cumsum([edges.get(at, 0) for at in at_us]).astype(np.float64)
        fastest = min([1.0, *(site.foreign_aht_factor for site in model.sites)])
        self._at_us = np.array(at_us, dtype=np.float64)
        self._counts = counts / max(fastest, 1e-9)
        done = np.diff(self._at_us) * self._counts[:-1]
        self._done = np.concatenate([[0.0], np.cumsum(done)])
        self._came = self._least = 0.0

    def after(self, arrival_us: NDArray[np.int64], work_us: Floats) -> Floats:
        """Work left just after each arrival; arrivals of all parts in order."""
        if not len(arrival_us):
            return np.zeros(0)
        could = self._could(arrival_us.astype(np.float64))
        before = self._came + np.cumsum(work_us) - work_us - could
        least = np.minimum(np.minimum.accumulate(before), self._least)
        self._came += float(work_us.sum())
        self._least = float(least[-1])
        return np.asarray(before + work_us - least)

    def _could(self, at_us: Floats) -> Floats:
        """Work that all agents could have done until these instants."""
        piece = np.clip(np.searchsorted(self._at_us, at_us, side="right") - 1, 0, None)
        return np.asarray(self._done[piece] + (at_us - self._at_us[piece]) * self._counts[piece])


def _held_most(model: NetworkModel) -> int:
    """Calls that places and channels hold at most, waiting or served."""
    found = 0
    for site in model.sites:
        places = sum(min(q.places_max, model.waiting_max) for q in site.queues) + len(site.agents)
        found += min(places, sum(trunk.channels_max for trunk in site.trunks))
    return found


def _shifts(model: NetworkModel) -> Iterable[tuple[int, int]]:
    return (window for site in model.sites for agent in site.agents for window in agent.shifts)


def _within_us(window: tuple[int, int], until_us: int) -> int:
    return max(0, min(window[1], until_us) - min(window[0], until_us))
