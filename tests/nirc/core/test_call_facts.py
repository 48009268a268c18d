"""What is known of a call reaches the policy."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from contract_samples import sample
from playbook import Playbook
from router_network import FakeSite, ask, documents, leading, policy_text

from nirc.core.actions import RecordDecision
from nirc.core.events import SiteSaid, WallTimeRead
from nrcli.wire import messages as msg
from routing_policies.calendars import unix_s_of

TENANT = (
    "kind: Tenant\nmetadata: {name: default}\nspec: {lists: [{name: vip, numbers: ['+35191*']}]}\n"
)
SERVICE = (
    "kind: NetworkService\nmetadata: {name: sales}\nspec: {queue: sales, aht_s: 60, priority: 2,"
    " ageing: {every_s: 10, most: 7}}\n"
)
CALENDAR = (
    "kind: Calendar\nmetadata: {name: office}\nspec: {time_zone: UTC, hours: [{days: [mon], from: "
    "'08:00', to: '20:00'}]}\n"
)
DATA = json.dumps({"tier": "gold"}).encode()


def decided(when: str, book: Playbook | None = None, **fields: object) -> bool:
    """Does a rule with this condition hold for the request?"""
    book = book or network(when)
    book.event(SiteSaid(site="lisbon", message=ask(**fields)))  # type: ignore[arg-type]
    return book.take(RecordDecision).record.rules[0][1] == "decided"


def network(when: str) -> Playbook:
    more = {
        "Tenant/default": TENANT,
        "NetworkService/sales": SERVICE,
        "Calendar/office": CALENDAR,
        "RoutingPolicy/default": policy_text(
            f"{{name: it, when: '{when}', action: queue_at_origin}}"
        ),
    }
    return leading(FakeSite("lisbon"), docs=documents(["lisbon"], more=more))


@pytest.mark.parametrize(
    ("when", "fields", "holds"),
    [
        ('listed(call.ani, "vip")', {"ani": "+351912", "verified": True}, True),
        ('listed(call.ani, "vip")', {"ani": "+351912"}, False),
        ('listed(call.ani, "vip")', {"ani": "+44", "verified": True}, False),
        ('starts(call.ani, "+35")', {"ani": "+351912"}, True),
        ('starts(call.ani, "+35")', {"ani": "+351912", "withheld": True}, False),
        ("call.withheld", {"withheld": True}, True),
        ('call.service == "sales"', {}, True),
        ("service.priority == 2", {}, True),
        ("call.priority == 2", {}, True),
        ("call.priority == 5", {"waited_s": 31.0}, True),
        ("call.priority == 7", {"waited_s": 300.0}, True),
        ("call.priority == 9", {"waited_s": 300.0, "priority": 9}, True),
        ("call.refused_count == 1", {"refused_targets": ("porto",)}, True),
        ("call.refused_count == 1", {"refused_targets": ("porto", "handler:*")}, True),
        ("call.share < 1", {}, True),
        ('known(data("tier"))', {}, False),
    ],
)
def test_facts_of_the_request(when: str, fields: dict[str, object], holds: bool) -> None:
    assert decided(when, **fields) is holds


@pytest.mark.parametrize(("time", "holds"), [("12:00", True), ("21:00", False)])
def test_calendars_follow_the_clock_on_the_wall(time: str, holds: bool) -> None:
    book = network('calendar("office").open')
    assert not decided("", book, request_id="before"), "the time is not known yet"
    book.event(WallTimeRead(unix_s=unix_s_of(f"2026-11-23T{time}")))
    assert decided("", book) is holds


def test_attached_data_at_hand_is_read_if_it_is_of_the_version_named() -> None:
    book = network('default(data("tier"), "") == "gold"')
    digest = sha256(DATA).digest()
    put = msg.DataPut(interaction_id="i-r1", version=3, digest=digest, data=DATA)
    book.event(SiteSaid(site="lisbon", message=put))
    assert decided("", book, data_version=3, data_digest=digest)
    assert not decided("", book, request_id="r2", data_version=3, data_digest=digest)


def test_attached_data_that_no_reader_can_follow_counts_as_none() -> None:
    book = network('default(data("tier"), "") == "gold"')
    deep = b"[" * 4_000
    put = msg.DataPut(interaction_id="i-r1", version=3, digest=sha256(deep).digest(), data=deep)
    book.event(SiteSaid(site="lisbon", message=put))
    assert not decided("", book, data_version=3, data_digest=sha256(deep).digest())


def test_who_served_the_caller_last_is_told_for_vouched_numbers() -> None:
    rules = "{name: again, select: last_agent, action: route}"
    more = {"RoutingPolicy/default": policy_text(rules)}
    docs = documents(["lisbon", "porto"], more=more)
    porto = FakeSite("porto", {"anna": 1.0, "diogo": 50.0})
    book = leading(FakeSite("lisbon", waiting_count=5), porto, docs=docs)
    leg = sample(msg.CallLegRecord, site="porto", agent="diogo", ani="+1", talked_s=9.0)
    book.event(SiteSaid(site="porto", message=leg))
    book.event(SiteSaid(site="lisbon", message=ask("a", ani="+1")))
    assert book.sent("lisbon", msg.RouteAnswer).outcome is msg.RouteOutcome.STAY
    hidden = ask("h", ani="+1", verified=True, withheld=True)
    book.event(SiteSaid(site="lisbon", message=hidden))
    assert book.sent("lisbon", msg.RouteAnswer).outcome is msg.RouteOutcome.STAY
    book.event(SiteSaid(site="lisbon", message=ask("b", ani="+1", verified=True)))
    assert book.sent("porto", msg.Reserve).agent == "diogo"
