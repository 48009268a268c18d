"""User agents joined by a wire in memory that loses, doubles and disorders by a seed.

Rule of this file: no real time: the clock jumps to whatever happens next, a delivery or a timer.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from itertools import count

from site_agent.sip.settings import SipSettings
from site_agent.sip.signals import Output, Peer, SendBytes
from site_agent.sip.user_agent import UserAgent

Owner = Callable[["Station", object, float], None]


def ids(prefix: str) -> Callable[[], str]:
    """Ids that are short and the same in every run."""
    numbers = count(1)
    return lambda: f"{prefix}{next(numbers)}"


class Station:
    """A user agent at an address, with the events it told of."""

    def __init__(self, name: str, port: int, settings: SipSettings | None = None) -> None:
        self.name = name
        self.address = ("127.0.0.1", port)
        self.agent = UserAgent(settings or SipSettings(), ids(name))
        self.events: list[object] = []
        self.owner: Owner | None = None
        self.wire: Wire | None = None

    def peer(self, other: Station, transport: str = "udp") -> Peer:
        """The flow to another station."""
        return Peer(transport, self.address, other.address)

    def take(self, outputs: list[Output], now_s: float) -> None:
        """Carry outputs out: bytes go on the wire, events to the owner."""
        for output in outputs:
            if isinstance(output, SendBytes):
                if self.wire is not None:
                    self.wire.carry(output, now_s)
                continue
            self.events.append(output)
            if self.owner is not None:
                self.owner(self, output, now_s)

    def leftovers(self) -> dict[str, int]:
        """What is still kept; all zeros when everything has ended."""
        agent = self.agent
        return {
            "legs": len(agent._legs),
            "tags": len(agent._by_tag),
            "transactions": len(agent._transactions),
            "timers": len(agent._timers),
            "pending": len(agent._pending),
            "merged": len(agent._merged),
        }


class Wire:
    """Carries bytes between stations; shares are from 0 to 1, delays in seconds."""

    def __init__(
        self,
        *stations: Station,
        seed: int = 0,
        loss_share: float = 0.0,
        double_share: float = 0.0,
        delay_s: tuple[float, float] = (0.001, 0.001),
    ) -> None:
        self.now_s = 1_000.0
        self.log: list[tuple[str, bytes]] = []
        self._stations = {station.address: station for station in stations}
        self._random = random.Random(seed)
        self._shares = loss_share, double_share
        self._delay_s = delay_s
        self._queue: list[tuple[float, int, Callable[[float], None]]] = []
        self._number = count()
        for station in stations:
            station.wire = self

    def at(self, at_s: float, act: Callable[[float], None]) -> None:
        """Do something at a time."""
        heapq.heappush(self._queue, (at_s, next(self._number), act))

    def carry(self, output: SendBytes, now_s: float) -> None:
        """Take bytes from a station."""
        loss_share, double_share = self._shares
        sender = self._stations[output.peer.local]
        self.log.append((sender.name, output.data))
        copies = 2 if self._random.random() < double_share else 1
        for _ in range(copies):
            if self._random.random() < loss_share:
                continue
            station = self._stations.get(output.peer.remote)
            if station is None:
                continue
            back = Peer(output.peer.transport, output.peer.remote, output.peer.local)
            self._deliver(station, output.data, back, now_s)

    def _deliver(self, station: Station, data: bytes, peer: Peer, now_s: float) -> None:
        at_s = now_s + self._random.uniform(*self._delay_s)
        self.at(at_s, lambda now: station.take(station.agent.receive(data, peer, now), now))

    def run(self, until_s: float | None = None) -> None:
        """Let time pass until nothing is left to happen, or until a time."""
        while True:
            timers = [
                (at_s, station)
                for station in self._stations.values()
                if (at_s := station.agent.next_timer_s()) is not None
            ]
            timer_s, station = min(timers, key=lambda t: t[0], default=(None, None))
            message_s = self._queue[0][0] if self._queue else None
            known = [at_s for at_s in (timer_s, message_s) if at_s is not None]
            if not known or (until_s is not None and min(known) > until_s):
                break
            self.now_s = max(self.now_s, min(known))
            if message_s is not None and message_s <= self.now_s:
                heapq.heappop(self._queue)[2](self.now_s)
            elif station is not None:
                station.take(station.agent.fire(self.now_s), self.now_s)
        if until_s is not None:
            self.now_s = max(self.now_s, until_s)

    def methods(self, sender: str) -> list[str]:
        """First words of what a station sent: methods and statuses."""
        words = [data.split(b"\r\n")[0].split() for name, data in self.log if name == sender]
        return [(w[1] if w[0].startswith(b"SIP/") else w[0]).decode() for w in words]
