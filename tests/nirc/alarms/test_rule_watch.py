"""One rule at its places: limits, hysteresis, times, absence, overrides."""

from typing import Any

from nirc.alarms import rule_watch
from nirc.alarms.figure_windows import Sample
from nirc.alarms.rule_watch import EXPECTED_S, Over, Raised, RuleWatch
from routing_policies.alarm_kinds import AlarmRule


def watch(**said: Any) -> RuleWatch:
    base = {"name": "a", "text": "too much", "figure": "queue_waiting"}
    return RuleWatch(AlarmRule.model_validate(base | said))


def states(one: RuleWatch, values: list[tuple[float, float | None]]) -> list[str]:
    """What became so at each (instant, value): up, over or -."""
    found = []
    for now_s, value in values:
        changes = one.look({} if value is None else {"p": Sample(value)}, now_s)
        assert len(changes) <= 1
        found.append("-" if not changes else "up" if isinstance(changes[0], Raised) else "over")
    return found


def test_above_its_limit_and_back_at_clear_at() -> None:
    one = watch(above=10, clear_at=5)
    seen = [(0.0, 10.0), (1.0, 11.0), (2.0, 12.0), (3.0, 8.0), (4.0, 5.0), (5.0, 8.0), (6.0, 11.0)]
    assert states(one, seen) == ["-", "up", "-", "-", "over", "-", "up"]


def test_below_its_limit() -> None:
    one = watch(below=2, clear_at=4)
    assert states(one, [(0.0, 1.0), (1.0, 3.0), (2.0, 4.0)]) == ["up", "-", "over"]


def test_it_must_be_wrong_for_its_time_without_a_break() -> None:
    one = watch(above=10, for_s=10)
    seen = [(0.0, 11.0), (8.0, 11.0), (9.0, 9.0), (10.0, 11.0), (19.0, 11.0), (20.0, 11.0)]
    assert states(one, seen) == ["-", "-", "-", "-", "-", "up"]


def test_and_right_for_its_time() -> None:
    one = watch(above=10, clear_for_s=10)
    seen = [(0.0, 11.0), (1.0, 0.0), (10.0, 11.0), (11.0, 0.0), (20.0, 0.0), (21.0, 0.0)]
    assert states(one, seen) == ["up", "-", "-", "-", "-", "over"]


def test_where_there_is_no_value_nothing_is_wrong() -> None:
    one = watch(above=10)
    assert states(one, [(0.0, 11.0), (1.0, None), (2.0, None)]) == ["up", "over", "-"]
    assert one.watched_count == 0


def test_a_count_is_judged_by_its_growth() -> None:
    one = watch(figure="route_requests", above=5, clear_at=1, over_s=60)
    seen = [(0.0, 100.0), (10.0, 105.0), (20.0, 106.0), (50.0, 106.0), (85.0, 106.0)]
    assert states(one, seen) == ["-", "-", "up", "-", "over"]


def test_a_count_that_grows_too_little_is_judged_after_its_whole_time() -> None:
    one = watch(figure="route_requests", below=5, over_s=60)
    assert states(one, [(0.0, 0.0), (30.0, 1.0), (60.0, 2.0)]) == ["-", "-", "up"]


def test_a_share_of_few_cases_says_nothing() -> None:
    one = watch(figure="routing_success", below=0.9, over_s=60, at_least=10)
    for now_s, good, of, expected in (
        (0.0, 0.0, 0.0, ()),
        (10.0, 1.0, 9.0, ()),
        (20.0, 4.0, 12.0, ("too much: 33.3 % of 12 within 60 s, below 90 %",)),
        (90.0, 4.0, 12.0, (None,)),
    ):
        changes = one.look({"": Sample(good, of)}, now_s)
        assert tuple(getattr(one, "text", None) for one in changes) == expected


def test_a_level_of_few_cases_says_nothing() -> None:
    one = watch(figure="service_level", below=0.5, at_least=10)
    assert one.look({"p": Sample(0.1, 9.0)}, 0.0) == []
    (raised,) = one.look({"p": Sample(0.1, 10.0)}, 1.0)
    assert isinstance(raised, Raised) and "10 % of 10" in raised.text


def test_absence_of_a_level() -> None:
    one = watch(absent_s=30)
    seen = [(0.0, 5.0), (20.0, None), (30.0, None), (40.0, None), (50.0, 5.0)]
    assert states(one, seen) == ["-", "-", "up", "-", "over"]
    assert states(one, [(60.0, None), (81.0, None), (60.0 + EXPECTED_S, None)]) == [
        "-",
        "up",
        "over",
    ]
    assert one.watched_count == 0  # after a day nobody expects it any more


def test_absence_of_growth() -> None:
    one = watch(figure="route_requests", absent_s=30)
    seen = [(0.0, 5.0), (20.0, 6.0), (49.0, 6.0), (50.0, 6.0), (60.0, 7.0)]
    assert states(one, seen) == ["-", "-", "-", "up", "over"]


def test_the_first_override_that_fits_counts() -> None:
    places = [
        {"place": "lisbon/vip", "above": 1, "severity": "critical"},
        {"place": "lisbon/*", "off": True},
        {"place": "*", "for_s": 5},
    ]
    one = watch(above=10, clear_at=5, places=tuple(places))
    now = {"lisbon/vip": Sample(2.0), "lisbon/x": Sample(99.0), "porto/x": Sample(99.0)}
    (vip,) = one.look(now, 0.0)
    assert isinstance(vip, Raised) and (vip.place, vip.severity) == ("lisbon/vip", "critical")
    assert vip.text == "too much: 2, above 1"
    (porto,) = one.look(now, 5.0)
    assert porto.place == "porto/x" and one.watched_count == 2
    # with a limit of its own a place takes no clear_at of the rule
    (over,) = one.look({**now, "lisbon/vip": Sample(1.0)}, 6.0)
    assert over == Over(rule="a", place="lisbon/vip")


def test_signs_of_patterns_are_plain_but_for_the_star() -> None:
    one = watch(above=1, places=({"place": "a[b]?*", "off": True},))
    assert [c.place for c in one.look({"a[b]?c": Sample(2.0), "ab?c": Sample(2.0)}, 0.0)] == [
        "ab?c"
    ]


def test_what_another_node_saw_is_gone_on_with() -> None:
    one = watch(above=10, clear_at=5, places=({"place": "q", "off": True},))
    assert one.adopt("p", 0.0) and not one.adopt("q", 0.0)
    assert states(one, [(1.0, 8.0), (2.0, 5.0)]) == ["-", "over"]
    assert one.adopt("gone", 3.0)
    assert one.look({}, 4.0) == [Over(rule="a", place="gone")]


def test_places_are_bounded_and_those_left_out_are_told(monkeypatch: Any) -> None:
    monkeypatch.setattr(rule_watch, "PLACES_MAX", 3)
    one = watch(above=10)
    one.look({str(number): Sample(1.0) for number in range(5)}, 0.0)
    assert (one.watched_count, one.left_out_count) == (3, 2)
