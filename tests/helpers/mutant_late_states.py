"""A site agent that was killed, whose last reports reach nodes after its successor's first.

What the old process had sent, or a copy of it that somebody kept, is read by a node when the new
process's stream stands already. Once all is quiet, what a node believes of a site is what the site
says (S8).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from nirc.core.events import SiteSaid
from nrcli.wire.messages import StateSnapshot
from simulator.world.engine import WorldEngine
from simulator.world.fault_case import FaultCase
from simulator.world.faulty_links import FaultyLinks
from simulator.world.site import WorldSite
from simulator.world.timeline import REPLY
from simulator.world.world import World

LATE_S = (0.5, 4.0)
"After the restart."


def run(case: FaultCase) -> tuple[str, ...]:
    """Problems of a run."""
    with _reports_kept():
        model = case.model()
        run = WorldEngine(seed=case.seed).start(model)
        run.feed(case.table(), model.duration_us)
        run.finish()
        return (*run.problems, *believed_wrongly(run.world))


def believed_wrongly(world: World) -> Iterator[str]:
    """What a node believes of a site that stands, and the site does not say."""
    at_s = world.timeline.now_us / 1e6
    for node in world.nodes.values():
        for site in world.sites if node.alive else ():
            state = node.router._parts.network.state_of(site.name)
            reports = site.daemon._parts.reports
            if state is None or not state.synced:
                continue
            believed = (state.incarnation, state.version, state._sum)
            said = (site.life, reports.version, reports._checksum)
            if believed != said:
                text = f"believes version {believed[1]} of start {believed[0]}, not {said[1]}"
                yield f"{at_s:.6f} s: S8 at {site.name}: {node.name} {text} of {said[0]}"


@contextmanager
def _reports_kept() -> Iterator[None]:
    kept: dict[tuple[str, str], StateSnapshot] = {}
    to_node, restart = FaultyLinks.to_node, WorldSite.restart

    def sent(self: FaultyLinks, site: int, node: str, message: Any) -> None:
        if type(message) is StateSnapshot:
            kept[self._world.sites[site].name, node] = message
        to_node(self, site, node, message)

    def restarted(self: WorldSite, resumed: Any) -> None:
        world = self._world
        for (site, node), message in list(kept.items()):
            if site == self.name:
                late_s = world.dice.between(*LATE_S, "old report")
                at_us = world.timeline.now_us + int(late_s * 1e6)
                event = SiteSaid(site=site, message=message)
                world.timeline.at(at_us, REPLY, world.nodes[node].handle, event)
        restart(self, resumed)

    with (
        mock.patch.object(FaultyLinks, "to_node", sent),
        mock.patch.object(WorldSite, "restart", restarted),
    ):
        yield
