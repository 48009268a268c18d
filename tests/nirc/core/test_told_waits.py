"""Nine of ten waits lie in the range: by theory where it fits, by what was measured elsewhere."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from nirc.core.told_waits import Told, ToldWaits


def test_where_nobody_works_nothing_is_expected_and_nothing_learnt() -> None:
    waits = ToldWaits()
    assert waits.range_s(3, 0.0) == (0.0, 0.0)
    waits.served(Told(10.0, 3.0, 0.0), 20.0)
    assert (waits.factor, waits.spread) == (1.0, 1.0)


@pytest.mark.parametrize("ahead", [0, 3, 30])
def test_by_theory_nine_of_ten_waits_lie_between(ahead: int) -> None:
    dice = random.Random(ahead)
    low, high = ToldWaits().range_s(ahead, 0.1)
    waits = [dice.gammavariate(ahead + 1, 10.0) for _ in range(4000)]
    inside = sum(low <= wait <= high for wait in waits) / len(waits)
    assert 0.88 <= inside <= 0.92


@pytest.mark.parametrize(
    "real",
    [
        lambda dice, n: dice.gammavariate(n, 10.0) * 1.8,
        lambda dice, n: dice.gammavariate(n, 10.0) * dice.choice((0.6, 1.6)),
        lambda dice, n: n * 10.0 * dice.uniform(0.95, 1.05),
    ],
)
def test_what_the_theory_leaves_out_is_learnt(
    real: Callable[[random.Random, int], float],
) -> None:
    dice, waits = random.Random(7), ToldWaits()
    inside = 0
    for number in range(1200):
        ahead = dice.randrange(12)
        low, high = waits.range_s(ahead, 0.1)
        waited_s = real(dice, ahead + 1)
        inside += number >= 200 and low <= waited_s <= high
        waits.served(Told(100.0, ahead, 0.1), 100.0 + waited_s)
    assert inside >= 0.83 * 1000


def test_one_strange_caller_changes_little() -> None:
    waits = ToldWaits()
    waits.served(Told(0.0, 0.0, 0.1), 100_000.0)
    assert waits.factor <= 10.0 and waits.spread <= 6.0
    low, high = waits.range_s(5, 0.1)
    assert 0.0 <= low < high
