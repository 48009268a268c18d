"""Runs of the world engine for tests, and small floors of a simulated ACD."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from sim_models import network

from simulator.model.calls import CallsTable, calls_table
from simulator.model.instants import US
from simulator.model.network import AgentModel, NetworkModel, SiteModel
from simulator.model.outcomes import MOVE_TYPE, OUTCOME_TYPE
from simulator.world.engine import WorldEngine, WorldRun
from simulator.world.floor import Floor
from simulator.world.tally import Tally
from simulator.world.timeline import Timeline
from simulator.world.tries import Try


class Ears:
    """Hears what an ACD says to callers and carriers."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []

    @property
    def requests(self) -> Ears:
        """Counts holds, likewise."""
        return self

    def __getattr__(self, name: str) -> Any:
        return lambda *what: self.heard.append((name, what[0]))


def floor_of(model: NetworkModel, site: int = 0) -> tuple[Floor, Timeline, Ears]:
    """A floor by itself, its agents signed in; the daemon's events go nowhere."""
    timeline, ears = Timeline(), Ears()
    floor = Floor(model, site, timeline, tally=Tally(model), callers=ears, carriers=ears)
    for agent in floor.agents:
        agent.signed_in = True
        floor.free(agent)
    floor.told.take()
    return floor, timeline, ears


def try_of(number: int, arrival_us: int = 0, *, talk_us: int = 10 * US, **changes: Any) -> Try:
    """A try that waits for ever."""
    made = Try(number, 0, 0, arrival_us)
    made.talk_us = talk_us
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def changed(site: SiteModel, **changes: Any) -> SiteModel:
    """A site whose agents, all alike, or queue are changed: `agent_...`, `queue_...`, others."""
    agents = {k.removeprefix("agent_"): v for k, v in changes.items() if k.startswith("agent_")}
    queue = {k.removeprefix("queue_"): v for k, v in changes.items() if k.startswith("queue_")}
    rest = {k: v for k, v in changes.items() if not k.startswith(("agent_", "queue_"))}
    return replace(
        site,
        agents=tuple(replace(one, **agents) for one in site.agents),
        queues=tuple(replace(one, **queue) for one in site.queues),
        **rest,
    )


def one_site(agents: int = 1, **changes: Any) -> NetworkModel:
    """One site whose callers stay; changes as `changed` takes them."""
    model = network((agents,), duration_s=600.0)
    return replace(model, sites=(changed(model.sites[0], **changes),))


def at(seconds: list[float], **columns: Any) -> CallsTable:
    """Calls at these instants, who talk for a minute and never give up."""
    defaults: dict[str, Any] = {"talk_us": [60 * US] * len(seconds)}
    return calls_table(arrival_us=[int(s * US) for s in seconds], **(defaults | columns))


def run(
    model: NetworkModel, calls: CallsTable, *, watch: bool = True, seed: int = 1
) -> tuple[WorldRun, Any, Any]:
    """A finished run, its outcomes and its moves."""
    made = WorldEngine(seed=seed).start(model, watch=watch)
    parts = [made.feed(calls, model.duration_us), made.finish()]
    outcomes = np.concatenate([part.outcomes for part in parts])
    moves = np.concatenate([part.moves for part in parts])
    assert outcomes.dtype == OUTCOME_TYPE
    assert moves.dtype == MOVE_TYPE
    return made, outcomes, moves


def agents_of(model: NetworkModel, *agents: AgentModel) -> NetworkModel:
    """The first site with these agents."""
    return replace(model, sites=(replace(model.sites[0], agents=agents), *model.sites[1:]))
