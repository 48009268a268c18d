"""Sites that are killed at any instant and started again with their journal.

What a kill takes: every INVITE without a final answer, everything on the way to or from the site,
all that was in memory. What it leaves: the journal as it was written, the dialogs of answered calls
at the callers' devices and agents' phones, and epochs and incarnation.
"""

from __future__ import annotations

import json
from typing import Any

from joint_carriers import Ways
from joint_network import JointNetwork
from joint_runs import SITES, check, documents, fault, network_texts, ring, site_table, with_rules
from joint_sites import Device, JointSite, JointWorld

from nrcli.wire.messages import AgentState
from site_agent.adapters.base import CallResumed, MoveSign
from site_agent.adapters.in_memory.state import MemoryCall
from site_agent.core import actions as act
from site_agent.core import events as ev

SIP_GIVES_UP_S = 32.0


class KilledSite(JointSite):
    """A site with a journal."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.life = 1
        self.journal: dict[tuple[str, str], str] = {}
        self.unsynced: list[tuple[tuple[str, str], str | None]] = []
        "What was there before each write that the disk does not have yet."
        self.kills_count = 0
        self.resumed_count = 0
        self.sure = True

    def start(self) -> None:
        super().start()
        self.take([ev.JournalRead()])

    def kept(self, action: Any) -> None:
        where = (action.kind, action.key)
        self.unsynced.append((where, self.journal.get(where)))
        if action.sync:
            self.unsynced.clear()
        if isinstance(action, act.JournalPut):
            self.journal[where] = json.dumps(action.value)
        else:
            self.journal.pop(where, None)

    # ---- dying and coming back

    def kill(self, *, power_cut: bool = False) -> None:
        self.alive = False
        self.sure = not power_cut
        if power_cut:
            self._lose_some()
        self.kills_count += 1
        self.life += 1
        self.timers.stop_all()
        self.network.node_gone(self.name)
        for call in list(self.acd.calls.values()):
            if not call.answered:
                self._cut(call)
        self.world.ways.origin_killed(self.world, self)

    def _lose_some(self) -> None:
        """The disk has what was synced, and of the rest what it happened to have written."""
        for _ in range(self.world.dice.randint(0, len(self.unsynced))):
            where, before = self.unsynced.pop()
            if before is None:
                self.journal.pop(where, None)
            else:
                self.journal[where] = before
        self.unsynced.clear()

    def _cut(self, call: MemoryCall) -> None:
        """The caller's INVITE is answered by nobody any more."""
        world, device = self.world, self.devices[call.call_id]
        del self.acd._floor.calls[call.call_id]
        device.legs.pop(call.call_id, None)
        world.cut.add(device.name)
        done = world.ways.on_refusal.pop(call.call_id, None)
        if done is not None:
            world._later(world.dice.uniform(0.5, SIP_GIVES_UP_S), lambda: done(408))
        elif not device.legs and not device.pending:
            device.over = device.over or "cut"

    def restart(self) -> None:
        """A new process: new daemon, new ACD, what was answered goes on."""
        old = self.acd
        self.alive = True
        self.incarnation += 1
        self.daemon, self.acd = self.new_daemon(), self.new_acd()
        now_s = self.network.clock.now_s
        resumed = [self._resume(call, now_s) for call in old.calls.values()]
        self.resumed_count += len(resumed)
        entries = tuple((kind, key, json.loads(text)) for (kind, key), text in self.journal.items())
        read = ev.JournalRead(entries=entries, resumed=tuple(resumed), sure=self.sure)
        self.take([*self.acd.snapshot(now_s), read])
        for one in resumed:
            if not one.acknowledged:
                self.world._later(0.05, lambda c=one.call_id: self._asked(c))

    def _asked(self, call_id: str) -> None:
        """The ACD asked the device in the dialog, and it is there."""
        if call_id in self.acd.calls and call_id in self.devices[call_id].legs:
            self.world.acknowledge(self, call_id)

    def _resume(self, call: MemoryCall, now_s: float) -> CallResumed:
        floor = self.acd._floor
        floor.calls[call.call_id] = call
        if call.agent:
            agent = floor.agents[call.agent]
            agent.state, agent.since_s = AgentState.BUSY, now_s
        acknowledged = call.call_id not in self.world.ways.on_answer
        return CallResumed(
            call_id=call.call_id,
            interaction_id=call.interaction_id,
            service=call.service,
            queue=call.queue,
            trunk_group=call.trunk_group,
            waited_s=now_s - call.offered_at_s,
            agent=call.agent,
            bridged=call.bridged,
            acknowledged=acknowledged,
        )


class KillingWorld(JointWorld):
    """Callers whose sites may be dead: what is sent there is repeated, or lost."""

    new_site = KilledSite

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self.cut: set[str] = set()
        "Callers who had a leg that a kill ended."

    def _look_if_lost(self, device: Device, why: str) -> None:
        if device.name in self.cut and not (device.over or device.legs or device.pending):
            device.over = "cut"
        super()._look_if_lost(device, why)

    def caller(self, home: str) -> None:
        if self.sites[home].alive:
            super().caller(home)

    def _when_alive(self, site: Any, what: Any, until_s: float) -> bool:
        """False: the site is dead; `what` is tried again until SIP gives up."""
        if site.alive:
            return True
        if self.now_s < until_s:
            self._later(0.5, what)
        return False

    def _bye(self, site: Any, call_id: str, until_s: float = 0.0) -> None:
        until_s = until_s or self.now_s + SIP_GIVES_UP_S
        if self._when_alive(site, lambda: self._bye(site, call_id, until_s), until_s):
            super()._bye(site, call_id)

    def _talk_over(self, site: Any, call_id: str, device: Device, by_agent: bool) -> None:
        again = lambda: self._talk_over(site, call_id, device, by_agent)  # noqa: E731
        if self._when_alive(site, again, self.now_s + SIP_GIVES_UP_S):
            super()._talk_over(site, call_id, device, by_agent)

    def _ack(self, site: Any, call_id: str) -> None:
        if site.alive:
            self.acknowledge(site, call_id)

    def acknowledge(self, site: Any, call_id: str) -> None:
        super()._ack(site, call_id)

    def _redirected(self, site: Any, signal: Any) -> None:
        """The ACK goes nowhere; the caller follows all the same."""
        if site.alive and signal.call_id in site.acd.calls:
            super()._redirected(site, signal)
            return
        device = site.devices[signal.call_id]
        if not device.over or device.over == "cut":
            device.over = ""
            device.pending += 1
            self._try_contacts(device, list(signal.contacts))

    def invite(self, device: Device, address: str, refused: Any, answered: Any) -> str:
        name = address.removeprefix("sip:").partition("@")[2].partition(":")[0]
        site: Any = self.sites[name]
        if site.alive:
            return super().invite(device, address, refused, answered)
        device.pending += 1
        self._invite_again(device, address, refused, answered, self.now_s + SIP_GIVES_UP_S)
        return ""

    def _invite_again(
        self, device: Device, address: str, refused: Any, answered: Any, until_s: float
    ) -> None:
        name = address.removeprefix("sip:").partition("@")[2].partition(":")[0]
        device.pending -= 1
        if device.over:
            return
        if self.sites[name].alive:
            super().invite(device, address, refused, answered)
        elif self.now_s >= until_s:
            refused(408)
        else:
            device.pending += 1
            again = lambda: self._invite_again(device, address, refused, answered, until_s)  # noqa: E731
            self._later(0.5, again)


class KillingWays(Ways):
    """A bridge whose origin was killed: nobody acknowledges the target's answer."""

    def _sign(self, world: Any, site: Any, signal: Any, sign: MoveSign, sip_status: int) -> None:
        life = site.life

        def tell() -> None:
            if site.alive and site.life == life:
                site.take(site.acd.progress(signal.call_id, signal.move_id, sign, sip_status))

        world._later(world._net(), tell)

    def __init__(self, **shares: Any) -> None:
        super().__init__(**shares)
        self._lives: dict[str, int] = {}
        self._invited: dict[str, str] = {}
        "Target's call id to the origin of a bridge that does not stand yet."

    def _bridge(self, world: Any, site: Any, signal: Any) -> None:
        if not site.alive or self._lives.setdefault(signal.move_id, site.life) != site.life:
            return
        invite, legs = world.invite, []

        def tied(device: Device, address: str, refused: Any, answered: Any) -> str:
            life = site.life

            def stands() -> None:
                self._invited.pop(legs[0], None)
                if site.life == life and site.alive:
                    answered()

            legs.append(invite(device, address, refused, stands))
            self._invited[legs[0]] = site.name
            return str(legs[0])

        super()._bridge(_Tied(world, tied), site, signal)

    def origin_killed(self, world: Any, site: Any) -> None:
        """Nobody acknowledges what targets of its bridges will answer: those legs end there."""
        for call_id in [leg for leg, origin in self._invited.items() if origin == site.name]:
            del self._invited[call_id]
            target = world.sites.get(call_id.partition(".")[0])
            if target is not None:
                world._later(world._net(), lambda t=target, c=call_id: world._bye(t, c))


class _Tied:
    """The world, with another way to invite."""

    def __init__(self, world: Any, invite: Any) -> None:
        self._world = world
        self.invite = invite

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)


def build(seed: int, ways: Ways, rules: bool) -> KillingWorld:
    texts = network_texts()
    if rules:
        with_rules(texts)
    network = JointNetwork(seed=seed, nodes=3, documents=documents(texts))
    return KillingWorld(network=network, site_table=site_table(), agents=SITES, ways=ways)


def kill(world: Any, power_cuts: float) -> None:
    """One site dies, and comes back after a while."""
    site = world.sites[world.dice.choice(list(world.sites))]
    if site.alive:
        site.kill(power_cut=world.dice.random() < power_cuts)
        world._later(world.dice.choice((0.1, 1.0, 3.0, 12.0)), site.restart)


def run(
    seed: int,
    *,
    kills: int = 5,
    faults: int = 4,
    ways: Ways | None = None,
    power_cuts: float = 0.0,
) -> KillingWorld:
    world = build(seed, ways or KillingWays(), rules=False)
    world.start()
    ring(world, 40.0, 2.2)
    start_s = world.now_s
    for _ in range(faults):
        world.network.clock.at(start_s + 2.0 + world.dice.random() * 40.0, lambda: fault(world))
    for _ in range(kills):
        world.network.clock.at(
            start_s + 2.0 + world.dice.random() * 45.0, lambda: kill(world, power_cuts)
        )
    world.network.clock.run(start_s + 300.0)
    return world


__all__ = ["check", "run"]
