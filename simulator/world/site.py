"""One simulated site: its real daemon, its simulated ACD, and what passes between them.

Rule of this file: it carries out and decides nothing: each event is a turn of its own, the events
that a turn causes come before the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from nrcli.wire import messages as wire
from simulator.model.instants import START_S, US
from simulator.world.acd import WorldAcd
from simulator.world.core_settings import site_settings, site_table
from simulator.world.timeline import Timers
from site_agent.core import actions as act
from site_agent.core import events as ev
from site_agent.core.site_daemon import SiteDaemon

if TYPE_CHECKING:
    from simulator.world.world import World

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
TOKEN_LETTERS = 26


class WorldSite:
    """One site."""

    def __init__(self, world: World, index: int) -> None:
        self._world = world
        model = world.model
        self.index = index
        self.name = model.sites[index].name
        self.lost_us: int | None = None
        "Since when the site is lost; None: it is there."
        self.epochs: dict[str, wire.Epoch] = {}
        ids, tokens = count(), count(index << 64)
        self.daemon: SiteDaemon = world.new_daemon(
            site=self.name,
            incarnation=1,
            settings=site_settings(
                model.sites[index], model.start_unix_s - START_S, ideal=model.ideal
            ),
            epochs={},
            site_table=site_table(model),
            new_token=lambda: token(next(tokens)),
            new_id=lambda: f"{self.name}-{next(ids)}",
        )
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
            act.TellCti: _nothing,
            act.RaiseAlarm: _nothing,
            act.ClearAlarm: _nothing,
            act.SaveSiteTable: _nothing,
            act.SaveSiteDocuments: _nothing,
            act.UseNumbers: _nothing,
        }
        if world.watch is None and not world.faulty:
            self._actions[act.WriteHistory] = _nothing

    def start(self) -> None:
        """The ACD tells what there is; the site's own rules are read."""
        now_s = self._world.now_s()
        self.take(self.acd.snapshot(now_s))
        rules = self._world.model.sites[self.index].rules
        if rules:
            self.take([ev.OverflowRulesRead(source="rules", text=rules)])

    def hello(self) -> wire.Hello:
        """What the site says on a new stream."""
        epochs = tuple(wire.KnownEpoch(domain=d, epoch=e) for d, e in self.epochs.items())
        return wire.Hello(site=self.name, incarnation=1, epochs=epochs)

    # ---- the daemon's turns ----------------------------------------------------------------

    def take(self, events: Iterable[Any], now_s: float = 0.0) -> None:
        """Hand events to the daemon, and carry out what it wants."""
        now_s = now_s or START_S + self._world.timeline.now_us / US
        for event in tuple(events):
            self._turn(event, now_s)

    def _turn(self, event: Any, now_s: float) -> None:
        """One event, then those that it caused."""
        table, acd = self._actions, self.acd
        caused: list[Any] = []
        for action in self.daemon.handle(event, now_s):
            do = table.get(type(action))
            if do is not None:
                do(action)
            else:
                caused.extend(acd.command(cast(Any, action), now_s))
        for one in caused:
            self._turn(one, now_s)

    def said(self, node: str, message: Any) -> None:
        """A node's message is here."""
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
                self._world.callers.requests.asked(message.request_id, leg.try_)
        elif kind is wire.ReserveRefused:
            self._world.callers.requests.refused_by(message.request_id)
        self._world.links.to_node(self.index, action.node, message)

    def _write(self, action: act.WriteHistory) -> None:
        world, fields = self._world, action.fields
        if action.kind == "move_ended" and fields["outcome"] == "unresolved":
            world.callers.unresolved(str(fields["interaction"]))
        if world.watch is not None:
            world.watch.line(world.now_s(), self.name, action.kind, fields)

    def _save_epoch(self, action: act.SaveEpoch) -> None:
        saved = ev.EpochSaved(domain=action.domain, epoch=action.epoch, node=action.node)
        self.epochs[action.domain] = max(action.epoch, self.epochs.get(action.domain, action.epoch))
        self._world.links.on_disk(self.index, saved)

    def epoch_saved(self, saved: ev.EpochSaved) -> None:
        """An epoch is on the disk."""
        self.take((saved,))


def token(number: int) -> str:
    """A token that no other number has."""
    letters = []
    for _ in range(TOKEN_LETTERS):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "nirc-" + "".join(letters)


def _nothing(action: Any) -> None:
    """Concerns nobody here."""
