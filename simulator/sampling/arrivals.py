"""Draws when calls come: Poisson, at the rates a scenario expects, times the day's busyness.

Rule of this file: what is drawn does not depend on how far it is asked for at a time. Counts and
instants have streams of their own, and large pieces are cut by their expectation alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil

import numpy as np
from numpy.typing import NDArray

from simulator.sampling.streams_of_run import RunStreams
from simulator.scenarios.rates import Piece

CELL_CALLS = 20_000
"A piece with more expected calls is cut into equal cells; one cell is drawn at a time."


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Instants of calls of one local day, in order."""

    day: date
    arrival_us: NDArray[np.int64]


class DrawnArrivals:
    """The instants of one arrival of a scenario, in order, as far as they are asked for."""

    __slots__ = ("_cells", "_counts", "_day", "_factor", "_held", "_instants", "_shape", "_streams")

    def __init__(
        self, pieces: Iterator[Piece], streams: RunStreams, gamma_shape: float | None
    ) -> None:
        self._cells = _Ahead(pieces)
        self._streams = streams
        self._shape = gamma_shape
        self._day: date | None = None
        self._factor = 1.0
        self._held: list[Batch] = []

    def before(self, until_us: int) -> list[Batch]:
        """Calls not told before that come before an instant; days apart."""
        made, self._held = self._held, []
        while (first := self._cells.first) is not None and first.from_us < until_us:
            made.append(self._drawn(self._cells.taken(until_us)))
        whole: list[Batch] = []
        for batch in made:
            cut = int(np.searchsorted(batch.arrival_us, until_us))
            for part, place in ((slice(cut), whole), (slice(cut, None), self._held)):
                if len(batch.arrival_us[part]):
                    place.append(Batch(day=batch.day, arrival_us=batch.arrival_us[part]))
        return whole

    def _drawn(self, cells: list[Piece]) -> Batch:
        day = cells[0].day
        if day != self._day:
            self._day = day
            self._counts = self._streams.of("arrivals", day)
            self._instants = self._streams.of("instants", day)
            self._factor = self._busyness(day)
        expected = np.asarray([cell.calls for cell in cells]) * self._factor
        counts = self._counts.poisson(expected)
        begins = np.asarray([cell.from_us for cell in cells], dtype=np.int64)
        lasts = np.asarray([cell.to_us - cell.from_us for cell in cells], dtype=np.int64)
        instants = self._instants.random(int(counts.sum()))
        if len(cells) == 1:
            made = begins[0] + (instants * lasts[0]).astype(np.int64)
        else:
            made = np.repeat(begins, counts)
            made += (instants * np.repeat(lasts, counts)).astype(np.int64)
        made.sort()
        return Batch(day=day, arrival_us=made)

    def _busyness(self, day: date) -> float:
        """Gamma distributed with mean 1 and variance 1 / shape (Jongbloed and Koole 2001)."""
        if self._shape is None:
            return 1.0
        return float(self._streams.of("busyness", day).standard_gamma(self._shape)) / self._shape


class _Ahead:
    """Cells of pieces, the next one known."""

    __slots__ = ("_cells", "first")

    def __init__(self, pieces: Iterator[Piece]) -> None:
        self._cells = (cell for piece in pieces for cell in cells_of(piece))
        self.first = next(self._cells, None)

    def taken(self, until_us: int) -> list[Piece]:
        """At least the next cell, and those of its day that begin before an instant."""
        assert self.first is not None
        made = [self.first]
        calls = self.first.calls
        self.first = next(self._cells, None)
        while (
            (cell := self.first) is not None
            and cell.day == made[0].day
            and cell.from_us < until_us
            and calls + cell.calls <= CELL_CALLS
        ):
            made.append(cell)
            calls += cell.calls
            self.first = next(self._cells, None)
        return made


def cells_of(piece: Piece) -> Iterator[Piece]:
    """A piece in equal cells of at most CELL_CALLS expected calls."""
    count = max(1, ceil(piece.calls / CELL_CALLS))
    if count == 1:
        yield piece
        return
    lasts_us = piece.to_us - piece.from_us
    edges = [piece.from_us + lasts_us * i // count for i in range(count + 1)]
    for begin_us, end_us in zip(edges, edges[1:], strict=False):
        yield Piece(begin_us, end_us, piece.calls * (end_us - begin_us) / lasts_us, piece.day)
