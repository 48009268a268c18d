"""The bench runner: which file provides a figure, what is kept, what counts as failed."""

import importlib.util
import json
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("bench_run", HERE / "run.py")
assert spec is not None
assert spec.loader is not None
bench = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bench)

GOOD = """
from bench_report import report
NAMES = ("a_cps", "b_s")
print("warming up")
report("a_cps", 10.0, "calls/s", 5.0, "higher")
report("b_s", 0.2, "s", 0.1, "lower")
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "bench_x.py"
    path.write_text(text)
    return path


def test_the_file_that_provides_a_name_is_found_without_running_it(tmp_path: Path) -> None:
    path = written(tmp_path, 'NAMES = ("a_cps",)\nraise SystemExit(3)\n')
    assert bench.chosen(tmp_path, "a_cps") == [path]
    with pytest.raises(SystemExit, match="there are: a_cps"):
        bench.chosen(tmp_path, "z")


def test_figures_that_come_along_are_announced(tmp_path: Path) -> None:
    path = written(tmp_path, 'NAMES = ("a_cps", "b_s")')
    together = "bench_x.py: measures b_s, and in the same run a_cps"
    assert bench.announced(path, "b_s") == together
    assert bench.announced(path, "") == "bench_x.py: measures a_cps, b_s"
    alone = written(tmp_path, 'NAMES = ("a_cps",)')
    assert bench.announced(alone, "a_cps") == "bench_x.py: measures a_cps"


def test_figures_are_read_and_other_output_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entries, well = bench.run(written(tmp_path, GOOD))
    assert well
    assert [entry["name"] for entry in entries] == ["a_cps", "b_s"]
    output = capsys.readouterr().out
    assert "warming up" in output
    assert "goal >= 5: reached" in output
    assert "goal <= 0.1: NOT REACHED" in output


@pytest.mark.parametrize("end", ["raise SystemExit(4)", "NAMES = ('a_cps', 'b_s', 'c_s')"])
def test_a_benchmark_that_dies_or_leaves_out_a_figure_has_failed(tmp_path: Path, end: str) -> None:
    text = GOOD.replace('NAMES = ("a_cps", "b_s")', end) if end.startswith("NAMES") else GOOD + end
    entries, well = bench.run(written(tmp_path, text))
    assert not well
    assert len(entries) == 2


def test_a_newer_figure_replaces_the_older_of_its_name(tmp_path: Path) -> None:
    results = tmp_path / "build" / "bench.json"
    first = {"name": "a", "value": 1, "unit": "s", "goal": 2, "better": "lower"}
    other = {**first, "name": "b"}
    bench.keep([first, other], results)
    bench.keep([{**first, "value": 3}], results)
    assert [entry["value"] for entry in json.loads(results.read_text())] == [3, 1]


def test_every_benchmark_stands_in_the_document_of_figures() -> None:
    text = (bench.ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    names = [name for path in HERE.glob("bench_*.py") for name in bench.names_of(path)]
    assert len(names) == len(set(names)), "two benchmarks provide the same name"
    assert [name for name in names if f"`{name}`" not in text] == []


def test_every_figure_stands_in_the_document_on_performance() -> None:
    document = (HERE.parents[1] / "docs" / "performance.md").read_text(encoding="utf-8")
    names = [name for path in sorted(HERE.glob("bench_*.py")) for name in bench.names_of(path)]
    assert [name for name in names if f"`{name}`" not in document] == []
