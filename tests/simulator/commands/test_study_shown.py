"""Numbers for a person: short, with half their interval."""

from dataclasses import replace

import pytest
from study_results import study_result

from simulator.commands.study_shown import compact, model_error_lines, places_table
from simulator.measures.estimates import Estimate
from simulator.studies.result import ModelError


@pytest.mark.parametrize(
    ("name", "estimate", "text"),
    [
        ("occupancy", Estimate(0.8137, 0.80, 0.8274, 5), "81.4 % ±1.4"),
        ("asa_s", Estimate(12.34, 11.0, 13.68, 5), "12.3 s ±1.3"),
        ("offered", Estimate(2054.0, 1800.0, 2308.0, 5), "2,054 ±254"),
        ("offered", Estimate(7.0, None, None, 1), "7"),
        ("asa_s", None, "-"),
    ],
)
def test_a_cell(name: str, estimate: Estimate | None, text: str) -> None:
    assert compact(name, estimate) == text


def test_the_models_error_is_told_with_its_records() -> None:
    error = ModelError(
        figure="abandonment", recorded=0.18, simulated=0.15, low=0.1, high=0.2, measured_on="x"
    )
    assert list(model_error_lines([error])) == [
        "model error, measured by backtest on x:",
        "  Abandonment: recorded 18.0 %, simulated 15.0 %: off by -3.0 points",
    ]
    assert list(model_error_lines([])) == []


def test_intervals_of_the_warm_up_are_not_told() -> None:
    [variant] = study_result(12.0).variants
    summary = variant.summary()
    assert summary is not None
    facts = replace(study_result(12.0).facts, warm_up_s=1_800.0)
    made = places_table(summary.by_interval, facts, ["offered"])
    every = places_table(summary.by_interval, study_result(12.0).facts, ["offered"])
    assert made.row_count == every.row_count - 2
