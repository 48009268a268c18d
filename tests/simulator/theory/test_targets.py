"""The fewest agents reach the target, and one fewer does not."""

from math import inf

import pytest

from simulator.theory.erlang_a import impatient
from simulator.theory.erlang_c import waiting
from simulator.theory.targets import (
    UnreachableError,
    agents_for_abandonment,
    agents_for_asa,
    agents_for_service_level,
    fewest,
)


@pytest.mark.parametrize("load", [0.2, 10.0, 96.0, 700.0])
def test_service_level(load: float) -> None:
    count = agents_for_service_level(load, 180.0, inf, 0.8, 20.0)
    assert waiting(count, load, 180.0).answered_within(20.0) >= 0.8
    assert count - 1 <= load or waiting(count - 1, load, 180.0).answered_within(20.0) < 0.8
    count = agents_for_service_level(load, 180.0, 120.0, 0.8, 20.0)
    assert impatient(count, load, 180.0, 120.0).answered_within(20.0) >= 0.8
    assert count == 1 or impatient(count - 1, load, 180.0, 120.0).answered_within(20.0) < 0.8


def test_mean_wait() -> None:
    count = agents_for_asa(96.0, 60.0, 120.0, 5.0)
    assert impatient(count, 96.0, 60.0, 120.0).asa_s <= 5.0
    assert impatient(count - 1, 96.0, 60.0, 120.0).asa_s > 5.0
    count = agents_for_asa(96.0, 60.0, inf, 5.0)
    assert waiting(count, 96.0, 60.0).asa_s <= 5.0 < waiting(count - 1, 96.0, 60.0).asa_s


@pytest.mark.parametrize("share", [0.5, 0.03, 0.0001])
def test_abandonment(share: float) -> None:
    count = agents_for_abandonment(40.0, 60.0, 120.0, share)
    assert impatient(count, 40.0, 60.0, 120.0).abandonment <= share
    assert impatient(count - 1, 40.0, 60.0, 120.0).abandonment > share


def test_what_is_never_reached_ends() -> None:
    with pytest.raises(UnreachableError, match="not reached with"):
        fewest(lambda n: False)
    assert fewest(lambda n: True, first=7) == 7
