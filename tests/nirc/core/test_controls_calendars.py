"""Which queues and calendars a service has."""

from __future__ import annotations

import pytest
from router_network import documents

from nirc.core.controls_calendars import calendar_of, holiday_calendars, queues_of

CALENDAR = "kind: Calendar\nmetadata: {{name: {0}}}\nspec: {{time_zone: UTC}}\n"
SERVICE = "kind: NetworkService\nmetadata: {name: help}\nspec: {queue: help}\n"
PORTO = (
    "kind: Site\nmetadata: {name: porto}\n"
    "spec: {calendar: house, queues: [{name: sales, calendar: late}, {name: help}]}\n"
)
FARO = (
    "kind: Site\nmetadata: {name: faro}\nspec: {queues: [{name: front, services: [sales, help]}]}\n"
)
DOCUMENTS = documents(
    ["faro", "lisbon", "porto"],
    more={
        "Calendar/house": CALENDAR.format("house"),
        "Calendar/late": CALENDAR.format("late"),
        "Calendar/other": CALENDAR.format("other"),
        "NetworkService/help": SERVICE,
        "Site/porto": PORTO,
        "Site/faro": FARO,
    },
)


def test_queues_are_those_that_list_it_or_bear_its_name() -> None:
    sales, help_ = DOCUMENTS.services["sales"], DOCUMENTS.services["help"]
    found = {
        name: (queues_of(site, sales), queues_of(site, help_))
        for name, site in DOCUMENTS.sites.items()
    }
    assert found == {
        "faro": (("front",), ("front",)),
        "lisbon": (("sales",), ("help",)),
        "porto": (("sales",), ("help",)),
    }


def test_a_queues_own_calendar_goes_before_its_sites() -> None:
    porto = DOCUMENTS.sites["porto"]
    assert (calendar_of(porto, "sales"), calendar_of(porto, "help")) == ("late", "house")
    assert calendar_of(DOCUMENTS.sites["faro"], "front") == ""


@pytest.mark.parametrize(
    ("of", "name", "found"),
    [
        ("calendar", "other", {"other"}),
        ("calendar", "none", set()),
        ("service", "sales", {"late"}),
        ("service", "help", {"house"}),
        ("service", "none", set()),
        ("all", "", {"house", "late", "other"}),
    ],
)
def test_the_calendars_of_a_holiday(of: str, name: str, found: set[str]) -> None:
    assert holiday_calendars(DOCUMENTS, of, name) == found
