"""The validation study: its blocks in order, and the verdict over all rows.

Rule of this file: what is run is fixed before; every row of every block counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from simulator.model.engine import Engine
from simulator.validation import (
    erlang_systems,
    published_systems,
    site_systems,
)
from simulator.validation.agreement_rows import agreement_rows
from simulator.validation.day_rows import day_rows
from simulator.validation.exact_rows import call_by_call, laws
from simulator.validation.judging import Judged, Kind, Row, judge
from simulator.validation.pairing_rows import pairing_rows
from simulator.validation.systems import FULL, QUICK, Size, System, calls_needed, rows_of
from simulator.validation.theory_rows import theory_rows

SEED = 1
AS_SLOW = 5_000
"Calls that the compiled engine carries out while the other one does one of each network."


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some rows that are made together."""

    name: str
    make: Callable[[], list[Row]]
    calls_count: int
    "For the time left."


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What came of it."""

    rows: tuple[Judged, ...]
    seed: int
    quick: bool

    @property
    def good(self) -> bool:
        """Does every row agree?"""
        return all(judged.good for judged in self.rows)

    @property
    def intervals_count(self) -> int:
        """Rows with an interval."""
        return sum(1 for judged in self.rows if judged.row.kind in {Kind.INTERVAL, Kind.LEAST})

    @property
    def calls_count(self) -> int:
        """Calls simulated; rows of one run share theirs."""
        runs = {(j.row.group, j.row.what): j.row.calls_count for j in self.rows}
        return sum(runs.values())


def systems() -> list[System]:
    """Everything that is run until it has settled."""
    return [
        *erlang_systems.loss_systems(),
        *erlang_systems.waiting_systems(),
        *erlang_systems.impatient_systems(),
        *published_systems.reference_systems(),
        *published_systems.handle_time_systems(),
        *site_systems.overflow_systems(),
        *site_systems.lost_systems(),
    ]


def blocks(engine: Engine, *, seed: int, quick: bool, other: Engine | None = None) -> list[Block]:
    """The blocks of the study. `other`: an engine that must agree with the first, call by call."""
    size = QUICK if quick else FULL
    found = [Block(name="theory", make=theory_rows, calls_count=0)]
    found += [
        _system_block(system, engine, seed, size)
        for system in systems()
        if calls_needed(system, size)
    ]
    by_call, days, pairs, pair_calls = (
        (5_000, 100_000, 10, 8_000) if quick else (200_000, 3_000_000, 60, 30_000)
    )
    found += [
        _block("a day", partial(day_rows, engine, seed=seed, calls_count=days), days),
        _block(
            "call by call", partial(call_by_call, engine, seed=seed, calls_count=by_call), by_call
        ),
        _block("laws", partial(laws, engine, seed=seed, calls_count=by_call), by_call),
        _block(
            "common random numbers",
            partial(
                pairing_rows,
                engine,
                seed=seed,
                calls_count=pair_calls,
                replications_count=pairs,
            ),
            4 * pairs * pair_calls,
        ),
    ]
    if other is not None:
        agree_count = 200 if quick else 2_000
        agree = partial(agreement_rows, engine, other, seed=seed, calls_count=agree_count)
        found.append(_block("engines", agree, agree_count * AS_SLOW))
    return found


def carry_out(
    work: Sequence[Block], *, seed: int, quick: bool, progress: Callable[[float, str], None]
) -> Study:
    """Run the blocks; `progress` gets the share done and what comes next."""
    total, done = max(1, sum(block.calls_count for block in work)), 0
    rows: list[Row] = []
    for block in work:
        progress(done / total, block.name)
        rows += block.make()
        done += block.calls_count
    progress(1.0, "")
    return Study(rows=tuple(judge(rows)), seed=seed, quick=quick)


def _system_block(system: System, engine: Engine, seed: int, size: Size) -> Block:
    return _block(
        f"{system.group}: {system.name}",
        partial(rows_of, system, engine, seed=seed, size=size),
        calls_needed(system, size),
    )


def _block(name: str, make: Callable[[], list[Row]], calls_count: int) -> Block:
    return Block(name=name, make=make, calls_count=calls_count)
