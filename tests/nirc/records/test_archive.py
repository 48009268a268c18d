"""Entries become files: once each, whole or not at all, and what is missing is known."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from contract_samples import sample

from nirc.core.actions import DecisionRecord
from nirc.records.archive import Archive, ArchiveSettings, TableArchive
from nirc.stores.redis_records import as_text
from nrcli.records.record_files import files_of, read_records, read_rows
from nrcli.wire.history_messages import CallLegRecord
from nrcli.wire.record_tables import DECISIONS, LEGS

NIGHT_MS = 1_700_000_000_000


def entry(number: int, **fields: Any) -> bytes:
    return as_text(sample(CallLegRecord, number=number, **fields)).encode()


def archive(folder: Path, **limits: Any) -> Archive:
    return Archive(ArchiveSettings(folder=folder, **limits))


def legs(made: Archive) -> TableArchive:
    table = made.tables["legs"]
    table.begin((0, 0), {})
    return table


def take(table: TableArchive, *numbers: int, at_ms: int = NIGHT_MS) -> None:
    for number in numbers:
        table.take((at_ms, number), entry(number, ended_unix_s=at_ms / 1000))


def test_rows_are_read_again_as_records(tmp_path: Path) -> None:
    table = legs(archive(tmp_path))
    table.take((NIGHT_MS, 0), entry(1, ended_unix_s=50.0, agent="anna"))
    table.write()
    (leg,) = read_records(tmp_path, LEGS)
    assert leg == sample(CallLegRecord, number=1, ended_unix_s=50.0, agent="anna")
    assert list(read_rows(tmp_path, LEGS, since_unix_s=50.5)) == []
    assert list(read_rows(tmp_path, LEGS, until_unix_s=50.0)) == []
    assert not list(tmp_path.rglob("*.part"))


def test_a_file_is_due_by_age_or_size(tmp_path: Path) -> None:
    table = legs(archive(tmp_path, file_s=60.0, file_rows_max=3))
    assert not table.is_due(1e12)
    take(table, 1)
    assert not table.is_due(NIGHT_MS / 1000 + 59) and table.is_due(NIGHT_MS / 1000 + 61)
    take(table, 2, 3)
    assert table.is_due(NIGHT_MS / 1000) and table.is_full


def test_after_a_kill_nothing_is_there_twice_and_nothing_is_missing(tmp_path: Path) -> None:
    """Whatever was read and not written is read again; the position is the file's name."""
    first = legs(archive(tmp_path))
    take(first, 1, 2)
    first.write()
    take(first, 3)
    killed = legs(archive(tmp_path))
    assert killed.next_id == (NIGHT_MS, 2)
    take(killed, 3, 5, 6)
    killed.write()
    assert [row["number"] for row in read_rows(tmp_path, LEGS)] == [1, 2, 3, 5, 6]
    assert killed.gaps.missing_count == 1
    again = legs(archive(tmp_path))
    take(again, 4)
    assert again.gaps.missing_count == 0


def test_what_came_twice_into_the_stream_is_kept_once(tmp_path: Path) -> None:
    table = legs(archive(tmp_path))
    take(table, 1, 2, 2, 1, 3)
    assert (table.waiting_count, table.gaps.twice_count) == (3, 2)
    assert table.next_id == (NIGHT_MS, 3)


def test_where_another_keeper_went_on_its_position_counts(tmp_path: Path) -> None:
    first = legs(archive(tmp_path / "a"))
    take(first, 1, 2)
    first.write()
    other = archive(tmp_path / "b").tables["legs"]
    other.begin(first.last_id, first.gaps.kept())
    take(other, 3, 4)
    other.write()
    back = archive(tmp_path / "a").tables["legs"]
    assert back.begin(other.last_id, other.gaps.kept()) == other.last_id
    take(back, 5)
    assert back.gaps.missing_count == 0


@pytest.mark.parametrize("text", [b"{", b"[]", b"null", b'{"ended_unix_s":"soon"}'])
def test_nonsense_in_a_stream_is_counted_and_passed(tmp_path: Path, text: bytes) -> None:
    table = legs(archive(tmp_path))
    table.take((NIGHT_MS, 7), text)
    assert (table.wrong_count, table.waiting_count, table.next_id) == (1, 0, (NIGHT_MS, 7))
    table.write()
    assert files_of(tmp_path, LEGS) == []


def test_a_decision_is_a_row_and_the_whole_of_it(tmp_path: Path) -> None:
    record = sample(DecisionRecord, rules=(("closed", "asleep"), ("busy", "decided")))
    told = {"node": "n1", "incarnation": 4, "number": 1}
    text = as_text(told | {"logged": {"at_unix_s": 9.0, "record": record}})
    table = archive(tmp_path).tables["decisions"]
    table.begin((0, 0), {})
    table.take((NIGHT_MS, 1), text.encode())
    table.write()
    (row,) = read_records(tmp_path, DECISIONS)
    assert (row.node, row.rule, row.at_unix_s, row.refusals_count) == ("n1", "busy", 9.0, 1)
    assert json.loads(row.record)["decision_id"] == row.decision_id == "x"


def test_a_full_disk_leaves_rows_where_they_are(tmp_path: Path, monkeypatch: Any) -> None:
    table = legs(archive(tmp_path))
    take(table, 1)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        table.write()
    monkeypatch.undo()
    assert table.waiting_count == 1 and files_of(tmp_path, LEGS) == []
    assert not list(tmp_path.rglob("*.part"))
    table.write()
    assert len(files_of(tmp_path, LEGS)) == 1


def test_old_days_and_what_has_no_room_go_oldest_first(tmp_path: Path) -> None:
    made = archive(tmp_path, days_max=3)
    table = legs(made)
    for day in range(6):
        take(table, day + 1, at_ms=NIGHT_MS + day * 86_400_000)
        table.write()
    now_s = NIGHT_MS / 1000 + 5 * 86_400
    assert made.tidy(now_s) == 2
    assert [row["number"] for row in read_rows(tmp_path, LEGS)] == [3, 4, 5, 6]
    small = archive(tmp_path, bytes_max=made.bytes_count() // 2)
    assert small.tidy(now_s) == 2
    assert small.bytes_count() <= small.settings.bytes_max
