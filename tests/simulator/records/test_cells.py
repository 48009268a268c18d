"""Columns of cells: times of day, names, and what is empty."""

import pytest

from simulator.errors import CallsError
from simulator.records import cells
from simulator.records.cells import Cells, ColumnReader
from simulator.records.formats import BANK, NIRC, mapping


def of(said: str, texts: list[str], **changes: object) -> list[int]:
    known = mapping({"columns": {"arrival": "a"}, **changes}, "m.yaml") if changes else NIRC
    reader = ColumnReader(said, Cells(place="f", known=known, dated=False))
    reader.take(texts)
    return [int(value) for value in reader.column()]


def test_times_of_day_are_read_to_the_microsecond() -> None:
    assert of("arrival", ["08:15", "8:15:01.5"], arrival="clock") == [
        29_700 * 10**6,
        29_701_500_000,
    ]


@pytest.mark.parametrize("text", ["24:00", "08:60", "8", "08:15:60", "08-15", ""])
def test_a_wrong_time_of_day_is_told(text: str) -> None:
    with pytest.raises(CallsError, match="f:2: column `a`"):
        of("arrival", [text], arrival="clock")


def test_what_is_empty_is_unknown_except_a_priority() -> None:
    assert of("talk", ["", "1"]) == [-1, 1_000_000]
    assert of("priority", ["", "3"]) == [0, 3]
    assert of("site", ["", "x", " x "]) == [-1, 0, 0]


def test_names_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "NAMES_MAX", 2)
    with pytest.raises(CallsError, match="is this the right column"):
        of("agent", ["a", "b", "c"])


def test_others_records_are_mended_and_it_is_told() -> None:
    import numpy as np

    made = {"talk_us": np.asarray([5, 5, -1]), "outcome": np.asarray([1, 2, 2])}
    notes = Cells(place="f", known=BANK, dated=True).mended(made)
    assert made["talk_us"].tolist() == [5, -1, -1]
    assert notes == ("1 calls that nobody answered had talk: passed over",)
