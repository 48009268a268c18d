"""Reads the records of a time from files, as facts for reports.

Rule of this file: what is read is a little more than the time asked for, and why is said here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nrcli.errors import SettingsError
from nrcli.reports.balance import Finding, Numbers, gaps
from nrcli.reports.facts import Facts
from nrcli.reports.periods import US
from nrcli.reports.record_facts import Record, facts_of
from nrcli.wire.record_tables import TABLES, DecisionRow

AROUND_S = 86_400.0
"""A leg is kept by its end, and a long state is told in pieces: what ended a day later, or began a
day before, may touch the time asked for."""


class Records:
    """What a folder of records holds for a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers: dict[tuple[str, str, int], Numbers] = {}
        self.latest_s = 0.0
        "When the newest record that was read ended: up to then calls are known."

    def facts(self, begin_s: float, until_s: float) -> Facts:
        """All facts that touch this time. Raises RecordsError, and SettingsError where the library
        that reads files is not there."""
        return facts_of(self._records(begin_s, until_s))

    def findings(self) -> tuple[Finding, ...]:
        """Gaps in the numbers of what was read."""
        return gaps(self._numbers.values(), round(self.latest_s * US))

    def _records(self, begin_s: float, until_s: float) -> Iterator[Record]:
        try:
            from nrcli.records.record_files import read_records
        except ImportError as error:
            remedy = "install it: pip install pyarrow"
            raise SettingsError("nrcli report", "reading records needs pyarrow", remedy) from error
        around = {"since_unix_s": begin_s - AROUND_S, "until_unix_s": until_s + AROUND_S}
        for table in TABLES.values():
            for record in read_records(self._folder, table, **around):
                at_s = getattr(record, table.at)
                self.latest_s = max(self.latest_s, at_s)
                if not isinstance(record, DecisionRow) and record.number:
                    key = (record.site, table.name, record.incarnation)
                    numbers = self._numbers.setdefault(key, Numbers(record.site, table.name))
                    numbers.take(record.number, asked_for=begin_s <= at_s < until_s)
                yield record
