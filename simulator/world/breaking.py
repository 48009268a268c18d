"""What each kind of fault does to the world while it lasts.

Rule of this file: what is broken is mended when its fault ends, faults of one kind may overlap, and
each begins and ends with a line of history.
The kinds stand in docs/fault_search.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.model.network import FaultModel
from simulator.world import fault_words, killing
from simulator.world.faulty_links import FaultyLinks
from simulator.world.node import WorldNode
from simulator.world.site import WorldSite
from simulator.world.streams import Key

if TYPE_CHECKING:
    from simulator.world.world import World

Step = Callable[[FaultModel, int], None]
TIMERS_FIRST_SHARE = 0.3
"Of processes that go on look at their timers before they read what came."
HEARD_BY_NODE = {"": True, "in": True, "out": False}
HEARD_BY_OTHER = {"": True, "in": False, "out": True}


class Breaking:
    """Begins and ends faults."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._steps: dict[str, Step] = {
            "site": self._site,
            "link": self._cut,
            "peer_link": self._cut,
            "late": self._worse,
            "loss": self._worse,
            "twice": self._twice,
            "pause": self._pause,
            "node": self._node,
            "agent": self._agent,
            "clock": self._clock,
            "etcd": self._etcd,
            "store": self._store,
            "path": self._carriers,
            "black_hole": self._carriers,
        }

    def begin(self, fault: FaultModel) -> None:
        """It is broken from now on."""
        fault_words.write(self._world, fault, begins=True)
        self._step(fault, 1)

    def end(self, fault: FaultModel) -> None:
        """It is not broken any more."""
        self._step(fault, -1)
        fault_words.write(self._world, fault, begins=False)

    def _step(self, fault: FaultModel, step: int) -> None:
        self._steps[fault.kind](fault, step)

    # ---- whom it concerns ------------------------------------------------------------------

    def _nodes(self, fault: FaultModel) -> list[WorldNode]:
        nodes = list(self._world.nodes.values())
        return nodes if fault.node < 0 else [nodes[fault.node % len(nodes)]]

    def _processes(self, fault: FaultModel) -> list[WorldNode | WorldSite]:
        if fault.site >= 0:
            return [self._world.sites[fault.site]]
        return [*self._nodes(fault)]

    def _links(self) -> FaultyLinks:
        links = self._world.links
        assert isinstance(links, FaultyLinks)
        return links

    def _wires(self, fault: FaultModel) -> list[Key]:
        """Connections that a fault concerns."""
        links, index = self._world.links, self._world.model.site_index
        if not isinstance(links, FaultyLinks):
            return []
        nodes = {node.name for node in self._nodes(fault)}
        if fault.kind == "peer_link" or fault.way == "peers":
            return [key for key in links.wires if key[0] not in index and nodes & set(key)]
        name = self._world.sites[fault.site].name if fault.site >= 0 else ""
        return [
            key
            for key in links.wires
            if key[0] in index and name in ("", key[0]) and key[1] in nodes
        ]

    # ---- links -----------------------------------------------------------------------------

    def _cut(self, fault: FaultModel, step: int) -> None:
        mine = {node.name for node in self._nodes(fault)}
        for key in self._wires(fault):
            wire = self._links().wires[key]
            for end in key:
                deaf = HEARD_BY_NODE if end in mine else HEARD_BY_OTHER
                if not deaf.get(fault.way, True):
                    continue
                wire.cuts[end] += step
                if not wire.cuts[end]:
                    wire.mended(end)

    def _worse(self, fault: FaultModel, step: int) -> None:
        """Messages come later, or streams are torn."""
        for key in self._wires(fault):
            wire = self._links().wires[key]
            worse = wire.late_s if fault.kind == "late" else wire.loss
            for end in key:
                worse[end] = max(worse[end] + step * fault.amount, 0.0)

    def _twice(self, fault: FaultModel, step: int) -> None:
        links = self._links()
        links.twice_share = max(links.twice_share + step * fault.amount, 0.0)

    # ---- processes -------------------------------------------------------------------------

    def _site(self, fault: FaultModel, step: int) -> None:
        world, site = self._world, self._world.sites[fault.site]
        if step > 0:
            site.lost_us = world.timeline.now_us
            world.callers.cut(list(site.acd.floor.legs.values()))
            site.happens(self._lose, site)
        else:
            site.lost_us = None
            site.happens(_restore, site)
        if isinstance(world.links, FaultyLinks):
            self._cut(fault, step)

    def _lose(self, site: WorldSite) -> None:
        """Who came while the process was stopped is cut as well."""
        self._world.callers.cut(list(site.acd.floor.legs.values()))
        site.take(site.acd.lose())

    def _node(self, fault: FaultModel, step: int) -> None:
        for node in self._nodes(fault):
            node.kills += step
            if step > 0 and node.alive:
                node.kill()
                self._links().etcd.died(node.name)
                self._links().gone(node.name, silently=False)
            elif not node.kills and not node.alive:
                node.start(self._world.documents)

    def _agent(self, fault: FaultModel, step: int) -> None:
        site = self._world.sites[fault.site]
        site.kills += step
        if step > 0:
            killing.kill(self._world, site, power_cut=fault.way == "power")
        elif not site.kills:
            killing.restart(self._world, site)

    def _pause(self, fault: FaultModel, step: int) -> None:
        world = self._world
        for process in self._processes(fault):
            if step > 0:
                process.pause()
                continue
            first = world.dice.share("timers first") < TIMERS_FIRST_SHARE
            stopped_us = world.timeline.now_us - process.paused_us
            if process.resume(timers_first=first):
                self._links().streams.resumed(process.name, stopped_us)

    def _clock(self, fault: FaultModel, step: int) -> None:
        everybody = fault.site < 0 and fault.node < 0
        processes = [*self._processes(fault), *(self._world.sites if everybody else ())]
        for process in processes:
            process.wall_s += step * fault.amount

    # ---- stores and carriers ---------------------------------------------------------------

    def _etcd(self, fault: FaultModel, step: int) -> None:
        etcd = self._links().etcd
        if fault.way == "slow":
            etcd.slow_s = max(etcd.slow_s + step * fault.amount, 0.0)
        elif fault.way in ("down", "restored", "wiped"):
            etcd.downs += step
            if step < 0 and fault.way != "down":
                etcd.restore(wiped=fault.way == "wiped")
        else:
            for node in self._nodes(fault):
                for direction in ("in", "out"):
                    if fault.way in ("", direction):
                        node.etcd_cuts[direction] += step

    def _store(self, fault: FaultModel, step: int) -> None:
        stores = self._links().stores
        if fault.way == "slow":
            stores.slow_s = max(stores.slow_s + step * fault.amount, 0.0)
            return
        stores.downs += step
        if step < 0 and fault.way == "empty":
            stores.emptied()

    def _carriers(self, fault: FaultModel, step: int) -> None:
        """Paths, or a site's phones."""
        if fault.kind == "path":
            self._world.carriers.broken_paths += step
        else:
            self._world.sites[fault.site].acd.floor.work.hangs_up += step


def _restore(site: WorldSite) -> None:
    site.take(site.acd.restore())
