"""Counts what became of calls, cell by cell, as parts of a run come in.

Rule of this file: whole-array sums into arrays whose size depends on the model alone. All sums are
whole numbers below 2^53, hence the same however a run is cut into parts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.measures.places import Cells
from simulator.measures.wait_histogram import BINS, bins_of
from simulator.model.outcomes import Outcome

CATEGORIES = (
    "answered_in_time", "answered_late", "abandoned_in_time", "abandoned_late", "balked",
    "no_channel", "no_place", "rejected", "no_answer", "site_lost_waiting", "site_lost_outside",
    "lost", "unfinished",
)  # fmt: skip
"How a try ended, as finely as figures need it; `site_lost_outside`: came into no queue."
EXTRAS = (
    "callers", "talk_us", "acw_us", "asked", "refused", "rings", "held_us", "moves", "moved",
    "ewt_count", "ewt_error_us", "ewt_size_us",
)  # fmt: skip
COLUMNS = (
    *CATEGORIES,
    *(f"{name}_wait_us" for name in CATEGORIES),
    *EXTRAS,
)
AT = {name: i for i, name in enumerate(COLUMNS)}
"Last axis of `CallTally.sums`."
SERVED = ("handled", "handled_foreign", "talk_us", "acw_us")
"Last axis of `CallTally.served`."
INTERVAL_WAITS_MAX = 1000
"With more intervals than this, percentiles by interval are not kept."
_KINDS = len(CATEGORIES)
_WAITED = np.array(
    [name not in ("balked", "no_channel", "no_place", "site_lost_outside", "unfinished")
     for name in CATEGORIES]
)  # fmt: skip
WAITED = tuple(name for name, is_so in zip(CATEGORIES, _WAITED, strict=True) if is_so)
"Categories whose waits make the percentiles."
ENTERED = ("balked", *WAITED)
"Categories that a service level is a share of."


def _category_table() -> NDArray[np.int64]:
    """Category by 4 * outcome + 2 * late + (came into no queue)."""
    plain = {
        Outcome.BALKED: "balked",
        Outcome.NO_CHANNEL: "no_channel",
        Outcome.NO_PLACE: "no_place",
        Outcome.REJECTED: "rejected",
        Outcome.NO_ANSWER: "no_answer",
        Outcome.LOST: "lost",
        Outcome.UNFINISHED: "unfinished",
    }
    table = np.full(4 * (max(Outcome) + 1), CATEGORIES.index("lost"), dtype=np.int64)
    for outcome in Outcome:
        for late in (0, 1):
            for outside in (0, 1):
                if outcome is Outcome.ANSWERED:
                    name = "answered_late" if late else "answered_in_time"
                elif outcome is Outcome.ABANDONED:
                    name = "abandoned_late" if late else "abandoned_in_time"
                elif outcome is Outcome.SITE_LOST:
                    name = "site_lost_outside" if outside else "site_lost_waiting"
                else:
                    name = plain[outcome]
                table[4 * outcome + 2 * late + outside] = CATEGORIES.index(name)
    return table


class CallTally:
    """Sums over the calls that arrived in the measured time."""

    def __init__(self, cells: Cells, intervals: int) -> None:
        model = cells.model
        self._cells = cells
        self._intervals = intervals
        self._threshold = np.array([s.threshold_us for s in model.services], dtype=np.int64)
        self._service = np.array([i.service for i in model.ingresses], dtype=np.int64)
        self._table = _category_table()
        pairs, rows = len(cells.pairs), len(model.rows)
        self.sums = np.zeros((pairs * intervals, len(COLUMNS)))
        self.longest = np.zeros(pairs * intervals, dtype=np.int64)
        self.served = np.zeros((rows * intervals, len(SERVED)))
        self.seized = np.zeros(len(model.trunks) * intervals)
        "Calls that got a channel of a trunk group on entering."
        self.waits = np.zeros((pairs, BINS), dtype=np.int64)
        kept = intervals if intervals <= INTERVAL_WAITS_MAX else 0
        self.interval_waits = np.zeros((kept, BINS), dtype=np.int64)
        self.not_measured = 0
        "Tries that arrived in the warm-up, or after the duration (redials)."

    def add(self, outcomes: NDArray[Any]) -> None:
        """Count these."""
        model = self._cells.model
        arrival = outcomes["arrival_us"]
        measured = (arrival >= model.warm_up_us) & (arrival < model.duration_us)
        if not measured.all():
            self.not_measured += len(outcomes) - int(measured.sum())
            outcomes = outcomes[measured]
        if not len(outcomes):
            return
        interval = outcomes["arrival_us"] // model.interval_us
        ingress, entry = outcomes["ingress"], outcomes["entry_row"]
        outcome, wait = outcomes["outcome"], outcomes["wait_us"].copy()
        pair = self._cells.pair_of[ingress, entry]
        cell = pair * self._intervals + interval
        late = wait > self._threshold[self._service[ingress]]
        category = self._table[outcome * 4 + late * 2 + (entry < 0)]
        self._count(cell, category, wait)
        self._count_waits(cell, pair, interval, category, wait)
        self._count_entry(outcomes, cell, wait)
        self._count_served(outcomes, cell, interval)
        trunk = self._cells.trunk_of[ingress, entry]
        got = outcome != Outcome.NO_CHANNEL
        self.seized += np.bincount(
            (trunk * self._intervals + interval)[got], minlength=len(self.seized)
        )

    def _count(
        self, cell: NDArray[np.int64], category: NDArray[np.int64], wait: NDArray[np.int64]
    ) -> None:
        joint = cell * _KINDS + category
        size = len(self.sums) * _KINDS
        counts = np.bincount(joint, minlength=size).reshape(-1, _KINDS)
        waits = np.bincount(joint, weights=wait, minlength=size).reshape(-1, _KINDS)
        self.sums[:, :_KINDS] += counts
        self.sums[:, _KINDS : 2 * _KINDS] += waits

    def _count_waits(
        self,
        cell: NDArray[np.int64],
        pair: NDArray[np.int64],
        interval: NDArray[np.int64],
        category: NDArray[np.int64],
        wait: NDArray[np.int64],
    ) -> None:
        waited = _WAITED[category]
        bins = bins_of(wait[waited])
        self.waits += np.bincount(pair[waited] * BINS + bins, minlength=self.waits.size).reshape(
            self.waits.shape
        )
        if len(self.interval_waits):
            self.interval_waits += np.bincount(
                interval[waited] * BINS + bins, minlength=self.interval_waits.size
            ).reshape(self.interval_waits.shape)
        np.maximum.at(self.longest, cell[waited], wait[waited])

    def _count_entry(
        self, outcomes: NDArray[Any], cell: NDArray[np.int64], wait: NDArray[np.int64]
    ) -> None:
        """What counts where the call entered, mostly 0."""
        self._add("callers", cell[outcomes["attempt"] == 0])
        for name, field in (
            ("asked", "asked"),
            ("refused", "refused"),
            ("rings", "rings"),
            ("held_us", "held_us"),
            ("moves", "moves"),
        ):
            values = outcomes[field]
            some = np.flatnonzero(values)
            if len(some):
                self._add(name, cell[some], values[some])
                if field == "moves":
                    self._add("moved", cell[some])
        told = outcomes["expected_us"] >= 0
        told &= (outcomes["outcome"] == Outcome.ANSWERED) & (outcomes["moves"] == 0)
        some = np.flatnonzero(told)
        if len(some):
            error = outcomes["expected_us"][some] - wait[some]
            self._add("ewt_count", cell[some])
            self._add("ewt_error_us", cell[some], error)
            self._add("ewt_size_us", cell[some], np.abs(error))

    def _count_served(
        self, outcomes: NDArray[Any], cell: NDArray[np.int64], interval: NDArray[np.int64]
    ) -> None:
        served = (outcomes["outcome"] == Outcome.ANSWERED) & (outcomes["row"] >= 0)
        row_cell = (outcomes["row"] * self._intervals + interval)[served]
        talk, acw = outcomes["talk_us"][served], outcomes["acw_us"][served]
        self._add("talk_us", cell[served], talk)
        self._add("acw_us", cell[served], acw)
        size = len(self.served)
        foreign = row_cell[outcomes["moves"][served] > 0]
        self.served[:, 0] += np.bincount(row_cell, minlength=size)
        self.served[:, 1] += np.bincount(foreign, minlength=size)
        self.served[:, 2] += np.bincount(row_cell, weights=talk, minlength=size)
        self.served[:, 3] += np.bincount(row_cell, weights=acw, minlength=size)

    def _add(
        self, name: str, cell: NDArray[np.int64], weights: NDArray[np.int64] | None = None
    ) -> None:
        self.sums[:, AT[name]] += np.bincount(cell, weights=weights, minlength=len(self.sums))
