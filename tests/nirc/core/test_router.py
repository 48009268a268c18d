"""Playbooks of the whole router: what follows from what sites, nodes and etcd say."""

from __future__ import annotations

import pytest
from playbook import Playbook, play
from router_network import EPOCH, FakeSite, ask, documents, join, leading, numbered, report

from nirc.core.actions import CloseSiteLink, RaiseAlarm, RecordDecision, SendToPeer, StepDown
from nirc.core.events import (
    CampaignWon,
    DocumentsChanged,
    DrainAsked,
    EtcdAnswered,
    LeadershipLost,
    PeerDown,
    PeerSaid,
    PeerUp,
    SiteAlive,
    SiteLinkDown,
    SiteLinkUp,
    SiteSaid,
)
from nirc.core.router import Router
from nirc.core.settings import RouterSettings
from nrcli.wire import messages as msg


def busy(name: str = "lisbon") -> FakeSite:
    return FakeSite(name, waiting_count=5)


def relay(book: Playbook, site: FakeSite, kind: type[object]) -> None:
    """The site hears what was sent to it and answers."""
    message = book.sent(site.name, kind)
    for said in site.hear(message, book.now_s):
        book.event(SiteSaid(site=site.name, message=said))


def test_a_call_moves_to_the_agent_who_waited_longest() -> None:
    lisbon, porto = busy(), FakeSite("porto", {"diogo": 50.0})
    faro = FakeSite("faro", {"katia": 20.0})
    book = leading(lisbon, porto, faro)
    book.event(SiteSaid(site="lisbon", message=ask()), at_s=101.0)
    reserve = book.sent("faro", msg.Reserve)
    assert (reserve.agent, reserve.queue, reserve.expires_s) == ("katia", "sales", 5.0)
    assert reserve.methods == (msg.TransferMethod.REDIRECT_302, msg.TransferMethod.BRIDGE)
    assert reserve.channels == (msg.ChannelClaim(trunk_group="network", count=1),)
    book.nothing_more()
    grant = faro.hear(reserve, 101.0)[0]
    book.event(SiteSaid(site="faro", message=grant), at_s=101.02)
    answer = book.sent("lisbon", msg.RouteAnswer)
    assert (answer.outcome, answer.target_site) == (msg.RouteOutcome.MOVE, "faro")
    assert answer.token == faro.held["r1"].token
    assert [rung.method for rung in answer.rungs] == list(reserve.methods)
    record = book.take(RecordDecision).record
    assert record.outcome == "move"
    reasons = {c.site: c.lost_because for c in record.candidates}
    assert reasons == {"faro": "", "porto": "not needed"}
    book.nothing_more()


def test_target_refuses_then_next_best_is_offered() -> None:
    lisbon, porto = busy(), FakeSite("porto", {"diogo": 50.0})
    faro = FakeSite("faro", {"katia": 20.0})
    book = leading(lisbon, porto, faro)
    faro.agents["katia"] = (msg.AgentState.BUSY, 100.5)
    book.event(SiteSaid(site="lisbon", message=ask(answered=True)), at_s=101.0)
    relay(book, faro, msg.Reserve)
    assert book.sent("porto", msg.Reserve).methods[0] is msg.TransferMethod.REFER
    book.nothing_more()


def test_own_agent_ready_stays() -> None:
    book = leading(FakeSite("lisbon", {"anna": 90.0}), FakeSite("porto", {"diogo": 50.0}))
    book.event(SiteSaid(site="lisbon", message=ask()))
    assert book.sent("lisbon", msg.RouteAnswer).outcome is msg.RouteOutcome.STAY
    assert book.take(RecordDecision).record.rules_tried == ("own-agent",)


def test_least_delay_reserves_a_place() -> None:
    porto = FakeSite("porto", staffed_count=10, waiting_count=1)
    faro = FakeSite("faro", staffed_count=1, waiting_count=20)
    book = leading(FakeSite("lisbon", staffed_count=1, waiting_count=5), porto, faro)
    book.event(SiteSaid(site="lisbon", message=ask(waited_s=33.0)))
    reserve = book.sent("porto", msg.Reserve)
    assert (reserve.agent, reserve.waited_s) == ("", 33.0)


def test_nobody_better_stays_with_reasons() -> None:
    book = leading(
        FakeSite("lisbon", staffed_count=10, waiting_count=1),
        FakeSite("porto", waiting_count=5),
        FakeSite("faro", {"katia": 1.0}, open=False),
    )
    book.event(SiteSaid(site="lisbon", message=ask()))
    assert book.sent("lisbon", msg.RouteAnswer).outcome is msg.RouteOutcome.STAY
    reasons = {c.site: c.lost_because for c in book.take(RecordDecision).record.candidates}
    assert reasons["faro"] == "closed"
    assert "gains too little" in reasons["porto"]


def test_a_repeated_request_gets_the_same_answer() -> None:
    lisbon, porto = busy(), FakeSite("porto", {"diogo": 50.0})
    book = leading(lisbon, porto)
    book.event(SiteSaid(site="lisbon", message=ask()))
    reserve = book.sent("porto", msg.Reserve)
    book.event(SiteSaid(site="lisbon", message=ask())).nothing_more()
    book.event(SiteSaid(site="porto", message=porto.hear(reserve, book.now_s)[0]))
    first = book.sent("lisbon", msg.RouteAnswer)
    book.event(SiteSaid(site="lisbon", message=ask()))
    assert book.sent("lisbon", msg.RouteAnswer) == first
    book.nothing_more()


def test_a_silent_target_is_released_and_the_deadline_is_kept() -> None:
    book = leading(busy(), FakeSite("porto", {"diogo": 50.0}))
    book.event(SiteSaid(site="lisbon", message=ask(deadline_s=0.4)), at_s=101.0)
    book.sent("porto", msg.Reserve)
    book.wait_until(101.35)
    book.sent("porto", msg.Release)
    answer = book.sent("lisbon", msg.RouteAnswer)
    assert (answer.outcome, answer.reason) == (msg.RouteOutcome.STAY, "deadline")
    assert book.take(RecordDecision).record.outcome == "deadline"


def test_a_late_grant_is_released() -> None:
    porto = FakeSite("porto", {"diogo": 50.0})
    book = leading(busy(), porto)
    book.event(SiteSaid(site="lisbon", message=ask()))
    reserve = book.sent("porto", msg.Reserve)
    book.event(SiteSaid(site="lisbon", message=msg.RouteRequestCancel(request_id="r1")))
    book.sent("porto", msg.Release)
    grant = porto.hear(reserve, book.now_s)[0]
    book.event(SiteSaid(site="porto", message=grant))
    assert book.sent("porto", msg.Release).request_id == "r1"
    assert book.router.view(book.now_s).promises_count == 0


def test_a_cancelled_token_is_never_answered() -> None:
    """An earlier leader's token was cancelled while the same target is asked again."""
    lisbon, porto = busy(), FakeSite("porto", {"diogo": 50.0})
    book = leading(lisbon, porto)
    book.event(SiteSaid(site="lisbon", message=ask()))
    reserve = book.sent("porto", msg.Reserve)
    grant = porto.hear(reserve, book.now_s)[0]
    assert isinstance(grant, msg.ReserveGranted)
    cancel = msg.Cancel(token=grant.token, request_id="other", from_site="lisbon", to_site="porto")
    book.event(SiteSaid(site="lisbon", message=cancel))
    assert book.sent("porto", msg.Cancel) == cancel
    book.event(SiteSaid(site="porto", message=grant))
    book.sent("porto", msg.Release)
    assert book.sent("lisbon", msg.RouteAnswer).token == ""


def test_who_does_not_lead_says_so() -> None:
    router = Router(node="n2", settings=RouterSettings(), new_id=numbered("d"))
    book = play(router)
    join(book, busy())
    book.event(SiteSaid(site="lisbon", message=ask()))
    assert book.sent("lisbon", msg.NotLeading).leader == ""
    book.nothing_more()


def test_nothing_is_answered_after_leadership_is_lost() -> None:
    porto = FakeSite("porto", {"diogo": 50.0})
    book = leading(busy(), porto)
    book.event(SiteSaid(site="lisbon", message=ask()))
    reserve = book.sent("porto", msg.Reserve)
    book.event(LeadershipLost(domain="default", reason="lease gone"))
    for site in ("lisbon", "porto"):
        book.sent(site, msg.NotLeading, request_id="")
    book.nothing_more()
    book.event(SiteSaid(site="porto", message=porto.hear(reserve, 101.0)[0])).nothing_more()
    book.wait_until(105.0)
    assert list(book.messages(msg.RouteAnswer)) == []
    view = book.router.view(105.0)
    assert (view.promises_count, view.open_requests_count) == (0, 0)


def test_the_deadline_rule_stops_commands_before_the_lease_ends() -> None:
    book = leading(busy(), FakeSite("porto", {"diogo": 50.0}), ttl_s=2.0)
    book.event(SiteSaid(site="lisbon", message=ask("r1")), at_s=101.69)
    book.sent("porto", msg.Reserve)
    book.event(SiteSaid(site="lisbon", message=ask("r2")), at_s=101.7)
    book.sent("lisbon", msg.NotLeading)
    book.wait_until(101.7).action(StepDown, domain="default")
    for site in ("lisbon", "porto"):
        book.sent(site, msg.NotLeading, request_id="")
    book.nothing_more()


def test_an_unknown_site_is_closed() -> None:
    book = leading(busy())
    book.event(SiteLinkUp(site="nowhere", hello=msg.Hello(site="nowhere", incarnation=1)))
    book.action(CloseSiteLink, site="nowhere", code="unknown_site").nothing_more()
    book.event(SiteSaid(site="nowhere", message=ask())).nothing_more()


def test_a_stale_incarnation_is_closed() -> None:
    porto = FakeSite("porto")
    porto.incarnation = 5
    book = leading(porto)
    book.event(SiteLinkUp(site="porto", hello=msg.Hello(site="porto", incarnation=4)))
    book.action(CloseSiteLink, code="incarnation")


def test_a_site_that_left_the_documents_is_closed() -> None:
    book = leading(busy(), FakeSite("porto"))
    book.event(DocumentsChanged(documents=documents(["lisbon"])))
    book.action(CloseSiteLink, site="porto").nothing_more()


def test_a_dead_site_gets_no_calls() -> None:
    book = leading(busy(), FakeSite("porto", {"diogo": 50.0}))
    book.event(SiteLinkDown(site="porto", reason="reset")).action(RaiseAlarm, code="site_down")
    book.event(SiteSaid(site="lisbon", message=ask()))
    assert book.sent("lisbon", msg.RouteAnswer).outcome is msg.RouteOutcome.STAY
    assert book.take(RecordDecision).record.candidates[0].lost_because == "site is dead"


def test_drain_steps_down_and_asks_to_go_elsewhere() -> None:
    book = leading(busy())
    book.event(DrainAsked()).action(StepDown, reason="drain")
    book.sent("lisbon", msg.NotLeading, request_id="")
    book.nothing_more()
    book.event(SiteSaid(site="lisbon", message=ask())).sent("lisbon", msg.NotLeading)


def test_peers_hear_which_sites_are_linked() -> None:
    book = leading(busy())
    book.event(PeerUp(node="n2"))
    status = book.take(SendToPeer, node="n2").message
    assert isinstance(status, msg.PeerStatus)
    assert status.sites == ("lisbon",)
    assert status.leading[0].domain == "default"


def test_a_relayed_cancel_ends_the_open_request() -> None:
    porto = FakeSite("porto", {"diogo": 50.0})
    book = leading(busy(), porto)
    book.event(SiteSaid(site="lisbon", message=ask()))
    cancel = msg.Cancel(token="t", request_id="r1", from_site="lisbon", to_site="porto")
    book.event(PeerSaid(node="n2", message=msg.PeerRelay(message=cancel)))
    assert book.sent("porto", msg.Cancel) == cancel
    book.sent("porto", msg.Release)
    assert book.take(RecordDecision).record.outcome == "cancelled"


def test_what_is_no_event_raises_and_changes_nothing() -> None:
    book = leading(busy())
    before = book.router.view(100.0)
    with pytest.raises(KeyError):
        book.router.handle("nonsense", 100.0)  # type: ignore[arg-type]
    assert book.router.view(100.0) == before


def test_a_message_without_a_stream_changes_nothing() -> None:
    book = play(Router(node="n", settings=RouterSettings(), new_id=numbered("d")))
    book.event(SiteSaid(site="porto", message=ask())).nothing_more()
    book.event(SiteAlive(site="porto")).nothing_more()


def test_the_promised_agent_is_not_offered_twice_before_the_site_says_so() -> None:
    porto = FakeSite("porto", {"diogo": 50.0, "elsa": 60.0})
    book = leading(busy(), porto)
    book.event(SiteSaid(site="lisbon", message=ask("r1")))
    assert book.sent("porto", msg.Reserve).agent == "diogo"
    book.event(SiteSaid(site="lisbon", message=ask("r2")))
    assert book.sent("porto", msg.Reserve).agent == "elsa"
    report(book, porto)
    book.event(SiteSaid(site="lisbon", message=ask("r3", deadline_s=0.2)))
    assert book.router.view(book.now_s).promises_count == 3
    assert book.sent("porto", msg.Reserve).agent == ""


def test_what_is_away_is_alarmed_and_nobody_is_shown_as_leader() -> None:
    settings = RouterSettings()
    router = Router(node="n1", settings=settings, new_id=numbered("d"), peers=["n2"])
    book = play(router)
    book.event(DocumentsChanged(documents=documents(["faro"])))
    book.event(PeerUp(node="n2"))
    led = (msg.KnownEpoch(domain="default", epoch=EPOCH),)
    book.event(PeerSaid(node="n2", message=msg.PeerStatus(node="n2", leading=led, sites=())))
    (domain,) = router.view(book.now_s).domains
    assert (domain.leader, domain.epoch, domain.leading_here) == ("n2", EPOCH, False)
    book.event(PeerDown(node="n2", refused=True))
    (domain,) = router.view(book.now_s).domains
    assert (domain.leader, domain.epoch) == ("", EPOCH)
    book.wait_until(106.5)
    codes = [(alarm.code, alarm.place) for alarm in router.view(book.now_s).alarms]
    assert codes == [
        ("etcd_unreachable", "etcd"),
        ("node_down", "n2"),
        ("site_down", "faro"),
        ("no_leader", "default"),
    ]
    book.event(PeerUp(node="n2"))
    book.event(EtcdAnswered(asked_at_s=106.5))
    join(book, FakeSite("faro"))
    book.event(CampaignWon(domain="default", epoch=EPOCH, sent_at_s=106.5, ttl_s=9.0))
    book.wait_until(107.0)
    assert router.view(book.now_s).alarms == ()


def test_the_record_names_who_was_reserved_and_not_who_is_next() -> None:
    porto = FakeSite("porto", {"diogo": 20.0, "elsa": 50.0})
    book = leading(busy(), porto)
    book.event(SiteSaid(site="lisbon", message=ask()))
    reserve = book.sent("porto", msg.Reserve)
    assert reserve.agent == "diogo"
    book.event(SiteSaid(site="porto", message=porto.hear(reserve, book.now_s)[0]))
    record = book.take(RecordDecision).record
    assert record.agent == "diogo"
    assert [one.agent for one in record.candidates] == ["diogo"]
