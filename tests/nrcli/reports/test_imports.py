import pytest

from nrcli.errors import SettingsError
from nrcli.reports.imports import shifts_in, tariffs_in, their_report
from nrcli.reports.periods import instant_of

ZONE = "Europe/Lisbon"
THEIRS = {"interval": "Time", "queue": "Skill", "offered": "Calls"}


def test_a_schedule_is_read_in_the_time_zone_of_the_report() -> None:
    text = "agent,from,to,what\nanna,2026-11-23 09:00,2026-11-23T17:00,work\n"
    (shift,) = shifts_in(text, "s.csv", ZONE)
    assert (shift.agent, shift.at_work, shift.site) == ("anna", True, "")
    assert shift.begin_us == instant_of("2026-11-23T09:00", ZONE)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("anna,2026-11-23T09:00,2026-11-23T17:00,lunch", "s.csv:2: what is 'lunch'"),
        ("anna,soon,2026-11-23T17:00,work", "s.csv:2: 'soon'"),
        ("anna,2026-11-23T17:00,2026-11-23T09:00,work", "s.csv:2: is no time of an agent"),
        (",2026-11-23T09:00,2026-11-23T17:00,work", "s.csv:2: is no time of an agent"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(line: str, said: str) -> None:
    with pytest.raises(SettingsError) as raised:
        shifts_in(f"agent,from,to,what\n{line}\n", "s.csv", ZONE)
    assert str(raised.value).startswith(said)


def test_tariffs_are_millionths() -> None:
    assert tariffs_in("path,cost\na,0.05\nb,0\n", "t.csv") == {"a": 50_000, "b": 0}


@pytest.mark.parametrize("line", ["a,free", "a,-1", "a,nan", "a,inf", ",1", "a,1e99"])
def test_a_tariff_is_a_sum_of_money(line: str) -> None:
    with pytest.raises(SettingsError, match=r"t\.csv:2"):
        tariffs_in(f"path,cost\n{line}\n", "t.csv")


def test_their_report_is_read_by_their_names() -> None:
    text = "Skill,Time,Calls,More\nsales,2026-11-23,12,x\n"
    (row,) = their_report(text, "a.csv", ZONE, THEIRS)
    assert (row.line, row.queue, dict(row.counts)) == (2, "sales", {"offered": 12})
    assert row.begin_us == instant_of("2026-11-23", ZONE)


@pytest.mark.parametrize("count", ["-1", "1.5", "", "many", "9" * 40, "²"])
def test_their_counts_are_whole_numbers(count: str) -> None:
    with pytest.raises(SettingsError, match=r"a\.csv:2: Calls is"):
        their_report(f"Skill,Time,Calls\nsales,2026-11-23,{count}\n", "a.csv", ZONE, THEIRS)
