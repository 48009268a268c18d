"""Real site daemons on ACDs in memory, callers with devices and carriers with their own ways.

The truth about every caller is kept here, apart from what any daemon believes: where the device has
legs, and who ended it.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from itertools import count
from typing import Any

from joint_network import JointNetwork, Timers

from nirc.core import events as router_events
from nrcli.wire import messages as wire
from site_agent.adapters import base
from site_agent.adapters.in_memory import signals as sig
from site_agent.adapters.in_memory.adapter import InMemoryAcd
from site_agent.adapters.in_memory.state import MemoryCall, MemoryQueue
from site_agent.core import actions as act
from site_agent.core import events as ev
from site_agent.core.settings import QueueRules, SiteSettings
from site_agent.core.site_daemon import SiteDaemon

LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


class Device:
    """One caller. `legs`: call id to site; `pending`: INVITEs on their way."""

    def __init__(self, number: int, home: str) -> None:
        self.name = f"caller{number}"
        self.home = home
        self.legs: dict[str, str] = {}
        self.talking: set[str] = set()
        self.pending = 0
        self.over = ""
        "Who ended it: caller, agent, refused (busy), or lost."
        self.bridges: dict[str, str] = {}
        "Origin's call id to the target's call id."
        self.unresolved = False


class JointSite:
    """One site: daemon, ACD, and its carrier."""

    def __init__(self, world: JointWorld, name: str, agents: int, settings: SiteSettings) -> None:
        self.world = world
        self.network = world.network
        self.name = name
        network = world.network
        tokens = count()
        ids = (f"{name}-{number}" for number in count())
        dice = world.dice

        def new_token() -> str:
            next(tokens)
            return "nirc-" + "".join(dice.choice(LETTERS) for _ in range(26))

        self.alive = True
        self.incarnation = 1
        self.epochs: dict[str, wire.Epoch] = {}
        self.new_daemon = lambda: SiteDaemon(
            site=name,
            incarnation=self.incarnation,
            settings=settings,
            epochs=self.epochs,
            site_table=world.site_table,
            new_token=new_token,
            new_id=lambda: next(ids),
        )
        self.new_acd = lambda: InMemoryAcd(
            queues=[MemoryQueue("sales", places_max=30, aht_s=5.0)],
            agents={f"{name}-a{i}": {"sales": 5 + i} for i in range(agents)},
            announcements=("busy", "goodbye"),
            trunks={"carrier": 100, "network": 60},
        )
        self.daemon, self.acd = self.new_daemon(), self.new_acd()
        self.timers = Timers(network.clock, lambda t: self.take([ev.TimerFired(name=t)]))
        self.devices: dict[str, Device] = {}

    def start(self) -> None:
        self.take(self.acd.snapshot(self.network.clock.now_s))

    # ---- links

    def hello(self) -> wire.Hello:
        epochs = tuple(wire.KnownEpoch(domain=d, epoch=e) for d, e in self.epochs.items())
        return wire.Hello(site=self.name, incarnation=self.incarnation, epochs=epochs)

    def link_up(self, node: str) -> None:
        self.take([ev.NodeLinkUp(node=node)])

    def link_down(self, node: str) -> None:
        self.take([ev.NodeLinkDown(node=node, reason="silent")])

    def said(self, node: str, message: Any) -> None:
        self.take([ev.NodeSaid(node=node, message=message)])

    # ---- daemon and ACD

    def take(self, events: list[Any]) -> None:
        now_s, waiting = self.network.clock.now_s, deque(events)
        while waiting and self.alive:
            event = waiting.popleft()
            self._note(event)
            for action in self.daemon.handle(event, now_s):
                waiting.extend(self._do(action, now_s))
            for signal in self.acd.take_signals():
                self.world.signalled(self, signal)

    def _do(self, action: Any, now_s: float) -> list[Any]:
        match action:
            case act.SendToNode():
                self.network.to_node(self.name, action.node, action.message)
            case act.StartTimer():
                self.timers.start(action.name, action.at_s)
            case act.StopTimer():
                self.timers.stop(action.name)
            case act.WriteHistory():
                line = {"at_s": now_s, "site": self.name, "kind": action.kind}
                self.world.history.append(line | action.fields)
            case act.SaveEpoch():
                saved = ev.EpochSaved(domain=action.domain, epoch=action.epoch, node=action.node)
                self.epochs[action.domain] = max(
                    action.epoch, self.epochs.get(action.domain, action.epoch)
                )
                self.network.clock.after(0.003, lambda: self.take([saved]))
            case act.JournalPut() | act.JournalDrop():
                self.kept(action)
            case act.TellCti() | act.RaiseAlarm() | act.ClearAlarm():
                pass
            case act.SaveSiteTable() | act.SaveSiteDocuments() | act.UseNumbers():
                pass
            case _:
                return self.acd.command(action, now_s)
        return []

    def kept(self, action: Any) -> None:
        """Only a site that is killed and started again keeps a journal."""

    def _note(self, event: Any) -> None:
        if isinstance(event, base.CallConnected):
            self.world.connected(self, event.call_id)
        elif isinstance(event, base.CallEnded):
            self.world.leg_over(self, event.call_id, event.released_by)


class JointWorld:
    """Callers around sites around routers."""

    new_site: type[JointSite] = JointSite
    site_settings: Mapping[str, Any] = {}

    def __init__(
        self, *, network: JointNetwork, site_table: Any, agents: dict[str, int], ways: Any
    ) -> None:
        self.network = network
        self.dice = network.dice
        self.site_table = site_table
        self.ways = ways
        self.history = network.history
        self.problems: list[str] = []
        self.devices: list[Device] = []
        self._ids = count()
        settings = SiteSettings(
            queues={"sales": QueueRules(queue="sales", max_loan=4)},
            requery_s=2.0,
            ask_after_s=0.2,
            **self.site_settings,
        )
        self.unix_s: float | None = None
        "Wall time at the start, if sites shall follow calendars."
        self.patience_s = 0.0
        "Of callers from now on; 0: drawn."
        self.priority = 0
        "Of callers from now on."
        self.rules: dict[str, str] = {}
        "OverflowRules by site."
        self.sites = {
            name: self.new_site(self, name, number, settings) for name, number in agents.items()
        }
        network.sites = self.sites

    def start(self) -> None:
        for site in self.sites.values():
            site.start()
        if self.unix_s is not None:
            self.network.unix_offset_s = self.unix_s - self.now_s
        self.network.start()
        for name, text in self.rules.items():
            self.sites[name].take([ev.OverflowRulesRead(source="rules", text=text)])
        if self.unix_s is not None:
            self._tick(self.unix_s - self.now_s)

    def _tick(self, offset_s: float) -> None:
        for site in self.sites.values():
            site.take([ev.WallTimeRead(unix_s=self.now_s + offset_s)])
        for node in self.network.nodes.values():
            node.handle(router_events.WallTimeRead(unix_s=self.now_s + offset_s))
        self._later(1.0, lambda: self._tick(offset_s))

    # ---- callers

    def caller(self, home: str) -> None:
        """A new caller rings `home`."""
        device = Device(len(self.devices), home)
        self.devices.append(device)
        site, call_id = self.sites[home], self._new_leg(device, home)
        data = json.dumps({"caller": device.name}, separators=(",", ":")).encode()
        call = MemoryCall(call_id, device.name, "sales", "sales", "carrier")
        call.priority = self.priority
        self.dress(device, call)
        give_data = data if self.dice.random() < 0.8 else b""
        site.take(site.acd.offer(call, self.network.clock.now_s, give_data))
        if self.dice.random() < self.ways.answered_share:
            wait_s = 0.3 * self.dice.random()
            self._later(wait_s, lambda: site.take(site.acd.answer(call_id, self.now_s)))
        patience_s = self.patience_s or self.dice.expovariate(1 / 12.0)
        self._later(patience_s, lambda: self.gives_up(device))

    def dress(self, device: Device, call: MemoryCall) -> None:
        """What a call carries besides."""

    @property
    def now_s(self) -> float:
        return self.network.clock.now_s

    def gives_up(self, device: Device) -> None:
        """Hangs up wherever it has legs, unless somebody talks with it."""
        if device.over or device.talking:
            return
        device.over = "caller"
        for call_id, name in list(device.legs.items()):
            site = self.sites[name]
            self._later(self._net(), lambda s=site, c=call_id: self._bye(s, c))

    def _bye(self, site: JointSite, call_id: str) -> None:
        if call_id in site.acd.calls:
            call = site.acd.calls[call_id]
            if call.moving:
                site.take(site.acd.progress(call_id, call.moving, base.MoveSign.CALLER_GONE))
            site.take(site.acd.caller_left(call_id, self.now_s))

    def _new_leg(self, device: Device, site: str) -> str:
        call_id = f"{site}.c{next(self._ids)}"
        device.legs[call_id] = site
        self.sites[site].devices[call_id] = device
        return call_id

    def _net(self) -> float:
        return 0.001 + 0.02 * self.dice.random()

    def _later(self, wait_s: float, what: Any) -> None:
        self.network.clock.after(wait_s, what)

    # ---- what the ACDs tell the world

    def connected(self, site: JointSite, call_id: str) -> None:
        device = site.devices[call_id]
        if device.talking and not device.unresolved:
            self.problems.append(f"{device.name} talks twice: {device.talking} and {call_id}")
        device.talking.add(call_id)
        talk_s = self.ways.talk_s_min + self.dice.expovariate(1 / self.ways.talk_s)
        by_agent = self.dice.random() < 0.5
        self._later(talk_s, lambda: self._talk_over(site, call_id, device, by_agent))

    def _talk_over(self, site: JointSite, call_id: str, device: Device, by_agent: bool) -> None:
        if call_id not in site.acd.calls:
            return
        device.over = device.over or ("agent" if by_agent else "caller")
        if by_agent:
            site.take(site.acd.agent_hangs_up(call_id, self.now_s))
        else:
            site.take(site.acd.caller_left(call_id, self.now_s))
        for other, name in list(device.legs.items()):
            if not by_agent or other in device.bridges:
                self._later(self._net(), lambda o=other, n=name: self._bye(self.sites[n], o))

    def leg_over(self, site: JointSite, call_id: str, released_by: str) -> None:
        device = site.devices[call_id]
        device.legs.pop(call_id, None)
        device.talking.discard(call_id)
        target = device.bridges.pop(call_id, "")
        if target and target in device.legs:
            other = self.sites[device.legs[target]]
            self._later(self._net(), lambda: self._bye(other, target))
        if released_by == "site":
            device.over = device.over or "rejected"
            self._far_leg_over(device, call_id)
        if released_by == "redirected":
            device.pending += 1
            return
        self._later(0.0, lambda: self._look_if_lost(device, f"{call_id} ended by {released_by}"))

    def _far_leg_over(self, device: Device, call_id: str) -> None:
        """The far end of a bridge was ended by its site: so is the bridge."""
        for near, far in list(device.bridges.items()):
            if far == call_id and near in device.legs:
                site = self.sites[device.legs[near]]
                self._later(self._net(), lambda s=site, c=near: self._bye(s, c))

    def _look_if_lost(self, device: Device, why: str) -> None:
        if device.over or device.legs or device.pending:
            return
        device.over = "lost"
        if not device.unresolved:
            self.problems.append(f"{device.name} is lost at {self.now_s:.3f}: {why}")

    def signalled(self, site: JointSite, signal: Any) -> None:
        match signal:
            case sig.Answered():
                self._later(2 * self._net(), lambda: self._ack(site, signal.call_id))
            case sig.Refused():
                self._refused(site, signal)
            case sig.Redirected():
                self._later(self._net(), lambda: self._redirected(site, signal))
            case sig.Referred():
                self.ways.referred(self, site, signal)
            case sig.BridgeAborted():
                self.ways.aborted.add(signal.move_id)
            case sig.Probed():
                device = site.devices[signal.call_id]
                alive = signal.call_id in device.legs and not device.over
                self._later(self._net(), lambda: site.take(site.acd.probed(signal.call_id, alive)))

    def _ack(self, site: JointSite, call_id: str) -> None:
        if call_id in site.acd.calls:
            site.take(site.acd.acknowledged(call_id, self.now_s))
            done = self.ways.on_answer.pop(call_id, None)
            if done is not None:
                done()

    def _refused(self, site: JointSite, signal: Any) -> None:
        device = site.devices[signal.call_id]
        device.legs.pop(signal.call_id, None)
        done = self.ways.on_refusal.pop(signal.call_id, None)
        if done is not None:
            self._later(self._net(), lambda: done(signal.sip_status))
        elif not device.legs and not device.pending:
            device.over = device.over or "refused"

    # ---- 302

    def _redirected(self, site: JointSite, signal: Any) -> None:
        device = site.devices[signal.call_id]
        if signal.call_id not in site.acd.calls:
            return
        if device.over:
            return
        site.take(site.acd.redirect_acknowledged(signal.call_id, signal.move_id, self.now_s))
        self._try_contacts(device, list(signal.contacts))

    def _try_contacts(self, device: Device, contacts: list[str]) -> None:
        """`pending` counts this search until a leg stands or nothing is left."""
        if device.over or not contacts:
            device.pending -= 1
            self._look_if_lost(device, "no contact was left")
            return
        contact = contacts.pop(0)

        def refused(sip_status: int) -> None:
            device.pending += 1
            self._try_contacts(device, contacts)

        if self.dice.random() < self.ways.dead_port_share and contacts:
            self._later(0.5, lambda: self._try_contacts(device, contacts))
            return
        self._later(self.ways.follow_s(self.dice), lambda: self._follow(device, contact, refused))

    def _follow(self, device: Device, contact: str, refused: Any) -> None:
        device.pending -= 1
        if device.over:
            return
        self.invite(device, contact, refused, lambda: None)

    def invite(self, device: Device, address: str, refused: Any, answered: Any) -> str:
        """An INVITE to an address with a token; the new leg's call id."""
        token, _, host = address.removeprefix("sip:").partition("@")
        name = host.partition(":")[0]
        site, call_id = self.sites[name], self._new_leg(device, name)
        self.ways.on_refusal[call_id] = refused
        self.ways.on_answer[call_id] = answered
        trunk = "carrier" if name == device.home and host.endswith(":1") else "network"
        site.take(
            site.acd.arrive(
                call_id=call_id,
                token=token,
                invite_key=f"key-{call_id}",
                trunk_group=trunk,
                now_s=self.now_s,
            )
        )
        return call_id
