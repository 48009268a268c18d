"""Each thing that can be wrong is found, named with its place, and told with a remedy."""

from __future__ import annotations

from typing import Any

import pytest

from nrcli.commands.diagnosis import NodeSays, diagnose
from nrcli.wire.alarm_models import Alarm
from nrcli.wire.api_models import (
    AgentStatus,
    CallInMotion,
    DomainLeader,
    SiteStatus,
    Status,
    StoreStatus,
)

WELL = StoreStatus(in_reach=True)
AWAY = StoreStatus(in_reach=False, problem="refused")


def site(name: str = "lisbon", **fields: Any) -> SiteStatus:
    known: dict[str, Any] = {
        "site": name,
        "liveness": "alive",
        "linked": True,
        "usable": True,
        "state_age_s": 0.1,
        "ready_count": 1,
        "waiting_count": 0,
        "busy_count": 0,
    }
    return SiteStatus(**(known | fields))


def says(name: str = "n1", *, leader: str = "n1", **fields: Any) -> NodeSays:
    of_status = {key: fields.pop(key) for key in list(fields) if key in Status.model_fields}
    if "site_list" in fields:
        fields["sites"] = fields.pop("site_list")
    domain = DomainLeader(
        domain="default", leader=leader, generation=1, revision=2, leads_here=leader == name
    )
    status: dict[str, Any] = {
        "node": name,
        "version": "1",
        "up_s": 9.0,
        "draining": False,
        "domains": (domain,),
        "sites_linked": ("lisbon",),
        "peers_linked": ("n2",),
        "documents_revision": 3,
        "etcd": WELL,
        "redis": WELL,
        "alarms_count": 0,
        "calls_in_motion_count": 0,
        "inbox_count": 0,
    }
    more: dict[str, Any] = {"sites": (site(),)} | fields
    return NodeSays(url=f"http://{name}", status=Status(**(status | of_status)), **more)


def test_a_healthy_network_has_no_findings() -> None:
    assert diagnose([says(), says("n2", clock_ahead_s=0.7)]) == []


def alarm() -> Alarm:
    return Alarm(code="site_down", place="faro", text="silence", since_unix_s=1.0)


def a_move(age_s: float) -> CallInMotion:
    return CallInMotion(
        request_id="r", interaction_id="i", origin_site="lisbon", target_site="porto",
        queue="q", agent="", state="moving", age_s=age_s,
    )  # fmt: skip


RESERVED = AgentStatus(agent="anna", state="reserved", in_state_s=400.0)


@pytest.mark.parametrize(
    ("nodes", "place", "words"),
    [
        ([says(leader="")], "default", "nobody leads"),
        ([says(), says("n2", leader="n2")], "default", "n1: n1; n2: n2"),
        ([says(), says("n2", leader="")], "default", "n2: nobody"),
        ([says(etcd=AWAY)], "n1", "etcd is away: refused"),
        ([says(redis=AWAY)], "n1", "Redis is away"),
        ([says(documents_problem="line 3")], "n1", "line 3"),
        ([says(site_list=(site(liveness="dead"),))], "lisbon", "silent for every node"),
        ([says(), says("n2", site_list=(site(liveness="suspect"),))], "lisbon", "for n2 only"),
        ([says(site_list=(site(usable=False),))], "lisbon", "not acknowledged"),
        ([says(site_list=(site(agents=(RESERVED,)),))], "lisbon", "anna is reserved for 400 s"),
        ([says(calls=(a_move(61.0),))], "lisbon", "a move to porto"),
        ([says(alarms=(alarm(),))], "faro", "alarm site_down: silence"),
        ([says(), NodeSays(url="http://n2", problem="refused")], "http://n2", "refused"),
    ],
)
def test_what_is_wrong(nodes: list[NodeSays], place: str, words: str) -> None:
    (found,) = diagnose(nodes)
    assert found.wrong and found.place == place and words in found.what and found.remedy


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (says(documents_from_cache=True), "from its own disk"),
        (says(draining=True), "drains"),
        (says(peers_linked=()), "no other node"),
        (says(clock_ahead_s=-3600.0), "3600 s behind"),
    ],
)
def test_what_is_worth_a_look(node: NodeSays, words: str) -> None:
    (found,) = diagnose([node])
    assert not found.wrong and words in found.what and found.remedy


def test_what_is_wrong_comes_first_and_one_alarm_is_told_once() -> None:
    nodes = [says(draining=True, alarms=(alarm(),)), says("n2", alarms=(alarm(),))]
    assert [one.wrong for one in diagnose(nodes)] == [True, False]


def test_a_short_move_and_a_short_reservation_are_nothing() -> None:
    young = AgentStatus(agent="anna", state="reserved", in_state_s=4.0)
    assert diagnose([says(site_list=(site(agents=(young,)),), calls=(a_move(3.0),))]) == []


def test_sites_that_would_not_go_by_the_newest_peer_plan_are_named() -> None:
    sites = (
        site("lisbon", tier=0, plan_serial=8, plan_usable=True),
        site("porto", tier=0, plan_serial=7, plan_usable=True),
        site("faro", tier=0),
        site("old", tier=None),
    )
    told = {one.place: one for one in diagnose([says(site_list=sites, plan_serial=8)])}
    assert "serial 8: it has serial 7" in told["porto"].what and told["porto"].wrong
    assert "it has none" in told["faro"].what and "peer_plan_refused" in told["faro"].remedy
    assert "lisbon" not in told and "old" not in told
    refused = site("lisbon", tier=0, plan_serial=7, plan_usable=True)
    (one,) = diagnose([says(site_list=(refused,), plan_serial=9)])
    assert "serial 9" in one.what
    over = site("lisbon", tier=0, plan_serial=9, plan_usable=False)
    (one,) = diagnose([says(site_list=(over,), plan_serial=9)])
    assert not one.wrong and "over" in one.what


def test_where_there_is_no_peer_plan_nobody_misses_one() -> None:
    sites = (site("lisbon", tier=0), site("porto", tier=0))
    assert diagnose([says(site_list=sites, plan_serial=0)]) == []
    assert diagnose([says(site_list=sites)]) == []
