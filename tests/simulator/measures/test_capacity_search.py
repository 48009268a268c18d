"""The search finds what a known response needs, with noise and overflow, and ends."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from routing_policies.erlang import answered_within
from simulator.measures.capacity_search import CapacitySearch, Plan
from simulator.measures.targets import CapacityAnswer, Slot, Target

Response = Callable[[Plan], NDArray[np.float64] | None]
LEVEL = Target(figure="service_level_negative", value=0.8)


def solved(search: CapacitySearch, response: Response) -> CapacityAnswer:
    while search.question is not None:
        search.answer(response(search.question))
    return search.result()


def slots(loads: list[float], *, most: int = 200, starts: list[int] | None = None) -> list[Slot]:
    return [
        Slot(
            key=("lisbon", i),
            group="lisbon",
            judge=i,
            link=i,
            start=starts[i] if starts else round(load),
            most=most,
        )
        for i, load in enumerate(loads)
    ]


def erlang_c(loads: list[float], noise: float = 0.0, replications: int = 5) -> Response:
    """Service level of each interval alone, with the same noise whatever the plan."""
    dice = np.random.default_rng(1).normal(0.0, 1.0, (replications, len(loads))) * noise

    def response(plan: Plan) -> NDArray[np.float64]:
        exact = [answered_within(n, load, 180.0, 20.0) for n, load in zip(plan, loads, strict=True)]
        return np.array(exact) + dice

    return response


def fewest(load: float) -> int:
    return next(n for n in range(1000) if answered_within(n, load, 180.0, 20.0) >= 0.8)


LOADS = [3.0, 10.0, 25.5, 60.0, 8.2]


@pytest.mark.parametrize("first", [1, 10, 200])
def test_without_noise_the_fewest_are_found_from_any_start(first: int) -> None:
    search = CapacitySearch(slots(LOADS, starts=[first] * len(LOADS)), LEVEL)
    answer = solved(search, erlang_c(LOADS))
    assert answer.finished and answer.reached
    assert [one.needed for one in answer.staffed] == [fewest(load) for load in LOADS]
    assert [one.low for one in answer.staffed] == [fewest(load) for load in LOADS]
    assert answer.plans_tried < 40


def test_with_noise_the_fewest_lie_between_low_and_needed() -> None:
    answer = solved(CapacitySearch(slots(LOADS), LEVEL), erlang_c(LOADS, noise=0.03))
    for one, load in zip(answer.staffed, LOADS, strict=True):
        assert one.low is not None and one.likely is not None
        assert one.low <= one.likely <= one.needed
        assert one.low <= fewest(load) <= one.needed
        assert one.value is not None and one.value.mean >= 0.8


def test_an_interval_without_calls_needs_nobody() -> None:
    def response(plan: Plan) -> NDArray[np.float64]:
        return np.column_stack([np.full(3, np.nan), np.full(3, min(plan[1] / 10, 1.0))])

    answer = solved(CapacitySearch(slots([0.0, 7.0]), LEVEL), response)
    assert [one.needed for one in answer.staffed] == [0, 8]


def test_what_more_staff_cannot_reach_is_told() -> None:
    def response(plan: Plan) -> NDArray[np.float64]:
        return np.full((3, 2), 0.7) + np.array([0.0, 0.2])

    answer = solved(CapacitySearch(slots([5.0, 5.0]), LEVEL), response)
    assert [one.reached for one in answer.staffed] == [False, True]
    assert answer.staffed[0].needed < 20, "more did not help, so no more are asked for"
    assert "cannot be reached" in " ".join(answer.notes)


def test_the_most_that_is_allowed_is_not_passed() -> None:
    answer = solved(CapacitySearch(slots([50.0], most=40), LEVEL), erlang_c([50.0]))
    assert answer.staffed[0].needed == 40 and not answer.reached and answer.finished


def test_an_overloaded_plan_gets_more() -> None:
    inner = erlang_c([10.0])

    def response(plan: Plan) -> NDArray[np.float64] | None:
        return inner(plan) if plan[0] >= 10 else None

    answer = solved(CapacitySearch(slots([10.0], starts=[2]), LEVEL), response)
    assert answer.staffed[0].needed == 14


def test_overflow_lets_one_site_do_with_less() -> None:
    """Idle agents of either site serve both: the level of each depends on all agents."""
    two = [
        Slot(key=("lisbon", 0), group="lisbon", judge=0, start=14, most=99),
        Slot(key=("porto", 0), group="porto", judge=1, start=14, most=99),
    ]

    def response(plan: Plan) -> NDArray[np.float64]:
        pooled = answered_within(sum(plan), 20.0, 180.0, 20.0)
        own = [min(pooled, 0.75 + 0.02 * n) for n in plan]
        return np.tile(own, (3, 1))

    answer = solved(CapacitySearch(two, LEVEL), response)
    assert answer.reached
    total = sum(one.needed for one in answer.staffed)
    assert total == next(n for n in range(99) if answered_within(n, 20.0, 180.0, 20.0) >= 0.8)


def test_sites_judged_together_share_by_their_first_guess() -> None:
    three = [
        Slot(key=(name, 0), group=name, judge=0, start=start, most=99)
        for name, start in (("lisbon", 20), ("porto", 10), ("faro", 5))
    ]

    def response(plan: Plan) -> NDArray[np.float64]:
        return np.full((2, 1), answered_within(sum(plan), 30.0, 180.0, 20.0))

    answer = solved(CapacitySearch(three, LEVEL), response)
    needed = [one.needed for one in answer.staffed]
    assert sum(needed) == next(n for n in range(99) if answered_within(n, 30.0, 180.0, 20.0) >= 0.8)
    assert needed[0] > needed[1] > needed[2]


def test_a_search_that_is_stopped_tells_what_it_has() -> None:
    search = CapacitySearch(slots([10.0], starts=[1]), LEVEL)
    assert search.question is not None
    search.answer(erlang_c([10.0])(search.question))
    answer = search.result()
    assert not answer.finished and "stopped" in answer.notes[0]
    assert answer.staffed[0].low is None


def test_the_allowance_of_plans_ends_a_search() -> None:
    answer = solved(CapacitySearch(slots(LOADS), LEVEL, plans_max=3), erlang_c(LOADS))
    assert answer.plans_tried == 3 and not answer.finished


def test_nothing_is_answered_that_was_not_asked() -> None:
    search = CapacitySearch([], LEVEL)
    assert search.question is None and search.result().finished
    with pytest.raises(ValueError, match="nothing was asked"):
        search.answer(None)


def test_staff_that_helps_only_later_is_not_given_up() -> None:
    """Of 11 agents more one has the skill that is lacking: the first few more change nothing."""
    [slot] = slots([30.0], starts=[33])

    def response(plan: Plan) -> NDArray[np.float64]:
        return np.full((5, 1), min(0.5 + 0.05 * (plan[0] // 11), 1.0))

    answer = solved(CapacitySearch([slot], LEVEL), response)
    assert answer.reached
    assert answer.staffed[0].needed == 66


def test_what_twice_as_many_do_not_change_is_given_up() -> None:
    [slot] = slots([30.0], starts=[33])
    search = CapacitySearch([slot], LEVEL)
    answer = solved(search, lambda _: np.full((5, 1), 0.5))
    assert not answer.reached
    assert answer.staffed[0].needed == 33
    assert answer.plans_tried < 8
