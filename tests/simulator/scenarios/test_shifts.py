"""Who is signed in when."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from scenario_texts import spec_of

from simulator.model.instants import US
from simulator.model.network import Window
from simulator.scenarios.shifts import ALWAYS, calendar_of, joined, span_s, spans_of

HOUR_US = 3600 * US


def spans(group: str, *, top: str = "", site: str = "", replication: int = 0) -> Any:
    """Spans of the agents of one group, in hours, of a run from Monday midnight."""
    spec = spec_of(
        f"{top}sites:\n  - name: lisbon\n    queues: [{{name: sales}}]\n{site}"
        f"    agents: [{{group: a, skills: {{sales: 5}}, {group}}}]\n"
    )
    one = spec.sites[0]
    found = spans_of(spec, one, one.agents[0], calendar_of(spec, one), replication)
    return [hours(own) for own in found]


def hours(own: tuple[Window, ...]) -> list[tuple[float, float]]:
    return [(begin / HOUR_US, end / HOUR_US) for begin, end in own]


DAYS2 = "duration_s: 172800\n"


def test_without_shifts_everybody_is_there() -> None:
    assert spans("count: 2") == [hours(ALWAYS)] * 2


def test_shifts_repeat_every_day_and_breaks_are_cut_out() -> None:
    shift = "shifts: [{from: '08:00', to: '17:00', breaks: [{from: '12:00', to: '13:00'}]}]"
    assert spans(f"count: 1, {shift}", top=DAYS2) == [[(8, 12), (13, 17), (32, 36), (37, 41)]]


def test_breaks_that_last_less_are_taken_in_turns() -> None:
    shift = "{from: '08:00', to: '16:00', breaks: [{from: '11:00', to: '14:00', lasts_s: 3600}]}"
    first, second = spans(f"count: 2, shifts: [{shift}]", top="duration_s: 86400\n")
    assert first == [(8, 11.5), (12.5, 16)] and second == [(8, 12.5), (13.5, 16)]


def test_a_night_shift_of_the_day_before_is_still_on() -> None:
    shift = "shifts: [{from: '22:00', to: '06:00', days: [sun]}]"
    assert spans(f"count: 1, {shift}", top=DAYS2) == [[(0, 6)]]


def test_shifts_that_touch_are_one() -> None:
    shift = "shifts: [{from: '06:00', to: '14:00'}, {from: '14:00', to: '06:00'}]"
    assert spans(f"count: 1, {shift}", top=DAYS2) == [[(0, 49)]]
    assert joined([(5, 9), (0, 3), (9, 12), (-4, 1), (20, 99)], 30) == ((0, 3), (5, 12), (20, 30))


def test_a_plan_says_how_many_are_there() -> None:
    plan = "staffing: {begins: '08:00', interval_s: 3600, agents: [1, 2, 0, 1]}"
    assert spans(plan, top="duration_s: 86400\n") == [[(8, 10), (11, 12)], [(9, 10)]]


def test_shifts_follow_the_clocks_of_the_site() -> None:
    shift = "count: 1, shifts: [{from: '08:00', to: '16:00'}]"
    zone = "    time_zone: Asia/Manila\n"
    assert spans(shift, top="duration_s: 7200\n", site=zone) == [[(0, 3)]]


def test_shrinkage_is_drawn_for_each_agent_and_day() -> None:
    group = "count: 400, shifts: [{from: '08:00', to: '16:00'}], shrinkage: 0.25"
    first, second = (spans(group, top=DAYS2, replication=r) for r in (0, 1))
    days_worked = sum(len(own) for own in first)
    assert 540 < days_worked < 660 and first != second
    more = spans(group.replace("400", "500"), top=DAYS2)
    assert more[:400] == first


def test_special_days_leave_a_share_of_each_group() -> None:
    top = DAYS2 + "special_days: [{date: '2026-03-03', staff_share: 0.34}]\n"
    found = spans("count: 3, shifts: [{from: '08:00', to: '16:00'}]", top=top)
    assert [len(own) for own in found] == [2, 2, 1]
    found = spans("count: 2", top=top)
    assert found[0] == [(0, 49)] and found[1] == [(0, 24), (48, 49)]


def test_spans_of_times_of_day() -> None:
    assert span_s("00:00", "24:00") == (0, 86_400)
    assert span_s("22:00", "06:00") == (79_200, 108_000)
    assert span_s("01:00", "02:00", 79_200) == (90_000, 93_600)
    assert span_s("08:00", "08:00") == (28_800, 115_200)


def test_who_works_on_a_special_day_takes_breaks_in_turns() -> None:
    """Half of a group of eight: breaks spread as those of the whole group."""
    top = DAYS2 + "special_days: [{date: '2026-03-03', staff_share: 0.5}]\n"
    breaks = "breaks: [{from: '10:00', to: '14:00', lasts_s: 1800}]"
    group = f"count: 8, shifts: [{{from: '08:00', to: '16:00', {breaks}}}]"
    tuesday = [own[2:] for own in spans(group, top=top) if len(own) == 4]
    begins = [own[0][1] - 24 for own in tuesday]
    assert len(begins) == 4
    assert min(begins) < 11 and max(begins) > 12.5
    assert all(later - earlier >= 0.5 for earlier, later in pairwise(begins))
