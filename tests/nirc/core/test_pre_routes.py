"""Edges that ask before any site has the call are answered once, in time."""

from __future__ import annotations

from control_samples import control
from playbook import Playbook, play
from router_network import EPOCH, FakeSite, documents, leading, numbered, policy_text

from nirc.core.actions import RaiseAlarm, RecordDecision, SendToPeer
from nirc.core.events import (
    ControlsRead,
    DocumentsChanged,
    InboxFilled,
    LeaderObserved,
    PeerSaid,
    PeerUp,
    SiteAlive,
    SiteLinkDown,
    SiteLinkUp,
    SiteSaid,
)
from nirc.core.pre_routes import TIMER
from nirc.core.router import Router
from nirc.core.settings import RouterSettings
from nrcli.sip.redirect_words import PreRouteAsked, PreRouteTold
from nrcli.wire import messages as msg
from routing_policies.document import NetworkDocuments

SITES = ("faro", "porto")
LONGEST = "{name: longest, select: longest_available, action: route}"


def docs(rules: str = LONGEST, *sites: str, entry: str = "", **more: str) -> NetworkDocuments:
    table = ", ".join(
        f"{{site: {site}, trunk_group: network, host: 192.0.2.{n}, port: 506{n}}}"
        for n, site in enumerate(sites or SITES, 1)
    )
    plan = (
        "kind: DialedNumberPlan\nmetadata: {name: all}\nspec:\n  country: PT\n"
        f"  entries: [{{number: '+351800100100', service: sales{entry}}}]\n"
    )
    texts = {
        "RoutingPolicy/default": policy_text(rules),
        "SiteTable/all": "kind: SiteTable\nmetadata: {name: all}\n"
        f"spec: {{addresses: [{table}]}}\n",
        "DialedNumberPlan/all": plan,
        **{name.replace("_", "/", 1): text for name, text in more.items()},
    }
    return documents(SITES, more=texts)


def asked(ask: str = "q1", **more: object) -> PreRouteAsked:
    values: dict[str, object] = {
        "client": "edge",
        "trunk_group": "network",
        "called": "sip:+351800100100@nirc",
        "caller": "sip:+351912345678@carrier",
        "interaction_id": f"i-{ask}",
        "call_id": f"c-{ask}",
    }
    return PreRouteAsked(id=ask, **(values | more))  # type: ignore[arg-type]


def sites_of(told: PreRouteTold) -> list[str]:
    return [one.site for one in told.contacts]


def two_sites(**settings: float) -> Playbook:
    sites = FakeSite("faro", {"katia": 50.0}), FakeSite("porto", {"diogo": 1.0})
    return leading(*sites, docs=docs(), settings=RouterSettings(**settings))  # type: ignore[arg-type]


def test_the_policy_chooses_and_nothing_is_reserved() -> None:
    book = two_sites().event(asked())
    told = book.take(PreRouteTold, id="q1", queue="sales", by_default=False, problem="")
    assert [(one.site, one.host, one.port, one.transport) for one in told.contacts] == [
        ("porto", "192.0.2.2", 5062, "udp"),
        ("faro", "192.0.2.1", 5061, "udp"),
    ]
    record = book.take(RecordDecision).record
    assert (record.outcome, record.target_site, record.queue) == ("redirect", "porto", "sales")
    assert (record.origin_site, record.interaction_id) == ("(edge)", "i-q1")
    assert record.decision_id == told.decision_id
    assert {one.site: one.lost_because for one in record.candidates}["porto"] == ""
    assert not list(book.messages(msg.Reserve))


def test_calls_of_one_burst_do_not_all_choose_the_same_agent() -> None:
    book = two_sites()
    first = book.event(asked("q1")).take(PreRouteTold)
    second = book.event(asked("q2")).take(PreRouteTold)
    assert (sites_of(first)[0], sites_of(second)[0]) == ("porto", "faro")
    book.wait_until(book.now_s + 5.0)
    assert book.router.view(book.now_s).promises_count == 0
    alike = two_sites(pre_route_expected_s=0.0)
    for ask in ("q1", "q2"):
        assert sites_of(alike.event(asked(ask)).take(PreRouteTold))[0] == "porto"


def test_where_the_policy_finds_nobody_the_first_entry_site_is_the_answer() -> None:
    busy = FakeSite("faro", places_max=0), FakeSite("porto", places_max=0)
    book = leading(*busy, docs=docs(entry=", entry_sites: [porto, faro]")).event(asked())
    told = book.take(PreRouteTold, by_default=True)
    assert sites_of(told) == ["porto", "faro"]
    record = book.take(RecordDecision).record
    assert (record.outcome, record.target_site) == ("redirect_default", "porto")
    assert len(record.candidates) == 2


def test_without_entry_sites_every_site_that_serves_the_service_is_one() -> None:
    book = leading(*(FakeSite(site, places_max=0) for site in SITES), docs=docs())
    assert sites_of(book.event(asked()).take(PreRouteTold)) == ["faro", "porto"]


def test_a_site_without_address_is_never_named_and_a_failed_one_not_again() -> None:
    sites = FakeSite("faro", {"katia": 50.0}), FakeSite("porto", {"diogo": 1.0})
    book = leading(*sites, docs=docs(LONGEST, "faro")).event(asked())
    assert sites_of(book.take(PreRouteTold)) == ["faro"]
    book = two_sites().event(asked(refused_sites=("porto",)))
    assert sites_of(book.take(PreRouteTold)) == ["faro"]


def test_a_rejection_of_the_policy_has_no_site() -> None:
    book = leading(FakeSite("faro"), docs=docs("{name: no, action: reject, reason: closed}"))
    book.event(asked()).action(PreRouteTold, problem="closed", contacts=())
    assert book.take(RecordDecision).record.outcome == "reject"


MAIL = (
    "kind: Handler\nmetadata: {name: mail}\nspec: {uri: 'sip:m@192.0.2.9:5080', calls_max: 1,"
    " ways: [{trunk_group: network, methods: [redirect_302], follows_contacts: true}]}\n"
)
TO_MAIL = "{name: mail, action: to_handler, handler: mail, reason: closed}"


def test_a_closed_service_goes_to_its_voicemail_and_then_to_an_entry_site() -> None:
    full = FakeSite("faro", places_max=0), FakeSite("porto", places_max=0)
    book = leading(*full, docs=docs(f"{LONGEST}, {TO_MAIL}", Handler_mail=MAIL)).event(asked())
    told = book.take(PreRouteTold, problem="", because="closed", by_default=False)
    first, *rest = told.contacts
    assert (first.handler, first.uri, first.site) == ("mail", "sip:m@192.0.2.9:5080", "")
    assert (first.host, first.port, first.transport) == ("192.0.2.9", 5080, "udp")
    assert [one.site for one in rest] == ["faro", "porto"]
    record = book.take(RecordDecision).record
    assert (record.outcome, record.handler, record.target_site) == ("to_handler", "mail", "")
    told = book.event(asked("q2")).take(PreRouteTold, by_default=True)
    assert sites_of(told) == ["faro", "porto"], "the voicemail is full"


def test_an_older_node_that_asks_for_its_edge_is_told_of_no_handler() -> None:
    book = leading(FakeSite("faro", places_max=0), docs=docs(TO_MAIL, Handler_mail=MAIL))
    book.event(PeerUp(node="n2"))
    request = msg.RouteRequest(
        request_id="p1",
        interaction_id="i",
        call_id="c",
        service="sales",
        queue="",
        trunk_group="network",
    )
    for knows in (False, True):
        ask = msg.PreRouteAsk(
            client="(edge)", request=request, entry_sites=("faro",), handlers=knows
        )
        book.event(PeerSaid(node="n2", message=ask))
        (said,) = [
            one.message
            for one in book.left
            if isinstance(one, SendToPeer) and isinstance(one.message, msg.PreRouteAnswer)
        ]
        assert (said.answer.handler == "mail") is knows
        assert said.by_default is not knows


def test_a_number_in_no_plan_and_a_node_without_documents_are_told_so() -> None:
    book = two_sites().event(asked(called="sip:+351999@nirc"))
    book.action(PreRouteTold, problem="not_in_service")
    bare = play(Router(node="n1", settings=RouterSettings(), new_id=numbered("d")), 1.0)
    bare.event(asked()).action(PreRouteTold, problem="no_documents")


def test_a_blocked_caller_is_refused() -> None:
    tenant = (
        "kind: Tenant\nmetadata: {name: default}\n"
        "spec: {lists: [{name: pests, numbers: ['+351912345678'], blocked: true}]}\n"
    )
    book = leading(FakeSite("faro", {"katia": 1.0}), docs=docs(Tenant_default=tenant))
    book.event(asked()).action(PreRouteTold, problem="blocked")
    book.event(asked("q2", caller="sip:+351211@x")).action(PreRouteTold, problem="")


# ---- another node leads


def follower(*, takes: bool = True, entry: str = ", entry_sites: [porto, faro]") -> Playbook:
    router = Router(node="n2", settings=RouterSettings(), new_id=numbered("f"), peers=["n1"])
    book = play(router, 100.0).event(DocumentsChanged(documents=docs(entry=entry)))
    book.event(PeerUp(node="n1"))
    leading_n1 = (msg.KnownEpoch(domain="default", epoch=EPOCH),)
    book.event(LeaderObserved(domain="default", node="n1", epoch=EPOCH))
    status = msg.PeerStatus(node="n1", leading=leading_n1, pre_routes=takes)
    return book.event(PeerSaid(node="n1", message=status))


def relayed(book: Playbook) -> msg.PreRouteAsk:
    message = book.take(SendToPeer, node="n1").message
    assert isinstance(message, msg.PreRouteAsk)
    return message


def test_a_follower_asks_the_leader_and_tells_what_it_said() -> None:
    book, leader = follower(), two_sites()
    ask = relayed(book.event(asked()))
    assert (ask.client, ask.entry_sites, ask.request.service) == (
        "(edge)",
        ("porto", "faro"),
        "sales",
    )
    leader.event(PeerSaid(node="n2", message=ask))
    said = leader.take(SendToPeer, node="n2").message
    assert leader.take(RecordDecision).record.target_site == "porto"
    told = book.event(PeerSaid(node="n1", message=said)).take(PreRouteTold, id="q1")
    assert (sites_of(told), told.by_default) == (["porto", "faro"], False)
    assert TIMER + "q1" not in book.timers


def test_a_late_leader_is_not_waited_for_beyond_the_deadline() -> None:
    book = follower().event(asked())
    ask = relayed(book)
    book.wait_until(100.94)
    assert not [one for one in book.left if isinstance(one, PreRouteTold)]
    book.wait_until(100.96)
    told = book.take(PreRouteTold, by_default=True)
    assert sites_of(told) == ["porto", "faro"]
    assert book.take(RecordDecision).record.outcome == "redirect_default"
    book.action(RaiseAlarm, code="pre_route_default")
    leader = two_sites()
    leader.event(PeerSaid(node="n2", message=ask))
    said = leader.take(SendToPeer, node="n2").message
    assert not [
        one
        for one in book.event(PeerSaid(node="n1", message=said)).left
        if isinstance(one, PreRouteTold)
    ]


def test_without_a_leader_or_with_one_of_an_older_release_the_table_answers_at_once() -> None:
    alone = play(Router(node="n2", settings=RouterSettings(), new_id=numbered("f")), 100.0)
    alone.event(DocumentsChanged(documents=docs(entry=", entry_sites: [porto]")))
    assert sites_of(alone.event(asked()).take(PreRouteTold, by_default=True)) == ["porto"]
    older = follower(takes=False).event(asked())
    older.action(PreRouteTold, by_default=True)
    assert not [one for one in older.left if isinstance(one, SendToPeer)]


def test_a_node_that_leads_no_more_says_so_and_the_table_answers() -> None:
    book, other = follower(), follower()
    ask = relayed(book.event(asked()))
    other.event(PeerSaid(node="n2", message=ask))
    said = other.take(SendToPeer, node="n2").message
    assert isinstance(said, msg.PreRouteAnswer)
    assert said.answer.outcome is msg.RouteOutcome.ACT_LOCALLY
    told = book.event(PeerSaid(node="n1", message=said)).take(PreRouteTold, by_default=True)
    assert sites_of(told) == ["porto", "faro"]


def test_a_dead_site_is_the_last_of_the_table() -> None:
    nobody = [FakeSite(site, places_max=0) for site in SITES]
    book = leading(*nobody, docs=docs(entry=", entry_sites: [porto, faro]"))
    assert sites_of(book.event(asked()).take(PreRouteTold)) == ["porto", "faro"]
    book.event(SiteLinkDown(site="porto", reason="gone"))
    for _ in range(10):
        book.wait_until(book.now_s + 1.0).event(SiteAlive(site="faro"))
    assert sites_of(book.event(asked("q2")).take(PreRouteTold)) == ["faro", "porto"]


def test_a_site_that_a_plan_closes_is_the_last_of_the_table_and_not_chosen() -> None:
    plan = "kind: Plan\nmetadata: {name: lost}\nspec: {closed_sites: [porto], lasts_s: 900}\n"
    agents = FakeSite("faro"), FakeSite("porto", {"diogo": 1.0})
    book = leading(*agents, docs=docs(entry=", entry_sites: [porto, faro]", Plan_lost=plan))
    assert sites_of(book.event(asked()).take(PreRouteTold))[0] == "porto"
    book.event(ControlsRead(controls=(control("plan", "plan lost"),)))
    told = book.event(asked("q2")).take(PreRouteTold, by_default=True)
    assert sites_of(told) == ["faro", "porto"]


def test_an_emergency_call_is_answered_from_the_table_at_once() -> None:
    plan = (
        "kind: DialedNumberPlan\nmetadata: {name: all}\nspec:\n  country: PT\n"
        "  entries: [{number: '112', service: sales, entry_sites: [faro]}]\n"
    )
    book = leading(FakeSite("porto", {"diogo": 1.0}), docs=docs(DialedNumberPlan_all=plan))
    book.event(asked(called="sip:112@x"))
    assert sites_of(book.take(PreRouteTold, by_default=True)) == ["faro"]
    assert not [one for one in book.left if isinstance(one, RaiseAlarm)]


def test_where_the_node_has_too_much_to_do_the_table_answers() -> None:
    book = two_sites().event(InboxFilled(share=0.9))
    told = book.event(asked()).take(PreRouteTold, by_default=True)
    assert told.reason.startswith("overload")


# ---- a site hands on the question of its edge


def of_site(book: Playbook, site: str = "faro") -> msg.PreRouteAnswer:
    request = msg.RouteRequest(
        request_id="s1",
        interaction_id="i-s1",
        call_id="c-s1",
        service="sales",
        queue="",
        dialed_number="+351800100100",
        trunk_group="network",
        deadline_s=0.9,
    )
    question = msg.PreRouteAsk(client="edge", request=request, entry_sites=(site,))
    book.event(SiteSaid(site=site, message=question))
    return book.sent(site, msg.PreRouteAnswer)


def test_a_site_is_answered_by_the_policy_and_recorded_with_its_name() -> None:
    book = two_sites()
    said = of_site(book)
    assert (said.answer.target_site, said.further_sites) == ("porto", ("faro",))
    record = book.take(RecordDecision).record
    assert (record.origin_site, record.outcome) == ("(faro/edge)", "redirect")
    assert book.router.view(book.now_s).counters["pre_route.asked_by_sites"] == 1


def test_a_site_that_asks_a_node_that_does_not_lead_acts_by_itself() -> None:
    book = follower()
    book.event(SiteLinkUp(site="faro", hello=msg.Hello(site="faro", incarnation=1)))
    assert of_site(book).answer.outcome is msg.RouteOutcome.ACT_LOCALLY
