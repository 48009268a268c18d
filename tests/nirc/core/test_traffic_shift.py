"""Which callers a shift means, how it grows, and when it is given up."""

from __future__ import annotations

from typing import Any

import pytest

from nirc.core.traffic_shift import LevelWatch, RollBack, TrafficShift


def shift(**more: Any) -> TrafficShift:
    given: dict[str, Any] = {"to_site": "porto", "roll_back": RollBack(floor=0.7)}
    return TrafficShift(**{"shift_id": "s1", "from_site": "lisbon"} | given | more)


def test_it_grows_by_steps_and_who_was_meant_stays_so() -> None:
    grows = shift(steps=(0.1, 0.5, 1.0), step_s=60.0)
    callers = [f"i{number}" for number in range(1000)]

    before: set[str] = set()
    for since_s, share in ((0.0, 0.1), (60.0, 0.5), (120.0, 1.0)):
        meant = {one for one in callers if grows.means(one, since_s)}
        assert before <= meant
        assert len(meant) / 1000 == pytest.approx(share, abs=0.05)
        before = meant
    assert [grows.next_step_s(at_s) for at_s in (0.0, 70.0, 120.0)] == [60.0, 50.0, None]
    assert shift(steps=(0.25,)).share(0.0) == 0.25 and shift().next_step_s(0.0) is None


def test_two_shifts_mean_different_callers() -> None:
    callers = [f"i{number}" for number in range(1000)]
    half = {"steps": (0.5,)}
    one = {c for c in callers if shift(**half).means(c, 0.0)}
    other = {c for c in callers if shift(**half, shift_id="s2").means(c, 0.0)}
    assert 180 < len(one & other) < 320


@pytest.mark.parametrize(
    ("more", "place", "covered"),
    [
        ({}, ("lisbon", "sales", "q1"), True),
        ({}, ("porto", "sales", "q1"), False),
        ({"service": "sales"}, ("lisbon", "support", "q1"), False),
        ({"queue": "q1"}, ("lisbon", "sales", "q1"), True),
        ({"queue": "q1"}, ("lisbon", "sales", "q2"), False),
    ],
)
def test_what_it_covers(more: dict[str, Any], place: tuple[str, str, str], covered: bool) -> None:
    assert shift(**more).covers(*place) is covered


def test_a_drain_leads_to_every_other_site_and_a_shift_to_one() -> None:
    drain = shift(to_site="")
    assert drain.drains and not shift().drains
    assert [drain.goes_to(site) for site in ("lisbon", "porto", "faro")] == [False, True, True]
    assert [shift().goes_to(site) for site in ("lisbon", "porto", "faro")] == [False, True, False]


RULES = RollBack(floor=0.7, recovers=0.1, after_s=30.0, window_s=120.0, calls_min=10)


def test_too_few_callers_say_nothing() -> None:
    watch = LevelWatch(RULES)
    watch.heard(9, 0, 0.0)
    assert watch.level(1.0) is None and not watch.fails(100.0)
    watch.heard(1, 0, 1.0)
    assert watch.level(1.0) == 0.0


def test_it_is_given_up_only_after_its_time_below_the_floor() -> None:
    watch = LevelWatch(RULES)
    watch.heard(10, 6, 0.0)
    assert [watch.fails(at_s) for at_s in (0.0, 10.0, 29.9)] == ["", "", ""]
    why = watch.fails(30.0)
    assert why == "60% of the last 10 callers there were answered in time, and 70% is the least"


def test_between_the_two_thresholds_the_danger_is_not_over() -> None:
    watch = LevelWatch(RULES)
    watch.heard(10, 6, 0.0)
    assert not watch.fails(0.0)
    watch.heard(10, 9, 5.0)
    assert watch.level(5.0) == 0.75 and not watch.fails(5.0)
    assert watch.fails(30.0), "75 % is above the floor, not above it by as much as is wanted"


def test_once_it_is_well_above_the_floor_the_time_begins_anew() -> None:
    watch = LevelWatch(RULES)
    watch.heard(10, 6, 0.0)
    assert not watch.fails(0.0)
    watch.heard(30, 30, 5.0)
    assert not watch.fails(5.0)
    watch.heard(60, 10, 6.0)
    assert [bool(watch.fails(at_s)) for at_s in (6.0, 35.9, 36.0)] == [False, False, True]


def test_old_callers_fall_out_of_the_window() -> None:
    watch = LevelWatch(RULES)
    watch.heard(10, 0, 0.0)
    watch.heard(10, 10, 115.0)
    assert watch.level(115.0) == 0.5
    assert watch.level(121.0) == 1.0
    assert watch.level(400.0) is None


def test_without_a_floor_it_is_never_given_up() -> None:
    watch = LevelWatch(RollBack(floor=0.0))
    watch.heard(100, 0, 0.0)
    assert not watch.fails(1e6)
