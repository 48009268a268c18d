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
from simulator.model.calls import Whole
from simulator.model.outcomes import Callback, Outcome

CATEGORIES = (
    "answered_in_time", "answered_late", "abandoned_in_time", "abandoned_late", "balked",
    "no_channel", "no_place", "rejected", "no_answer", "site_lost_waiting", "site_lost_outside",
    "lost", "unfinished", "called_back", "not_reached", "to_handler",
)  # fmt: skip
"How a try ended, as finely as figures need it; `site_lost_outside`: came into no queue."
EXTRAS = (
    "redials", "talk_us", "acw_us", "asked", "refused", "rings", "held_us", "moves", "moved",
    "ewt_count", "ewt_error_us", "ewt_size_us", "callback", "promised", "calls_back",
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
SLICE = 8192
"Outcomes that are counted at once: so many stay in the processor's cache."
_MOSTLY_ZERO = (
    *("attempt", "asked", "refused", "rings", "held_us", "moves"),
    *("callback", "calls_back"),
)
_HAPPENED = {"attempt": "redials", "moves": "moved"}
"Extras that count calls of which a field is not 0."
_KINDS = len(CATEGORIES)
_WAITED = np.array(
    [name not in ("balked", "no_channel", "no_place", "site_lost_outside", "unfinished",
                  "called_back", "not_reached", "to_handler")
     for name in CATEGORIES]
)  # fmt: skip
WAITED = tuple(name for name, is_so in zip(CATEGORIES, _WAITED, strict=True) if is_so)
"Categories whose waits make the percentiles."
ENTERED = ("balked", *WAITED)
"Categories that a service level is a share of."


def _category_table() -> Whole:
    """Category by 4 * outcome + 2 * late + (came into no queue)."""
    plain = {
        Outcome.BALKED: "balked",
        Outcome.NO_CHANNEL: "no_channel",
        Outcome.NO_PLACE: "no_place",
        Outcome.REJECTED: "rejected",
        Outcome.NO_ANSWER: "no_answer",
        Outcome.LOST: "lost",
        Outcome.UNFINISHED: "unfinished",
        Outcome.CALLED_BACK: "called_back",
        Outcome.NOT_REACHED: "not_reached",
        Outcome.TO_HANDLER: "to_handler",
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
        self._threshold = np.array(
            [model.services[ingress.service].threshold_us for ingress in model.ingresses]
        )
        self._table = _category_table()
        self._site_of = np.array([site for site, _ in model.rows], dtype=np.int64)
        pairs, rows = len(cells.pairs), len(model.rows)
        self.sums = np.zeros((pairs * intervals, len(COLUMNS)), dtype=np.int64)
        self.longest = np.zeros(pairs * intervals, dtype=np.int64)
        self.served = np.zeros((rows * intervals, len(SERVED)), dtype=np.int64)
        self.seized = np.zeros(len(model.trunks) * intervals, dtype=np.int64)
        "Calls that got a channel of a trunk group on entering."
        self.waits = np.zeros((pairs, BINS), dtype=np.int64)
        kept = intervals if intervals <= INTERVAL_WAITS_MAX else 0
        self.interval_waits = np.zeros((kept, BINS), dtype=np.int64)
        self.not_measured = 0
        "Tries that arrived in the warm-up, or after the duration (redials)."

    def add(self, outcomes: NDArray[Any]) -> None:
        """Count these."""
        for begin in range(0, len(outcomes), SLICE):
            self._add_slice(outcomes[begin : begin + SLICE])

    def _add_slice(self, outcomes: NDArray[Any]) -> None:
        model = self._cells.model
        arrival = outcomes["arrival_us"].copy()
        measured = (arrival >= model.warm_up_us) & (arrival < model.duration_us)
        if not measured.all():
            self.not_measured += len(outcomes) - int(measured.sum())
            outcomes, arrival = outcomes[measured], arrival[measured]
        interval = arrival // model.interval_us
        ingress, entry = _whole(outcomes, "ingress"), _whole(outcomes, "entry_row")
        outcome, wait = _whole(outcomes, "outcome"), outcomes["wait_us"].copy()
        entered_at = ingress * self._cells.pair_of.shape[1] + entry + 1
        pair = self._cells.pair_of.take(entered_at)
        cell = pair * self._intervals + interval
        late = wait > self._threshold.take(ingress)
        category = self._table.take(outcome * 4 + late * 2 + (entry < 0))
        at = cell * len(COLUMNS) + category
        _add_at(self.sums, at, 1)
        _add_at(self.sums, at + _KINDS, wait)
        self._count_waits(cell, pair, interval, category, wait)
        self._count_entry(outcomes, cell)
        self._count_answered(outcomes, outcome, cell, interval, wait)
        trunk_cell = self._cells.trunk_of.take(entered_at) * self._intervals + interval
        _add_at(self.seized, trunk_cell, (outcome != Outcome.NO_CHANNEL).astype(np.int64))

    def _count_waits(
        self, cell: Whole, pair: Whole, interval: Whole, category: Whole, wait: Whole
    ) -> None:
        is_so = _WAITED.take(category)
        if not is_so.all():
            waited = np.flatnonzero(is_so)
            cell, pair, interval = cell.take(waited), pair.take(waited), interval.take(waited)
            wait = wait.take(waited)
        bins = bins_of(wait)
        _add_at(self.waits, pair * BINS + bins, 1)
        if len(self.interval_waits):
            _add_at(self.interval_waits, interval * BINS + bins, 1)
        np.maximum.at(self.longest, cell, wait)

    def _count_entry(self, outcomes: NDArray[Any], cell: Whole) -> None:
        """What counts where the call entered, and is 0 for most."""
        columns = {name: outcomes[name] for name in _MOSTLY_ZERO}
        some = columns["attempt"] != 0
        for values in columns.values():
            some |= values != 0
        rare = np.flatnonzero(some)
        if not len(rare):
            return
        at = cell.take(rare) * len(COLUMNS)
        for name, values in columns.items():
            some_values = values.take(rare).astype(np.int64)
            if not some_values.any():
                continue
            if name == "callback":
                self._count_callbacks(at, some_values)
                continue
            if name in _HAPPENED:
                _add_at(self.sums, at + AT[_HAPPENED[name]], (some_values > 0).astype(np.int64))
            if name in AT:
                _add_at(self.sums, at + AT[name], some_values)

    def _count_callbacks(self, at: Whole, said: Whole) -> None:
        """`said`: what each of these tries had to do with being called back."""
        offered, promised = said != Callback.NONE, said == Callback.PROMISED
        _add_at(self.sums, at + AT["callback"], offered.astype(np.int64))
        _add_at(self.sums, at + AT["promised"], promised.astype(np.int64))

    def _count_answered(
        self, outcomes: NDArray[Any], outcome: Whole, cell: Whole, interval: Whole, wait: Whole
    ) -> None:
        row = _whole(outcomes, "row")
        spoke = (outcome == Outcome.ANSWERED) | (outcome == Outcome.CALLED_BACK)
        served = np.flatnonzero(spoke & (row >= 0))
        at = (row.take(served) * self._intervals + interval.take(served)) * len(SERVED)
        talk, acw = outcomes["talk_us"].take(served), outcomes["acw_us"].take(served)
        moved = outcomes["moves"].take(served) > 0
        back = outcome.take(served) == Outcome.CALLED_BACK
        if back.any():
            entry = _whole(outcomes, "entry_row").take(served)
            moved |= back & (self._site_of.take(entry) != self._site_of.take(row.take(served)))
        _add_at(self.served, at, 1)
        for column, values in enumerate((moved.astype(np.int64), talk, acw), 1):
            _add_at(self.served, at + column, values)
        cell = cell.take(served) * len(COLUMNS)
        _add_at(self.sums, cell + AT["talk_us"], talk)
        _add_at(self.sums, cell + AT["acw_us"], acw)
        expected = outcomes["expected_us"].take(served)
        told = (expected >= 0) & ~moved & ~back
        error = (expected - wait.take(served)) * told
        _add_at(self.sums, cell + AT["ewt_count"], told.astype(np.int64))
        _add_at(self.sums, cell + AT["ewt_error_us"], error)
        _add_at(self.sums, cell + AT["ewt_size_us"], np.abs(error))


def _whole(outcomes: NDArray[Any], field: str) -> Whole:
    """A field, contiguous, in the type of indices."""
    column: Whole = outcomes[field].astype(np.int64)
    return column


def _add_at(sums: Whole, index: Whole, values: Whole | int) -> None:
    """Add values to the places of a flattened array. Both of one type, or NumPy takes thirty times
    as long."""
    np.add.at(sums.reshape(-1), index, values)
