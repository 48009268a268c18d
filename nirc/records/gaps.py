"""Knows which records are missing, by their numbers, and which came twice.

Rule of this file: pure and bounded. Each source (a start of a site agent or of a node) numbers its
records from 1; one that comes late fills its gap. What is older than what can be remembered stays
missing, and is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SOURCES_MAX = 5_000
HOLES_MAX = 1_000
"Of one source, each from a first to a last number; beyond it the oldest is missing for good."


class _Source:
    """What was seen of one source."""

    __slots__ = ("for_good", "highest", "holes")

    def __init__(self) -> None:
        self.highest = 0
        self.holes: list[list[int]] = []
        "Numbers not seen below the highest: [first, last], ascending."
        self.for_good = 0

    def take(self, number: int) -> bool:
        if number > self.highest:
            if number > self.highest + 1:
                self.holes.append([self.highest + 1, number - 1])
                if len(self.holes) > HOLES_MAX:
                    first, last = self.holes.pop(0)
                    self.for_good += last - first + 1
            self.highest = number
            return True
        for place, (first, last) in enumerate(self.holes):
            if first <= number <= last:
                halves = [[first, number - 1], [number + 1, last]]
                self.holes[place : place + 1] = [half for half in halves if half[0] <= half[1]]
                return True
        return False

    @property
    def missing(self) -> int:
        return self.for_good + sum(last - first + 1 for first, last in self.holes)


class Gaps:
    """The sources of one table."""

    def __init__(self) -> None:
        self._sources: dict[str, _Source] = {}
        self._forgotten = 0
        self.twice_count = 0

    def take(self, source: str, number: int) -> bool:
        """A record came. False: it was here before. Number 0: of a version that counts none."""
        if number <= 0:
            return True
        seen = self._sources.pop(source, None) or _Source()
        self._sources[source] = seen
        if len(self._sources) > SOURCES_MAX:
            oldest = next(iter(self._sources))
            self._forgotten += self._sources.pop(oldest).missing
        if seen.take(number):
            return True
        self.twice_count += 1
        return False

    @property
    def missing_count(self) -> int:
        """Records that never came, or not yet."""
        return self._forgotten + sum(one.missing for one in self._sources.values())

    def missing(self) -> dict[str, int]:
        """The same by source; those that lack nothing are left out."""
        return {name: one.missing for name, one in self._sources.items() if one.missing}

    def kept(self) -> dict[str, Any]:
        """Everything, as plain values."""
        sources = {
            name: [one.highest, one.for_good, one.holes] for name, one in self._sources.items()
        }
        return {"forgotten": self._forgotten, "sources": sources}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Gaps:
        """What `kept` gave."""
        gaps = cls()
        gaps._forgotten = int(kept.get("forgotten", 0))
        for name, (highest, for_good, holes) in kept.get("sources", {}).items():
            source = gaps._sources[name] = _Source()
            source.highest, source.for_good = highest, for_good
            source.holes = [list(hole) for hole in holes]
        return gaps
