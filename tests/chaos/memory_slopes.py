"""How fast the memory of processes grows: resident size over time, by least squares.

Rule of this file: only what was measured after the warm-up of a process counts; a process that was
started anew is another one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

WARM_UP_S = 120.0
SPAN_S_MIN = 300.0
"A shorter time says nothing about an hour."


@dataclass(slots=True)
class Sizes:
    """Sizes of processes, as they were seen."""

    _seen: dict[tuple[str, int], list[tuple[float, float]]] = field(default_factory=dict)

    def add(self, name: str, pid: int, at_s: float, size_mb: float) -> None:
        """One size, in MB."""
        self._seen.setdefault((name, pid), []).append((at_s, size_mb))

    def slopes(self) -> dict[str, float]:
        """MB an hour by name, of each one's process that stood longest."""
        found: dict[str, tuple[float, float]] = {}
        for (name, _), points in self._seen.items():
            warm = [point for point in points if point[0] - points[0][0] >= WARM_UP_S]
            span_s = warm[-1][0] - warm[0][0] if warm else 0.0
            if span_s >= SPAN_S_MIN and span_s > found.get(name, (0.0, 0.0))[0]:
                found[name] = (span_s, slope(warm) * 3600.0)
        return {name: round(mb_per_h, 2) for name, (_, mb_per_h) in sorted(found.items())}


def slope(points: list[tuple[float, float]]) -> float:
    """Least squares of y over x: how much y grows while x grows by one."""
    count = len(points)
    x_mean = sum(x for x, _ in points) / count
    y_mean = sum(y for _, y in points) / count
    spread = sum((x - x_mean) ** 2 for x, _ in points)
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / spread if spread else 0.0
