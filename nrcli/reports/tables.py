"""Keeps what was counted by place and interval.

Rule of this file: who counts says place, instant and column; what lies outside the intervals, or
has no place in this view, is left out here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from nrcli.reports.periods import Periods
from nrcli.reports.places import By, Place
from nrcli.reports.tally import Tally, joined


@dataclass(slots=True, kw_only=True)
class Table:
    """Tallies of one report."""

    by: By
    periods: Periods
    cells: dict[tuple[Place, int], Tally] = field(default_factory=dict)

    def at(self, place: Place | None, at_us: int) -> Tally | None:
        """The tally of the interval of an instant, to be counted in."""
        index = self.periods.index_of(at_us)
        return None if place is None or index is None else self.cell(place, index)

    def add(self, place: Place | None, at_us: int, *names: str) -> None:
        """Count one of each of these."""
        tally = self.at(place, at_us)
        if tally is not None:
            for name in names:
                tally.add(name)

    def spend(self, place: Place | None, begin_us: int, until_us: int, *names: str) -> None:
        """Count a span of time, in every interval that it touches."""
        if place is None:
            return
        for index, spent_us in self.periods.pieces(begin_us, until_us):
            for name in names:
                self.cell(place, index).add(name, spent_us)

    def stand(self, place: Place | None, begin_us: int, until_us: int) -> None:
        """Somebody waits from one instant to another: who does so at an edge was there at the end
        of one interval and at the beginning of the next."""
        if place is None:
            return
        for edge in self.periods.edges_within(begin_us, until_us):
            if edge > 0:
                self.cell(place, edge - 1).add("waiting_last")
            if edge < self.periods.count:
                self.cell(place, edge).add("waiting_first")

    def cell(self, place: Place, index: int) -> Tally:
        """The tally of a place in an interval."""
        found = self.cells.get((place, index))
        if found is None:
            found = self.cells[place, index] = Tally()
        return found

    @property
    def places(self) -> tuple[Place, ...]:
        """All of which something was counted, in order of their names."""
        return tuple(sorted({place for place, _ in self.cells}))

    def whole(self, place: Place) -> Tally:
        """All intervals of a place as one."""
        return joined(self._of(place))

    def _of(self, place: Place) -> Iterable[Tally]:
        empty = Tally()
        return (self.cells.get((place, index), empty) for index in range(self.periods.count))
