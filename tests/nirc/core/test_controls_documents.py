"""Documents under controls: another set, and the published one untouched."""

from __future__ import annotations

import json

from control_samples import BEGAN_UNIX_S, control
from router_network import documents, policy_text

from nirc.core.controls_documents import controlled
from routing_policies.calendars import Calendar
from routing_policies.document import NetworkDocuments, load_document

OFFICE = (
    "kind: Calendar\nmetadata: {name: office}\nspec: {time_zone: UTC, hours: "
    "[{days: [mon, tue, wed, thu, fri, sat, sun], from: '00:00', to: '00:00'}]}\n"
)
LISBON = "kind: Site\nmetadata: {name: lisbon}\nspec: {queues: [{name: sales, calendar: office}]}\n"
PLAN = (
    "kind: Plan\nmetadata: {name: porto-lost}\nspec: {closed_sites: [porto], "
    "paths_off: [lisbon-out], service_policies: [{service: sales, policy: bad-day}], "
    "lasts_s: 900}\n"
)
RULE = "{name: anywhere, select: longest_available, action: route}"


def network() -> NetworkDocuments:
    return documents(
        ["lisbon", "porto"],
        more={
            "Calendar/office": OFFICE,
            "Site/lisbon": LISBON,
            "NetworkService/help": "kind: NetworkService\nmetadata: {name: help}\n"
            "spec: {queue: help}\n",
            "Plan/porto-lost": PLAN,
            "RoutingPolicy/bad-day": policy_text(RULE, "bad-day"),
        },
    )


def open_at(documents: NetworkDocuments, calendar: str | None, at_unix_s: float) -> bool:
    return Calendar(documents.calendars[calendar or ""]).state(at_unix_s).open


def test_without_controls_and_under_a_freeze_nothing_is_changed() -> None:
    published = network()
    for kind in ("freeze", "announce", "flush"):
        assert controlled(published, [control(kind)]).documents is published


def test_a_closed_service_has_closed_queues_at_every_site_and_no_other_has() -> None:
    published = network()
    found = controlled(published, [control("close", "service sales")])
    for name in ("lisbon", "porto"):
        queues = {one.name: one.calendar for one in found.documents.sites[name].spec.queues}
        assert queues.get("help") is None
        assert not open_at(found.documents, queues["sales"], BEGAN_UNIX_S)
        assert not open_at(found.documents, queues["sales"], BEGAN_UNIX_S + 599)
        assert open_at(found.documents, queues["sales"], BEGAN_UNIX_S + 660), "by itself"
    porto = [one.name for one in found.documents.sites["porto"].spec.queues]
    assert porto == ["help", "sales"], "it served all services in their own queues, and still does"
    assert published.sites["porto"].spec.queues == ()
    assert list(found.closed["sales"]) == ["office"]


def test_sites_are_sent_what_is_in_force_as_documents_that_can_be_read() -> None:
    published = network()
    found = controlled(published, [control("close", "service sales")]).documents
    changed = {key for key, text in found.texts.items() if published.texts.get(key) != text}
    assert {"Site/lisbon", "Site/porto"} < changed and len(changed) == 4
    for key in changed:
        document = load_document(found.texts[key][0], source=key)
        kind, _, name = key.partition("/")
        assert document == (found.sites if kind == "Site" else found.calendars)[name]


def test_a_holiday_closes_its_calendar_under_its_own_name() -> None:
    found = controlled(network(), [control("holiday", "calendar office")]).documents
    assert not open_at(found, "office", BEGAN_UNIX_S)
    day = json.loads(found.texts["Calendar/office"][0])["spec"]["special_days"][0]["date"]
    assert day == "1970-01-12"


def test_a_plan_changes_policies_sites_and_paths() -> None:
    published = network()
    found = controlled(published, [control("plan", "plan porto-lost")])
    assert found.documents.policy_of("sales").live.name == "bad-day"
    assert published.policy_of("sales").live.name != "bad-day"
    why = "control c1: plan of plan porto-lost, by ana@noc: carrier storm"
    assert found.sites_barred == {"porto": why} and found.paths_off == {"lisbon-out": why}


def test_what_was_removed_meanwhile_is_left_out() -> None:
    published = documents(["lisbon"])
    gone = [
        control("close", "service vip"),
        control("holiday", "calendar office"),
        control("plan", "plan porto-lost"),
    ]
    found = controlled(published, gone)
    assert found.documents.texts == published.texts and not found.sites_barred
