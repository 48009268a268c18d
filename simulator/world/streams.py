"""The streams of a network: how they come up, end at each end by itself, and are made anew.

Rule of this file: each end finds out by itself that a stream is over: by the other's word, or by
silence; the end that dials makes it anew, a moment later, as real ones do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nirc.core import events as node_events
from nrcli.wire import messages as wire
from simulator.model.instants import US
from simulator.world.process import Process
from simulator.world.timeline import REPLY, TIMER
from simulator.world.wires import BEAT, Wire
from site_agent.core import events as site_events

if TYPE_CHECKING:
    from simulator.world.world import World

SILENCE_US = 1_500_000
"""An end that heard nothing for so long gives its stream up at its next look, half a second apart:
within 2 s."""
HEARTBEAT_US = US // 2
PEER_DELAY_US = 1_000
GREETING_S = (1.0, 1.5)
"A dialing end that was not welcomed by then dials again."
RESUMED_SILENT_SHARE = 0.5
"Of processes that were stopped so long notice their own silence before they read what came."
Key = tuple[str, str]


class Streams:
    """All streams, by the end that dials and the other."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.wires: dict[Key, Wire] = {}
        names = list(world.nodes)
        for number, node in enumerate(names):
            for peer in names[number + 1 :]:
                self.wires[(node, peer)] = self._wire(node, peer, PEER_DELAY_US)
            for site in world.model.sites:
                self.wires[(site.name, node)] = self._wire(site.name, node, site.link_delay_us)

    def _wire(self, a: str, b: str, delay_us: int) -> Wire:
        return Wire(self._world.timeline, self._world.dice, (a, b), delay_us)

    def start(self) -> None:
        """They come up one after another."""
        for key in self.wires:
            self._dial(key, 0.0, 0.2)
        self._heartbeat()

    def end(self, what: tuple[Key, str]) -> None:
        """One end gives its stream up, its core hears of it, and the other end soon."""
        key, end = what
        found = self.wires[key]
        stream = found.at[end]
        if not stream:
            return
        found.at[end] = 0
        self._tell_down(key, end)
        other = found.other[end]
        found.go(other, REPLY, stream, self._other_ended, (key, other, stream))
        if end == key[0]:
            self._dial(key, 0.2, 0.7)

    def _other_ended(self, what: tuple[Key, str, int]) -> None:
        """The other end's last word; a process that is stopped reads it later."""
        self.process(what[1]).happens(self._hear_end, what)

    def _hear_end(self, what: tuple[Key, str, int]) -> None:
        key, end, stream = what
        if self.wires[key].at[end] == stream:
            self.end((key, end))

    def gone(self, name: str, *, silently: bool) -> None:
        """A process is no more; its machine says so to the other ends, or is gone too."""
        for key, found in self.wires.items():
            if name not in found.at:
                continue
            stream, found.at[name] = found.at[name], 0
            other = found.other[name]
            if stream and not silently:
                found.go(other, REPLY, stream, self._other_ended, (key, other, stream))
            if name == key[0]:
                self._dial(key, 0.2, 0.7)

    def resumed(self, name: str, stopped_us: int) -> None:
        """A stopped process goes on: it may find that it has heard nothing for too long."""
        if stopped_us < SILENCE_US:
            return
        for key, found in self.wires.items():
            if found.at.get(name) and self._world.dice.share("woken") < RESUMED_SILENT_SHARE:
                self.end((key, name))

    def _tell_down(self, key: Key, end: str) -> None:
        world, (a, b) = self._world, key
        index = world.model.site_index.get(a)
        if index is None:
            peer = b if end == a else a
            down = node_events.PeerDown(node=peer, refused=not world.nodes[peer].alive)
            world.nodes[end].handle(down)
        elif end == b:
            world.nodes[b].handle(node_events.SiteLinkDown(site=a, reason="silent"))
        else:
            world.sites[index].take((site_events.NodeLinkDown(node=b, reason="silent"),))

    # ---- dialing ---------------------------------------------------------------------------

    def _dial(self, key: Key, low_s: float, high_s: float) -> None:
        """The end that dials will, after a while."""
        found = self.wires[key]
        found.dialing += 1
        self._dial_again(key, low_s, high_s)

    def _dial_again(self, key: Key, low_s: float, high_s: float) -> None:
        timeline = self._world.timeline
        wait_s = self._world.dice.between(low_s, high_s, "again", *key)
        what = (key, self.wires[key].dialing)
        timeline.at(timeline.now_us + int(wait_s * US), TIMER, self._connect, what)

    def _connect(self, what: tuple[Key, int]) -> None:
        (key, dialing), found = what, self.wires[what[0]]
        a = key[0]
        if found.at[a] or found.dialing != dialing:
            return
        if any(found.cuts.values()) or not all(self.process(end).running for end in key):
            self._dial_again(key, 0.3, 0.7)
            return
        found.newest += 1
        index = self._world.model.site_index.get(a)
        hello = None if index is None else self._world.sites[index].hello()
        timeline = self._world.timeline
        at_us = timeline.now_us + found.delay_us
        timeline.at(at_us, REPLY, self._greeted, (key, found.newest, hello))
        self._dial_again(key, *GREETING_S)

    def _greeted(self, what: tuple[Key, int, wire.Hello | None]) -> None:
        """The greeting is at the other end: what stood there before is over."""
        (key, stream, hello), found = what, self.wires[what[0]]
        a, b = key
        node = self._world.nodes[b]
        if found.cuts[b] or not node.running or stream != found.newest:
            return
        if found.at[b]:
            found.at[b] = 0
            self._tell_down(key, b)
        found.at[b] = stream
        found.heard_us[b] = self._world.timeline.now_us
        found.welcome(self._welcomed, (key, stream))
        if hello is None:
            node.handle(node_events.PeerUp(node=a))
        else:
            node.handle(node_events.SiteLinkUp(site=a, hello=hello))

    def _welcomed(self, what: tuple[Key, int]) -> None:
        (key, stream), found = what, self.wires[what[0]]
        a, b = key
        if not self.process(a).running:
            return
        found.at[a] = stream
        found.heard_us[a] = self._world.timeline.now_us
        index = self._world.model.site_index.get(a)
        if index is None:
            self._world.nodes[a].handle(node_events.PeerUp(node=b))
        else:
            self._world.sites[index].take((site_events.NodeLinkUp(node=b, pre_routes=True),))

    def process(self, name: str) -> Process:
        """Of a node or a site."""
        index = self._world.model.site_index.get(name)
        return self._world.nodes[name] if index is None else self._world.sites[index]

    def _heartbeat(self, nothing: None = None) -> None:
        world = self._world
        for key, found in self.wires.items():
            a, b = key
            if self.process(a).running:
                self._beat(key, found, a)
                is_site = a in world.model.site_index
                act = world.nodes[b].handle if is_site else _nothing
                found.send(b, BEAT, act, node_events.SiteAlive(site=a))
            if world.nodes[b].running:
                self._beat(key, found, b)
                found.send(a, BEAT, _nothing, None)
        at_us = world.timeline.now_us + HEARTBEAT_US
        world.timeline.at(at_us, TIMER, self._heartbeat, None)

    def _beat(self, key: Key, found: Wire, end: str) -> None:
        """An end looks how long it has heard nothing."""
        if found.at[end] and self._world.timeline.now_us - found.heard_us[end] >= SILENCE_US:
            self.end((key, end))


def _nothing(what: Any) -> None:
    """A heartbeat is heard, and means nothing more."""
