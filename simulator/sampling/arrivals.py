"""Draws when calls come: Poisson, at the rates a scenario expects, times the day's busyness.

Rule of this file: what is drawn does not depend on how far it is asked for at a time. Levels of
expectation at which calls come are a Poisson process of rate 1, added up from exponential gaps; the
rates say at which instant each level is reached (Cinlar, "Introduction to stochastic processes",
1975, section 4.7). Instants come out in order, and nothing is sorted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from simulator.sampling.streams_of_run import RunStreams
from simulator.scenarios.rates import Piece

Levels = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Instants of calls of one local day, in order."""

    day: date
    arrival_us: NDArray[np.int64]


class DrawnArrivals:
    """The instants of one arrival of a scenario, in order, as far as they are asked for."""

    __slots__ = (
        "_ahead",
        "_day",
        "_dice",
        "_factor",
        "_level",
        "_next",
        "_pieces",
        "_shape",
        "_shared",
        "_streams",
    )

    def __init__(
        self,
        pieces: Iterator[Piece],
        streams: RunStreams,
        gamma_shape: float | None,
        *,
        shared: bool = False,
    ) -> None:
        self._pieces = pieces
        self._next = next(pieces, None)
        self._streams = streams
        self._shape = gamma_shape
        self._shared = shared
        self._day: date | None = None
        self._dice = np.random.Generator(np.random.PCG64DXSM(0))
        self._factor = 1.0
        self._level = 0.0
        self._ahead: Levels = np.zeros(1)

    def before(self, until_us: int) -> list[Batch]:
        """Calls not told before that come before an instant; days apart."""
        made = []
        while self._next is not None and self._next.from_us < until_us:
            day = self._next.day
            if day != self._day:
                self._begin(day)
            arrival_us = self._instants(self._taken(day, until_us), until_us)
            if len(arrival_us):
                made.append(Batch(day=day, arrival_us=arrival_us))
            if self._next is not None and self._next.day == day:
                break
        return made

    def _begin(self, day: date) -> None:
        self._day = day
        self._dice = self._streams.of("arrivals", day)
        self._factor = self._busyness(day)
        self._level = 0.0
        self._ahead = self._dice.standard_exponential(1)

    def _busyness(self, day: date) -> float:
        """The day's factor, of mean 1. Where it is shared, one chance is the quantile of every
        arrival's own law: a date is as rare for all, whatever their shapes."""
        if self._shape is None:
            return 1.0
        if self._shared:
            from scipy.special import gammaincinv

            luck = self._streams.shared("busyness", day).random()
            return float(gammaincinv(self._shape, luck)) / self._shape
        return float(self._streams.of("busyness", day).standard_gamma(self._shape)) / self._shape

    def _taken(self, day: date, until_us: int) -> list[Piece]:
        """Pieces of a day that begin before an instant; one that goes on beyond it stays next."""
        made: list[Piece] = []
        while (piece := self._next) is not None and piece.day == day and piece.from_us < until_us:
            made.append(piece)
            if piece.to_us > until_us:
                break
            self._next = next(self._pieces, None)
        return made

    def _instants(self, pieces: list[Piece], until_us: int) -> NDArray[np.int64]:
        """Instants of the pieces before `until_us`; levels beyond are kept."""
        calls = np.asarray([piece.calls for piece in pieces]) * self._factor
        begins = np.asarray([piece.from_us for piece in pieces], dtype=np.int64)
        lasts = np.asarray([piece.to_us for piece in pieces], dtype=np.int64) - begins
        edges = np.cumsum(np.append(self._level, calls))
        unfinished = pieces[-1].to_us > until_us
        share = (until_us - pieces[-1].from_us) / int(lasts[-1]) if unfinished else 1.0
        levels = self._levels(float(edges[-2] + share * calls[-1]))
        ends = np.searchsorted(levels, edges[1:])
        counts = np.diff(ends, prepend=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            pace = lasts / calls
        offset = (levels[: ends[-1]] - np.repeat(edges[:-1], counts)) * np.repeat(pace, counts)
        made: NDArray[np.int64] = offset.astype(np.int64)
        np.minimum(made, np.repeat(lasts - 1, counts), out=made)
        made += np.repeat(begins, counts)
        cut = int(np.searchsorted(made, until_us)) if unfinished else len(made)
        self._level = float(edges[-2] if unfinished else edges[-1])
        self._ahead = levels[cut:]
        return made[:cut]

    def _levels(self, target: float) -> Levels:
        """Levels not used yet, the last beyond a target."""
        made = [self._ahead]
        last = float(self._ahead[-1])
        while last <= target:
            need = target - last
            gaps = self._dice.standard_exponential(int(need + 4 * sqrt(need)) + 4)
            gaps[0] += last
            made.append(np.cumsum(gaps))
            last = float(made[-1][-1])
        return np.concatenate(made)
