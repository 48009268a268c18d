"""Says how much one address may send: token buckets, one for each source, with a bound on them.

Rule of this file: pure counting, `now_s` comes from the caller. Whoever is listed has a share that
strangers cannot eat; strangers have a small one each and one for all, since addresses of datagrams
can be forged. An address that we asked something is no stranger.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

BURST_S = 2.0
"A source that was quiet may send so many seconds' worth at once."
SOURCES_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangerLimits:
    """What addresses may send that no trunk group and no network of phones names."""

    stranger_messages_per_s: float = 20.0
    "From one address; more are dropped unread."
    strangers_messages_per_s: float = 200.0
    "From all of them together."


class Buckets:
    """One bucket for each source; the one that was used longest ago makes room."""

    __slots__ = ("_burst", "_held", "_per_s", "_sources_max")

    def __init__(self, per_s: float, *, burst: float = 0.0, sources_max: int = SOURCES_MAX) -> None:
        self._per_s = per_s
        self._burst = max(1.0, burst or per_s * BURST_S)
        self._sources_max = sources_max
        self._held: dict[str, tuple[float, float]] = {}

    def take(self, source: str, now_s: float) -> bool:
        """Take one; False: there is none."""
        held, at_s = self._held.pop(source, (self._burst, now_s))
        held = min(self._burst, held + (now_s - at_s) * self._per_s)
        may = held >= 1.0
        if len(self._held) >= self._sources_max:
            del self._held[next(iter(self._held))]
        self._held[source] = (held - 1.0 if may else held, now_s)
        return may

    def has(self, source: str, now_s: float) -> bool:
        """Is there one to take?"""
        held, at_s = self._held.get(source, (self._burst, now_s))
        return held + (now_s - at_s) * self._per_s >= 1.0

    def __len__(self) -> int:
        return len(self._held)


class SourceShares:
    """What a process hears, before a message is read."""

    __slots__ = ("_all", "_asked", "_each", "dropped_count")

    def __init__(self, limits: StrangerLimits) -> None:
        self._each = Buckets(limits.stranger_messages_per_s)
        self._all = Buckets(limits.strangers_messages_per_s)
        self._asked: dict[str, None] = {}
        self.dropped_count = 0

    def asked(self, host: str, data: bytes) -> None:
        """We sent this there: whoever gets a request of ours may answer it."""
        if host in self._asked or data.startswith(b"SIP/2.0 "):
            return
        if len(self._asked) >= SOURCES_MAX:
            del self._asked[next(iter(self._asked))]
        self._asked[host] = None

    def hears(self, host: str, is_listed: Callable[[], bool], now_s: float) -> bool:
        """Is a message from there read? False: it is dropped, and counted."""
        if host in self._asked or is_listed():
            return True
        if self._each.take(host, now_s) and self._all.take("", now_s):
            return True
        self.dropped_count += 1
        return False
