"""Seeds of the fault search: 200, or as many as fit in a time that was asked for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fault_seeds import first_seed, told_failure, tried_seeds, until

from simulator.world.drawn_case import drawn_case
from simulator.world.engine import WorldEngine
from simulator.world.fault_case import file_text, read_case
from simulator.world.fault_search import tried, tried_seed

TIME_S = float(os.environ.get("NIRC_FAULT_SEEDS_S", "0"))
SEEDS_MIN = int(os.environ.get("NIRC_FAULT_SEEDS_MIN", "200"))
PROCESSES = 2
OF_THE_COMMIT = "commit"
"Seeds that no commit before has tried; a number in `NIRC_FAULT_FIRST_SEED` begins there instead."
KEPT = Path(__file__).with_name("fault_cases")
"Cases that a search made small."


@pytest.mark.timeout(900)  # a busy machine takes longer for as many
def test_no_seed_of_this_commit_breaks_an_invariant() -> None:
    chosen = os.environ.get("NIRC_FAULT_FIRST_SEED", OF_THE_COMMIT)
    first = first_seed() if chosen == OF_THE_COMMIT else int(chosen)
    done = list(tried_seeds(first, PROCESSES, until(TIME_S, SEEDS_MIN)))
    print(f"{len(done)} seeds from {first}")
    assert len(done) >= SEEDS_MIN
    assert [one.seed for one in done] == list(range(first, first + len(done)))
    failed = [told_failure(one) for one in done if not one.good]
    assert not failed, "\n".join(failed)
    assert sum(one.arrived for one in done) > SEEDS_MIN


def test_the_same_seed_is_the_same_run() -> None:
    for seed in (3, 17, 29):
        case = drawn_case(seed, 12.0)
        lines = []
        for _ in range(2):
            run = WorldEngine(seed=seed).start(case.model())
            run.feed(case.table(), case.model().duration_us)
            run.finish()
            assert run.world.watch is not None
            lines.append([(line.at_s, line.kind, line.fields) for line in run.world.watch.lines])
        assert lines[0] == lines[1]
        assert tried_seed(seed, 12.0) == tried_seed(seed, 12.0)


def test_a_saved_case_is_the_same_run(tmp_path: Path) -> None:
    case = drawn_case(23, 12.0)
    path = tmp_path / "case.json"
    path.write_text(file_text(case, (), "here"))
    again = read_case(path.read_text(), str(path))
    assert again == case
    assert tried(again) == tried(case)


@pytest.mark.parametrize("path", sorted(KEPT.glob("*.json")), ids=lambda path: path.stem)
def test_what_once_broke_an_invariant_does_so_no_more(path: Path) -> None:
    assert tried(read_case(path.read_text(), str(path))).problems == ()
