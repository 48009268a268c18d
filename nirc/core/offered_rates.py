"""Measures how many callers each queue gets, from counts that only grow.

Rule of this file: a rate is over the last `SPAN_S` to twice that; one that was measured for less
than `ENOUGH_S` is none. A count that went back began anew with its site.
"""

from __future__ import annotations

SPAN_S = 300.0
ENOUGH_S = 30.0
Mark = tuple[float, int]
"(when, the count then)"


class OfferedRates:
    """Counts by (site, queue). One entry for each queue of the network."""

    __slots__ = ("_marks", "_newest")

    def __init__(self) -> None:
        self._marks: dict[tuple[str, str], tuple[Mark, Mark]] = {}
        "The older one is what is measured from; the newer one will be, once it is old enough."
        self._newest: dict[tuple[str, str], int] = {}

    def heard(self, site: str, queue: str, count: int, now_s: float) -> None:
        """A queue says how many callers it has got so far."""
        key = (site, queue)
        marks = self._marks.get(key)
        if marks is None or count < self._newest[key]:
            marks = ((now_s, count), (now_s, count))
        elif now_s - marks[1][0] >= SPAN_S:
            marks = (marks[1], (now_s, count))
        self._marks[key] = marks
        self._newest[key] = count

    def gone(self, site: str, queue: str) -> None:
        """The queue is no more."""
        self._marks.pop((site, queue), None)
        self._newest.pop((site, queue), None)

    def per_s(self, site: str, queue: str, now_s: float) -> float | None:
        """Callers per second; None where it was not measured for long enough."""
        marks = self._marks.get((site, queue))
        if marks is None or now_s - marks[0][0] < ENOUGH_S:
            return None
        at_s, count = marks[0]
        return (self._newest[site, queue] - count) / (now_s - at_s)
