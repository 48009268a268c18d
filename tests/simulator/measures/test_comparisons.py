"""Comparisons say which is better, by how much and how surely."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from simulator.measures.comparisons import compared, holm, paired
from simulator.measures.places import NETWORK, Places
from simulator.measures.runs import RunMeasures


def runs(**figures: list[float]) -> list[RunMeasures]:
    """One run for each value."""
    count = len(next(iter(figures.values())))
    return [
        RunMeasures(
            tables={
                "network": Places(
                    "network",
                    (),
                    (NETWORK,),
                    {name: np.array([values[i]]) for name, values in figures.items()},
                )
            },
            counters={},
            measured_from_us=0,
            measured_until_us=1,
            interval_us=1,
            not_measured=0,
        )
        for i in range(count)
    ]


def test_the_better_by_hand() -> None:
    a = runs(service_level_negative=[0.70, 0.80, 0.75, 0.65])
    b = runs(service_level_negative=[0.74, 0.83, 0.78, 0.69])
    found = paired(a, b, "service_level_negative")
    assert found is not None and found.better == "B"
    assert found.difference.mean == pytest.approx(0.035)
    half = 3.182446 * 0.0057735 / 2
    assert found.difference.half_width == pytest.approx(half, rel=1e-4)
    assert found.p_value == pytest.approx(0.00120, abs=2e-5)
    variances = np.var([0.70, 0.80, 0.75, 0.65], ddof=1) + np.var([0.74, 0.83, 0.78, 0.69], ddof=1)
    assert found.variance_reduction == pytest.approx(variances / 0.0057735**2, rel=1e-3)
    assert found.verdict == "B is better by 3.5 points (2.6 to 4.4), 99.9 % sure"
    assert found.sure == pytest.approx(0.9988, abs=1e-4)


def test_lower_is_better_where_it_is() -> None:
    a, b = runs(asa_s=[10.0, 12.0, 11.0]), runs(asa_s=[14.1, 15.9, 15.0])
    found = paired(a, b, "asa_s", names=("old", "new"))
    assert found is not None and found.better == "old"
    assert found.verdict.startswith("old is better by 4.00 s (") or found.verdict.startswith(
        "old is better by 4 s ("
    )


def test_a_figure_without_a_better_way_is_higher_or_lower() -> None:
    found = paired(
        runs(occupancy=[0.8, 0.81, 0.79]), runs(occupancy=[0.7, 0.71, 0.69]), "occupancy"
    )
    assert found is not None and found.better == "" and "B is lower by 10.0 points" in found.verdict


def test_a_difference_downwards_has_its_interval_the_same_way() -> None:
    a, b = [0.28, 0.31, 0.29, 0.30], [0.08, 0.10, 0.10, 0.09]
    found = paired(runs(moved_share=a), runs(moved_share=b), "moved_share")
    assert found is not None
    low, high = found.verdict.partition("(")[2].partition(")")[0].split(" to ")
    assert 0 < float(low) < 20 < float(high)


def test_no_difference_says_what_can_be_excluded() -> None:
    a = runs(service_level_negative=[0.70, 0.80, 0.75])
    b = runs(service_level_negative=[0.71, 0.79, 0.75])
    found = paired(a, b, "service_level_negative")
    assert found is not None and found.better == ""
    assert found.verdict == (
        "no difference shown (-2.5 to 2.5): one larger than 2.5 points can be excluded (95 % sure)"
    )


def test_the_same_is_the_same() -> None:
    found = paired(runs(asa_s=[1.0, 2.0]), runs(asa_s=[1.0, 2.0]), "asa_s")
    assert found is not None and found.verdict == "the same in every one of 2 pairs of runs"
    assert found.p_value == 1 and found.variance_reduction is None
    always = paired(runs(asa_s=[1.0, 2.0]), runs(asa_s=[2.0, 3.0]), "asa_s")
    assert always is not None and always.better == "A" and always.p_value == 0


def test_one_pair_says_nothing_of_chance() -> None:
    found = paired(runs(asa_s=[1.0]), runs(asa_s=[2.0]), "asa_s")
    assert found is not None and found.p_value is None and "more replications" in found.verdict


def test_what_was_not_measured_is_left_out() -> None:
    nan = float("nan")
    found = paired(runs(asa_s=[nan, 1.0, 2.0]), runs(asa_s=[1.0, 1.5, 2.4]), "asa_s")
    assert found is not None and found.difference.count == 2
    assert paired(runs(asa_s=[nan]), runs(asa_s=[1.0]), "asa_s") is None
    assert paired(runs(asa_s=[1.0]), runs(asa_s=[1.0]), "occupancy") is None
    with pytest.raises(ValueError, match="not in pairs"):
        paired(runs(asa_s=[1.0]), runs(asa_s=[1.0, 2.0]), "asa_s")


def test_several_figures_are_judged_together() -> None:
    assert holm([0.02, None, 0.03]) == [0.04, None, 0.04]
    assert holm([0.9, 0.6]) == [1.0, 1.0]
    a = runs(asa_s=[10.0, 12.0, 11.0], abandonment=[0.1, 0.2, 0.3])
    b = runs(asa_s=[11.1, 12.9, 12.0], abandonment=[0.1, 0.21, 0.28])
    alone = paired(a, b, "asa_s")
    both = compared(a, b, ("asa_s", "abandonment"))
    assert alone is not None and alone.better == "A"
    assert both[0].p_holm == pytest.approx(2 * alone.p_value)  # type: ignore[operator]
    assert "2 figures" in both[0].verdict


def test_a_difference_that_only_stands_by_itself_is_told_as_such() -> None:
    a = runs(asa_s=[10.0, 12.0, 11.0], abandonment=[0.1, 0.2, 0.3])
    b = runs(asa_s=[11.0, 12.5, 12.0], abandonment=[0.1, 0.21, 0.28])
    alone = paired(a, b, "asa_s")
    assert alone is not None and alone.p_value is not None and 0.025 < alone.p_value <= 0.05
    both = compared(a, b, ("asa_s", "abandonment"))
    assert both[0].better == ""
    assert both[0].verdict.startswith("not sure: by itself a difference (")
    assert "one of 2 figures" in both[0].verdict


def drawn(dice: np.random.Generator, count: int) -> NDArray[np.float64]:
    return dice.normal(0.8, 0.05, count)


def test_equal_policies_are_told_apart_as_seldom_as_said() -> None:
    dice = np.random.default_rng(1)
    wrong = 0
    for _ in range(600):
        days = drawn(dice, 8)
        a = runs(abandonment=(days + dice.normal(0, 0.01, 8)).tolist())
        b = runs(abandonment=(days + dice.normal(0, 0.01, 8)).tolist())
        found = paired(a, b, "abandonment")
        wrong += found is not None and found.better != ""
    assert 12 <= wrong <= 52, "5 % of 600, all but once in 10,000 (binomial)"
