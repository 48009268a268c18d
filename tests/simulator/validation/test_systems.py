"""A system is run, cut into batches, and judged; a wrong engine is found out."""

from dataclasses import replace

import pytest
from interpreted_engine import Interpreted, WrongTimes

from simulator.model.engine import Engine
from simulator.theory.erlang_a import impatient
from simulator.validation.hand_calls import Callers, exponential
from simulator.validation.hand_models import Site
from simulator.validation.judging import judge
from simulator.validation.systems import (
    FULL,
    QUICK,
    Size,
    System,
    calls_needed,
    measured,
    rows_of,
    settling_s,
)

KNOWN = impatient(3, 6.0, 60.0, 60.0)
SYSTEM = System(
    group="Erlang A",
    name="3 agents, overloaded",
    sites=(Site(agents=3),),
    callers=Callers(rates_per_s=(0.1,), talk=exponential(60.0), patience=exponential(60.0)),
    known={
        "abandonment": KNOWN.abandonment,
        "asa_s": KNOWN.asa_s,
        "mean_queue": KNOWN.mean_queue,
        "occupancy": KNOWN.occupancy,
    },
    source="theory",
    settles_s=60.0,
)
STUDY_ROWS = 300
"About as many as the study has intervals."
SIZE = Size(calls_count=6_000, batches_count=30, calls_count_max=10**9)


def test_a_right_engine_agrees() -> None:
    rows = rows_of(SYSTEM, Interpreted(), seed=3, size=SIZE)
    assert [row.figure for row in rows] == list(SYSTEM.known)
    assert all(judged.good for judged in judge(rows))
    assert all(row.calls_count == 6_000 for row in rows)


def test_a_wrong_engine_is_found_out() -> None:
    """Patience two fifths too long, in the few calls that a fast test can have."""
    rows = rows_of(SYSTEM, WrongTimes(patience=1.4), seed=3, size=SIZE)
    assert not all(judged.good for judged in judge(rows))


def erlang_a(agents: int, erlangs: float) -> System:
    known = impatient(agents, erlangs, 60.0, 60.0)
    return replace(
        SYSTEM,
        sites=(Site(agents=agents),),
        callers=replace(SYSTEM.callers, rates_per_s=(erlangs / 60.0,)),
        known={
            "abandonment": known.abandonment,
            "asa_s": known.asa_s,
            "occupancy": known.occupancy,
        },
    )


def wrong_rows(system: System, engine: Engine, calls_count: int) -> set[str]:
    """Figures outside of intervals as wide as those of the whole study."""
    size = Size(calls_count=calls_count, batches_count=30, calls_count_max=10**9)
    rows = rows_of(system, engine, seed=1, size=size)
    judged = judge(rows, level_all=1.0 - 0.01 * len(rows) / STUDY_ROWS)
    return {one.row.figure for one in judged if not one.good}


def test_three_per_cent_of_patience_show() -> None:
    system = erlang_a(1, 6.0)
    assert wrong_rows(system, Interpreted(), 8_000) == set()
    assert wrong_rows(system, WrongTimes(patience=1.03), 30_000) == {"asa_s"}


def test_three_per_cent_of_service_show() -> None:
    system = erlang_a(5, 3.0)
    assert wrong_rows(system, Interpreted(), 8_000) == set()
    assert "occupancy" in wrong_rows(system, WrongTimes(talk=1.03), 8_000)


def test_controls_are_worth_their_trouble() -> None:
    with_controls = measured(SYSTEM, Interpreted(), seed=3, calls_count=2_000, size=SIZE)
    assert with_controls["mean_queue"].freedom == 30 - 4
    assert with_controls["mean_queue"].error < 0.06 * KNOWN.mean_queue


def test_slow_systems_get_more_calls_or_are_left_out() -> None:
    assert calls_needed(SYSTEM, FULL) == FULL.calls_count
    assert calls_needed(replace(SYSTEM, share=3.0), FULL) == 3 * FULL.calls_count
    slow = replace(SYSTEM, settles_s=60_000.0)
    assert calls_needed(slow, FULL) == pytest.approx(0.1 * 60_000 * 10 * FULL.batches_count)
    assert calls_needed(slow, QUICK) == 0
    assert rows_of(slow, Interpreted(), seed=1, size=QUICK) == []


def test_the_memory_of_a_queue() -> None:
    assert settling_s(1, 0.81, 60.0) == pytest.approx(6_000.0)
    assert settling_s(100, 4.0, 60.0) == 60.0
