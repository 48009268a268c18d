"""Who may be chosen, and why the others are not."""

from __future__ import annotations

import pytest
from playbook import Playbook
from router_network import FakeSite, ask, documents, leading, policy_text, report

from nirc.core.actions import RaiseAlarm, RecordDecision
from nirc.core.events import (
    DocumentsChanged,
    SiteAlive,
    SiteLinkDown,
    SiteLinkUp,
    SiteSaid,
    WallTimeRead,
)
from nrcli.wire import messages as msg
from routing_policies.calendars import unix_s_of
from routing_policies.call_features import canary_share_of, share_of
from routing_policies.compiler import CompiledPolicy
from routing_policies.rollout import VersionText, WrittenRollout


def reasons(book: Playbook, **fields: object) -> dict[str, str]:
    """Why each site lost, after a request from lisbon was decided."""
    book.event(SiteSaid(site="lisbon", message=ask(**fields)))  # type: ignore[arg-type]
    record = book.take(RecordDecision).record
    return {c.site: c.lost_because for c in record.candidates}


def network(**porto: object) -> Playbook:
    lisbon = FakeSite("lisbon", waiting_count=5)
    return leading(lisbon, FakeSite("porto", {"diogo": 1.0}, **porto))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"visited_sites": ("porto",)}, "visited before"),
        ({"refused_targets": ("porto",)}, "failed this call just now"),
        ({"trunk_group": "isdn"}, "no path leads from lisbon trunk group isdn"),
    ],
)
def test_barred_by_the_request(fields: dict[str, object], reason: str) -> None:
    assert reasons(network(), **fields) == {"porto": reason}


@pytest.mark.parametrize(
    ("queue", "reason"),
    [
        ({"open": False}, "closed"),
        ({"shared": False}, "not shared"),
        ({"max_loan": 0}, "no free place"),
        ({"min_reserve": 1, "places_max": 0}, "no free place"),
    ],
)
def test_barred_by_the_queue(queue: dict[str, object], reason: str) -> None:
    assert reasons(network(**queue)) == {"porto": reason}


def test_suspect_dead_and_unacknowledged_sites_are_out() -> None:
    book = network()
    book.event(SiteAlive(site="lisbon"), at_s=101.0)
    book.wait_until(102.0)
    assert reasons(book, request_id="a") == {"porto": "site is suspect"}
    book.event(SiteLinkDown(site="porto", reason=""))
    assert reasons(book, request_id="b") == {"porto": "site is dead"}
    book.event(SiteLinkUp(site="porto", hello=msg.Hello(site="porto", incarnation=1)))
    assert reasons(book, request_id="c") == {"porto": "site has not acknowledged this leader"}
    ack = msg.LeadingAck(domain="default", epoch=msg.Epoch(generation=1, revision=10))
    book.event(SiteSaid(site="porto", message=ack))
    assert reasons(book, request_id="d") == {"porto": "site's state is not known yet"}


def test_no_channel_at_the_target() -> None:
    lisbon, porto = FakeSite("lisbon", waiting_count=5), FakeSite("porto", {"diogo": 1.0})
    porto.channels_max = 0
    assert reasons(leading(lisbon, porto)) == {"porto": "no free channel on network"}


@pytest.mark.parametrize(
    ("free", "methods", "reason"),
    [
        (0, "[bridge]", "no free channel on carrier at lisbon, where the call is"),
        (1, "[bridge]", "not needed"),
        (None, "[bridge]", "not needed"),
        (0, "[refer, bridge]", "not needed"),
    ],
)
def test_a_bridge_needs_a_channel_where_the_call_is(
    free: int | None, methods: str, reason: str
) -> None:
    lisbon, porto = FakeSite("lisbon", waiting_count=5), FakeSite("porto", {"diogo": 1.0})
    lisbon.carrier_free = free
    docs = documents(["lisbon", "porto"], methods=methods)
    book = leading(lisbon, porto, docs=docs)
    book.event(SiteSaid(site="lisbon", message=ask(answered=True, deadline_s=0.5)))
    if reason != "not needed":
        book.sent("lisbon", msg.RouteAnswer)
        [candidate] = book.take(RecordDecision).record.candidates
        assert candidate.lost_because == reason
    else:
        book.sent("porto", msg.Reserve)


def test_the_last_channel_at_home_is_promised_to_one_call_at_a_time() -> None:
    lisbon = FakeSite("lisbon", waiting_count=5)
    porto = FakeSite("porto", {"anna": 1.0, "diogo": 2.0, "rui": 3.0})
    lisbon.carrier_free = 1
    book = leading(lisbon, porto, docs=documents(["lisbon", "porto"], methods="[bridge]"))
    at_home = "no free channel on carrier at lisbon, where the call is"
    book.event(SiteSaid(site="lisbon", message=ask("r1")))
    reserve = book.sent("porto", msg.Reserve)
    assert reasons(book, request_id="r2") == {"porto": at_home}
    refused = msg.ReserveRefused(
        domain=reserve.domain,
        epoch=reserve.epoch,
        request_id="r1",
        reason=msg.ReserveRefusal.NO_AGENT,
    )
    book.event(SiteSaid(site="porto", message=refused))  # the channel is free again
    book.event(SiteSaid(site="lisbon", message=ask("r3")))
    [grant] = porto.hear(book.sent("porto", msg.Reserve), book.now_s)
    book.event(SiteSaid(site="porto", message=grant))
    assert book.sent("lisbon", msg.RouteAnswer).outcome is msg.RouteOutcome.MOVE
    assert reasons(book, request_id="r4") == {"porto": at_home}
    lisbon.carrier_free = 0  # the move has begun
    report(book, lisbon)
    assert reasons(book, request_id="r5") == {"porto": at_home}
    lisbon.carrier_free = 1
    report(book, lisbon)
    book.event(SiteSaid(site="lisbon", message=ask("r6")))
    book.sent("porto", msg.Reserve)


def test_a_long_way_holds_a_place_not_an_agent() -> None:
    lisbon, porto = FakeSite("lisbon", waiting_count=5), FakeSite("porto", {"diogo": 1.0})
    book = leading(lisbon, porto, docs=documents(["lisbon", "porto"], p99_s=5.0))
    book.event(SiteSaid(site="lisbon", message=ask()))
    reserve = book.sent("porto", msg.Reserve)
    assert (reserve.agent, reserve.expires_s) == ("", 10.0)


def test_a_long_way_to_a_full_queue_is_no_way() -> None:
    lisbon = FakeSite("lisbon", waiting_count=5)
    porto = FakeSite("porto", {"diogo": 1.0}, places_max=0)
    book = leading(lisbon, porto, docs=documents(["lisbon", "porto"], p99_s=5.0))
    assert "too long to hold an agent" in reasons(book)["porto"]


def test_ties_go_by_site_name() -> None:
    sites = [FakeSite(name, {"x": 1.0}) for name in ("faro", "beja", "porto")]
    book = leading(FakeSite("lisbon", waiting_count=5), *sites)
    book.event(SiteSaid(site="lisbon", message=ask()))
    book.sent("beja", msg.Reserve)


# ---- what policies say


def deciding(rules: str, *sites: FakeSite, more: dict[str, str] | None = None) -> Playbook:
    """Lisbon, which has calls waiting, and these sites, under a policy of these rules."""
    names = ["lisbon", *(site.name for site in sites)]
    texts = {"RoutingPolicy/default": policy_text(rules)} | (more or {})
    return leading(FakeSite("lisbon", waiting_count=5), *sites, docs=documents(names, more=texts))


def answer(book: Playbook, **fields: object) -> msg.RouteAnswer:
    book.event(SiteSaid(site="lisbon", message=ask(**fields)))  # type: ignore[arg-type]
    return book.sent("lisbon", msg.RouteAnswer)


@pytest.mark.parametrize(
    ("rule", "outcome", "says"),
    [
        ("action: announce, announcement: long", msg.RouteOutcome.ANNOUNCE, "long"),
        ("action: retry_after, retry_after_s: 30", msg.RouteOutcome.RETRY_AFTER, 30.0),
        ("action: reject, reason: busy", msg.RouteOutcome.REJECT, "busy"),
        ("action: queue_at_origin", msg.RouteOutcome.STAY, ""),
    ],
)
def test_what_else_an_origin_may_be_told(
    rule: str, outcome: msg.RouteOutcome, says: object
) -> None:
    found = answer(deciding(f"{{name: it, {rule}}}"))
    assert found.outcome is outcome
    assert says in (found.announcement or found.retry_after_s or found.reject_reason, "")
    assert (found.policy, found.reason) == ("default", "it")


def test_the_agent_whom_the_policy_chose_is_asked_for() -> None:
    porto = FakeSite("porto", {"anna": 1.0, "diogo": 50.0})
    book = deciding(
        "{name: it, candidates: 'agent.name == \"porto/diogo\"', select: longest_available,"
        " action: route}",
        porto,
    )
    book.event(SiteSaid(site="lisbon", message=ask()))
    assert book.sent("porto", msg.Reserve).agent == "diogo"


def test_a_broadcast_rings_all_at_the_target() -> None:
    porto = FakeSite("porto", {"anna": 1.0, "diogo": 50.0})
    book = deciding("{name: it, select: broadcast, action: route}", porto)
    book.event(SiteSaid(site="lisbon", message=ask()))
    reserve = book.sent("porto", msg.Reserve)
    assert (reserve.broadcast, reserve.agent) == (True, "")


def test_a_redirect_reaches_a_queue_that_no_other_rule_may_choose() -> None:
    rules = (
        "{name: first, select: longest_available, action: route},"
        "{name: then, action: redirect, to: {site: porto, queue: night}}"
    )
    book = deciding(rules, FakeSite("porto"))
    night = msg.QueueReport(queue="night", ready_count=0, max_loan=5, places_max=5)
    snapshot = msg.StateSnapshot(
        incarnation=1,
        version=9,
        checksum=msg.state_checksum((night, TRUNK)),
        entities=(night, TRUNK),
    )
    book.event(SiteSaid(site="porto", message=snapshot))
    book.event(SiteSaid(site="lisbon", message=ask()))
    assert book.sent("porto", msg.Reserve).queue == "night"


TRUNK = msg.TrunkReport(trunk_group="network", channels_max=9)


def test_a_closed_sites_queues_are_no_candidates_and_its_own_serve_nobody() -> None:
    calendar = (
        "kind: Calendar\nmetadata: {name: office}\nspec: {time_zone: UTC, hours: [{days: [mon],"
        " from: '08:00', to: '20:00'}]}\n"
    )
    site = "kind: Site\nmetadata: {name: %s}\nspec: {calendar: office}\n"
    more = {"Calendar/office": calendar, "Site/porto": site % "porto"}
    faro, porto = FakeSite("faro", {"katia": 50.0}), FakeSite("porto", {"diogo": 1.0})
    rules = (
        "{name: own, when: origin.free_count > 0, action: queue_at_origin},"
        "{name: it, select: longest_available, action: route}"
    )
    book = deciding(rules, faro, porto, more=more)
    book.event(WallTimeRead(unix_s=unix_s_of("2026-11-23T21:00")))
    lost = reasons(book, visited_sites=("faro",))
    assert "closed by its calendar" in lost["porto"]
    book.event(SiteSaid(site="porto", message=ask("p")))
    assert book.sent("faro", msg.Reserve).agent == "katia", "porto's own agent has gone home"
    book.event(WallTimeRead(unix_s=unix_s_of("2026-11-23T12:00")))
    book.event(SiteSaid(site="porto", message=ask("q")))
    assert book.sent("porto", msg.RouteAnswer).outcome is msg.RouteOutcome.STAY


def rollout(**canary: object) -> Playbook:
    live = policy_text("{name: live, action: queue_at_origin}")
    text = "apiVersion: nirc/v1\n" + policy_text("{name: new, action: reject, reason: busy}")
    written = WrittenRollout(live=7, canary=VersionText(version=8, text=text), **canary)  # type: ignore[arg-type]
    docs = documents(
        ["lisbon", "porto"],
        more={"RoutingPolicy/default": live},
        rollouts={"default": written},
    )
    return leading(FakeSite("lisbon"), FakeSite("porto"), docs=docs)


@pytest.mark.parametrize(
    ("canary", "version"),
    [
        ({"canary_sites": frozenset({"lisbon"})}, 8),
        ({"canary_sites": frozenset({"porto"})}, 7),
        ({"canary_services": frozenset({"sales"})}, 8),
        ({"canary_services": frozenset({"vip"})}, 7),
        ({"canary_share": 1.0}, 8),
        ({"canary_share": 1e-9}, 7),
    ],
)
def test_a_canary_decides_its_part_of_the_calls(canary: dict[str, object], version: int) -> None:
    book = rollout(**canary)
    found = answer(book)
    assert found.policy_version == version
    record = book.take(RecordDecision).record
    assert (record.mode, record.policy_version) == (
        "canary" if version == 8 else "live",
        version,
    )


def test_the_calls_of_a_canary_by_share_are_like_all_others() -> None:
    """Their `call.share` runs from 0 to 1 too: a rule that takes a tenth takes a tenth of them."""
    ids = [f"i-{number}" for number in range(2_000)]
    chosen = [one for one in ids if canary_share_of("default", one) < 0.1]
    assert 140 < len(chosen) < 260
    small = sum(share_of(one) < 0.5 for one in chosen)
    assert 0.35 < small / len(chosen) < 0.65
    others = sum(canary_share_of("vip", one) < 0.5 for one in chosen)
    assert 0.35 < others / len(chosen) < 0.65
    late = next(one for one in chosen if share_of(one) > 0.9)
    book = rollout(canary_share=0.1)
    book.event(SiteSaid(site="lisbon", message=ask(late.removeprefix("i-"))))
    assert book.take(RecordDecision).record.mode == "canary"


def test_a_decision_in_progress_keeps_its_version() -> None:
    porto = FakeSite("porto", {"diogo": 1.0})
    book = network()
    book.event(SiteSaid(site="lisbon", message=ask()))
    reserve = book.sent("porto", msg.Reserve)
    docs = documents(
        ["lisbon", "porto"],
        more={"RoutingPolicy/default": policy_text("{name: no, action: queue_at_origin}")},
    )
    book.event(DocumentsChanged(documents=docs))
    (grant,) = porto.hear(reserve, book.now_s)
    book.event(SiteSaid(site="porto", message=grant))
    found = book.sent("lisbon", msg.RouteAnswer)
    assert (found.outcome, found.policy_version) == (msg.RouteOutcome.MOVE, 0)
    assert answer(book, request_id="r2").policy_version == 1


def test_where_a_policy_fails_the_built_in_one_decides_and_a_person_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = deciding("{name: it, action: queue_at_origin}", FakeSite("porto", {"diogo": 1.0}))
    right = CompiledPolicy.function

    def wrong(self: CompiledPolicy, *, reasons: bool) -> object:
        if self.version == 0:
            return right(self, reasons=reasons)
        raise ZeroDivisionError("impossible")

    monkeypatch.setattr(CompiledPolicy, "function", wrong)
    book.event(SiteSaid(site="lisbon", message=ask()))
    assert book.sent("porto", msg.Reserve).agent == "diogo"
    alarm = book.take(RaiseAlarm, code="policy_failed")
    assert "default version 1: ZeroDivisionError" in alarm.text
    assert book.router.view(book.now_s).counters["policy.failed"] == 1


def test_memory_lives_with_the_leadership() -> None:
    faro, porto = FakeSite("faro", places_max=50), FakeSite("porto", places_max=50)
    book = deciding("{name: it, select: rotary, action: route}", faro, porto)
    asked = []
    for number in range(4):
        book.event(SiteSaid(site="lisbon", message=ask(f"r{number}")))
        asked += [site for site, _ in book.messages(msg.Reserve)]
    assert asked == ["faro", "porto", "faro", "porto"]


def test_an_agent_promised_meanwhile_is_not_replaced_by_another() -> None:
    faro = FakeSite("faro", {"katia": 1.0})
    porto = FakeSite("porto", {"anna": 2.0, "diogo": 50.0})
    book = deciding("{name: it, select: longest_available, action: route}", faro, porto)
    book.event(SiteSaid(site="lisbon", message=ask("a")), at_s=101.0)
    refused = msg.ReserveRefused(
        domain="default",
        epoch=msg.Epoch(generation=1, revision=10),
        request_id="a",
        reason=msg.ReserveRefusal.NO_AGENT,
    )
    book.event(SiteSaid(site="lisbon", message=ask("b")), at_s=101.1)
    assert book.sent("porto", msg.Reserve, request_id="b").agent == "anna"
    book.event(SiteSaid(site="faro", message=refused), at_s=101.2)
    record = book.take(RecordDecision).record
    lost = {c.site: c.lost_because for c in record.candidates}
    assert lost["porto"] == "its agent was promised meanwhile"
    report(book, porto)


def test_a_way_that_failed_the_call_is_left_out_and_without_another_the_target_too() -> None:
    lisbon, porto = FakeSite("lisbon", waiting_count=5), FakeSite("porto", {"diogo": 1.0})
    ways = [
        msg.FailedWay(path="lisbon-out", method=one)
        for one in (msg.TransferMethod.REFER, msg.TransferMethod.BRIDGE)
    ]
    book = leading(lisbon, porto)
    book.event(SiteSaid(site="lisbon", message=ask(answered=True, failed_ways=(ways[0],))))
    assert book.sent("porto", msg.Reserve).methods == (msg.TransferMethod.BRIDGE,)
    said = reasons(leading(lisbon, porto), answered=True, failed_ways=tuple(ways))
    assert said == {"porto": "every way there failed this call just now"}
