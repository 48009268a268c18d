"""Counts moves between sites, cell by cell, as parts of a run come in.

Rule of this file: as for calls: whole-array sums of bounded size. A move counts in the interval in
which it began.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.measures.places import METHODS, Cells
from simulator.model.outcomes import MoveEnd

ROW_COLUMNS = ("moves", "moved_in", "moves_back", "moves_caller_gone", "move_us")
"Last axis of `MoveTally.rows`; `move_us` of moves out that arrived."
FLOW_COLUMNS = ("moves", "moves_back", "moves_caller_gone", "move_us")
"Last axis of `MoveTally.flows`."


class MoveTally:
    """Sums over the moves that began in the measured time."""

    def __init__(self, cells: Cells, intervals: int) -> None:
        model = cells.model
        self._cells = cells
        self._intervals = intervals
        sites = len(model.sites)
        self.rows = np.zeros((len(model.rows) * intervals, len(ROW_COLUMNS)))
        self.flows = np.zeros((sites * sites * len(METHODS), len(FLOW_COLUMNS)))
        self.seized = np.zeros(len(model.trunks) * intervals)
        "Moves that got a channel of the target's trunk group."

    def add(self, moves: NDArray[Any]) -> None:
        """Count these."""
        model = self._cells.model
        began = moves["began_us"]
        moves = moves[(began >= model.warm_up_us) & (began < model.duration_us)]
        if not len(moves):
            return
        interval = moves["began_us"] // model.interval_us
        from_row, to_row, ended = moves["from_row"], moves["to_row"], moves["ended"]
        took = moves["ended_us"] - moves["began_us"]
        arrived = ended == MoveEnd.ARRIVED
        signs = (
            arrived,
            (ended == MoveEnd.PUT_BACK) | (ended == MoveEnd.RETURNED),
            ended == MoveEnd.CALLER_GONE,
        )
        out = from_row * self._intervals + interval
        into = to_row * self._intervals + interval
        for column, sign in zip((0, 2, 3), signs, strict=True):
            self.rows[:, column] += np.bincount(out[sign], minlength=len(self.rows))
        self.rows[:, 1] += np.bincount(into[arrived], minlength=len(self.rows))
        self.rows[:, 4] += np.bincount(out[arrived], took[arrived], minlength=len(self.rows))
        from_site = self._cells.row_site[from_row]
        to_site = self._cells.row_site[to_row]
        flow = (from_site * len(model.sites) + to_site) * len(METHODS) + moves["method"]
        for column, sign in enumerate(signs):
            self.flows[:, column] += np.bincount(flow[sign], minlength=len(self.flows))
        self.flows[:, 3] += np.bincount(flow[arrived], took[arrived], minlength=len(self.flows))
        trunk = self._cells.arrives_on[from_site, to_site, moves["method"]]
        known = arrived & (trunk >= 0)
        self.seized += np.bincount(
            (trunk * self._intervals + interval)[known], minlength=len(self.seized)
        )
