"""Files of records: what is in them, and what is no such file."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from contract_samples import sample

from nrcli.errors import RecordsError
from nrcli.records.record_files import files_of, read_records, read_rows, said_in, write_file
from nrcli.wire.history_messages import AgentStateRecord, TrunkBusyRecord
from nrcli.wire.record_tables import AGENT_STATES, TABLES, TRUNK_BUSY, DecisionRow, row_of


def write(folder: Path, *records: Any, first_ms: int = 1_700_000_000_000) -> Path:
    table = next(one for one in TABLES.values() if one.record is type(records[0]))
    rows = [row_of(record) for record in records]
    span = ((first_ms, 0), (first_ms + 5, len(records)))
    return write_file(folder, table, rows, span, {"gaps": {"a": 1}})


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_table_is_written_and_read_again(tmp_path: Path, table: Any) -> None:
    record = sample(table.record)
    write(tmp_path, record)
    assert list(read_records(tmp_path, table)) == [record]


def test_a_file_says_what_it_holds_and_lies_under_its_day(tmp_path: Path) -> None:
    path = write(tmp_path, sample(TrunkBusyRecord))
    name = "trunk_busy/2023-11-14/trunk_busy-1700000000000-1700000000005-1.parquet"
    assert path == tmp_path / name
    assert path.stat().st_mode & 0o777 & ~0o640 == 0, "callers' numbers are not for everybody"
    said = said_in(path)
    assert (said["form"], said["table"], said["rows"], said["gaps"]) == (
        1,
        "trunk_busy",
        1,
        {"a": 1},
    )
    assert files_of(tmp_path, TRUNK_BUSY)[0].last_id == (1_700_000_000_005, 1)


def test_a_record_in_two_folders_that_were_put_together_comes_once(tmp_path: Path) -> None:
    one = sample(AgentStateRecord, number=1)
    write(tmp_path, one)
    write(tmp_path, one, sample(AgentStateRecord, number=2), first_ms=1_700_000_000_100)
    assert [row["number"] for row in read_rows(tmp_path, AGENT_STATES)] == [1, 2]


def test_a_file_of_before_lacks_a_column(tmp_path: Path) -> None:
    path = write(tmp_path, sample(AgentStateRecord))
    table = pq.read_table(path)
    older = table.drop_columns(["continues"])
    pq.write_table(older.replace_schema_metadata(table.schema.metadata), path)
    assert next(read_records(tmp_path, AGENT_STATES)).continues is False


def test_other_files_are_left_out_and_broken_ones_are_told(tmp_path: Path) -> None:
    path = write(tmp_path, sample(TrunkBusyRecord))
    (path.parent / "trunk_busy-x-y-z.parquet").write_text("x")
    assert len(files_of(tmp_path, TRUNK_BUSY)) == 1
    path.write_bytes(b"PAR1 no more")
    with pytest.raises(RecordsError, match="move it away"):
        list(read_rows(tmp_path, TRUNK_BUSY))


def test_a_parquet_file_of_somebody_else_is_no_file_of_records(tmp_path: Path) -> None:
    path = write(tmp_path, sample(TrunkBusyRecord))
    pq.write_table(pa.table({"x": [1]}), path)
    with pytest.raises(RecordsError, match="no file of records of version 1"):
        list(read_rows(tmp_path, TRUNK_BUSY))


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="is no folder"):
        list(read_rows(tmp_path / "nowhere", TRUNK_BUSY))
    assert list(read_rows(tmp_path, TRUNK_BUSY)) == []


def test_decisions_are_rows_of_their_own(tmp_path: Path) -> None:
    write(tmp_path, DecisionRow(decision_id="d", at_unix_s=5.0))
    assert [one.decision_id for one in read_records(tmp_path, TABLES["decisions"])] == ["d"]
