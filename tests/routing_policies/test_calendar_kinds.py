"""Shapes of calendars and dialed number plans; what they mean is tested beside `calendars`."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from routing_policies.calendar_kinds import CalendarDoc, DialedNumberPlanDoc

HOURS = {"days": ("mon",), "from": "08:00", "to": "20:00"}


def calendar(**spec: object) -> CalendarDoc:
    head: dict[str, Any] = {"apiVersion": "nirc/v1", "kind": "Calendar", "metadata": {"name": "c"}}
    return CalendarDoc.model_validate(head | {"spec": {"time_zone": "UTC"} | spec})


def plan(**spec: object) -> DialedNumberPlanDoc:
    head: dict[str, Any] = {
        "apiVersion": "nirc/v1",
        "kind": "DialedNumberPlan",
        "metadata": {"name": "d"},
    }
    entries = ({"number": "+1*", "service": "sales"},)
    return DialedNumberPlanDoc.model_validate(
        head | {"spec": {"country": "PT", "entries": entries} | spec}
    )


def test_from_is_written_as_a_person_writes_it() -> None:
    assert calendar(hours=(HOURS,)).spec.hours[0].from_ == "08:00"
    with pytest.raises(ValidationError):
        calendar(hours=({**HOURS, "from_": "08:00"},))


@pytest.mark.parametrize("wrong", [{"days": ()}, {"days": ("Mon",)}, {"to": "8"}, {"from": 480}])
def test_hours_that_are_none(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        calendar(hours=({**HOURS, **wrong},))


def test_a_plan_and_its_defaults() -> None:
    spec = plan(trunk_groups=({"name": "carrier"},)).spec
    assert spec.trunk_groups[0].called_number_from == ("request_uri",)
    assert "112" in spec.emergency and spec.entries[0].withheld is None
    for wrong in ({"entries": ()}, {"country": "PRT"}):
        with pytest.raises(ValidationError):
            plan(**wrong)
