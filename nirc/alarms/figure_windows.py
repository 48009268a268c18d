"""Turns figures that only grow into what they grew by within a rule's time.

Rule of this file: arithmetic, bounded in memory. A count that shrank was begun anew by a program
that was started again: what it was before is forgotten, and nothing is made up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

PARTS = 60
"Of a window that are told apart."


@dataclass(frozen=True, slots=True)
class Sample:
    """A figure at one place, now."""

    value: float
    "A level, or how many were counted so far."
    of: float | None = None
    "Of a share: out of how many."


Figures = Mapping[str, Mapping[str, Sample]]
"By name of the figure, then by place."


class Window:
    """What one figure was at one place within the last `over_s` seconds."""

    __slots__ = ("_over_s", "_seen")

    def __init__(self, over_s: float) -> None:
        self._over_s = over_s
        self._seen: deque[tuple[float, float, float]] = deque()
        "(instant, value, of), oldest first; the first is at or before the window's begin."

    def add(self, sample: Sample, now_s: float) -> bool:
        """What the figure is now; whether it has grown since the last time."""
        value, of = sample.value, sample.of or 0.0
        seen = self._seen
        grew = value > seen[-1][1] or 0 < value < seen[-1][1] if seen else False
        if seen and (value < seen[-1][1] or of < seen[-1][2]):
            seen.clear()
        if len(seen) > 1 and now_s - seen[-2][0] < self._over_s / PARTS:
            seen[-1] = (now_s, value, of)
        else:
            seen.append((now_s, value, of))
        while len(seen) > 1 and seen[1][0] <= now_s - self._over_s:
            seen.popleft()
        return grew

    def grown(self) -> Sample:
        """By how much value and `of` grew within the window."""
        first, last = self._seen[0], self._seen[-1]
        return Sample(last[1] - first[1], last[2] - first[2])

    def is_whole(self, now_s: float) -> bool:
        """Whether it was looked at for the window's whole time."""
        return bool(self._seen) and now_s - self._seen[0][0] >= self._over_s
