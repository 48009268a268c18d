"""Shifts and breaks that do not fit."""

from __future__ import annotations

import pytest

from simulator.scenarios.sites import Site
from simulator.scenarios.staff_checks import staff_faults


def places(*shifts: dict[str, object]) -> list[str]:
    group = {"group": "a", "count": 1, "skills": {"sales": 5}, "shifts": shifts}
    site = Site.model_validate({"name": "x", "queues": ({"name": "sales"},), "agents": (group,)})
    return [place for place, _, _ in staff_faults("here", site)]


def test_shifts_that_follow_one_another_are_well() -> None:
    early: dict[str, object] = {"from": "06:00", "to": "14:00"}
    assert places(early, {"from": "14:00", "to": "22:00"}, {"from": "22:00", "to": "06:00"}) == []


@pytest.mark.parametrize(
    ("days", "others", "clash"),
    [(("sun",), ("mon",), True), (("sun",), ("tue",), False), ((), ("sat",), True)],
)
def test_a_night_shift_reaches_into_the_next_day(
    days: tuple[str, ...], others: tuple[str, ...], clash: bool
) -> None:
    night: dict[str, object] = {"from": "22:00", "to": "06:00", "days": days}
    early: dict[str, object] = {"from": "05:00", "to": "09:00", "days": others}
    assert places(night, early) == (["here.agents[0].shifts[1]"] if clash else [])


def test_breaks_of_a_night_shift() -> None:
    breaks = ({"from": "23:00", "to": "23:30"}, {"from": "02:00", "to": "03:00"})
    assert places({"from": "22:00", "to": "06:00", "breaks": breaks}) == []
    assert places({"from": "22:00", "to": "06:00", "breaks": breaks[::-1]}) == [
        "here.agents[0].shifts[0].breaks[1]"
    ]
