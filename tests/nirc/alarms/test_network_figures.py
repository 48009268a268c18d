"""Figures of the router's picture; what is not known has no value. And the rules that come with
NIRC: each is raised by what it is for, and over afterwards."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from node_views import router_view, site_view

from nirc.alarms.figure_windows import Figures, Sample
from nirc.alarms.network_figures import LeaderChanges, network_figures
from nirc.alarms.rule_set import RuleSet
from nirc.alarms.rule_watch import Raised
from nirc.core.hole_places import PlaceView
from nirc.core.pair_outcomes import CodeCount, PairCount
from nirc.core.site_standing import StandingView
from nirc.core.view import DomainView, RouterView
from nrcli.wire.messages import Epoch, PoolReport, QueueReport, TrunkReport
from routing_policies.alarm_figures import FIGURES
from routing_policies.alarm_rules_in_use import shipped_rules
from routing_policies.document import assemble
from routing_policies.network_documents import NetworkDocuments

OF_THE_HOST = {
    *("certificate_left", "certificate_life_left", "disk_free"),
    *("records_waiting", "out_of_balance"),
}
LOOK_S, LOOKS_MAX = 5.0, 800
SITE = """apiVersion: nirc/v1
kind: Site
metadata: {name: lisbon}
spec: {time_zone: UTC, queues: [{name: sales}, {name: support}]}
"""


def view(**more: Any) -> RouterView:
    return replace(router_view(0.0), **more)


def site(**more: Any) -> RouterView:
    said = {"queues": (QueueReport(queue="sales"),), **more}
    return view(sites=(replace(site_view(), **said),))


def queue(**more: Any) -> RouterView:
    return site(queues=(QueueReport(queue="sales", **more),))


def pool(free: int) -> RouterView:
    report = PoolReport(
        pool="moves",
        trunk_group="carrier",
        numbers_count=20,
        lent_count=20 - free,
        resting_count=0,
        lent_per_minute=0,
        runs_out=False,
        runs_out_in_s=0.0,
        refused_count=0,
        refused_for_s=0.0,
        refused_to="",
    )
    standing = StandingView(
        tier=0,
        tier_for_s=1.0,
        plan_serial=0,
        plan_usable=False,
        blind_shares=(),
        outages=(),
        pools=(report,),
    )
    return site(standing=standing)


def pair(ended: int, failed: int, status: int = 486) -> RouterView:
    one: dict[str, Any] = {"origin": "lisbon", "target": "porto"}
    return view(
        pair_counts=(PairCount(ended_count=ended, failed_count=failed, **one),),
        code_counts=(CodeCount(sip_status=status, count=failed, **one),),
    )


def led(revision: int) -> RouterView:
    epoch = Epoch(generation=1, revision=revision)
    return view(
        domains=(DomainView(domain="default", leader="n1", epoch=epoch, leading_here=True),)
    )


def refusals(granted: int, refused: int) -> RouterView:
    counts = {"granted": granted, "refused": refused}
    place = PlaceView(kind="queue", site="porto", name="sales", phase="open", counts=counts)
    return view(outcomes=(place,))


@pytest.fixture(scope="module")
def documents() -> NetworkDocuments:
    return assemble({"Site/lisbon": (SITE, 1)}, 1)


def figures(seen: RouterView, documents: NetworkDocuments | None = None) -> Figures:
    return network_figures(seen, documents, LeaderChanges())


def test_every_figure_of_the_catalogue_has_a_maker() -> None:
    assert set(figures(view())) == {one.name for one in FIGURES} - OF_THE_HOST


def test_a_site_that_is_not_synced_gives_none() -> None:
    seen = figures(view(sites=(replace(site_view(), synced=False),)))
    assert seen["queue_waiting"] == {} and seen["state_age"] == {}


@pytest.mark.parametrize(
    ("seen", "name", "found"),
    [
        (queue(waiting_count=3), "queue_waiting", {"lisbon/sales": Sample(3.0)}),
        (
            site(queues=(QueueReport(queue="a", waiting_count=1, oldest_wait_s=5.0),)),
            "queue_oldest_wait",
            {"lisbon/a": Sample(5.0)},
        ),
        (queue(oldest_wait_s=5.0), "queue_oldest_wait", {"lisbon/sales": Sample(0.0)}),
        (queue(), "queue_full", {}),
        (
            queue(places_max=10, waiting_count=6, places_held_count=3),
            "queue_full",
            {"lisbon/sales": Sample(0.9)},
        ),
        (queue(), "service_level", {}),
        (
            queue(window_offered_count=10, window_in_time_count=7),
            "service_level",
            {"lisbon/sales": Sample(0.7, 10.0)},
        ),
        (queue(), "ewt_error", {}),
        (
            queue(last_wait_s=9.0, ewt_low_percent=20, ewt_high_percent=300),
            "ewt_error",
            {"lisbon/sales": Sample(400.0)},
        ),
        (
            site(trunks=(TrunkReport(trunk_group="c", channels_max=4, channels_used_count=1),)),
            "trunk_free",
            {"lisbon/c": Sample(0.75)},
        ),
        (pool(5), "pool_free", {"lisbon/moves": Sample(0.25)}),
        (view(), "network_queue_waiting", {"sales": Sample(1.0)}),
        (
            view(),
            "suspended",
            {"path": Sample(0.0), "queue": Sample(1.0), "agent": Sample(0.0)},
        ),
        (view(), "route_requests", {"": Sample(3.0)}),
        (pair(10, 4), "routing_success", {"": Sample(6.0, 10.0)}),
        (pair(10, 4), "transfer_failures_by_code", {"lisbon>porto 486": Sample(4.0)}),
        (refusals(0, 0), "reservation_refusals", {}),
        (refusals(1, 3), "reservation_refusals", {"porto/sales": Sample(0.75, 4.0)}),
    ],
)
def test_a_figure(seen: RouterView, name: str, found: Mapping[str, Sample]) -> None:
    assert figures(seen)[name] == found


def test_a_queue_that_vanished_or_was_renamed(documents: NetworkDocuments) -> None:
    shown = queue()
    assert figures(shown, documents)["site_drift"] == {"lisbon/support": Sample(1.0)}
    names = ("sales", "helpdesk", "own")
    reports = tuple(QueueReport(queue=name, shared=name != "own") for name in names)
    renamed = view(sites=(replace(site_view(), queues=reports),))
    assert set(figures(renamed, documents)["site_drift"]) == {"lisbon/support", "lisbon/helpdesk"}
    assert figures(renamed)["site_drift"] == {}


def test_leaderships_are_counted_but_not_the_first() -> None:
    changes = LeaderChanges()
    counts = [
        changes.look(one)["default"].value for one in (led(4), led(4), led(9), led(7), led(12))
    ]
    assert counts == [0.0, 0.0, 1.0, 1.0, 2.0]


GOOD = queue(places_max=10, last_wait_s=1.0)
BOTH = (QueueReport(queue="sales"), QueueReport(queue="support"))
READY = {
    "routing_success_low": (lambda n: pair(n, n // 2), lambda n: pair(400 + n, 200)),
    "transfers_fail": (lambda n: pair(n, n // 2), lambda n: pair(400 + n, 200)),
    "transfers_refused_by_code": (lambda n: pair(n, n), lambda n: pair(400 + n, 400)),
    "reservations_refused": (lambda n: refusals(2, 9), lambda n: refusals(12, 1)),
    "state_stale": (lambda n: site(state_age_s=701.0), lambda n: site(state_age_s=9.0)),
    "ewt_wrong": (
        lambda n: queue(last_wait_s=1.0, ewt_high_percent=600),
        lambda n: queue(last_wait_s=1.0),
    ),
    "queue_wait_long": (
        lambda n: queue(waiting_count=1, oldest_wait_s=901.0),
        lambda n: queue(waiting_count=1, oldest_wait_s=60.0),
    ),
    "queue_near_full": (lambda n: queue(places_max=10, waiting_count=10), lambda n: GOOD),
    "leader_flapping": (lambda n: led(10 * n), lambda n: led(99_999)),
    "pool_near_empty": (lambda n: pool(1), lambda n: pool(6)),
    "firewall_hits_many": (
        lambda n: view(counters={"firewall.hits": 2 * n}),
        lambda n: view(counters={"firewall.hits": 2_000}),
    ),
    "site_drifted": (lambda n: queue(), lambda n: site(queues=BOTH)),
}
"By rule: what raises it, and what ends it, at the n-th look."
HOST_READY = {
    "certificate_ends": ("certificate_left", 20.0, 30.0),
    "certificate_over": ("certificate_left", -1.0, 30.0),
    "certificate_not_renewed": ("certificate_life_left", 0.1, 0.9),
    "disk_low": ("disk_free", 0.05, 0.5),
    "balance_broken": ("out_of_balance", 1.0, 0.0),
}


def test_the_ready_set_is_all_here() -> None:
    assert {one.name for one in shipped_rules().spec.rules} == {*READY, *HOST_READY}


def watched(name: str) -> RuleSet:
    rules = RuleSet()
    rules.use([one for one in shipped_rules().spec.rules if one.name == name])
    rules.lead([], 0.0)
    return rules


def look_until(rules: RuleSet, raised: bool, figures: Any, from_s: float) -> float:
    """When it was raised, or over."""
    for number in range(LOOKS_MAX):
        now_s = from_s + number * LOOK_S
        changes = rules.look(figures(number), now_s).changes
        if changes:
            assert {isinstance(one, Raised) for one in changes} == {raised}
            return now_s
    raise AssertionError("nothing was raised, or nothing was over")


@pytest.mark.parametrize("name", READY)
def test_a_rule_of_the_network_is_raised_and_is_over(
    name: str, documents: NetworkDocuments
) -> None:
    rules, changes = watched(name), LeaderChanges()
    bad, good = READY[name]
    seen: Any = lambda n: network_figures(bad(n), documents, changes)  # noqa: E731
    at_s = look_until(rules, True, seen, 0.0)
    assert rules.look(seen(LOOKS_MAX), at_s + LOOK_S).changes == ()
    look_until(
        rules, False, lambda n: network_figures(good(n), documents, changes), at_s + 2 * LOOK_S
    )


@pytest.mark.parametrize("name", HOST_READY)
def test_a_rule_of_the_host_is_raised_and_is_over(name: str) -> None:
    figure, bad, good = HOST_READY[name]
    rules = watched(name)
    at_s = look_until(rules, True, lambda n: {figure: {"n1:/x": Sample(bad)}}, 0.0)
    look_until(rules, False, lambda n: {figure: {"n1:/x": Sample(good)}}, at_s + LOOK_S)
