"""Three real routers and the key of their leader, with failsafe on: who leads, whatever breaks.

Nodes lose etcd, one another, their processor for a while; clocks on walls jump. What is looked at
is one thing: two nodes that both may decide at the same instant (`two lead`).
"""

from __future__ import annotations

import random
from typing import Any

from joint_network import Clock, Timers

from nirc.core import actions as act
from nirc.core import events as ev
from nirc.core.router import Router
from nirc.core.settings import RouterSettings
from nrcli.wire.messages import DOMAIN_FIRST, Epoch

NAMES = ("n1", "n2", "n3")
TTL_S = 3.0
KEEP_S = TTL_S / 6
LASTS_S = (0.5, 2.0, 6.0, 12.0)
FAULTS = ("etcd", "etcd", "etcd of all", "peers", "peers", "pause", "wall")
JUMPS_S = (-3600.0, -3.0, 3.0, 3600.0)
UNIX_S = 1_767_600_000.0


class Node:
    """One router, its promises and what it reaches."""

    def __init__(self, world: Elections, name: str) -> None:
        self.world = world
        self.name = name
        self.cut_from_etcd = 0
        self.paused = 0
        self.promised_until_s = 0.0
        self.wall_s = UNIX_S
        "Of its clock on the wall when the run begins."
        self._waiting: list[Any] = []
        ids = iter(range(10**9))
        self.router = Router(
            node=name,
            settings=RouterSettings(),
            new_id=lambda: f"{name}-{next(ids)}",
            peers=[other for other in NAMES if other != name],
            failsafe_ttl_s=TTL_S,
        )
        self.timers = Timers(world.clock, lambda timer: self.take(ev.TimerFired(name=timer)))

    @property
    def leads(self) -> bool:
        """May it decide now?"""
        now_s = self.world.clock.now_s
        return not self.paused and self.router._parts.leadership.leads(DOMAIN_FIRST, now_s)

    def take(self, event: Any) -> None:
        """One event; a process that stands still takes it later."""
        if self.paused:
            self._waiting.append(event)
            return
        for action in self.router.handle(event, self.world.clock.now_s):
            self._do(action)
        self.world.look()

    def resume(self) -> None:
        """The process goes on."""
        self.paused -= 1
        waiting, self._waiting = self._waiting, []
        for event in waiting:
            self.take(event)

    def _do(self, action: Any) -> None:
        match action:
            case act.StartTimer():
                self.timers.start(action.name, action.at_s)
            case act.StopTimer():
                self.timers.stop(action.name)
            case act.SendToPeer():
                self.world.send(self.name, action.node, action.message)
            case act.StepDown():
                self.world.resign(self)
            case act.HoldCampaign():
                held = self.world.holder != self.name
                if held:
                    self.promised_until_s = max(self.promised_until_s, action.until_s)
                self.take(
                    ev.CampaignHeld(
                        domain=action.domain,
                        node=action.node,
                        epoch=action.epoch,
                        round=action.round,
                        held=held,
                    )
                )


class Elections:
    """All of it, from one seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.clock = Clock()
        self.problems: list[str] = []
        self.holder = ""
        self._revision = 1
        self._lease_until_s = 0.0
        self._cut: dict[frozenset[str], int] = {}
        self.nodes = {name: Node(self, name) for name in NAMES}

    def run(self, for_s: float, faults: int) -> tuple[str, ...]:
        """Problems of a run with so many faults."""
        clock = self.clock
        start_s = clock.now_s
        for name, node in self.nodes.items():
            for peer in NAMES:
                if peer != name:
                    node.take(ev.PeerUp(node=peer))
            self._every(1.0, lambda node=node: self._wall(node))  # type: ignore[misc]
            self._every(0.4, lambda node=node: self._answer(node))  # type: ignore[misc]
        self._every(KEEP_S, self._etcd)
        for _ in range(faults):
            clock.at(start_s + 1.0 + self.dice.random() * for_s, self._fault)
        clock.run(start_s + for_s + 20.0)
        return tuple(self.problems)

    def look(self) -> None:
        """At most one may decide."""
        leads = [name for name, node in self.nodes.items() if node.leads]
        if len(leads) > 1 and not self.problems:
            self.problems.append(f"{self.clock.now_s:.6f} s: {' and '.join(leads)}: two lead")

    # ---- between nodes ---------------------------------------------------------------------

    def send(self, node: str, peer: str, message: Any) -> None:
        """A message to another node; a cut swallows it."""
        pair = frozenset((node, peer))
        if not self._cut.get(pair):
            wait_s = self.dice.choice((0.001, 0.01, 0.1))
            said = ev.PeerSaid(node=node, message=message)
            self.clock.after(
                wait_s, lambda: None if self._cut.get(pair) else self.nodes[peer].take(said)
            )

    # ---- etcd ------------------------------------------------------------------------------

    def resign(self, node: Node) -> None:
        """The key is given back, if etcd can be reached."""
        if self.holder == node.name and not node.cut_from_etcd:
            self.holder = ""

    def _etcd(self) -> None:
        now_s = self.clock.now_s
        if self.holder and now_s >= self._lease_until_s:
            self.holder = ""
        if not self.holder:
            able = [
                node
                for node in self.nodes.values()
                if not node.cut_from_etcd and not node.paused and node.promised_until_s <= now_s
            ]
            if able:
                self._elect(self.dice.choice(able))
            return
        holder = self.nodes[self.holder]
        if not holder.cut_from_etcd and not holder.paused:
            self._lease_until_s = now_s + TTL_S
            kept = ev.KeepaliveConfirmed(domain=DOMAIN_FIRST, sent_at_s=now_s, ttl_s=TTL_S)
            self._tell(holder, kept)

    def _elect(self, node: Node) -> None:
        now_s = self.clock.now_s
        self.holder, self._lease_until_s = node.name, now_s + TTL_S
        self._revision += 1
        epoch = Epoch(generation=1, revision=self._revision)
        for other in self.nodes.values():
            if other is node:
                won = ev.CampaignWon(domain=DOMAIN_FIRST, epoch=epoch, sent_at_s=now_s, ttl_s=TTL_S)
                self._tell(node, won)
            elif not other.cut_from_etcd:
                seen = ev.LeaderObserved(domain=DOMAIN_FIRST, node=node.name, epoch=epoch)
                self._tell(other, seen)

    def _tell(self, node: Node, event: Any) -> None:
        self.clock.after(self.dice.choice((0.001, 0.01, 0.05)), lambda: node.take(event))

    def _answer(self, node: Node) -> None:
        if not node.cut_from_etcd:
            self._tell(node, ev.EtcdAnswered(asked_at_s=self.clock.now_s))

    # ---- time and faults -------------------------------------------------------------------

    def _wall(self, node: Node) -> None:
        node.take(ev.WallTimeRead(unix_s=node.wall_s + self.clock.now_s))

    def _every(self, step_s: float, what: Any) -> None:
        what()
        self.clock.after(step_s, lambda: self._every(step_s, what))

    def _fault(self) -> None:
        dice, kind = self.dice, self.dice.choice(FAULTS)
        node, lasts_s = dice.choice(list(self.nodes.values())), dice.choice(LASTS_S)
        if kind == "wall":
            node.wall_s += dice.choice(JUMPS_S)
        elif kind == "pause":
            node.paused += 1
            self.clock.after(lasts_s, node.resume)
        elif kind == "peers":
            self._cut_peers(frozenset(dice.sample(NAMES, 2)), lasts_s)
        else:
            for one in self.nodes.values() if kind == "etcd of all" else [node]:
                one.cut_from_etcd += 1
                self.clock.after(
                    lasts_s, lambda one=one: setattr(one, "cut_from_etcd", one.cut_from_etcd - 1)
                )

    def _cut_peers(self, pair: frozenset[str], lasts_s: float) -> None:
        self._cut[pair] = self._cut.get(pair, 0) + 1
        a, b = sorted(pair)

        def hear(event: type[Any], **more: Any) -> None:
            for node, peer in ((a, b), (b, a)):
                self.nodes[node].take(event(node=peer, **more))

        def mend() -> None:
            self._cut[pair] -= 1
            if not self._cut[pair]:
                hear(ev.PeerUp)

        self.clock.after(1.9, lambda: hear(ev.PeerDown, refused=False))
        self.clock.after(max(lasts_s, 2.0), mend)
