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
    assert lines[1].split()[:9] == ["a", "2", "1", "1.50", "s", "1.50", "s", "3.00", "s"]
    assert lines[1].split()[9:] == ["clean", "1"]
    assert "0 (3 cut with their site)" in lines[2]
    assert lines[3].endswith("not run yet")
    assert lines[-1].startswith("3 rows, 3 runs, 2 good, 1 rows not run yet; 40 callers served, 1 ")


def test_the_worst_figure_of_a_row_and_what_checkers_found_are_shown() -> None:
    bad = {**_record("a", good=False, alarm_s=6.0), "complaints": ["12.5 porto S3: in two places"]}
    lines = table(["a"], [_record("a", alarm_s=5.5), bad])
    assert "1 found" in lines[1] and lines[1].endswith("alarm_s 6")
    assert lines[-1].endswith("checkers 1 found")


def test_what_was_run_least_comes_first() -> None:
    records = [_record("a"), _record("a"), _record("b")]
    assert fewest_first(["a", "b", "c"], records) == ["c", "b", "a"]


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    path.write_text('{"row": "a", "good": true, "figures": {}}\n{"row": "b", "go')
    assert [one["row"] for one in read_records(path)] == ["a"]
    assert read_records(tmp_path / "none") == []
