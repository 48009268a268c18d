"""Calendars and dialed number plans for tests, written short."""

from routing_policies.calendars import Calendar, unix_s_of
from routing_policies.kinds import CalendarDoc, DialedNumberPlanDoc

LISBON = "Europe/Lisbon"
WEEK = ["mon", "tue", "wed", "thu", "fri"]
ALL_DAYS = [*WEEK, "sat", "sun"]


def hours(start, end, days=None):
    """Hours of a day, or of days of the week."""
    named = {"days": tuple(days)} if days else {}
    return {**named, "from": start, "to": end}


OFFICE = [hours("08:00", "20:00", WEEK)]


def calendar(zone=LISBON, hours=(), holidays=None, special_days=()) -> Calendar:
    """A calendar called office."""
    spec = {"time_zone": zone, "hours": tuple(hours), "special_days": tuple(special_days)}
    if holidays:
        spec["holidays"] = holidays
    document = {"apiVersion": "nirc/v1", "kind": "Calendar", "metadata": {"name": "office"}}
    return Calendar(CalendarDoc.model_validate({**document, "spec": spec}))


def at(text, zone=LISBON):
    """A local moment as Unix seconds."""
    return unix_s_of(text, zone)


def entry(number, service="any", **more):
    """An entry of a plan."""
    return {"number": number, "service": service, **more}


def document(*entries, name="lisbon", country="PT", **spec):
    """A dialed number plan."""
    return DialedNumberPlanDoc.model_validate(
        {
            "apiVersion": "nirc/v1",
            "kind": "DialedNumberPlan",
            "metadata": {"name": name},
            "spec": {"country": country, "entries": entries, **spec},
        }
    )
