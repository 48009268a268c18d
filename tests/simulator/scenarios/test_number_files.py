"""Columns of numbers from CSV files, and what is said of wrong ones."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from routing_policies.errors import DocumentError
from simulator.scenarios.number_files import column_of


def test_a_column_packed_or_not(tmp_path: Path) -> None:
    text = "a,b\n1,2\n\n3,4.5\n"
    (tmp_path / "x.csv").write_text(text)
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(text.encode()))
    assert column_of(tmp_path / "x.csv", "b") == (2.0, 4.5)
    assert column_of(tmp_path / "x.csv.gz", "a") == (1.0, 3.0)


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"a,b\n1,2\n3\n", 3, 'b should be a number of at least 0, got ""'),
        (b"a,b\n1,nan\n", 2, "should be a number"),
        (b"a,b\n1,-2\n", 2, "should be a number of at least 0"),
        (b"a,c\n1,2\n", 1, "has no column b"),
        (b"a,b\n", 0, "has no rows"),
        (b"", 1, "has no column b"),
        (b"a,b\n1,\xff\n", 0, "is not UTF-8"),
    ],
)
def test_a_wrong_file_is_told_at_its_line(
    tmp_path: Path, data: bytes, line: int, words: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    with pytest.raises(DocumentError) as caught:
        column_of(path, "b")
    assert caught.value.line == line and words in caught.value.problem and caught.value.remedy


def test_what_is_no_file_and_what_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "x.gz").write_bytes(b"not packed")
    for name in ("nothing.csv", "x.gz", "."):
        with pytest.raises(DocumentError):
            column_of(tmp_path / name, None)
