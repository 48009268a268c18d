"""What is written is read back, column by column."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simulator.errors import CallsError
from simulator.records.bank import bank_calls
from simulator.records.csv_calls import read_csv
from simulator.records.csv_written import write_csv
from simulator.records.recorded import COLUMNS, NAMED, RecordedCalls


def known_as(calls: RecordedCalls, column: str) -> list[object]:
    values = getattr(calls, column).tolist()
    if column not in NAMED:
        return values
    names = (*getattr(calls, NAMED[column]), None)
    return [names[value] for value in values]


def test_the_bank_goes_there_and_back(tmp_path: Path) -> None:
    calls = bank_calls(days=[0, 1])
    write_csv(tmp_path / "calls.csv", calls)
    back = read_csv(tmp_path / "calls.csv")
    assert back.first_day == calls.first_day
    for column in COLUMNS:
        assert known_as(back, column) == known_as(calls, column), column
    assert [path.name for path in tmp_path.iterdir()] == ["calls.csv"]


def test_microseconds_are_kept_and_dates_may_be_unknown(tmp_path: Path) -> None:
    calls = bank_calls(days=[0])
    odd = replace(calls, arrival_us=calls.arrival_us + 3, dated=False)
    write_csv(tmp_path / "calls.csv", odd)
    back = read_csv(tmp_path / "calls.csv")
    assert np.array_equal(back.arrival_us, odd.arrival_us)
    assert not back.dated


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CallsError, match="cannot be written: No such file"):
        write_csv(tmp_path / "none" / "calls.csv", bank_calls(days=[0]))
