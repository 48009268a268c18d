"""Shrinking leaves out what is not needed, and nothing that is."""

from dataclasses import replace

from simulator.world.drawn_case import drawn_case
from simulator.world.fault_case import FaultCase
from simulator.world.fault_search import Tried
from simulator.world.shrinking import STEPS, Shrinker


def fake(case: FaultCase) -> Tried:
    """Fails while a path fault and the third call are there."""
    kinds = [fault["kind"] for fault in case.faults]
    calls = case.table().number.tolist()
    fails = "path" in kinds and 224 in calls
    return Tried(
        seed=case.seed,
        problems=("1.000000 s: S5 at faro: odd",) if fails else (),
        calls=len(calls),
        answered=0,
        arrived=0,
        refused=0,
        decisions=0,
        events=0,
        faults=len(kinds),
    )


def failing() -> FaultCase:
    cases = (drawn_case(seed, 30.0) for seed in range(1000))
    return next(case for case in cases if not fake(case).good and len(case.sites) > 2)


def test_it_ends_with_what_is_needed() -> None:
    case = failing()
    small = Shrinker(case, fake(case), fake).shrink()
    assert [fault["kind"] for fault in small.faults] == ["path"]
    assert small.calls == (224,)
    assert small.nodes == 1
    assert len(small.sites) == 2
    assert small.for_s < case.for_s


def test_it_stops_when_the_runs_are_spent_and_keeps_a_failing_case() -> None:
    case, shares = failing(), []
    shrinker = Shrinker(case, fake(case), fake, runs_max=5, told=shares.append)
    assert not fake(shrinker.shrink()).good
    assert shrinker.runs_count == 5
    assert shares[-1] == 1.0


def test_each_step_gives_what_is_simpler_or_nothing() -> None:
    case = replace(failing(), redials_max=1)
    found = [smaller for step in STEPS for smaller in step(case)]
    assert any(len(one.sites) < len(case.sites) for one in found)
    assert any(one.redials_max == 0 for one in found)
    assert all(one.for_s <= case.for_s for one in found)
