"""The estimator with the smallest measured error is chosen, and its range holds nine of ten."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from math import inf
from random import Random

import pytest

from routing_policies.estimates import ESTIMATORS, all_estimates
from routing_policies.ewt_choice import ChoiceSettings, EwtChoice
from routing_policies.kernel import (
    HEAD_OF_LINE,
    LAST_TO_ENTER,
    QUEUE_LENGTH,
    QUEUE_LENGTH_ABANDONMENT,
)


def fed(choice: EwtChoice, count: int, *predicted: float, waited_s: float) -> EwtChoice:
    for _ in range(count):
        choice.served(predicted, waited_s)
    return choice


def test_before_anything_was_measured_the_queue_is_counted() -> None:
    choice = fed(EwtChoice(), 18, 90.0, 30.0, 30.0, 30.0, waited_s=30.0)
    assert choice.estimator == QUEUE_LENGTH
    assert choice.range_percent() == (50, 200)


def test_the_smallest_error_is_chosen_after_enough_calls() -> None:
    choice = fed(EwtChoice(), 29, 90.0, 60.0, 31.0, 20.0, waited_s=30.0)
    assert choice.estimator == QUEUE_LENGTH
    fed(choice, 1, 90.0, 60.0, 31.0, 20.0, waited_s=30.0)
    assert choice.estimator == HEAD_OF_LINE
    assert choice.error_s(QUEUE_LENGTH) == pytest.approx(60.0)
    assert choice.error_s(LAST_TO_ENTER) == pytest.approx(10.0)
    assert choice.range_percent() == (96, 97)


def test_a_small_gain_changes_nothing() -> None:
    choice = fed(EwtChoice(), 500, 40.0, 20.5, 19.0, 41.0, waited_s=30.0)
    assert choice.estimator == QUEUE_LENGTH
    fed(choice, 100, 40.0, 22.0, 19.0, 41.0, waited_s=30.0)
    assert choice.estimator == QUEUE_LENGTH_ABANDONMENT


def test_old_errors_are_forgotten() -> None:
    choice = fed(EwtChoice(), 100, 100.0, 90.0, 30.0, 80.0, waited_s=30.0)
    assert choice.estimator == HEAD_OF_LINE
    fed(choice, 400, 30.0, 90.0, 100.0, 80.0, waited_s=30.0)
    assert choice.estimator == QUEUE_LENGTH


def test_it_does_not_flap_between_equals() -> None:
    choice, random = EwtChoice(), Random(4)
    seen = []
    for _ in range(3000):
        waited_s = random.expovariate(1 / 60)
        choice.served([waited_s + random.gauss(0, 20) + 100 for _ in ESTIMATORS], waited_s)
        seen.append(choice.estimator)
    changes = sum(1 for one, other in pairwise(seen) if one != other)
    assert changes <= 2


def test_who_gave_up_proves_only_predictions_that_were_too_short() -> None:
    choice = EwtChoice()
    for _ in range(30):
        choice.left((100.0, 100.0, 100.0, 100.0), 50.0)
    assert choice.error_s(QUEUE_LENGTH) == 0.0
    for _ in range(30):
        choice.left((20.0, 100.0, 60.0, 40.0), 50.0)
    assert [round(choice.error_s(number)) for number in ESTIMATORS] == [30, 0, 0, 10]
    assert choice.estimator == QUEUE_LENGTH_ABANDONMENT
    assert choice.range_percent() == (50, 200)


@pytest.mark.parametrize("bad", [inf, 0.0, float("nan")])
def test_what_is_no_prediction_is_not_judged(bad: float) -> None:
    choice = EwtChoice(ChoiceSettings(calls_min=1))
    choice.served((bad, 1.0, 1.0, 1.0), 5.0)
    choice.left((bad, 1.0, 1.0, 1.0), 5.0)
    assert (choice.estimator, choice.error_s(QUEUE_LENGTH)) == (QUEUE_LENGTH, 0.0)


def test_the_range_is_bounded() -> None:
    choice = fed(EwtChoice(), 400, *[1.0] * 4, waited_s=1e9)
    assert choice.range_percent() == (10_000, 10_000)


# ---- a small queue, simulated ------------------------------------------------------------------


@dataclass(slots=True)
class Caller:
    entered_at_s: float
    gives_up_at_s: float
    predicted: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was believed when a caller came, and what came of it."""

    predicted: tuple[float, ...]
    chosen: int
    low: float
    high: float
    waited_s: float


class Queue:
    """First come, first served; exponential handling and patience; arrivals change by the hour."""

    def __init__(self, *, seed: int, staffed: int, aht_s: float, patience_s: float) -> None:
        self.random = Random(seed)
        self.staffed, self.aht_s, self.patience_s = staffed, aht_s, patience_s
        self.busy = 0
        self.line: deque[Caller] = deque()
        self.ends: list[float] = []
        self.choice = EwtChoice()
        self.last_wait_s = 0.0
        self.told: list[Told] = []

    def run(self, gaps_s: list[float], *, aht_believed_s: float) -> list[Told]:
        now_s = 0.0
        for mean_s in gaps_s:
            now_s += self.random.expovariate(1 / mean_s)
            self.free_agents(now_s)
            self.enter(now_s, aht_believed_s)
        return self.told

    def free_agents(self, until_s: float) -> None:
        while self.ends and self.ends[0] <= until_s:
            now_s = heappop(self.ends)
            self.busy -= 1
            self.leave(now_s)
            if self.line:
                caller = self.line.popleft()
                self.last_wait_s = now_s - caller.entered_at_s
                self.measured(caller, self.last_wait_s)
                self.choice.served(caller.predicted, self.last_wait_s)
                self.serve(now_s)
        self.leave(until_s)

    def leave(self, now_s: float) -> None:
        for caller in [caller for caller in self.line if caller.gives_up_at_s <= now_s]:
            self.line.remove(caller)
            self.choice.left(caller.predicted, caller.gives_up_at_s - caller.entered_at_s)

    def serve(self, now_s: float) -> None:
        self.busy += 1
        heappush(self.ends, now_s + self.random.expovariate(1 / self.aht_s))

    def enter(self, now_s: float, aht_believed_s: float) -> None:
        if self.busy < self.staffed:
            self.last_wait_s = 0.0
            self.serve(now_s)
            return
        predicted = all_estimates(
            float(len(self.line)),
            0.0,
            float(self.staffed),
            aht_believed_s,
            self.patience_s,
            self.line[0].entered_at_s if self.line else None,
            self.last_wait_s,
            now_s,
        )
        gives_up_at_s = now_s + self.random.expovariate(1 / self.patience_s)
        self.line.append(Caller(now_s, gives_up_at_s, predicted))

    def measured(self, caller: Caller, waited_s: float) -> None:
        low, high = self.choice.range_percent()
        self.told.append(
            Told(
                predicted=caller.predicted,
                chosen=self.choice.estimator,
                low=low / 100,
                high=high / 100,
                waited_s=waited_s,
            )
        )


def root_mean_square_s(told: list[Told], number: int | None = None) -> float:
    errors = [one.predicted[(number or one.chosen) - 1] - one.waited_s for one in told]
    return (sum(error * error for error in errors) / len(errors)) ** 0.5


def covered(told: list[Told]) -> float:
    hits = 0
    for one in told:
        ewt_s = one.predicted[one.chosen - 1]
        hits += one.low * ewt_s <= one.waited_s <= one.high * ewt_s
    return hits / len(told)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_callers_give_up_counting_them_is_best(seed: int) -> None:
    queue = Queue(seed=seed, staffed=20, aht_s=180.0, patience_s=240.0)
    told = queue.run([180.0 / 28] * 5000, aht_believed_s=180.0)[300:]
    assert queue.choice.estimator == QUEUE_LENGTH_ABANDONMENT
    errors_s = [root_mean_square_s(told, number) for number in ESTIMATORS]
    assert root_mean_square_s(told) < 0.75 * max(errors_s)
    assert root_mean_square_s(told) < 1.1 * min(errors_s)
    assert 0.85 <= covered(told) <= 0.95


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_the_handle_time_is_wrong_the_past_is_best(seed: int) -> None:
    """Agents handle calls in half the time that is believed: counting the queue is far off."""
    queue = Queue(seed=seed, staffed=20, aht_s=180.0, patience_s=2400.0)
    gaps_s = [180.0 / load for load in [24.0] * 500 + [18.0] * 500] * 4
    told = queue.run(gaps_s, aht_believed_s=360.0)[300:]
    assert queue.choice.estimator in (HEAD_OF_LINE, LAST_TO_ENTER)
    errors_s = [root_mean_square_s(told, number) for number in ESTIMATORS]
    assert root_mean_square_s(told) < 0.5 * max(errors_s)
    assert root_mean_square_s(told) < 1.1 * min(errors_s)
    assert 0.82 <= covered(told) <= 0.97
