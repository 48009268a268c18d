"""Edges that ask a site before delivery are answered once: by NIRC in time, else by the site."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from peer_plans import UNTIL_UNIX_S, alone
from site_playbook import EPOCH, SETTINGS, SitePlay, agent_of, led, offered, queue_of

from nrcli.sip.redirect_words import PreRouteAsked, PreRouteTold
from nrcli.wire import messages as msg
from routing_policies.document import SiteTable
from site_agent.core.actions import RaiseAlarm
from site_agent.core.events import NodeLinkDown, NodeLinkUp, WallTimeRead
from site_agent.core.settings import SiteSettings

NUMBER = "+351800100100"
HOME, AWAY = ("192.0.2.1", 5060), ("198.51.100.7", 5062)
ROWS = {("porto", "carrier"): (*AWAY, "tcp"), ("faro", "carrier"): ("198.51.100.9", 5069, "udp")}


def texts() -> bytes:
    plan = {
        "country": "PT",
        "entries": [{"number": NUMBER, "service": "sales", "entry_sites": ["faro", "lisbon"]}],
    }
    made = {
        "NetworkService/sales": {"queue": "sales", "aht_s": 60},
        "DialedNumberPlan/all": plan,
        "Tenant/default": {"lists": [{"name": "bad", "numbers": ["+351666*"], "blocked": True}]},
    }
    head = {"apiVersion": "nirc/v1"}
    return json.dumps(
        {
            key: json.dumps(
                head
                | {"kind": key.partition("/")[0], "metadata": {"name": key.partition("/")[2]}}
                | {"spec": spec}
            )
            for key, spec in made.items()
        }
    ).encode()


def ready(settings: SiteSettings = SETTINGS, *, takes: bool = True) -> SitePlay:
    """Lisbon, led by n1, which knows these questions."""
    play = led(settings, documents=texts())
    play.event(NodeLinkUp(node="n1", pre_routes=takes))
    return with_rows(play)


def with_rows(play: SitePlay) -> SitePlay:
    addresses = play.daemon._parts.addresses
    addresses._table = SiteTable(addresses=ROWS)
    return play


def asked(ask: str = "q1", **more: object) -> PreRouteAsked:
    values: dict[str, object] = {
        "client": "edge",
        "trunk_group": "carrier",
        "called": f"sip:{NUMBER}@lisbon",
        "caller": "sip:+351912345678@carrier",
        "interaction_id": f"i-{ask}",
        "call_id": f"c-{ask}",
    }
    return PreRouteAsked(id=ask, **(values | more))  # type: ignore[arg-type]


def answer(ask: str = "q1", *sites: str, **more: Any) -> msg.PreRouteAnswer:
    outcome = msg.RouteOutcome.MOVE if sites else msg.RouteOutcome.REJECT
    by_default = more.pop("by_default", False)
    said = msg.RouteAnswer(
        **{
            "domain": "default",
            "epoch": EPOCH,
            "request_id": ask,
            "outcome": outcome,
            "target_site": sites[0] if sites else "",
            "queue": "sales",
            "decision_id": "d1",
            "reason": "idle",
        }
        | more
    )
    return msg.PreRouteAnswer(answer=said, further_sites=sites[1:], by_default=by_default)


def sites_of(told: PreRouteTold) -> list[str]:
    return [one.site for one in told.contacts]


def counters(play: SitePlay) -> dict[str, int]:
    found = play.daemon.view(play.now_s).counters
    return {name: n for name, n in found.items() if name.startswith("pre_route")}


def test_the_leader_is_asked_with_the_numbers_read_and_its_choice_told() -> None:
    play = ready().event(asked())
    (question,) = play.sent(msg.PreRouteAsk, "n1")
    request = question.request
    assert (question.client, question.entry_sites) == ("edge", ("lisbon", "faro"))
    assert (request.service, request.dialed_number, request.ani) == (
        "sales",
        NUMBER,
        "+351912345678",
    )
    assert (request.interaction_id, request.trunk_group, request.queue) == ("i-q1", "carrier", "")
    assert play.daemon.view(play.now_s).pre_routes.waiting_count == 1
    told = play.said(answer("q1", "porto", "lisbon")).one(PreRouteTold)
    assert [(one.site, (one.host, one.port), one.transport) for one in told.contacts] == [
        ("porto", AWAY, "tcp"),
        ("lisbon", HOME, "udp"),
    ]
    assert (told.decision_id, told.by_default, told.queue) == ("d1", False, "sales")
    assert play.timers.get("pre_route:q1") is None
    assert play.said(answer("q1", "faro")).all(PreRouteTold) == []
    assert counters(play) == {"pre_route_asked": 1, "pre_route_away": 1, "pre_route_late": 1}


def test_home_is_always_among_the_contacts_and_first_where_no_policy_chose() -> None:
    told = ready().event(asked()).said(answer("q1", "porto")).one(PreRouteTold)
    assert sites_of(told) == ["porto", "lisbon"]
    told = ready().event(asked()).said(answer("q1", "faro", by_default=True)).one(PreRouteTold)
    assert (sites_of(told), told.by_default) == (["lisbon", "faro"], True)
    told = ready().event(asked()).said(answer("q1")).one(PreRouteTold)
    assert (sites_of(told), told.by_default) == (["lisbon"], True)


def test_a_policys_refusal_is_handed_on() -> None:
    play = ready().event(asked()).said(answer("q1", reject_reason="closed"))
    told = play.one(PreRouteTold)
    assert (told.problem, told.contacts) == ("closed", ())


def test_late_the_answer_is_home_and_what_comes_after_is_not_used() -> None:
    play = ready().event(asked()).wait(0.94)
    assert play.all(PreRouteTold) == []
    told = play.wait(0.02).one(PreRouteTold)
    assert (sites_of(told), told.by_default) == (["lisbon", "faro"], True)
    alarm = play.one(RaiseAlarm)
    assert (alarm.code, alarm.place) == ("pre_route_default", "edge")
    assert "did not answer in time" in play.daemon.view(play.now_s).pre_routes.last_default
    assert play.said(answer("q1", "porto")).all(PreRouteTold) == []
    play.event(asked("q2")).said(answer("q2", "porto"))
    assert play.daemon.view(play.now_s).alarms == ()


def test_an_older_leader_is_not_asked() -> None:
    play = ready(takes=False).event(asked())
    assert play.sent(msg.PreRouteAsk) == []
    assert sites_of(play.one(PreRouteTold)) == ["lisbon", "faro"]
    assert "too old" in play.one(RaiseAlarm).text


def test_a_broken_link_is_answered_for_at_once() -> None:
    play = ready().event(asked())
    told = play.event(NodeLinkDown(node="n1", reason="silent")).one(PreRouteTold)
    assert sites_of(told)[0] == "lisbon"
    assert "pre_route:q1" not in play.timers
    assert play.event(asked("q2")).one(PreRouteTold).by_default


def test_a_deposed_leaders_choice_is_not_used() -> None:
    play = ready().event(asked())
    old = replace(EPOCH, revision=EPOCH.revision - 1)
    assert sites_of(play.said(answer("q1", "porto", epoch=old)).one(PreRouteTold))[0] == "lisbon"
    assert play.sent(msg.EpochRefused)


@pytest.mark.parametrize("called", ["sip:112@lisbon", "tel:112", "sip:1199@lisbon"])
def test_an_emergency_call_goes_home_unasked(called: str) -> None:
    play = ready(replace(SETTINGS, pre_route_emergency=frozenset({"1199"})))
    told = play.event(asked(called=called)).one(PreRouteTold)
    assert (sites_of(told), play.sent(msg.PreRouteAsk)) == (["lisbon"], [])
    assert play.all(RaiseAlarm) == []


def test_a_number_that_no_plan_knows_is_the_sites_own_business() -> None:
    play = ready().event(asked(called="sip:+351999999999@lisbon"))
    assert sites_of(play.one(PreRouteTold)) == ["lisbon"]
    assert (play.sent(msg.PreRouteAsk), play.all(RaiseAlarm)) == ([], [])
    bare = led().event(asked())
    assert sites_of(bare.one(PreRouteTold)) == ["lisbon"]


def test_a_blocked_caller_is_refused() -> None:
    told = ready().event(asked(caller="sip:+351666111222@carrier", verified=True))
    assert told.one(PreRouteTold).problem == "blocked"


def test_questions_that_wait_are_bounded() -> None:
    play = ready(replace(SETTINGS, pre_routes_open_max=1)).event(asked()).event(asked("q2"))
    assert play.one(PreRouteTold).id == "q2"
    assert play.sent(msg.PreRouteAsk) == []


def test_a_busy_leader_leaves_it_to_the_site() -> None:
    said = answer("q1", outcome=msg.RouteOutcome.ACT_LOCALLY, reason="overload")
    assert sites_of(ready().event(asked()).said(said).one(PreRouteTold))[0] == "lisbon"


def test_home_is_where_the_settings_say_and_a_site_without_address_cannot_be_named() -> None:
    settings = replace(SETTINGS, pre_route_homes={"edge": ("10.0.0.9", 5080, "tls")})
    first = ready(settings).event(asked(called="sip:112@x")).one(PreRouteTold).contacts[0]
    assert (first.host, first.port, first.transport) == ("10.0.0.9", 5080, "tls")
    told = ready().event(asked(trunk_group="network", called="sip:112@x")).one(PreRouteTold)
    assert (told.problem, told.contacts) == ("no_site", ())


def without_nirc() -> SitePlay:
    """By its peer plan."""
    play = alone()
    play.event(before_the_end())
    return with_rows(play)


def before_the_end() -> WallTimeRead:
    return WallTimeRead(unix_s=UNTIL_UNIX_S - 1000)


def test_by_the_peer_plan_another_site_comes_first_only_where_nobody_is_at_home() -> None:
    play = without_nirc()
    play.daemon._parts.documents.stored(texts())
    assert play.daemon.view(play.now_s).tier == 2
    told = play.event(asked()).one(PreRouteTold)
    assert sites_of(told) == ["lisbon", "faro"], "staffed, and with a place to wait"
    play.event(queue_of(waiting_count=3))
    for n in range(3):
        play.event(offered(f"w{n}"))
    told = play.event(asked("q2")).one(PreRouteTold)
    assert sites_of(told)[:2] == ["porto", "lisbon"]
    told = play.event(asked("q3")).one(PreRouteTold)
    assert sites_of(told)[:2] in (["faro", "lisbon"], ["porto", "lisbon"])
    play.event(agent_of("berta", msg.AgentState.READY))
    assert sites_of(play.event(asked("q4")).one(PreRouteTold))[0] == "lisbon"
    assert counters(play)["pre_route_by_plan"] == 2
