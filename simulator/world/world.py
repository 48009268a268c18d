"""Joins sites, nodes, links, callers and carriers to one simulated world.

Rule of this file: it builds and hands on; what each part does stands in its own file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nirc.core.events import WallTimeRead as NodeWallTimeRead
from nirc.core.router import Router
from simulator.model.instants import START_S, US
from simulator.model.network import NetworkModel
from simulator.model.peer_plan_text import host_of
from simulator.world.breaking import Breaking
from simulator.world.callers import Callers
from simulator.world.carriers import Carriers
from simulator.world.core_settings import site_table
from simulator.world.dice import Dice
from simulator.world.faulty_links import FaultyLinks
from simulator.world.links import Links, SteadyLinks
from simulator.world.node import WorldNode
from simulator.world.plan_watch import PlanWatch
from simulator.world.pre_routing import Edges
from simulator.world.site import WorldSite
from simulator.world.tally import Tally
from simulator.world.timeline import END_OF_WORK, TIMER, Timeline
from simulator.world.voicemail import Voicemail
from simulator.world.watching import Watch
from site_agent.core.events import WallTimeRead
from site_agent.core.site_daemon import SiteDaemon

WALL_EVERY_US = US
TTL_S, TTL_FAILSAFE_S = 2.0, 4.0


class World:
    """Everything there is."""

    def __init__(
        self,
        model: NetworkModel,
        *,
        watch: Watch | None,
        seed: int = 1,
        new_router: Callable[..., Router] = Router,
        new_daemon: Callable[..., SiteDaemon] = SiteDaemon,
    ) -> None:
        self.model = model
        self.watch = watch
        self.seed = seed
        self.new_router = new_router
        self.new_daemon = new_daemon
        self.faulty = model.nodes_count > 1 or any(fault.kind != "site" for fault in model.faults)
        "Links, nodes, stores or carriers fail, or several nodes share the work."
        self.ttl_s = TTL_FAILSAFE_S if model.failsafe else TTL_S
        "How long a leader's lease lives."
        self.documents = replace(model.documents, site_table=b"")
        if model.pre_route is not None:
            self.documents = replace(self.documents, addresses=site_table(model).addresses)
        self.dice = Dice(seed)
        self.timeline = Timeline()
        self.tally = Tally(model)
        self.plan_watch = PlanWatch(self, model.peer_plan) if model.peer_plan else None
        self.data: dict[tuple[str, int], bytes] = {}
        "Attached data, in the network's store."
        self.problems: list[str] = []
        self.agent_numbers = {
            (s, model.sites[s].agents[a].name): number for number, (s, a) in enumerate(model.agents)
        }
        self._addresses = {site.name: s for s, site in enumerate(model.sites)}
        self._addresses |= {host_of(s): s for s in range(len(model.sites))}
        self.callers = Callers(self)
        self.carriers = Carriers(self)
        self.voicemail = Voicemail(self)
        self.edges = Edges(self)
        self.nodes = {
            name: WorldNode(self, name)
            for name in (f"n{number + 1}" for number in range(model.nodes_count))
        }
        self.sites = [WorldSite(self, index) for index in range(len(model.sites))]
        self.links: Links = FaultyLinks(self) if self.faulty else SteadyLinks(self)
        self._breaking = Breaking(self)

    def start(self) -> None:
        """Before the first happening."""
        for name, versions in self.documents.policies.items():
            self.note("policy_published", policy=name, version=versions.live.version)
        for site in self.sites:
            site.timers.at_once = frozenset() if self.faulty else frozenset({"report"})
            site.start()
            site.take([WallTimeRead(unix_s=self.unix_s())])
        self.links.start()
        if not self.model.ideal:
            for site in self.sites:
                site.timers.at_once = frozenset()
        for fault in self.model.faults:
            begin_us, end_us = fault.window
            self.timeline.at(begin_us, END_OF_WORK, self._breaking.begin, fault)
            self.timeline.at(end_us, END_OF_WORK, self._breaking.end, fault)
        model = self.model
        if self.documents.calendars or model.callbacks is not None or model.peer_plan is not None:
            self.timeline.at(WALL_EVERY_US, TIMER, self._read_wall, None)

    def _read_wall(self, nothing: None) -> None:
        for site in self.sites:
            if site.running:
                site.take([WallTimeRead(unix_s=self.unix_s() + site.wall_s)])
        for node in self.nodes.values():
            if node.running:
                node.handle(NodeWallTimeRead(unix_s=self.unix_s() + node.wall_s))
        self.timeline.at(self.timeline.now_us + WALL_EVERY_US, TIMER, self._read_wall, None)

    def now_s(self) -> float:
        """What a core's clock shows."""
        return START_S + self.timeline.now_us / US

    def unix_s(self) -> float:
        """What the clock on the wall shows."""
        return self.model.start_unix_s + self.timeline.now_us / US

    def site_at(self, address: str) -> int:
        """The site that an address leads to."""
        return self._addresses[address.partition("@")[2].partition(":")[0]]

    def note(self, kind: str, **fields: Any) -> None:
        """A line of history that is of no site."""
        if self.watch is not None:
            self.watch.line(self.now_s(), "", kind, fields)

    def problem(self, text: str) -> None:
        """Something that must never happen, did."""
        self.problems.append(f"{self.timeline.now_us / US:.6f} s: {text}")
