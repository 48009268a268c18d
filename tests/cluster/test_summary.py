"""The table of the fault matrix: runs are added up, what was run least comes first."""

from pathlib import Path

from tests.cluster.summary import fewest_first, read_records, table


def _record(row: str, *, good: bool = True, **figures: float) -> dict[str, object]:
    return {"row": row, "good": good, "complaints": [], "figures": figures}


def test_runs_are_added_up_and_what_was_not_run_is_said() -> None:
    records = [
        _record("a", leader_s=0.2, back_s=1.0, calls_served=40.0),
        _record("a", good=False, leader_s=1.5, back_s=3.0, calls_lost=1.0),
        _record("b", calls_cut_with_site=3.0),
    ]
    lines = table(["a", "b", "c"], records)
    assert lines[1].split() == ["a", "2", "1", "1.50", "s", "1.50", "s", "3.00", "s", "1"]
    assert "0 (3 cut with their site)" in lines[2]
    assert lines[3].endswith("not run yet")


def test_what_was_run_least_comes_first() -> None:
    records = [_record("a"), _record("a"), _record("b")]
    assert fewest_first(["a", "b", "c"], records) == ["c", "b", "a"]


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    path.write_text('{"row": "a", "good": true, "figures": {}}\n{"row": "b", "go')
    assert [one["row"] for one in read_records(path)] == ["a"]
    assert read_records(tmp_path / "none") == []
