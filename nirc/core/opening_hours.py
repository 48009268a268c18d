"""Keeps each queue's row open or closed by the calendar that holds for it.

Rule of this file: a queue's own calendar, else its site's, else always open; also before the first
reading of the clock on the wall. Between two readings time is counted by this node's own clock.
"""

from __future__ import annotations

from math import inf

from nirc.core.queue_table import QueueTable
from routing_policies.calendars import Calendar, CalendarState
from routing_policies.document import NetworkDocuments


class OpeningHours:
    """Calendars by name, and what they say of rows."""

    __slots__ = ("_calendars", "_documents", "_offset_s", "_row_count", "_table")

    def __init__(self, table: QueueTable) -> None:
        self._table = table
        self._documents: NetworkDocuments | None = None
        self._calendars: dict[str, tuple[object, Calendar]] = {}
        self._offset_s: float | None = None
        "Wall time minus this node's clock, when it was last read."
        self._row_count = 0

    def change(self, documents: NetworkDocuments, now_s: float) -> None:
        """These documents are in use; calendars that stand as they were are kept."""
        self._documents = documents
        kept = self._calendars
        self._calendars = {
            name: kept[name] if name in kept and kept[name][0] == spec else (spec, Calendar(spec))
            for name, spec in documents.calendars.items()
        }
        self._judge(now_s)

    @property
    def calendars(self) -> dict[str, Calendar]:
        """By name, as these documents have them."""
        return {name: calendar for name, (_, calendar) in self._calendars.items()}

    def unix_s(self, now_s: float) -> float:
        """The time on the wall now; 0 before it was first read."""
        return now_s + self._offset_s if self._offset_s is not None else 0.0

    def read(self, unix_s: float, now_s: float) -> None:
        """The clock on the wall says this."""
        self._offset_s = unix_s - now_s
        self._judge(now_s)

    def rows_grew(self, now_s: float) -> None:
        """Judges rows that are new since the last time."""
        if len(self._table.columns.site) != self._row_count:
            self._judge(now_s)

    def state(self, calendar: str, now_s: float) -> CalendarState | None:
        """A calendar now; None where there is none of this name, or the time is not known."""
        found = self._calendars.get(calendar)
        if found is None or self._offset_s is None:
            return None
        return found[1].state(now_s + self._offset_s)

    def _judge(self, now_s: float) -> None:
        columns = self._table.columns
        self._row_count = len(columns.site)
        documents = self._documents
        if documents is None or self._offset_s is None:
            return
        for row in range(1, self._row_count):
            name = _calendar_of(documents, columns.site[row], columns.queue[row])
            state = self.state(name, now_s) if name else None
            closes_at_s = now_s + state.closes_in_s if state and state.open else inf
            self._table.set_open(row, is_open=state is None or state.open, closes_at_s=closes_at_s)


def _calendar_of(documents: NetworkDocuments, site: str, queue: str) -> str:
    """Name of the calendar that holds for a queue, empty for none."""
    known = documents.sites.get(site)
    if known is None:
        return ""
    own = next((one.calendar for one in known.spec.queues if one.name == queue), None)
    return own or known.spec.calendar or ""
