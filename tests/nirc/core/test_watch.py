"""What is away for its time is one alarm, and ends when it is back."""

from __future__ import annotations

from nirc.core import site_alarms
from nirc.core.actions import Action, ClearAlarm, RaiseAlarm
from nirc.core.alarms import Alarms
from nirc.core.settings import RouterSettings
from nirc.core.watch import Watch
from nrcli.wire.messages import SiteAlarm

SETTINGS = RouterSettings(sweep_s=0.25, leaderless_s=6.0, away_s=5.0)


def make() -> tuple[Watch, list[Action]]:
    return Watch(SETTINGS, Alarms(SETTINGS)), []


def told(out: list[Action]) -> list[tuple[str, str, str]]:
    found = [
        (type(action).__name__, action.code, action.place)
        for action in out
        if isinstance(action, RaiseAlarm | ClearAlarm)
    ]
    out.clear()
    return found


def test_etcd_is_given_a_moment_at_the_start() -> None:
    watch, out = make()
    watch.etcd(False, 10.0, out)
    assert told(out) == []
    watch.etcd(False, 10.5, out)
    watch.etcd(False, 11.0, out)
    assert told(out) == [("RaiseAlarm", "etcd_unreachable", "etcd")]
    watch.etcd(True, 12.0, out)
    assert told(out) == [("ClearAlarm", "etcd_unreachable", "etcd")]


def test_nobody_leads_for_a_few_leases() -> None:
    watch, out = make()
    for at_s in (10.0, 15.9):
        watch.leaders(["default"], at_s, out)
    watch.leaders([], 15.95, out)
    for at_s in (15.96, 21.9):
        watch.leaders(["default"], at_s, out)
    assert told(out) == []
    watch.leaders(["default"], 22.0, out)
    watch.leaders([], 22.1, out)
    expected = [("RaiseAlarm", "no_leader", "default"), ("ClearAlarm", "no_leader", "default")]
    assert told(out) == expected


def test_a_node_that_is_away() -> None:
    watch, out = make()
    watch.nodes(["n2", "n3"], 10.0, out)
    watch.nodes(["n3"], 15.0, out)
    assert told(out) == [("RaiseAlarm", "node_down", "n3")]
    watch.nodes(["n2"], 16.0, out)
    assert told(out) == [("ClearAlarm", "node_down", "n3")]


def test_a_site_never_heard_and_one_that_no_document_names() -> None:
    watch, out = make()
    for at_s in (10.0, 15.0):
        watch.sites({"faro", "porto"}, {"porto"}, at_s, out)
    assert told(out) == [("RaiseAlarm", "site_down", "faro")]
    watch.sites({"porto"}, {"porto"}, 16.0, out)
    assert told(out) == [("ClearAlarm", "site_down", "faro")]


def test_a_site_that_was_heard_is_its_links_business() -> None:
    watch, out = make()
    watch.sites({"faro"}, set(), 10.0, out)
    watch.sites({"faro"}, {"faro"}, 16.0, out)
    assert told(out) == []


def test_a_site_without_a_document_alarms_nobody_any_more() -> None:
    alarms, out = Alarms(SETTINGS), list[Action]()
    watch = Watch(SETTINGS, alarms)
    watch.sites({"faro"}, {"faro"}, 10.0, out)
    site_alarms.told(alarms, "faro", (SiteAlarm(code="cti_silent", text="it is silent"),), out)
    watch.sites(set(), {"faro"}, 11.0, out)
    assert told(out) == [("RaiseAlarm", "cti_silent", "faro"), ("ClearAlarm", "cti_silent", "faro")]
