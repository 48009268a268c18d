"""A soak goes on where the last one ended, adds up, and measures what grows."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from memory_slopes import Sizes, slope  # noqa: E402
from soak import seconds_in, soak_seeds  # noqa: E402
from soak_record import FIRST_SEED, append, next_seed, read_records, total  # noqa: E402


def test_times_are_read() -> None:
    assert seconds_in("40m") == 2400
    assert seconds_in("1.5h") == 5400
    with pytest.raises(Exception, match="as in 40m"):
        seconds_in("soon")


def test_the_next_soak_goes_on_and_adds_up(tmp_path: Path) -> None:
    path = tmp_path / "measurements" / "soak.jsonl"
    assert next_seed(read_records(path)) == FIRST_SEED
    append(
        path, {"kind": "seeds", "first_seed": FIRST_SEED, "seeds": 30, "good": 29, "seconds": 36}
    )
    with path.open("a") as file:
        file.write("{ cut off\n")
    network = {"kind": "network", "first_seed": 1, "calls": 100, "faults": 5, "seconds": 3600}
    append(path, network | {"good": True})
    records = read_records(path)
    assert next_seed(records) == FIRST_SEED + 30
    assert "29 of 30 seeds good in 0.01 h; 1 of 1 networks well in 1.00 h, 100 calls" in total(
        records
    )


def test_a_told_end_ends_the_search(tmp_path: Path) -> None:
    from threading import Event

    over = Event()
    over.set()
    assert soak_seeds(tmp_path / "soak.jsonl", 60.0, 1, over) == []


def test_slopes_are_of_the_warm_process_that_stood_longest() -> None:
    assert slope([(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)]) == pytest.approx(2.0)
    sizes = Sizes()
    for second in range(0, 1000, 10):
        sizes.add("n1", 7, float(second), 50.0 + (100.0 if second < 100 else second / 3600))
        if second < 300:
            sizes.add("n2", 8, float(second), 50.0)
    assert sizes.slopes() == {"n1": pytest.approx(1.0)}


def test_a_short_soak_of_seeds_is_written_down(tmp_path: Path) -> None:
    record = tmp_path / "soak.jsonl"
    command = [sys.executable, str(HERE / "soak.py"), "1s", "--only", "seeds"]
    done = subprocess.run(
        [*command, "--record", str(record)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [line] = read_records(record)
    assert line["first_seed"] == FIRST_SEED
    assert line["seeds"] == line["good"] > 0
    assert "all soaks:" in done.stdout
