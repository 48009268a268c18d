"""Timers as data: a named instant each, in one heap.

Rule of this file: no clock is read; whoever owns the timers asks what is due at `now_s`.
"""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Timers(Generic[Key]):
    """Named instants. Starting a name again moves it; a stopped name never fires."""

    __slots__ = ("_at", "_count", "_heap")

    def __init__(self) -> None:
        self._at: dict[Key, tuple[float, int]] = {}
        self._heap: list[tuple[float, int, Key]] = []
        self._count = 0

    def __len__(self) -> int:
        return len(self._at)

    def __contains__(self, key: Key) -> bool:
        return key in self._at

    def start(self, key: Key, at_s: float) -> None:
        """Fire `key` at `at_s`."""
        self._count += 1
        self._at[key] = (at_s, self._count)
        heapq.heappush(self._heap, (at_s, self._count, key))
        if len(self._heap) > 64 and len(self._heap) > 4 * len(self._at):
            self._heap = [(at, count, name) for name, (at, count) in self._at.items()]
            heapq.heapify(self._heap)

    def stop(self, key: Key) -> None:
        """Forget `key`; unknown names are fine."""
        self._at.pop(key, None)

    def stop_all(self, keys: Iterable[Key]) -> None:
        """Forget several; unknown names are fine."""
        forget = self._at.pop
        for key in keys:
            forget(key, None)

    def at_s(self, key: Key) -> float | None:
        """When a timer fires; None if it does not run."""
        found = self._at.get(key)
        return None if found is None else found[0]

    def next_s(self) -> float | None:
        """When the next timer is due; None if none runs."""
        self._drop_stopped()
        return self._heap[0][0] if self._heap else None

    def due(self, now_s: float) -> list[Key]:
        """Take out every timer that is due, earliest first."""
        keys: list[Key] = []
        while True:
            self._drop_stopped()
            if not self._heap or self._heap[0][0] > now_s:
                return keys
            key = heapq.heappop(self._heap)[2]
            del self._at[key]
            keys.append(key)

    def _drop_stopped(self) -> None:
        while self._heap:
            at_s, count, key = self._heap[0]
            if self._at.get(key) == (at_s, count):
                return
            heapq.heappop(self._heap)
