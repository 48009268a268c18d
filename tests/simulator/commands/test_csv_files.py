"""A table is written whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.commands.csv_files import write_csv


def test_a_heading_and_rows(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ("x", "y"), [(1, None), ("a,b", 2.5)])
    assert (tmp_path / "a.csv").read_text() == 'x,y\n1,\n"a,b",2.5\n'


def test_half_a_table_is_none(tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[int]]:
        yield (1,)
        raise RuntimeError

    (tmp_path / "a.csv").write_text("old")
    with pytest.raises(RuntimeError):
        write_csv(tmp_path / "a.csv", ("x",), rows())
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert (tmp_path / "a.csv").read_text() == "old"
