"""One call's numbers read by plans, lists, services and calendars together."""

import pytest
from time_and_numbers import OFFICE, at, calendar, document, entry

from routing_policies.call_numbers import CallHeard, NumberReader
from routing_policies.kinds import ServiceDoc
from routing_policies.network_kinds import NumberList, SiteQueue
from routing_policies.number_lists import indexed

SUNDAY, MONDAY = at("2026-11-22T12:00"), at("2026-11-23T12:00")
HEADER = {"apiVersion": "nirc/v1", "kind": "NetworkService"}
CALLER = "+351910000001"


def service(name, **spec):
    return ServiceDoc.model_validate({**HEADER, "metadata": {"name": name}, "spec": spec})


def reader(*entries, site="lisbon", lists=(), queues=(), plans=(), **spec):
    own = [document(*entries, **spec)] if entries else []
    return NumberReader(
        site=site,
        plans=[*own, *plans],
        services={"sales": service("sales", queue="front", priority=1)},
        calendars={"office": calendar(hours=OFFICE)},
        lists=[indexed(NumberList.model_validate(one)) for one in lists],
        queues=[SiteQueue.model_validate(one) for one in queues],
    )


def heard(**more):
    called = {"request_uri": "210000001@10.0.0.1"}
    return CallHeard(**{"trunk_group": "carrier", "called": called, "caller": CALLER, **more})


def test_service_priority_and_numbers() -> None:
    read = reader(entry("+351210000001", "sales", priority=2)).read(heard(), MONDAY)
    assert (read.service, read.priority.priority, read.plan) == ("sales", 2, "lisbon")
    assert (read.called.e164, read.ani, read.withheld) == ("+351210000001", CALLER, False)


def test_calendars_follow_the_time_given() -> None:
    found = reader(entry("*", "day", calendar="office"), entry("+351*", "night", calendar="none"))
    assert found.read(heard(), MONDAY).service == "day"
    assert found.read(heard(), SUNDAY).service == ""


SOURCES = {
    "request_uri": "1820",
    "to": "sip:+351220000002@x",
    "history_info": "",
    "diversion": "tel:+351230000003",
}


@pytest.mark.parametrize(
    ("order", "number", "source"),
    [
        (("request_uri",), "1820", "request_uri"),
        (("to", "request_uri"), "+351220000002", "to"),
        (("history_info", "diversion"), "+351230000003", "diversion"),
        (("history_info",), "1820", "request_uri"),
    ],
)
def test_the_called_number_comes_from_where_the_plan_says(order, number, source) -> None:
    groups = ({"name": "carrier", "called_number_from": order},)
    read = reader(entry("*", "sales"), trunk_groups=groups).read(heard(called=SOURCES), MONDAY)
    assert (read.called.text, read.called_from) == (number, source)


def test_a_trunk_group_has_its_own_country_and_priority() -> None:
    groups = ({"name": "carrier", "country": "DE", "priority": 6},)
    called = {"request_uri": "030123456"}
    read = reader(entry("*", "sales"), trunk_groups=groups).read(heard(called=called), MONDAY)
    assert read.called.e164 == "+4930123456"
    assert (read.priority.priority, read.priority.because) == (6, "trunk group")


def test_a_withheld_number_is_not_shown_and_still_blocked() -> None:
    lists = ({"name": "nuisance", "numbers": (CALLER,), "blocked": True},)
    read = reader(entry("*", "sales"), lists=lists).read(heard(withheld=True), MONDAY)
    assert (read.ani, read.withheld, read.priority.blocked_by) == ("", True, "nuisance")


def test_no_favour_for_a_number_that_is_withheld() -> None:
    lists = ({"name": "vip", "numbers": (CALLER,), "priority": 7, "needs_verified": False},)
    found = reader(entry("*", "sales"), entry("*", "mine", caller=CALLER), lists=lists)
    read = found.read(heard(withheld=True), MONDAY)
    assert (read.service, read.priority.priority) == ("sales", 1)
    assert found.read(heard(), MONDAY).priority.priority == 7


def test_extensions_call_too() -> None:
    found = reader(entry("*", "sales"), entry("*", "inside", caller="40*"))
    assert found.read(heard(caller="4001@pbx"), MONDAY).service == "inside"


def test_a_verified_key_customer() -> None:
    lists = ({"name": "vip", "numbers": ("+35191*",), "priority": 7},)
    found = reader(entry("*", "sales"), lists=lists)
    assert found.read(heard(), MONDAY).priority.priority == 1
    assert found.read(heard(verified=True), MONDAY).priority.because == "list vip"


def test_emergency_numbers_and_marks() -> None:
    found = reader(entry("*", "sales"))
    assert found.read(heard(called={"request_uri": "112"}), MONDAY).emergency
    marked = found.read(heard(emergency=True), MONDAY)
    assert (marked.emergency, marked.priority.priority) == (True, 10)
    assert not found.read(heard(), MONDAY).emergency


def named(name, **spec):
    return document(entry("*", name), name=name, **spec)


CARRIER_OF_PORTO = {"name": "carrier", "site": "porto"}


@pytest.mark.parametrize(
    ("site", "trunk_group", "plan"),
    [
        ("porto", "carrier", "by-site-and-group"),
        ("lisbon", "carrier", "by-group"),
        ("faro", "pbx", "faro"),
        ("lisbon", "pbx", "plain"),
    ],
)
def test_which_plan_is_for_a_trunk_group(site, trunk_group, plan) -> None:
    plans = [
        named("by-site-and-group", trunk_groups=(CARRIER_OF_PORTO,)),
        named("by-group", trunk_groups=({"name": "carrier"},)),
        named("faro", trunk_groups=({"name": "other"},)),
        named("plain"),
    ]
    read = reader(site=site, plans=plans).read(heard(trunk_group=trunk_group), MONDAY)
    assert read.plan == plan


def test_without_a_plan_for_it_nothing_matches() -> None:
    other = [named(name, trunk_groups=({"name": name},)) for name in ("a", "b")]
    read = reader(plans=other).read(heard(), MONDAY)
    assert (read.plan, read.service, read.called.text) == ("", "", "210000001")
    assert reader(plans=other).considered(heard(), read, MONDAY) == []


def test_the_queue_of_a_service() -> None:
    found = reader(entry("*"), queues=({"name": "big", "services": ("support",)},))
    assert found.queue_of("support") == "big"
    assert found.queue_of("sales") == "front"
    assert found.queue_of("other") == "other"
    assert found.service("sales") is not None


def test_why_others_lost() -> None:
    found = reader(entry("+351*", "sales", calendar="office"), entry("*", "rest"))
    read = found.read(heard(), SUNDAY)
    told = found.considered(heard(), read, SUNDAY)
    assert [(one.index, one.fate) for one in told] == [(0, "calendar office is closed"), (1, "")]
