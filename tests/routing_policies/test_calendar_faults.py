"""What a calendar may not say, each with its place and the remedy."""

import pytest

from routing_policies.calendar_faults import calendar_faults, time_zone_problem
from routing_policies.kinds import CalendarDoc

WEEK = ("mon", "tue", "wed", "thu", "fri")


def faults(**spec):
    document = {"apiVersion": "nirc/v1", "kind": "Calendar", "metadata": {"name": "office"}}
    document["spec"] = {"time_zone": "Europe/Lisbon", **spec}
    return calendar_faults(CalendarDoc.model_validate(document), "office.yaml")


def week(start, end, days=WEEK):
    return {"days": days, "from": start, "to": end}


def test_a_good_calendar_has_none() -> None:
    good = faults(
        hours=(week("08:00", "12:00"), week("12:00", "20:00"), week("22:00", "06:00", ("sat",))),
        holidays={"country": "DE", "subdivision": "BY"},
        special_days=({"date": "2028-02-29", "hours": ({"from": "08:00", "to": "24:00"},)},),
    )
    assert good == []


@pytest.mark.parametrize(
    ("spec", "place", "problem", "remedy"),
    [
        (
            {"time_zone": "Europe/Lisbn"},
            "spec.time_zone",
            "no time zone Europe/Lisbn",
            "Europe/Lisbon",
        ),
        ({"time_zone": "Lisbon"}, "spec.time_zone", "no time zone Lisbon", "Europe/Lisbon"),
        ({"time_zone": "Europe"}, "spec.time_zone", "no time zone Europe", "did you mean"),
        ({"time_zone": "/etc/passwd"}, "spec.time_zone", "no time zone", ""),
        (
            {"hours": (week("24:00", "10:00"),)},
            "spec.hours[0].from",
            "opens at 24:00",
            "next day",
        ),
        (
            {"hours": (week("08:00", "12:00"), week("11:59", "20:00", ("wed",)))},
            "spec.hours[1]",
            "overlaps hours[0] on wed",
            "join them",
        ),
        (
            {"hours": (week("22:00", "06:00", ("sun",)), week("05:00", "09:00", ("mon",)))},
            "spec.hours[1]",
            "overlaps hours[0] on sun and mon",
            "join them",
        ),
        (
            {"hours": (week("08:00", "12:00", ("mon", "mon")),)},
            "spec.hours[0]",
            "mon is named twice",
            "",
        ),
        ({"holidays": {"country": "ZZ"}}, "spec.holidays.country", "for ZZ", ""),
        ({"holidays": {"country": "pt"}}, "spec.holidays.country", "for pt", "write PT"),
        (
            {"holidays": {"country": "DE", "subdivision": "BYY"}},
            "spec.holidays.subdivision",
            "DE has no subdivision BYY",
            "did you mean BY?",
        ),
        (
            {"special_days": ({"date": "2026-02-30"},)},
            "spec.special_days[0].date",
            "no 2026-02-30",
            "",
        ),
        (
            {"special_days": ({"date": "2026-12-24"}, {"date": "2026-12-24"})},
            "spec.special_days[1].date",
            "stands twice",
            "special_days[0]",
        ),
        (
            {
                "special_days": (
                    {
                        "date": "2026-12-24",
                        "hours": (
                            {"from": "08:00", "to": "12:00"},
                            {"from": "09:00", "to": "10:00"},
                        ),
                    },
                )
            },
            "spec.special_days[0].hours[1]",
            "overlaps hours[0]",
            "",
        ),
    ],
)
def test_each_fault_names_place_and_remedy(spec, place, problem, remedy) -> None:
    (fault,) = faults(**spec)
    assert fault.place == place
    assert problem in fault.problem
    assert remedy in fault.remedy
    assert fault.source == "office.yaml"


def test_lines_are_asked_for_by_place() -> None:
    document = CalendarDoc.model_validate(
        {
            "apiVersion": "nirc/v1",
            "kind": "Calendar",
            "metadata": {"name": "office"},
            "spec": {"time_zone": "Nowhere/At_all"},
        }
    )
    lines = {("spec", "time_zone"): 7}
    (fault,) = calendar_faults(document, "office.yaml", lines.__getitem__)
    assert fault.line == 7


def test_time_zones_alone() -> None:
    assert time_zone_problem("UTC") is None
    assert time_zone_problem("Mars/Olympus") is not None
