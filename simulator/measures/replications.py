"""Joins runs of one scenario, each with chances of its own, into estimates of every figure.

Rule of this file: replications are independent, so Student's t holds (of shares in log odds, so
that no interval leaves 0 to 100 %); a place that some runs did
not measure is estimated from those that did, and `count` says how many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.measures.estimates import LEVEL, Estimate, Estimates, estimates
from simulator.measures.figures import FIGURES
from simulator.measures.places import NETWORK, Key, Places
from simulator.measures.runs import RunMeasures

FigureEstimates = Mapping[str, Estimate | None]


@dataclass(frozen=True, slots=True, eq=False)
class EstimatedPlaces(Mapping[Key, FigureEstimates]):
    """Estimates of all places of one kind, by key."""

    kind: str
    names: tuple[str, ...]
    keys_in_order: tuple[Key, ...]
    columns: Mapping[str, Estimates]

    def __getitem__(self, key: Key) -> FigureEstimates:
        try:
            at = self.keys_in_order.index(key)
        except ValueError:
            raise KeyError(key) from None
        return {name: self.value(name, at) for name in FIGURES}

    def __iter__(self) -> Iterator[Key]:
        return iter(self.keys_in_order)

    def __len__(self) -> int:
        return len(self.keys_in_order)

    def value(self, figure: str, at: int) -> Estimate | None:
        """Estimate of a figure at place number `at`."""
        column = self.columns.get(figure)
        return None if column is None else column.at(at)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Summary:
    """Estimates of every figure at every place, over runs of one scenario."""

    count: int
    "Runs."
    level: float
    tables: Mapping[str, EstimatedPlaces]
    counters: Mapping[str, int]
    "Added up over the runs."
    interval_us: int
    measured_from_us: int
    measured_until_us: int
    notes: tuple[str, ...] = ()

    @property
    def network(self) -> FigureEstimates:
        """Estimates of everything together."""
        return self.tables["network"][NETWORK]

    @property
    def by_site(self) -> EstimatedPlaces:
        """Key: name of the site."""
        return self.tables["site"]

    @property
    def by_row(self) -> EstimatedPlaces:
        """Key: (site, queue)."""
        return self.tables["row"]

    @property
    def by_service(self) -> EstimatedPlaces:
        """Key: name of the service."""
        return self.tables["service"]

    @property
    def by_interval(self) -> EstimatedPlaces:
        """Key: number of the interval, from 0 at the start of the run."""
        return self.tables["interval"]

    @property
    def by_flow(self) -> EstimatedPlaces:
        """Key: (from site, to site, method)."""
        return self.tables["flow"]

    @property
    def by_trunk(self) -> EstimatedPlaces:
        """Key: (site, trunk group)."""
        return self.tables["trunk"]

    @property
    def by_site_interval(self) -> EstimatedPlaces:
        """Key: (site, interval)."""
        return self.tables["site_interval"]

    @property
    def by_row_interval(self) -> EstimatedPlaces:
        """Key: (site, queue, interval)."""
        return self.tables["row_interval"]


def over_replications(runs: Sequence[RunMeasures], level: float = LEVEL) -> Summary:
    """Estimates over runs of one model. Raises ValueError without runs."""
    if not runs:
        raise ValueError("there are no runs to join")
    first = runs[0]
    return Summary(
        count=len(runs),
        level=level,
        tables={
            kind: _joined(kind, [run.tables[kind] for run in runs], level) for kind in first.tables
        },
        counters={name: sum(run.counters.get(name, 0) for run in runs) for name in first.counters},
        interval_us=first.interval_us,
        measured_from_us=first.measured_from_us,
        measured_until_us=first.measured_until_us,
        notes=tuple(dict.fromkeys(note for run in runs for note in run.notes)),
    )


def _joined(kind: str, places: Sequence[Places], level: float) -> EstimatedPlaces:
    first = places[0]
    alike = all(p.keys_in_order == first.keys_in_order for p in places)
    keys = first.keys_in_order if alike else _all_keys(places)
    orders = None if alike else [_order(p, keys) for p in places]
    columns = {}
    for figure in first.columns:
        values = [p.column(figure) for p in places]
        if orders is not None:
            absent = 0.0 if FIGURES[figure].unit == "moves" else np.nan
            values = [_placed(v, order, absent) for v, order in zip(values, orders, strict=True)]
        columns[figure] = estimates(np.stack(values), level, bounds=FIGURES[figure].bounds)
    return EstimatedPlaces(kind, first.names, keys, columns)


def _all_keys(places: Sequence[Places]) -> tuple[Key, ...]:
    return tuple(sorted({key for p in places for key in p.keys_in_order}, key=str))


def _order(places: Places, keys: Sequence[Key]) -> NDArray[np.int64]:
    """Where each key stands in a table, -1: nowhere."""
    index = {key: i for i, key in enumerate(places.keys_in_order)}
    return np.array([index.get(key, -1) for key in keys], dtype=np.int64)


def _placed(
    values: NDArray[np.float64], order: NDArray[np.int64], absent: float
) -> NDArray[np.float64]:
    """Values by the joined keys. Only flows differ between runs: one that did not occur had no
    moves; how long they took was not measured."""
    return np.append(values, absent)[order]
