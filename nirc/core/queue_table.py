"""Keeps the columns that policies read: what each queue has, minus what was promised of it.

Rule of this file: columns change only through these methods, which end with the row up to date. A
closed queue has nobody who could serve; a ready agent stands in the ready list of each of their
queues unless promised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf, nan

from nirc.core.agent_slots import AgentSlots
from nrcli.wire.messages import QueueReport
from routing_policies import columns as c
from routing_policies.model import QueueColumns

AHT_S_UNKNOWN = 180.0
"Handle time, in seconds, where neither the site nor a document says one."
_GONE = QueueReport(queue="", open=False, shared=False)


class QueueTable:
    """Rows by (site, queue), agents' slots, promises per row."""

    __slots__ = (
        "_aht_s_default",
        "_promised_loans",
        "_promised_places",
        "_reports",
        "_row",
        "_rows_of_queue",
        "_rows_of_site",
        "_withheld",
        "columns",
        "slots",
    )

    def __init__(self) -> None:
        self.columns = QueueColumns()
        self.slots = AgentSlots(self.columns)
        self._aht_s_default: Mapping[str, float] = {}
        self._row: dict[tuple[str, str], int] = {}
        self._rows_of_queue: dict[str, list[int]] = {}
        self._rows_of_site: dict[str, list[int]] = {}
        self._reports: list[QueueReport | None] = [None]
        self._withheld: list[int] = [0]
        self._promised_places: list[int] = [0]
        self._promised_loans: list[int] = [0]

    # ---- rows

    def row(self, site: str, queue: str) -> int:
        """The row of a queue, made when it is new."""
        key = (site, queue)
        row = self._row.get(key)
        if row is None:
            row = self._row[key] = self.columns.add_row(site, queue)
            self._rows_of_queue.setdefault(queue, []).append(row)
            self._rows_of_site.setdefault(site, []).append(row)
            self._reports.append(None)
            self._withheld.append(0)
            self._promised_places.append(0)
            self._promised_loans.append(0)
        return row

    def find(self, site: str, queue: str) -> int:
        """The row of a queue, or 0: nobody's row, closed and empty."""
        return self._row.get((site, queue), 0)

    def rows_of_queue(self, queue: str) -> list[int]:
        """Rows of every site's queue of that name."""
        return self._rows_of_queue.get(queue, [])

    def rows_of_site(self, site: str) -> list[int]:
        """Rows of a site's queues."""
        return self._rows_of_site.get(site, [])

    def longest_agent(self, row: int) -> str:
        """The ready agent who has waited longest and is not promised, or empty."""
        slot = int(self.columns.queues[c.Q_FIRST_READY][row])
        return self.columns.agent_names[slot] if slot >= 0 else ""

    # ---- what sites report, what calendars say

    def report(self, row: int) -> QueueReport | None:
        """What the site last said of it."""
        return self._reports[row]

    def set_report(self, row: int, report: QueueReport | None, now_s: float) -> None:
        """The site said this; None when the queue is gone."""
        self._reports[row] = report
        _write(self.columns.queues, row, report or _GONE, now_s)
        self._set_aht(row)
        self.refresh(row)

    def heard(self, site: str, now_s: float) -> None:
        """A site gave a sign of life: what it has not reported otherwise is still so."""
        heard_at = self.columns.queues[c.Q_SITE_REPORTED_AT]
        reported_at = self.columns.queues[c.Q_REPORTED_AT]
        for row in self._rows_of_site.get(site, ()):
            heard_at[row] = now_s
            if reported_at[row] > 0:
                reported_at[row] = now_s

    def set_open(self, row: int, *, is_open: bool, closes_at_s: float) -> None:
        """What the calendar that holds for the queue says; `closes_at_s` is infinite for never."""
        queues = self.columns.queues
        queues[c.Q_CLOSES_AT][row] = closes_at_s
        if queues[c.Q_SITE_OPEN][row] != is_open:
            queues[c.Q_SITE_OPEN][row] = is_open
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

    # ---- agents and promises

    def add_ready(self, slots: Iterable[int]) -> None:
        """An agent may be chosen, in each of these slots of theirs."""
        for slot in slots:
            self.refresh(self.slots.add_ready(slot))

    def remove_ready(self, slots: Iterable[int]) -> None:
        """An agent may not be chosen any more."""
        for slot in slots:
            self.refresh(self.slots.remove_ready(slot))

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
        """Works out the columns that depend on promises, ready agents and opening."""
        columns = self.columns
        queues, report = columns.queues, self._reports[row] or _GONE
        first = int(queues[c.Q_FIRST_READY][row])
        queues[c.Q_LONGEST_READY_AT][row] = (
            columns.agents[c.A_READY_AT][first] if first >= 0 else inf
        )
        withheld = self._withheld[row]
        loans = report.loan_count + self._promised_loans[row]
        coming = report.waiting_count + report.places_held_count + self._promised_places[row]
        queues[c.Q_LOANS][row] = loans
        queues[c.Q_WAITING][row] = coming
        queues[c.Q_RESERVED][row] = report.reserved_count + withheld
        if not report.open or not queues[c.Q_SITE_OPEN][row]:
            for column in (c.Q_FREE, c.Q_LENDABLE, c.Q_STAFFED, c.Q_PLACES_FREE):
                queues[column][row] = 0
            return
        free = max(report.ready_count - withheld, 0)
        loans_left = report.max_loan - loans
        lendable = min(self.slots.ready_count(row), free - report.min_reserve, loans_left)
        queues[c.Q_FREE][row] = free
        queues[c.Q_LENDABLE][row] = max(lendable, 0)
        queues[c.Q_STAFFED][row] = report.staffed_count
        queues[c.Q_PLACES_FREE][row] = report.places_max - coming if loans_left > 0 else 0


def _write(queues: list[list[float]], row: int, report: QueueReport, now_s: float) -> None:
    """The columns that are as the site says."""
    offered = report.window_offered_count
    waits = report.waiting_count > 0
    queues[c.Q_REPORTED_AT][row] = now_s
    queues[c.Q_SITE_REPORTED_AT][row] = now_s
    queues[c.Q_OPEN][row] = report.open
    queues[c.Q_SHARED][row] = report.shared
    queues[c.Q_ACCEPTING][row] = report.accepting
    queues[c.Q_BUSY][row] = report.busy_count
    queues[c.Q_ACW][row] = report.acw_count
    queues[c.Q_NOT_READY][row] = report.not_ready_count
    queues[c.Q_MAX_LOAN][row] = report.max_loan
    queues[c.Q_MIN_RESERVE][row] = report.min_reserve
    queues[c.Q_OLDEST_AT][row] = now_s - report.oldest_wait_s if waits else nan
    queues[c.Q_LAST_WAIT_S][row] = report.last_wait_s
    queues[c.Q_PATIENCE_S][row] = report.patience_s if report.patience_s > 0 else nan
    queues[c.Q_ESTIMATOR][row] = report.estimator
    queues[c.Q_EWT_LOW][row] = report.ewt_low_percent / 100.0
    queues[c.Q_EWT_HIGH][row] = report.ewt_high_percent / 100.0
    queues[c.Q_SERVICE_LEVEL][row] = report.window_in_time_count / offered if offered else nan
    queues[c.Q_ANSWERED][row] = report.answered_count
    queues[c.Q_ABANDONED][row] = report.abandoned_count
    queues[c.Q_PLACES_MAX][row] = report.places_max
