"""Keeps a core's timers as a heap of instants.

Rule of this file: no clock and no loop; a timer started again is moved, a stopped one never fires.
"""

import heapq


class Timers:
    """Named timers, each at most once."""

    __slots__ = ("_due_at_s", "_heap")

    def __init__(self) -> None:
        self._due_at_s: dict[str, float] = {}
        self._heap: list[tuple[float, str]] = []

    def __len__(self) -> int:
        return len(self._due_at_s)

    def start(self, name: str, at_s: float) -> None:
        """Fire `name` at `at_s`; a second start moves it."""
        self._due_at_s[name] = at_s
        heapq.heappush(self._heap, (at_s, name))
        if len(self._heap) > 64 and len(self._heap) > 4 * len(self._due_at_s):
            self._heap = [(due, name) for name, due in self._due_at_s.items()]
            heapq.heapify(self._heap)

    def stop(self, name: str) -> None:
        """Forget a timer; unknown names are fine."""
        self._due_at_s.pop(name, None)

    def next_at_s(self) -> float | None:
        """When the next timer is due."""
        self._drop_stale()
        return self._heap[0][0] if self._heap else None

    def pop_due(self, now_s: float) -> str | None:
        """One timer that is due, which is forgotten by this."""
        self._drop_stale()
        if not self._heap or self._heap[0][0] > now_s:
            return None
        _, name = heapq.heappop(self._heap)
        del self._due_at_s[name]
        return name

    def _drop_stale(self) -> None:
        while self._heap and self._due_at_s.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
