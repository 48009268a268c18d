"""Kinds about time and numbers: calendars and dialed number plans.

Rule of this file: what one document may say; what a calendar means stands in `calendars`, what a
plan matches in `dialed_numbers`.

    {apiVersion: nirc/v1, kind: Calendar, metadata: {name: office},
     spec: {time_zone: Europe/Lisbon,
            hours: [{days: [mon, tue, wed, thu, fri], from: "08:00", to: "20:00"}],
            holidays: {country: PT},
            special_days: [{date: "2026-12-24", hours: [{from: "08:00", to: "13:00"}]}]}}
    {apiVersion: nirc/v1, kind: DialedNumberPlan, metadata: {name: lisbon},
     spec: {country: PT, trunk_groups: [{name: carrier, called_number_from: [request_uri]}],
            entries: [{number: "+351210000001", service: sales},
                      {number: "+35121*", calendar: office, service: front-desk}]}}
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from routing_policies.kinds_base import (
    AnyDocument,
    Date,
    Name,
    NumberPrefix,
    Priority,
    Strict,
    TimeOfDay,
    TimeZone,
    Words,
)

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Hours(Strict):
    """Open from one time of day to another; `to` at or before `from` is on the next day."""

    from_: Annotated[TimeOfDay, Field(alias="from")]
    to: TimeOfDay


class WeekHours(Hours):
    """Hours of some days of the week."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)]


class Holidays(Strict):
    """Public holidays of a country, closed all day unless a special day says otherwise."""

    country: Annotated[str, Field(min_length=2, max_length=2)]
    "ISO 3166-1, such as PT."
    subdivision: str | None = None
    "ISO 3166-2 part behind the dash, as far as the country's holidays differ."


class SpecialDay(Strict):
    """One date that is unlike its weekday; no hours: closed all day."""

    date: Date
    name: Words = ""
    hours: tuple[Hours, ...] = ()


class CalendarSpec(Strict):
    """When something is open."""

    time_zone: TimeZone
    hours: Annotated[tuple[WeekHours, ...], Field(max_length=100)] = ()
    holidays: Holidays | None = None
    special_days: Annotated[tuple[SpecialDay, ...], Field(max_length=2_000)] = ()


class CalendarDoc(AnyDocument):
    """Kind `Calendar`."""

    kind: Literal["Calendar"]
    spec: CalendarSpec


class TrunkGroupNumbers(Strict):
    """How one trunk group presents the called number."""

    name: Name
    site: Name | None = None
    "Only this site's trunk group of that name."
    called_number_from: Annotated[
        tuple[Literal["request_uri", "to", "history_info", "diversion"], ...], Field(min_length=1)
    ] = ("request_uri",)
    "Looked at in this order; the first that holds a number is the called number."
    country: Annotated[str, Field(min_length=2, max_length=2)] | None = None
    "Country of numbers in national form, where it is not the plan's."
    priority: Priority = 0
    "Priority of calls from here where it is above the service's."


class PlanEntry(Strict):
    """Calls to these numbers want this service. The longest match wins, then the narrower entry."""

    number: NumberPrefix
    trunk_group: Name | None = None
    site: Name | None = None
    caller: NumberPrefix | None = None
    "Only callers whose number begins so."
    withheld: bool | None = None
    "Only callers who withhold (true) or show (false) their number."
    digits: Annotated[str, Field(max_length=32)] | None = None
    "Only where the caller entered these digits."
    calendar: Name | None = None
    "Only while this calendar is open."
    service: Name
    priority: Priority | None = None
    entry_sites: Annotated[tuple[Name, ...], Field(max_length=100)] = ()
    "Where its calls enter when nobody has chosen a site: the first that can be used."


class DialedNumberPlanSpec(Strict):
    """From what was dialed to a network service."""

    country: Annotated[str, Field(min_length=2, max_length=2)]
    "ISO 3166-1: what numbers without + mean."
    trunk_groups: tuple[TrunkGroupNumbers, ...] = ()
    entries: Annotated[tuple[PlanEntry, ...], Field(min_length=1, max_length=50_000)]
    emergency: tuple[str, ...] = ("112", "911", "999")
    "Never moved, never delayed."


class DialedNumberPlanDoc(AnyDocument):
    """Kind `DialedNumberPlan`."""

    kind: Literal["DialedNumberPlan"]
    spec: DialedNumberPlanSpec
