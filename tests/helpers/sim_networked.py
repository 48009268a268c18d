"""A run of the loop for networks that are not ideal, as it is, with its arrays at hand."""

from __future__ import annotations

from typing import Any

from sim_models import network

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_functions import Loop
from simulator.compiled.networked_run import NetworkedRun
from simulator.compiled.policies import policies_of
from simulator.model.calls import calls_table
from simulator.model.instants import US
from simulator.model.network import NetworkModel


class Bench:
    """A run that is fed by hand."""

    def __init__(self, agents: tuple[int, ...] = (1, 1), **changes: Any) -> None:
        self.model: NetworkModel = network(agents, **changes)
        policies = policies_of(self.model)
        self.run = NetworkedRun(self.model, policies, Loop(self.model, policies, interpreted=True))

    @property
    def world(self) -> n.World:
        """The arrays as they are now."""
        world: n.World = self.run._world
        return world

    def calls(self, *lines: tuple[float, int, float], until_s: float, **columns: Any) -> Any:
        """Feed calls of (arrival in s, ingress, talk in s); outcomes ended before `until_s`."""
        table = calls_table(
            arrival_us=[int(at * US) for at, _, _ in lines],
            ingress=[ingress for _, ingress, _ in lines],
            talk_us=[int(talk * US) for _, _, talk in lines],
            **columns,
        )
        return self.run.feed(table, int(until_s * US))


def begun(agents: tuple[int, ...] = (1, 1), **changes: Any) -> Bench:
    """A run at instant 0, nothing has happened."""
    bench = Bench(agents, **changes)
    bench.run.feed(calls_table(arrival_us=[]), 0)
    return bench
