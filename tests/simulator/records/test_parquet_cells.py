"""Parquet of other programs: read rightly, or refused with place and remedy."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sim_models import calls, network

from simulator.errors import CallsError
from simulator.records.csv_calls import read_csv, read_text
from simulator.records.parquet import calls_parts, holds_calls, read_calls, write_calls

CSV = (
    "date,arrival_s,service,wait_s,outcome,talk_s,priority\n"
    "2026-03-02,28800,sales,12.5,served,180,1\n"
    "2026-03-02,28803,help,40,abandoned,,0\n"
    "2026-03-03,9,sales,0,served,61,0\n"
)
WANTED = read_text(CSV)
COLUMNS: dict[str, Any] = {
    "date": [date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 3)],
    "arrival_s": [28800, 28803, 9],
    "service": ["sales", "help", "sales"],
    "wait_s": [12.5, 40.0, 0.0],
    "outcome": ["served", "abandoned", "served"],
    "talk_s": [180, None, 61],
    "priority": [1, 0, 0],
}
INSTANTS = [
    datetime.fromisoformat(text)
    for text in ("2026-03-02T08:00:00", "2026-03-02T08:00:03", "2026-03-03T00:00:09")
]


def without(*names: str) -> dict[str, Any]:
    return {name: values for name, values in COLUMNS.items() if name not in names}


@pytest.mark.parametrize(
    "columns",
    [
        COLUMNS,
        COLUMNS | {"arrival_s": pa.array([28800, 28803, 9], pa.int32())},
        COLUMNS | {"arrival_s": pa.array([28800, 28803, 9], pa.uint64())},
        COLUMNS | {"arrival_s": [28800.0, 28803.0, 9.0], "talk_s": [180.0, float("nan"), 61.0]},
        COLUMNS | {"date": ["2026-03-02", "2026-03-02", "2026-03-03"]},
        COLUMNS | {"service": pa.array(COLUMNS["service"]).dictionary_encode()},
        COLUMNS | {"service": pa.array(COLUMNS["service"], pa.large_string())},
        COLUMNS | {"arrival_s": [time(8), time(8, 0, 3), time(0, 0, 9)]},
        COLUMNS | {"wait_s": [timedelta(seconds=s) for s in (12.5, 40, 0)]},
        without("date") | {"arrival_s": INSTANTS},
        without("date") | {"arrival_s": pa.array(INSTANTS, pa.timestamp("ns"))},
        without("date") | {"arrival_s": pa.array(INSTANTS, pa.timestamp("s"))},
    ],
)
def test_the_same_calls_however_they_are_typed(columns: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "calls.parquet"
    pq.write_table(pa.table(columns), path, row_group_size=2)
    assert not holds_calls(path)
    found = read_csv(path)
    assert found.arrival_us.tolist() == WANTED.arrival_us.tolist()
    assert found.wait_us.tolist() == WANTED.wait_us.tolist()
    assert found.talk_us.tolist() == WANTED.talk_us.tolist()
    assert found.services == WANTED.services
    assert found.first_day == WANTED.first_day
    assert found.priority.tolist() == WANTED.priority.tolist()


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (without("arrival_s"), r"column `arrival_s` is missing"),
        (COLUMNS | {"waits": [1, 2, 3]}, r"column `waits` is unknown; did you mean `wait_s`"),
        (COLUMNS | {"wait_s": [1, -2, 3]}, r":2: column `wait_s`: '-2' is not between"),
        (COLUMNS | {"arrival_s": [1, None, 3]}, r":2: column `arrival_s`: is empty"),
        (COLUMNS | {"wait_s": [[1], [2], [3]]}, r"column `wait_s`: holds list.*leave the column"),
        (COLUMNS | {"wait_s": ["1", "two", "3"]}, r":2: column `wait_s`: 'two' is not a number"),
        (COLUMNS | {"wait_s": [True, False, True]}, r"column `wait_s`: 'True' is not a number"),
        (
            without("date") | {"arrival_s": pa.array(INSTANTS, pa.timestamp("us", "UTC"))},
            "holds instants of the zone UTC; write local time without a zone",
        ),
        ({name: values[:0] for name, values in COLUMNS.items()}, "the file has no calls"),
    ],
)
def test_what_cannot_be_meant_is_told(columns: dict[str, Any], told: str, tmp_path: Path) -> None:
    path = tmp_path / "calls.parquet"
    pq.write_table(pa.table(columns), path)
    with pytest.raises(CallsError, match=told):
        read_csv(path)


TABLE = calls(network(), per_s=0.05)


def rewritten(path: Path, change: Any) -> None:
    """The table of callers, as another program writes it again."""
    write_calls(path, TABLE, ["lisbon", "porto", "faro"])
    table = change(pq.read_table(path)).replace_schema_metadata(None)
    pq.write_table(table, path, row_group_size=50)


def typed(name: str, form: Any) -> Any:
    def change(table: Any) -> Any:
        at = table.column_names.index(name)
        return table.set_column(at, name, table.column(name).cast(form))

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table,
        typed("priority", pa.int8()),
        typed("caller", pa.float64()),
        typed("talk_us", pa.duration("us")),
        typed("ingress", pa.string()),
        lambda table: table.append_column("mine", pa.array(["x"] * table.num_rows)),
        lambda table: table.drop_columns(["ring_luck", "luck", "number"]),
    ],
)
def test_a_table_of_callers_that_another_program_wrote_again(change: Any, tmp_path: Path) -> None:
    path = tmp_path / "calls.parquet"
    rewritten(path, change)
    assert holds_calls(path)
    found = read_calls(path)
    for name in ("number", "arrival_us", "ingress", "patience_us", "talk_us", "priority", "caller"):
        assert np.array_equal(getattr(found, name), getattr(TABLE, name)), name
        assert getattr(found, name).dtype == getattr(TABLE, name).dtype
    parts = list(calls_parts(path))
    assert len(parts) > 1
    assert np.concatenate([one.number for one in parts]).tolist() == TABLE.number.tolist()


def emptied(name: str) -> Any:
    def change(table: Any) -> Any:
        values = table.column(name).to_pylist()
        values[6] = None
        return table.set_column(table.column_names.index(name), name, pa.array(values))

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda table: table.drop_columns(["arrival_us"]), "column `arrival_us` is missing"),
        (emptied("talk_us"), "column `talk_us`, row 7: is empty; write a number in every row"),
        (typed("arrival_us", pa.timestamp("us")), "holds instants .*since the start of the run"),
        (typed("talk_us", pa.string()), "column `talk_us`: holds string, not numbers"),
        (lambda table: table.take(list(range(table.num_rows))[::-1]), "row 2: is earlier than"),
    ],
)
def test_a_table_that_is_wrong_is_told(change: Any, told: str, tmp_path: Path) -> None:
    path = tmp_path / "calls.parquet"
    rewritten(path, change)
    with pytest.raises(CallsError, match=told):
        read_calls(path)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        (b"a,b\n1,2\n", "is not Parquet, whatever its name says"),
        (b"PAR1" + b"\0" * 400, "cannot be read"),
    ],
)
def test_what_is_no_parquet_is_told(content: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "calls.parquet"
    path.write_bytes(content)
    with pytest.raises(CallsError, match=told):
        read_calls(path)
    if content.startswith(b"PAR1"):
        with pytest.raises(CallsError, match=told):
            read_csv(path)


def test_another_version_of_our_files_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "calls.parquet"
    write_calls(path, TABLE)
    table = pq.read_table(path)
    for held, told in (
        (b'{"form": 2, "kind": "calls", "names": {}}', "version 2 of these files"),
        (b"no json", "says of itself what cannot be read"),
    ):
        pq.write_table(table.replace_schema_metadata({b"nirc": held}), path)
        with pytest.raises(CallsError, match=told):
            read_calls(path)
