"""Parquet files of calls and outcomes: there and back, broken off, and of the wrong kind."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from sim_models import calls, network

from simulator.errors import CallsError
from simulator.model.outcomes import MOVE_TYPE, OUTCOME_TYPE, MoveEnd, Outcome, Part
from simulator.records.parquet import (
    CallsFile,
    OutcomeFile,
    calls_parts,
    read_calls,
    read_moves,
    read_outcomes,
    unfinished,
    write_calls,
)

MODEL = network()
CALLS = calls(MODEL, per_s=0.2)
INGRESSES = [ingress.name for ingress in MODEL.ingresses]


def part(count: int, first: int = 0) -> Part:
    outcomes = np.zeros(count, dtype=OUTCOME_TYPE)
    outcomes["number"] = np.arange(first, first + count)
    outcomes["outcome"] = 1 + np.arange(count) % 10
    outcomes["row"] = np.arange(count) % 4 - 1
    outcomes["agent"] = np.arange(count) % 13 - 1
    moves = np.zeros(count // 2, dtype=MOVE_TYPE)
    moves["ended"] = MoveEnd.PUT_BACK
    moves["agent"] = -1
    return Part(outcomes=outcomes, moves=moves)


@pytest.mark.parametrize("names", [INGRESSES, []])
def test_calls_go_there_and_back(tmp_path: Path, names: list[str]) -> None:
    path = tmp_path / "calls.parquet"
    write_calls(path, CALLS, names)
    back = read_calls(path)
    for field in fields(CALLS):
        one, two = getattr(CALLS, field.name), getattr(back, field.name)
        assert one.dtype == two.dtype
        assert np.array_equal(one, two)
    assert list(tmp_path.iterdir()) == [path]


def test_calls_are_written_and_read_part_by_part(tmp_path: Path) -> None:
    path = tmp_path / "calls.parquet"
    with CallsFile(path, INGRESSES) as opened:
        opened.add(CALLS.part(0, 100))
        opened.add(CALLS.part(100, len(CALLS)))
    assert [len(one) for one in calls_parts(path)] == [100, len(CALLS) - 100]


def test_outcomes_go_there_and_back_with_their_names(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.parquet"
    with OutcomeFile(path, MODEL) as opened:
        opened.add(part(50))
        opened.add(part(0))
        opened.add(part(70, 50))
    read = read_outcomes(path)
    assert read.complete
    assert np.array_equal(read.rows, np.concatenate([part(50).outcomes, part(70, 50).outcomes]))
    assert read.names["row"] == ("lisbon/sales", "porto/sales", "faro/sales")
    moves = read_moves(tmp_path / "outcomes.moves.parquet")
    assert np.array_equal(moves.rows, np.concatenate([part(50).moves, part(70).moves]))


def test_a_person_reads_names_and_units(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.parquet"
    with OutcomeFile(path, MODEL) as opened:
        opened.add(part(5))
    table = pq.read_table(path)
    assert table.column("outcome").to_pylist()[Outcome.ABANDONED - 1] == "abandoned"
    assert table.column("row").to_pylist()[:2] == [None, "lisbon/sales"]
    assert table.schema.field("wait_us").metadata[b"unit"] == b"us"


def test_a_run_broken_off_keeps_what_was_finished(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.parquet"
    with pytest.raises(KeyboardInterrupt), OutcomeFile(path, MODEL) as opened:
        opened.add(part(5))
        raise KeyboardInterrupt
    assert not path.exists()
    read = read_outcomes(unfinished(path))
    assert (len(read.rows), read.complete) == (5, False)
    assert {one.name for one in tmp_path.iterdir()} == {
        "outcomes.unfinished.parquet",
        "outcomes.moves.unfinished.parquet",
    }


def test_the_old_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.parquet"
    with OutcomeFile(path, MODEL) as opened:
        opened.add(part(5))
    opened = OutcomeFile(path, MODEL)
    opened.add(part(9))
    assert len(read_outcomes(path).rows) == 5
    opened.close()
    opened.close()
    assert len(read_outcomes(path).rows) == 9


def test_a_wrong_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "calls.parquet"
    with pytest.raises(CallsError, match="cannot be read: No such file"):
        read_calls(path)
    write_calls(path, CALLS)
    with pytest.raises(CallsError, match="holds calls, not outcomes"):
        read_outcomes(path)
    path.write_bytes(b"PAR1 something")
    with pytest.raises(CallsError, match="cannot be read"):
        read_calls(path)
    with pytest.raises(CallsError, match="cannot be written"):
        write_calls(tmp_path / "none" / "calls.parquet", CALLS)
