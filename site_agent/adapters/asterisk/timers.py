"""Timers of the adapter as data: a named instant each.

Rule of this file: no clock is read; whoever owns the timers asks what is due at `now_s`.
"""

from __future__ import annotations

import heapq

Name = tuple[str, str]
"What it is for, and the id it is about."


class Timers:
    """Named instants. Starting a name again moves it; a stopped name never fires."""

    __slots__ = ("_at", "_heap")

    def __init__(self) -> None:
        self._at: dict[Name, float] = {}
        self._heap: list[tuple[float, Name]] = []

    def __len__(self) -> int:
        return len(self._at)

    def __contains__(self, name: Name) -> bool:
        return name in self._at

    def start(self, name: Name, at_s: float) -> None:
        """Fire `name` at `at_s`."""
        self._at[name] = at_s
        heapq.heappush(self._heap, (at_s, name))
        if len(self._heap) > 64 and len(self._heap) > 4 * len(self._at):
            self._heap = [(at, key) for key, at in self._at.items()]
            heapq.heapify(self._heap)

    def stop(self, name: Name) -> None:
        """Forget `name`; unknown names are fine."""
        self._at.pop(name, None)

    def next_s(self) -> float | None:
        """When the next timer is due; None if none runs."""
        while self._heap and self._at.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def due(self, now_s: float) -> list[Name]:
        """Take out every timer that is due, earliest first."""
        names: list[Name] = []
        while (next_s := self.next_s()) is not None and next_s <= now_s:
            name = heapq.heappop(self._heap)[1]
            del self._at[name]
            names.append(name)
        return names
