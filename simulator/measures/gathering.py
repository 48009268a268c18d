"""Makes figures of a run while it runs: parts of outcomes go in, `RunMeasures` come out.

Rule of this file: memory depends on the model, never on the number of calls. Calls count by their
arrival, which lies in [warm-up, duration); moves by their beginning; time as it passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.measures import call_figures, time_figures
from simulator.measures.call_tally import CallTally
from simulator.measures.move_tally import MoveTally
from simulator.measures.places import (
    METHODS,
    Cells,
    Columns,
    Kind,
    Places,
    cells_of,
    kinds_of,
    timed_keys,
)
from simulator.measures.runs import RunMeasures
from simulator.measures.time_figures import grouped, interval_lengths
from simulator.model.network import NetworkModel
from simulator.model.outcomes import Part, Sums

BUFFERED_MAX = 16_384
"Outcomes of small parts are kept until there are so many, then counted together."


class Gathering:
    """Figures of one run, as it goes."""

    def __init__(self, model: NetworkModel) -> None:
        self._model = model
        self._cells: Cells = cells_of(model)
        self._intervals = -(-model.duration_us // model.interval_us)
        self._calls = CallTally(self._cells, self._intervals)
        self._moves = MoveTally(self._cells, self._intervals)
        self._buffered: list[NDArray[Any]] = []
        self._buffered_count = 0

    def add(self, part: Part) -> None:
        """Take what ended; parts in any order."""
        self._moves.add(part.moves)
        if len(part.outcomes) >= BUFFERED_MAX:
            self._calls.add(part.outcomes)
            return
        self._buffered.append(part.outcomes.copy())
        self._buffered_count += len(part.outcomes)
        if self._buffered_count >= BUFFERED_MAX:
            self._count_buffered()

    def finish(self, sums: Sums, counters: Mapping[str, int] | None = None) -> RunMeasures:
        """Figures of all that was added, and of the time that an engine summed."""
        self._count_buffered()
        tables = {kind.name: self._places(kind, sums) for kind in kinds_of(self._cells)}
        tables["flow"] = self._flows()
        model = self._model
        return RunMeasures(
            tables=tables,
            counters=dict(counters or {}),
            measured_from_us=min(model.warm_up_us, model.duration_us),
            measured_until_us=model.duration_us,
            interval_us=model.interval_us,
            not_measured=self._calls.not_measured,
            notes=_notes(model, self._intervals),
        )

    def _count_buffered(self) -> None:
        if self._buffered:
            self._calls.add(np.concatenate(self._buffered))
        self._buffered, self._buffered_count = [], 0

    def _places(self, kind: Kind, sums: Sums) -> Places:
        columns: Columns = {}
        if kind.pairs is not None:
            columns |= self._entry(kind, kind.pairs)
        if kind.rows is not None:
            columns |= self._rows(kind, kind.rows, sums)
        if kind.sites is not None:
            columns |= self._agents(kind, kind.sites, sums)
        if kind.trunks is not None:
            columns |= self._trunks(kind, kind.trunks, sums)
        keys = timed_keys(kind, self._intervals)
        return Places(kind=kind.name, names=kind.names, keys_in_order=keys, columns=columns)

    def _joined(
        self, kind: Kind, groups: NDArray[np.int64], values: NDArray[Any], most: bool = False
    ) -> NDArray[np.float64]:
        cells = values.reshape(len(groups), self._intervals, *values.shape[1:])
        return grouped(cells, groups, len(kind.keys), by_interval=kind.by_interval, most=most)

    def _entry(self, kind: Kind, groups: NDArray[np.int64]) -> Columns:
        sums = self._joined(kind, groups, self._calls.sums)
        longest = self._joined(kind, groups, self._calls.longest, most=True)
        columns = call_figures.entry_columns(sums, longest)
        if kind.rows is None:
            columns |= call_figures.work_of_service(sums)
        if kind.name == "interval" and len(self._calls.interval_waits):
            columns |= call_figures.wait_percentiles(self._calls.interval_waits)
        elif not kind.by_interval:
            waits = np.zeros((len(kind.keys), self._calls.waits.shape[1]), dtype=np.int64)
            known = groups >= 0
            np.add.at(waits, groups[known], self._calls.waits[known])
            columns |= call_figures.wait_percentiles(waits)
        return columns

    def _lengths(self, kind: Kind) -> NDArray[np.float64]:
        """Measured time of each place of a kind."""
        lengths = interval_lengths(self._model, self._intervals)
        return (
            np.tile(lengths, len(kind.keys))
            if kind.by_interval
            else np.full(len(kind.keys), lengths.sum())
        )

    def _measured(self, spent: NDArray[np.int64]) -> NDArray[np.float64]:
        """[interval, cell, ...] of an engine's sums as [cell and interval, ...]: measured time."""
        shares = interval_lengths(self._model, self._intervals) / self._model.interval_us
        cut = spent[: self._intervals]
        weighed = cut * shares.reshape(-1, *([1] * (cut.ndim - 1)))
        turned: NDArray[np.float64] = np.swapaxes(weighed, 0, 1).reshape(-1, *cut.shape[2:])
        return turned

    def _whole(self, counted: NDArray[np.int64]) -> NDArray[np.float64]:
        """The same for counts and maxima: intervals that touch the measured time, as they are."""
        touched = interval_lengths(self._model, self._intervals) > 0
        turned: NDArray[np.int64] = (counted[: self._intervals] * touched[:, None]).T.reshape(-1)
        return turned.astype(np.float64)

    def _rows(self, kind: Kind, groups: NDArray[np.int64], sums: Sums) -> Columns:
        spent = self._joined(kind, groups, self._measured(sums.waiting_us))
        most = self._joined(kind, groups, self._whole(sums.waiting_most), most=True)
        return (
            call_figures.work_columns(self._joined(kind, groups, self._calls.served))
            | call_figures.move_columns(self._joined(kind, groups, self._moves.rows))
            | time_figures.waiting_columns(spent, most, self._lengths(kind))
        )

    def _agents(self, kind: Kind, groups: NDArray[np.int64], sums: Sums) -> Columns:
        spent = self._joined(kind, groups, self._measured(sums.agents_us))
        return time_figures.agent_columns(spent, self._lengths(kind))

    def _trunks(self, kind: Kind, groups: NDArray[np.int64], sums: Sums) -> Columns:
        model = self._model
        there = np.array([float(model.sites[s].trunks[t].channels_max) for s, t in model.trunks])
        channels = self._joined(kind, groups, np.repeat(there, self._intervals))
        if not kind.by_interval:
            channels = channels / self._intervals
        return time_figures.trunk_columns(
            spent=self._joined(kind, groups, self._measured(sums.trunks_us)),
            most=self._joined(kind, groups, self._whole(sums.trunks_most), most=True),
            blocked=self._joined(kind, groups, self._whole(sums.blocked)),
            seized=self._joined(kind, groups, self._calls.seized + self._moves.seized),
            channels=channels,
            lengths=self._lengths(kind),
        )

    def _flows(self) -> Places:
        names = [site.name for site in self._model.sites]
        used = np.flatnonzero(self._moves.flows[:, :3].any(axis=1))
        methods, sites = len(METHODS), len(names)
        keys = tuple(
            (names[f // methods // sites], names[f // methods % sites], METHODS[f % methods])
            for f in used.tolist()
        )
        columns = call_figures.flow_columns(self._moves.flows[used])
        names_of_key = ("from_site", "to_site", "method")
        return Places(kind="flow", names=names_of_key, keys_in_order=keys, columns=columns)


def _notes(model: NetworkModel, intervals: int) -> tuple[str, ...]:
    """What is only nearly so."""
    notes = []
    lengths = interval_lengths(model, intervals)
    if ((lengths > 0) & (lengths < model.interval_us)).any():
        notes.append(
            "warm-up or duration ends within an interval: of the time spent in that interval, the"
            " measured share is taken; make both whole intervals to have it exact"
        )
    return tuple(notes)
