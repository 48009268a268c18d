"""Keeps the columns that policies read: what each queue has, minus what was promised of it.

Rule of this file: columns change only through these methods, which end with the row up to date. A
ready agent stands in the ready list of each of their queues unless promised; lists are ordered by
ready-since, then name.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping
from math import inf

from nrcli.wire.messages import QueueReport
from routing_policies import columns as c
from routing_policies.model import QueueColumns

AHT_S_UNKNOWN = 180.0
"Handle time, in seconds, where neither the site nor a document says one."


class QueueTable:
    """Rows by (site, queue), ready agents per row, promises per row."""

    __slots__ = (
        "_aht_s_default",
        "_longest",
        "_promised_loans",
        "_promised_places",
        "_ready",
        "_reports",
        "_row",
        "_rows_of_queue",
        "_withheld",
        "columns",
    )

    def __init__(self) -> None:
        self.columns = QueueColumns()
        self._aht_s_default: Mapping[str, float] = {}
        self._row: dict[tuple[str, str], int] = {}
        self._rows_of_queue: dict[str, list[int]] = {}
        self._ready: list[list[tuple[float, str]]] = [[]]
        self._reports: list[QueueReport | None] = [None]
        self._withheld: list[int] = [0]
        self._longest: list[str] = [""]
        self._promised_places: list[int] = [0]
        self._promised_loans: list[int] = [0]

    def row(self, site: str, queue: str) -> int:
        """The row of a queue, made when it is new."""
        key = (site, queue)
        row = self._row.get(key)
        if row is None:
            row = self._row[key] = self.columns.add_row(site, queue)
            self._rows_of_queue.setdefault(queue, []).append(row)
            self._ready.append([])
            self._reports.append(None)
            self._withheld.append(0)
            self._longest.append("")
            self._promised_places.append(0)
            self._promised_loans.append(0)
        return row

    def find(self, site: str, queue: str) -> int:
        """The row of a queue, or 0."""
        return self._row.get((site, queue), 0)

    def rows_of_queue(self, queue: str) -> list[int]:
        """Rows of every site's queue of that name."""
        return self._rows_of_queue.get(queue, [])

    def longest_agent(self, row: int) -> str:
        """The ready agent who has waited longest and is not promised, or empty."""
        return self._longest[row]

    def report(self, row: int) -> QueueReport | None:
        """What the site last said of it."""
        return self._reports[row]

    def set_report(self, row: int, report: QueueReport | None, now_s: float) -> None:
        """The site said this; None when the queue is gone."""
        self._reports[row] = report
        columns = self.columns
        columns.reported_at_s[row] = now_s
        columns.open[row] = report is not None and report.open
        columns.queues[c.Q_SHARED][row] = report is not None and report.shared
        columns.queues[c.Q_STAFFED][row] = report.staffed_count if report else 0
        self._set_aht(row)
        self.refresh(row)

    def set_default_aht(self, aht_s_by_queue: Mapping[str, float]) -> None:
        """Handle times by queue name, for queues that report none."""
        self._aht_s_default = dict(aht_s_by_queue)
        for row in range(len(self._reports)):
            self._set_aht(row)

    def _set_aht(self, row: int) -> None:
        report = self._reports[row]
        default_s = self._aht_s_default.get(self.columns.queue[row], AHT_S_UNKNOWN)
        self.columns.queues[c.Q_AHT_S][row] = (
            report.aht_s if report and report.aht_s > 0 else default_s
        )

    def add_ready(self, row: int, ready_at_s: float, agent: str) -> None:
        """An agent may be chosen from this row."""
        insort(self._ready[row], (ready_at_s, agent))
        self.refresh(row)

    def remove_ready(self, row: int, ready_at_s: float, agent: str) -> None:
        """An agent may not be chosen any more."""
        ready = self._ready[row]
        index = bisect_left(ready, (ready_at_s, agent))
        if index < len(ready) and ready[index] == (ready_at_s, agent):
            del ready[index]
        self.refresh(row)

    def promise(self, row: int, *, withheld: int = 0, places: int = 0, loans: int = 0) -> None:
        """Counts what was promised of this row and not yet reported; negative takes back."""
        self._withheld[row] += withheld
        self._promised_places[row] += places
        self._promised_loans[row] += loans
        self.refresh(row)

    def promised(self, row: int) -> tuple[int, int, int]:
        """(agents withheld, places, loans) promised and unseen."""
        return self._withheld[row], self._promised_places[row], self._promised_loans[row]

    def refresh(self, row: int) -> None:
        """Works out the columns that depend on promises and ready agents."""
        columns, report, ready = self.columns, self._reports[row], self._ready[row]
        columns.queues[c.Q_LONGEST_READY_AT][row] = ready[0][0] if ready else inf
        self._longest[row] = ready[0][1] if ready else ""
        if report is None:
            columns.free_count[row] = columns.lendable_count[row] = 0
            columns.waiting_count[row] = columns.places_free_count[row] = 0
            return
        places = self._promised_places[row]
        free = max(report.ready_count - self._withheld[row], 0)
        loans_left = report.max_loan - report.loan_count - self._promised_loans[row]
        coming = report.waiting_count + report.places_held_count + places
        columns.free_count[row] = free
        columns.lendable_count[row] = max(min(len(ready), free - report.min_reserve, loans_left), 0)
        columns.waiting_count[row] = coming
        columns.places_free_count[row] = report.places_max - coming if loans_left > 0 else 0
