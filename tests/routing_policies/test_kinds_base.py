"""Shapes that all kinds share."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from routing_policies import kinds_base as base
from routing_policies.kinds import KINDS


@pytest.mark.parametrize(
    ("shape", "good", "bad"),
    [
        (base.Name, ["a", "a-1.b_c", "0" * 63], ["", "A", "-a", "a" * 64, "a b"]),
        (base.SiteOrAny, ["*", "porto"], ["**", "P"]),
        (base.Number, ["+351210000001", "112", "*21#"], ["", "+", "+351 21", "351x"]),
        (base.NumberPrefix, ["+35121*", "112", "*", "+*"], ["", "+", "*1", "+1*2"]),
        (base.TimeOfDay, ["00:00", "23:59", "24:00"], ["24:01", "8:00", "08:60", "08:00:00"]),
        (base.Date, ["2026-12-24"], ["24.12.2026", "2026-1-1"]),
        (base.Moment, ["2026-12-24T18:00", "2026-12-24T18:00:59"], ["2026-12-24 18:00"]),
        (base.TimeZone, ["UTC", "Europe/Lisbon", "Etc/GMT+1"], ["", "Europe Lisbon"]),
    ],
)
def test_what_fits(shape: Any, good: list[str], bad: list[str]) -> None:
    adapter = TypeAdapter(shape)
    pattern = re.compile(adapter.json_schema()["pattern"])
    for text in good:
        assert adapter.validate_python(text) == text and pattern.search(text)
    for text in bad:
        with pytest.raises(ValidationError, match="should be"):
            adapter.validate_python(text)
        assert not pattern.search(text)


def test_nothing_is_converted_and_nothing_unknown_is_taken() -> None:
    for kind, model in KINDS.items():
        head = {"apiVersion": "nirc/v1", "kind": kind, "metadata": {"name": "x"}}
        for wrong in (
            head | {"spec": "x"},
            head | {"spec": {"nothing_like_it": 1}},
            head | {"x": 1},
        ):
            with pytest.raises(ValidationError):
                model.model_validate(wrong)
