from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from record_folder import TEN_UNIX_S, leg, write_records

from nrcli.commands.report_files import Records, rows_of
from nrcli.errors import SettingsError
from nrcli.reports.balance import Fault
from nrcli.wire.history_messages import LegOutcome, TrunkBusyRecord
from nrcli.wire.record_tables import LEGS, DecisionRow

A, B = TEN_UNIX_S, TEN_UNIX_S + 3600


def test_records_of_all_tables_are_read(tmp_path: Path) -> None:
    busy = TrunkBusyRecord(site="lisbon", trunk_group="x", began_unix_s=A, lasted_s=3.0)
    decision = DecisionRow(decision_id="d", at_unix_s=A, record="{}")
    records = [leg(LegOutcome.ANSWERED, 5, 9), busy, decision]
    facts = Records(write_records(tmp_path, records)).facts(A, B)
    assert (len(facts.stays), len(facts.all_busy), len(facts.decided)) == (1, 1, 1)


def test_what_has_nothing_to_do_with_the_time_is_left_out(tmp_path: Path) -> None:
    day = 86_400
    records = [leg(LegOutcome.ANSWERED, s, 9) for s in (-2 * day, -5, 3000, 3 * day)]
    source = Records(write_records(tmp_path, records))
    assert len(source.facts(A, B).stays) == 2
    assert source.latest_s == A + 3 * day + 9


def test_files_may_lie_deeper_and_records_may_be_told_twice(tmp_path: Path) -> None:
    one = leg(LegOutcome.ANSWERED, 5, 9, incarnation=1, number=1)
    write_records(tmp_path, [one])
    write_records(tmp_path, [one], "two.parquet")
    (tmp_path / "legs" / "day").mkdir()
    (tmp_path / "legs" / "two.parquet").rename(tmp_path / "legs" / "day" / "two.parquet")
    assert len(Records(tmp_path).facts(A, B).stays) == 1


def test_numbers_that_are_missing_are_findings(tmp_path: Path) -> None:
    records = [leg(LegOutcome.ANSWERED, n, 9, incarnation=1, number=n) for n in (1, 2, 5)]
    source = Records(write_records(tmp_path, records))
    source.facts(A, B)
    (found,) = source.findings()
    assert (found.fault, found.site) == (Fault.RECORDS_MISSING, "lisbon")


def test_a_file_of_a_version_before_has_fewer_columns(tmp_path: Path) -> None:
    rows = [
        {"site": "lisbon", "leg": "caller", "queue": "sales", "ended_unix_s": A, "waited_s": 3.0}
    ]
    (tmp_path / "legs").mkdir()
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "legs" / "old.parquet")
    found = list(rows_of(tmp_path / "legs" / "old.parquet", LEGS))
    assert found == rows


def foreign(folder: Path) -> None:
    (folder / "legs").mkdir(parents=True)
    pq.write_table(pa.table({"colour": ["red"]}), folder / "legs" / "x.parquet")


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda path: None, "is no folder"),
        (lambda path: path.mkdir(), "holds no Parquet file of call legs"),
        (lambda path: junk(path, b"PAR1 and then nothing"), "cannot be read"),
        (lambda path: junk(path, b""), "cannot be read"),
        (foreign, "has no column ended_unix_s"),
    ],
)
def test_what_is_no_record_is_refused_by_name(tmp_path: Path, make, problem: str) -> None:
    folder = tmp_path / "records"
    make(folder)
    with pytest.raises(SettingsError, match=problem) as raised:
        Records(folder).facts(A, B)
    assert str(folder) in str(raised.value)


def junk(folder: Path, data: bytes) -> None:
    (folder / "legs").mkdir(parents=True)
    (folder / "legs" / "x.parquet").write_bytes(data)


def test_a_row_of_wrong_types_is_refused(tmp_path: Path) -> None:
    (tmp_path / "legs").mkdir()
    table = pa.table({"ended_unix_s": [A], "waited_s": ["long"]})
    pq.write_table(table, tmp_path / "legs" / "x.parquet")
    with pytest.raises(SettingsError, match="a row is no record"):
        Records(tmp_path).facts(A, B)
