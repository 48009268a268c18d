"""Remembers what this leader asked of targets and cannot see in their state yet.

Rule of this file: a promise withholds exactly what it was made for, once, and gives it back exactly
once: when the site's state shows the reservation, when it is settled, or when it runs out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nrcli.wire.messages import ChannelClaim


@dataclass(slots=True)
class Promise:
    """What one `Reserve` asked of one site."""

    request_id: str
    site: str
    domain: str
    row: int
    agent: str
    "Empty for a place."
    channels: tuple[ChannelClaim, ...]
    until_s: float
    origin: tuple[str, str] = ("", "")
    "Site and trunk group that the call is moved from."
    origin_channels: int = 0
    "Channels that the move needs there."


class Promises:
    """Promises by (request, site), with the agents they withhold."""

    __slots__ = ("_agents", "_promises")

    def __init__(self) -> None:
        self._promises: dict[tuple[str, str], Promise] = {}
        self._agents: dict[tuple[str, str], int] = {}
        "Promises per (site, agent)."

    def add(self, promise: Promise) -> bool:
        """Keeps it; False if this request has one at this site already."""
        key = (promise.request_id, promise.site)
        if key in self._promises:
            return False
        self._promises[key] = promise
        self._count(promise, 1)
        return True

    def pop(self, request_id: str, site: str) -> Promise | None:
        """Gives it back, if there is one."""
        promise = self._promises.pop((request_id, site), None)
        if promise is not None:
            self._count(promise, -1)
        return promise

    def get(self, request_id: str, site: str) -> Promise | None:
        """The promise, if there is one."""
        return self._promises.get((request_id, site))

    def agent_promised(self, site: str, agent: str) -> bool:
        """Is this agent withheld."""
        return (site, agent) in self._agents

    def due(self, now_s: float) -> list[Promise]:
        """Promises that have run out."""
        return [promise for promise in self._promises.values() if promise.until_s <= now_s]

    def __iter__(self) -> Iterator[Promise]:
        return iter(list(self._promises.values()))

    def __len__(self) -> int:
        return len(self._promises)

    def _count(self, promise: Promise, by: int) -> None:
        if promise.agent:
            _add(self._agents, (promise.site, promise.agent), by)


def _add(counts: dict[tuple[str, str], int], key: tuple[str, str], by: int) -> None:
    left = counts.get(key, 0) + by
    if left:
        counts[key] = left
    else:
        counts.pop(key, None)
