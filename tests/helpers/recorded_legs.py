"""Callers' legs for tests of reports, and folders of them."""

from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any

from record_folders import write_records

from nrcli.reports.record_facts import Record
from nrcli.wire.history_messages import CallLegRecord, LegOutcome
from nrcli.wire.record_tables import table_of

TEN_UNIX_S = 1_795_428_000.0
"2026-11-23, 10:00 in Lisbon."
_files = count(1)


def leg(outcome: LegOutcome, came_s: float, lasted_s: float, **told: Any) -> CallLegRecord:
    """A caller's leg at Lisbon."""
    came_unix_s = TEN_UNIX_S + came_s
    plain: dict[str, Any] = {
        **dict.fromkeys(("sip_call_id", "agent", "method", "token", "released_by"), ""),
        "interaction_id": f"i-{came_s:g}",
        "call_id": f"c-{came_s:g}",
        "leg_id": f"leg-{came_s:g}",
        "site": "lisbon",
        "leg": "caller",
        "trunk_group": "carrier",
        "queue": "sales",
        "service": "sales",
        "ani": "",
        "dialed_number": "",
        "outcome": outcome.value,
        "started_unix_s": came_unix_s,
        "setup_unix_s": came_unix_s,
        "queued_unix_s": came_unix_s,
        "offered_unix_s": came_unix_s,
        "ended_unix_s": came_unix_s + lasted_s,
        "waited_s": lasted_s,
        "talked_s": 0.0,
        "sip_status": 0,
    }
    if outcome is LegOutcome.ANSWERED:
        plain["connected_unix_s"] = came_unix_s + lasted_s
    return CallLegRecord(**plain | told)


def write_all(folder: Path, records: Iterable[Record]) -> Path:
    """Put records of any kinds into a folder, one more file for each table."""
    by_table: dict[str, list[Record]] = {}
    for one in records:
        by_table.setdefault(table_of(one).name, []).append(one)
    for some in by_table.values():
        write_records(folder, *some, first_ms=int(TEN_UNIX_S * 1000) + next(_files))
    return folder
