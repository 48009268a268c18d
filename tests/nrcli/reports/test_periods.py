import pytest

from nrcli.errors import SettingsError
from nrcli.reports.periods import US, Every, instant_of, local, periods

LISBON = "Europe/Lisbon"


def day(date: str, every: Every, zone: str = LISBON):
    begin = instant_of(date, zone)
    return periods(begin, instant_of(date, zone, whole_day=True), every, zone)


@pytest.mark.parametrize(
    ("date", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-23", 24)]
)
def test_a_day_on_which_clocks_change_has_another_length(date: str, hours: int) -> None:
    assert day(date, Every.HOUR).count == hours
    assert day(date, Every.QUARTER).count == 4 * hours
    assert day(date, Every.DAY).count == 1
    whole = day(date, Every.WHOLE)
    assert whole.edges_us[1] - whole.edges_us[0] == hours * 3600 * US


def test_the_hour_that_comes_twice_is_two_intervals_and_told_apart() -> None:
    told = [day("2026-10-25", Every.HOUR).told(index) for index in (1, 2)]
    assert told == ["2026-10-25T01:00+01:00", "2026-10-25T01:00+00:00"]


def test_a_midnight_that_clocks_skip_is_the_instant_of_the_change() -> None:
    # Beirut went from 0:00 to 1:00 on 2024-03-31.
    found = day("2024-03-31", Every.HOUR, "Asia/Beirut")
    assert found.count == 23
    assert local(found.edges_us[0], "Asia/Beirut").hour == 1


def test_days_follow_the_wall_clock_over_a_change() -> None:
    begin, until = instant_of("2026-03-28", LISBON), instant_of("2026-03-30", LISBON)
    found = periods(begin, until, Every.DAY, LISBON)
    assert [found.told(index) for index in range(found.count)] == ["2026-03-28", "2026-03-29"]
    assert [b - a for a, b in zip(found.edges_us, found.edges_us[1:], strict=False)] == [
        24 * 3600 * US,
        23 * 3600 * US,
    ]


def test_a_custom_time_is_cut_where_the_clock_says() -> None:
    begin, until = instant_of("2026-11-23T10:05", LISBON), instant_of("2026-11-23T10:40", LISBON)
    found = periods(begin, until, Every.QUARTER, LISBON)
    assert [found.told(index)[11:16] for index in range(found.count)] == ["10:05", "10:15", "10:30"]


def test_an_edge_belongs_to_what_begins_there() -> None:
    found = day("2026-11-23", Every.HOUR)
    edge = found.edges_us[3]
    assert (found.index_of(edge - 1), found.index_of(edge)) == (2, 3)
    assert found.index_of(found.edges_us[-1]) is None
    assert found.index_of(found.edges_us[0] - 1) is None


def test_time_is_cut_at_edges_and_nothing_is_lost() -> None:
    found = day("2026-11-23", Every.HOUR)
    first = found.edges_us[0]
    pieces = list(found.pieces(first - 5 * US, first + 2 * 3600 * US + 7 * US))
    assert pieces == [(0, 3600 * US), (1, 3600 * US), (2, 7 * US)]


@pytest.mark.parametrize(
    ("said", "problem"),
    [("yesterday", "neither a date nor a time"), ("2026-02-30", "neither"), ("", "neither")],
)
def test_what_is_no_date_is_refused_with_a_remedy(said: str, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem) as raised:
        instant_of(said, LISBON)
    assert "write 2026-11-23" in str(raised.value)


@pytest.mark.parametrize("zone", ["Lisbon", "../etc/passwd", "", "x" * 300])
def test_a_zone_that_nobody_knows_is_refused(zone: str) -> None:
    with pytest.raises(SettingsError, match="is not known"):
        instant_of("2026-11-23", zone)


def test_the_end_comes_after_the_beginning() -> None:
    with pytest.raises(SettingsError, match="not after"):
        periods(10, 10, Every.DAY, "UTC")


def test_too_many_intervals_are_refused() -> None:
    begin, until = instant_of("1970-01-01", "UTC"), instant_of("2026-01-01", "UTC")
    with pytest.raises(SettingsError, match="more than 20000 intervals"):
        periods(begin, until, Every.QUARTER, "UTC")


def test_a_time_may_bring_its_own_distance_from_utc() -> None:
    assert instant_of("2026-11-23T10:00+02:00", LISBON) == instant_of("2026-11-23T08:00", "UTC")
