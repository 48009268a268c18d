import sys
from pathlib import Path

import pytest
from recorded_legs import TEN_UNIX_S, leg, write_all

from nrcli.commands.report_files import Records
from nrcli.errors import RecordsError, SettingsError
from nrcli.reports.balance import Fault
from nrcli.wire.history_messages import LegOutcome, TrunkBusyRecord
from nrcli.wire.record_tables import DecisionRow

A, B = TEN_UNIX_S, TEN_UNIX_S + 3600


def test_records_of_all_tables_are_read(tmp_path: Path) -> None:
    busy = TrunkBusyRecord(site="lisbon", trunk_group="x", began_unix_s=A, lasted_s=3.0)
    decision = DecisionRow(decision_id="d", at_unix_s=A, record="{}")
    records = [leg(LegOutcome.ANSWERED, 5, 9), busy, decision]
    facts = Records(write_all(tmp_path, records)).facts(A, B)
    assert (len(facts.stays), len(facts.all_busy), len(facts.decided)) == (1, 1, 1)


def test_what_has_nothing_to_do_with_the_time_is_left_out(tmp_path: Path) -> None:
    day = 86_400
    records = [leg(LegOutcome.ANSWERED, s, 9) for s in (-2 * day, -5, 3000, 3 * day)]
    source = Records(write_all(tmp_path, records))
    assert len(source.facts(A, B).stays) == 2
    assert source.latest_s == A + 3009


def test_records_may_be_told_twice(tmp_path: Path) -> None:
    one = leg(LegOutcome.ANSWERED, 5, 9, incarnation=1, number=1)
    for _ in range(2):
        write_all(tmp_path, [one])
    assert len(Records(tmp_path).facts(A, B).stays) == 1


def test_numbers_that_are_missing_are_findings(tmp_path: Path) -> None:
    records = [leg(LegOutcome.ANSWERED, n, 9, incarnation=1, number=n) for n in (1, 2, 5)]
    source = Records(write_all(tmp_path, records))
    source.facts(A, B)
    (found,) = source.findings()
    assert (found.fault, found.site) == (Fault.RECORDS_MISSING, "lisbon")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="is no folder"):
        Records(tmp_path / "nowhere").facts(A, B)


def test_a_file_that_is_cut_off_is_refused_by_name(tmp_path: Path) -> None:
    write_all(tmp_path, [leg(LegOutcome.ANSWERED, 5, 9)])
    (file,) = tmp_path.rglob("*.parquet")
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(RecordsError) as raised:
        Records(tmp_path).facts(A, B)
    assert str(file) in str(raised.value)


def test_without_the_library_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "nrcli.records.record_files", None)
    with pytest.raises(SettingsError, match="pip install pyarrow"):
        Records(tmp_path).facts(A, B)
