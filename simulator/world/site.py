"""One simulated site: its real daemon, its simulated ACD, and what passes between them.

Rule of this file: it carries out and decides nothing: each event is a turn of its own, and what a
turn causes at once comes after what happened before it, in order, as in the site agent's own loop.
Daemon and ACD are one process: while it is stopped, or dead, what comes from callers and carriers
waits, for they say it again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from nrcli.sip.redirect_words import PreRouteTold
from nrcli.wire import messages as wire
from simulator.model.instants import START_S, US
from simulator.world.acd import WorldAcd, told_anew
from simulator.world.calling_back import HISTORY
from simulator.world.core_settings import site_settings, site_table
from simulator.world.disk import Disk
from simulator.world.peer_plan import TRUST
from simulator.world.process import Process
from simulator.world.timeline import TIMER, Timers
from site_agent.adapters.base import CallResumed
from site_agent.core import actions as act
from site_agent.core import events as ev
from site_agent.core.site_daemon import SiteDaemon

if TYPE_CHECKING:
    from simulator.world.world import World

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
TOKEN_LETTERS = 26


class WorldSite(Process):
    """One site."""

    def __init__(self, world: World, index: int) -> None:
        model = world.model
        super().__init__(world, model.sites[index].name, alive=True)
        self.index = index
        self.lost_us: int | None = None
        "Since when the site is lost; None: it is there."
        self.life = 1
        self.disk = Disk()
        self._ids, self._tokens = count(), count(index << 64)
        self.daemon = self._new_daemon()
        self.acd = WorldAcd(
            model,
            index,
            world.timeline,
            tally=world.tally,
            callers=world.callers,
            carriers=world.carriers,
        )
        self.acd.floor.work.deliver = self.take
        self.timers = Timers(world.timeline, self._timer)
        self._actions: dict[type, Callable[[Any], object]] = {
            act.SendToNode: self._send,
            act.StartTimer: lambda action: self.timers.start(action.name, action.at_s),
            act.StopTimer: lambda action: self.timers.stop(action.name),
            act.WriteHistory: self._write,
            act.SaveEpoch: self._save_epoch,
            act.JournalPut: self.disk.put,
            act.JournalDrop: self.disk.drop,
            act.TellCti: _nothing,
            act.RaiseAlarm: _nothing,
            act.ClearAlarm: _nothing,
            act.SaveSiteTable: _nothing,
            act.SaveSiteDocuments: _nothing,
            act.SavePeerPlan: self._save_plan,
            act.UseNumbers: _nothing,
            PreRouteTold: world.edges.told,
        }
        if world.watch is None and not world.faulty and model.callbacks is None:
            self._actions[act.WriteHistory] = _nothing
        if world.faulty:
            self.acd.floor.work.happens = self.happens

    def _new_daemon(self) -> SiteDaemon:
        """A process begins with what is on its disk."""
        model, plan = self._world.model, self._world.model.peer_plan
        settings = site_settings(
            model.sites[self.index],
            model.start_unix_s - START_S,
            ideal=model.ideal,
            callbacks=model.callbacks,
        )
        planned: dict[str, Any] = {}
        if plan is not None:
            settings = replace(settings, leaderless_s=plan.leaderless_s)
            planned["plan_trust"] = TRUST
        return self._world.new_daemon(
            site=self.name,
            incarnation=self.life,
            settings=settings,
            epochs=dict(self.disk.epochs),
            claimed_by=dict(self.disk.claimed_by),
            site_table=site_table(model),
            new_token=lambda: token(next(self._tokens)),
            new_id=lambda: f"{self.name}-{next(self._ids)}",
            **planned,
        )

    def start(self) -> None:
        """The ACD tells what there is; the site's own rules are read."""
        now_s = self._world.now_s()
        self.take(self.acd.snapshot(now_s))
        if self._world.faulty:
            self.take([ev.JournalRead()])
        self._read_rules()
        plan = self._world.model.peer_plan
        if plan is not None:
            self.disk.peer_plan = plan.text if plan.by_hand else ""
            for at_us, site, text in plan.laid:
                if site == self.index:
                    self._world.timeline.at(at_us, TIMER, self._lay_plan, text)
        self.read_plan()

    def _read_rules(self) -> None:
        rules = self._world.model.sites[self.index].rules
        if rules:
            self.take([ev.OverflowRulesRead(source="rules", text=rules)])

    def read_plan(self, nothing: None = None) -> None:
        """The peer plan's file is read."""
        if self._world.model.peer_plan is not None:
            self.take([ev.PeerPlanRead(source="peer plan", text=self.disk.peer_plan)])

    def _lay_plan(self, text: str) -> None:
        """Somebody puts another plan there."""
        self.disk.peer_plan = text
        self.happens(self.read_plan, None)

    def _save_plan(self, action: act.SavePeerPlan) -> None:
        self.disk.peer_plan = action.text

    def hello(self) -> wire.Hello:
        """What the site says on a new stream."""
        epochs = self.disk.epochs.items()
        known = tuple(wire.KnownEpoch(domain=domain, epoch=epoch) for domain, epoch in epochs)
        return wire.Hello(
            site=self.name, incarnation=self.life, epochs=known, handlers=True, shifts=True
        )

    # ---- the process -----------------------------------------------------------------------

    def kill(self, *, power_cut: bool) -> None:
        """The process is gone, and what was in memory; what nodes said to it is gone too."""
        self.alive = self.running = False
        self.timers.stop_all()
        self.disk.killed(self._world.dice, self.name, power_cut=power_cut)
        self._waiting = deque(one for one in self._waiting if one[0] != self.node_said)

    def restart(self, resumed: tuple[CallResumed, ...]) -> None:
        """A new process on the same disk; the ACD has taken up what stood."""
        self.life += 1
        self.alive = True
        self.daemon = self._new_daemon()
        self.timers.held = False
        now_s = self._world.now_s()
        self.take(told_anew(self.acd.floor))
        self.take([self.disk.read(resumed)])
        self._read_rules()
        self.read_plan()
        self.take([ev.WallTimeRead(unix_s=self._world.unix_s() + self.wall_s)], now_s)
        self.timers.held = bool(self.pauses)
        if not self.pauses:
            self._go_on(timers_first=False)

    def take(self, events: Iterable[Any], now_s: float = 0.0) -> None:
        """Hand events to the daemon, and carry out what it wants; then what that causes."""
        now_s = now_s or START_S + self._world.timeline.now_us / US
        table, acd = self._actions, self.acd
        waiting = deque(events)
        while waiting:
            for action in self.daemon.handle(waiting.popleft(), now_s):
                do = table.get(type(action))
                if do is not None:
                    do(action)
                else:
                    waiting.extend(acd.command(cast(Any, action), now_s))

    def node_said(self, what: tuple[str, Any]) -> None:
        """A node's message is here."""
        self.said(*what)

    def said(self, node: str, message: Any) -> None:
        """The same."""
        kind = type(message)
        if kind is wire.Reserve:
            self.acd.commands.request_id = message.request_id
            callers = self._world.callers
            callers.requests.offered(message.request_id, callers.named(message.interaction_id))
        elif kind is wire.RouteAnswer and message.token:
            self._note_answer(message)
        self.take((ev.NodeSaid(node=node, message=message),))

    def _timer(self, name: str, now_s: float) -> None:
        self.take((ev.TimerFired(name=name),), now_s)

    def _note_answer(self, answer: wire.RouteAnswer) -> None:
        world = self._world
        found = world.callers.requests.get(answer.request_id)
        target = world.model.site_index.get(answer.target_site)
        if found is None or target is None:
            return
        row = world.model.row_of.get((target, answer.queue), -1)
        agent = world.agent_numbers.get((target, answer.agent), -1)
        asked_us = min(found[1], world.timeline.now_us)
        found[0].answer = (answer.token, asked_us, row, agent)

    # ---- actions ---------------------------------------------------------------------------

    def _send(self, action: act.SendToNode) -> None:
        message: Any = action.message
        kind = type(message)
        if kind is wire.RouteRequest:
            leg = self.acd.floor.legs.get(message.call_id)
            if leg is not None:
                watch, requests = self._world.plan_watch, self._world.callers.requests
                if watch is not None and requests.get(message.request_id) is None:
                    watch.asked(self, message.interaction_id)
                requests.asked(message.request_id, leg.try_)
        elif kind is wire.ReserveRefused:
            self._world.callers.requests.refused_by(message.request_id)
        self._world.links.to_node(self.index, action.node, message)

    def _write(self, action: act.WriteHistory) -> None:
        world, fields = self._world, action.fields
        if action.kind == "move_ended" and fields["outcome"] == "unresolved":
            world.callers.unresolved(str(fields["interaction"]))
        if action.kind in HISTORY and world.callers.back is not None:
            world.callers.back.told(action.kind, fields, self.index)
        if action.kind == "tier" and world.plan_watch is not None:
            world.plan_watch.tier(self, int(cast(int, fields["tier"])))
        if world.watch is not None:
            world.watch.line(world.now_s(), self.name, action.kind, fields)

    def _save_epoch(self, action: act.SaveEpoch) -> None:
        saved = ev.EpochSaved(domain=action.domain, epoch=action.epoch, node=action.node)
        self._world.links.on_disk(self.index, saved)

    def on_disk(self, what: tuple[int, ev.EpochSaved]) -> None:
        """An epoch is on the disk of the process that wrote it, if that lives still."""
        life, saved = what
        if life == self.life and self.alive:
            self.disk.save_epoch(saved.domain, saved.epoch, saved.node)
            self.happens(self.epoch_saved, what)

    def epoch_saved(self, what: tuple[int, ev.EpochSaved]) -> None:
        """The daemon hears of it."""
        if what[0] == self.life:
            self.take((what[1],))


def token(number: int) -> str:
    """A token that no other number has."""
    letters = []
    for _ in range(TOKEN_LETTERS):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "nirc-" + "".join(letters)


def _nothing(action: Any) -> None:
    """Concerns nobody here."""
