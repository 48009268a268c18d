"""Means of distributions and services."""

from __future__ import annotations

from math import inf
from pathlib import Path

import pytest
from scenario_texts import spec_of

from simulator.scenarios.distributions import Distribution
from simulator.scenarios.means import aht_s_of, mean_s, waits_for_ever

EXP = {"exponential": {"mean_s": 10}}


@pytest.mark.parametrize(
    ("written", "mean"),
    [
        (EXP, 10),
        ({"constant": {"value_s": 3}}, 3),
        ({"uniform": {"from_s": 2, "to_s": 4}}, 3),
        ({"gamma": {"mean_s": 7, "sd_s": 1}}, 7),
        ({"empirical": {"values_s": (1, 2, 6)}}, 3),
        ({"mixture": ({"share": 0.5, "of": EXP}, {"share": 0.5, "of": EXP})}, 10),
        ("never", inf),
    ],
)
def test_means(written: object, mean: float) -> None:
    assert mean_s(Distribution.model_validate(written), Path()) == mean


def test_handle_time_is_written_or_the_mean_over_callers() -> None:
    talk = "talk: {sales: {constant: {value_s: 100}}}\nacw: {sales: {constant: {value_s: 10}}}\n"
    key = "{name: key, share: 0.5, talk: {sales: {constant: {value_s: 300}}}}"
    spec = spec_of(talk + f"caller_classes: [{key}]")
    assert aht_s_of(spec, spec.services[0], Path()) == pytest.approx(210.0)
    spec = spec_of("services: [{name: sales, aht_s: 33}]")
    assert aht_s_of(spec, spec.services[0], Path()) == 33
    spec = spec_of()
    assert aht_s_of(spec, spec.services[0], Path()) == 180


def test_who_waits_for_ever() -> None:
    assert not waits_for_ever(spec_of(), "sales", Path())
    assert waits_for_ever(spec_of("patience: {}"), "sales", Path())
