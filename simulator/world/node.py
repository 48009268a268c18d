"""One simulated NIRC node: its real router, its timers and its store.

Rule of this file: it carries out and decides nothing. A process that is stopped handles nothing:
what comes waits, and is handled at once when it goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING, Any

from nirc.core import actions as act
from nirc.core import events as ev
from nirc.core.router import Router
from nrcli.sip.redirect_words import PreRouteTold
from nrcli.wire.messages import StateAck
from routing_policies.network_documents import NetworkDocuments
from routing_policies.rollout import Rollout
from simulator.model.instants import START_S, US
from simulator.world.core_settings import router_settings
from simulator.world.process import Act, Process
from simulator.world.state_words import StateWords
from simulator.world.timeline import Timers

if TYPE_CHECKING:
    from simulator.world.world import World


class WorldNode(Process):
    """One node; killed and started again at will."""

    def __init__(self, world: World, name: str) -> None:
        super().__init__(world, name, alive=False)
        self.etcd_cuts = {"in": 0, "out": 0}
        "How many faults keep etcd's answers from it, and its questions from etcd."
        self.decisions_count = 0
        self.router: Router
        self._states: StateWords
        self._via = ""
        "The site whose word is being handled."
        self._actions: dict[type, Callable[[Any], object]] = {
            act.SendToSite: self._to_site,
            act.SendToPeer: lambda action: world.links.to_peer(
                self.name, action.node, action.message
            ),
            act.StartTimer: lambda action: self.timers.start(action.name, action.at_s),
            act.StopTimer: lambda action: self.timers.stop(action.name),
            act.StepDown: lambda action: world.links.told(self.name, action),
            act.RaiseGeneration: lambda action: world.links.told(self.name, action),
            act.ProlongOffice: lambda action: world.links.told(self.name, action),
            act.HoldCampaign: lambda action: world.links.told(self.name, action),
            act.StoreData: self._store,
            act.FetchData: self._fetch,
            act.RecordDecision: self._decided,
            PreRouteTold: world.edges.told,
            act.CloseSiteLink: lambda action: world.links.close(self.name, action.site),
        }

    def start(self, documents: NetworkDocuments) -> None:
        """The process starts."""
        world = self._world
        self.alive = True
        self.running = not self.pauses
        self.life += 1
        life = self.life
        ids = (f"{self.name}.{life}.{number}" for number in count())
        failsafe: dict[str, Any] = {}
        if world.model.failsafe:
            peers = [name for name in world.nodes if name != self.name]
            failsafe = {"peers": peers, "failsafe_ttl_s": world.ttl_s}
        self.router = world.new_router(
            node=self.name,
            settings=router_settings(faulty=world.faulty),
            new_id=lambda: next(ids),
            **failsafe,
        )
        self.timers = Timers(world.timeline, self._timer)
        self.timers.held = not self.running
        self._switched(documents)
        self._states = StateWords(f"{self.name}.{life}", world.note)
        self.handle(ev.DocumentsChanged(documents=documents))
        self.handle(ev.WallTimeRead(unix_s=world.unix_s() + self.wall_s))

    def kill(self) -> None:
        """The process is gone, and what it knew."""
        self.alive = self.running = False
        self.life += 1
        self.timers.stop_all()
        self._waiting.clear()

    def happens(self, act: Act, what: Any) -> None:
        """The same as any process; nobody says anything again to a dead one."""
        if self.alive:
            super().happens(act, what)

    def handle(self, event: Any, now_s: float = 0.0) -> None:
        """Hand an event to the router, and carry out what it wants."""
        if not self.running:
            if self.alive:
                self._waiting.append((self.handle, event))
            return
        now_s = now_s or START_S + self._world.timeline.now_us / US
        self._via = event.site if type(event) is ev.SiteSaid else ""
        table = self._actions
        for action in self.router.handle(event, now_s):
            do = table.get(type(action))
            if do is not None:
                do(action)

    def in_this_life(self, what: tuple[int, Any]) -> None:
        """An event that concerns the process as it was then."""
        life, event = what
        if life == self.life:
            self.handle(event)

    def _timer(self, name: str, now_s: float) -> None:
        self.handle(ev.TimerFired(name=name), now_s)

    def _to_site(self, action: act.SendToSite) -> None:
        if type(action.message) is StateAck:
            self._states.acked(action.site, self._via, action.message, self._world.now_s())
        if action.not_after_s is None or self._world.now_s() <= action.not_after_s:
            self._world.links.to_site(self.name, action.site, action.message)

    def _store(self, action: act.StoreData) -> None:
        self._world.data[(action.interaction_id, action.version)] = action.data
        stored = ev.DataWasStored(
            site=action.site, interaction_id=action.interaction_id, version=action.version
        )
        self._world.links.from_store(self, stored)

    def _fetch(self, action: act.FetchData) -> None:
        data = self._world.data.get((action.interaction_id, action.version), b"")
        fetched = ev.DataWasFetched(
            site=action.site,
            token=action.token,
            version=action.version,
            digest=sha256(data).digest() if data else b"",
            data=data,
            reason="" if data else "not_found",
        )
        self._world.links.from_store(self, fetched)

    # ---- history ---------------------------------------------------------------------------

    def _switched(self, documents: NetworkDocuments) -> None:
        policies = []
        for name, versions in documents.policies.items():
            rollout = versions.rollout or Rollout()
            tried = (rollout.shadow, rollout.canary)
            numbers = [versions.live.version, *(one.version if one else 0 for one in tried)]
            policies.append(f"{name}={'/'.join(map(str, numbers))}")
        self._world.note("policies_in_use", node=self.name, policies=",".join(policies))

    def _decided(self, action: act.RecordDecision) -> None:
        self.decisions_count += 1
        if self._world.watch is None:
            return
        record = action.record
        self._world.note(
            "decision",
            node=self.name,
            decision=record.decision_id,
            request=record.request_id,
            policy=record.policy,
            version=record.policy_version,
            mode=record.mode,
            outcome=record.outcome,
            took_s=record.took_s,
        )
