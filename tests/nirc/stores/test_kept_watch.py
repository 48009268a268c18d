"""Alarms about records: lost, missing, or kept by nobody."""

import json
from types import SimpleNamespace
from typing import Any

from nirc.errors import StoreUnavailableError
from nirc.stores.kept_watch import KeptWatch
from nirc.telemetry.alarm_board import AlarmBoard


class Watched:
    """A watch on what a keeper says, and a clock."""

    def __init__(self, alarm_after_s: float | None = 60.0) -> None:
        self.now_s, self.said = 1000.0, {}
        self.alarms = AlarmBoard(lambda: self.now_s)
        self.records: Any = SimpleNamespace(
            waiting_count=1, spooled_bytes=2, lost_count=0, problem=""
        )
        self.watch = KeptWatch(
            SimpleNamespace(do=self.do),  # type: ignore[arg-type]
            self.records,
            self.alarms,
            alarm_after_s=alarm_after_s,
            unix_s=lambda: self.now_s,
        )
        self.away = False

    async def do(self, *_command: object, budget_s: float) -> bytes | None:
        if self.away:
            raise StoreUnavailableError("redis", "away")
        return json.dumps(self.said).encode() if self.said else None

    def keeper(self, missing: int = 0, problem: str = "") -> None:
        tables = {"legs": {"missing": missing}, "decisions": {"missing": 0}}
        self.said = {
            "keeper": "n1/a",
            "at_unix_s": self.now_s,
            "problem": problem,
            "tables": tables,
        }

    async def codes(self, after_s: float = 0.0) -> list[str]:
        self.now_s += after_s
        await self.watch.look()
        return [alarm.code for alarm in self.alarms.standing()]


async def test_nobody_keeps_is_an_alarm_after_a_while_and_over_with_the_first_word() -> None:
    watched = Watched()
    assert await watched.codes(59.0) == []
    assert await watched.codes(2.0) == ["records_not_kept"]
    watched.keeper()
    assert await watched.codes() == []
    assert watched.watch.status().keeper == "n1/a"
    assert await watched.codes(61.0) == ["records_not_kept"]
    assert watched.watch.status().kept_for_s == 61.0


async def test_where_no_files_are_wanted_nobody_is_missed() -> None:
    assert await Watched(alarm_after_s=None).codes(1e6) == []


async def test_a_disk_that_refuses_the_keeper_is_told() -> None:
    watched = Watched()
    watched.keeper(problem="/records: No space left on device")
    assert await watched.codes() == ["records_not_kept"]
    assert "No space" in watched.alarms.standing()[0].text


async def test_what_is_missing_is_told_for_an_hour_after_it_grew() -> None:
    watched = Watched(alarm_after_s=None)
    watched.keeper(missing=3)
    assert await watched.codes() == ["records_missing"]
    assert watched.watch.status().missing_counts == {"legs": 3}
    assert await watched.codes(3500.0) == ["records_missing"]
    assert await watched.codes(200.0) == []
    watched.keeper(missing=4)
    assert await watched.codes() == ["records_missing"]
    watched.keeper()
    assert await watched.codes() == []


async def test_what_this_node_lost_is_told_even_without_a_store() -> None:
    watched = Watched(alarm_after_s=None)
    watched.away = True
    watched.records.lost_count, watched.records.problem = 5, "disk full"
    assert await watched.codes() == ["records_lost"]
    assert "5 records" in watched.alarms.standing()[0].text
