"""What a shift may be asked for."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from nrcli.wire.shift_models import ShiftParameters


@pytest.mark.parametrize(
    "given",
    [
        {"steps": [50, 10]},
        {"steps": [50, 50]},
        {"steps": []},
        {"steps": [0]},
        {"steps": [101]},
        {"steps": [1.5]},
        {"steps": list(range(1, 22))},
        {"step_s": 1},
        {"floor": 1.1},
        {"window_s": 5},
        {"calls_min": 0},
        {"to_site": "x" * 129},
        {"to_sit": "porto"},
        {"force": "yes"},
    ],
)
def test_what_is_out_of_bounds_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ShiftParameters.model_validate(given)


def test_all_at_once_is_the_default() -> None:
    assert ShiftParameters().steps == (100,)
    assert ShiftParameters.model_validate_json('{"steps": [10, 25, 100]}').steps == (10, 25, 100)
