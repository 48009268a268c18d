"""Forms of distributions, and the word for ever."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from simulator.scenarios.distributions import NEVER, Distribution, exponential


def test_one_form_is_given() -> None:
    assert exponential(10.0).forms == ("exponential",)
    both = {"constant": {"value_s": 1}, "uniform": {"from_s": 1, "to_s": 2}}
    assert Distribution.model_validate(both).forms == ("constant", "uniform")


def test_never_is_a_word() -> None:
    assert Distribution.model_validate("never") == NEVER
    for text in ("nevr", 12, ""):
        with pytest.raises(ValidationError, match="such as exponential"):
            Distribution.model_validate(text)


def test_a_mixture_may_hold_never() -> None:
    parts = ({"share": 0.9, "of": {"exponential": {"mean_s": 120}}}, {"share": 0.1, "of": "never"})
    mixture = Distribution.model_validate({"mixture": parts}).mixture
    assert mixture is not None and mixture[1].of == NEVER
