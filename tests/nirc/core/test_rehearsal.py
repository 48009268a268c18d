"""Shadows and dry runs decide without doing."""

from __future__ import annotations

import gc

from playbook import Playbook
from router_network import FakeSite, ask, documents, leading, policy_text

from nirc.core.actions import DryRunTold, RecordDecision
from nirc.core.events import DryRun, SiteLinkDown, SiteSaid
from nirc.core.router import Router
from nirc.core.settings import RouterSettings
from nrcli.wire import messages as msg
from routing_policies.compiler import CompiledPolicy, compile_policy
from routing_policies.document import RoutingPolicyDoc, load_document
from routing_policies.rollout import VersionText, WrittenRollout

HEAD = "apiVersion: nirc/v1\n"
ROTARY = "{name: turns, select: rotary, action: route}"
LONGEST = "{name: it, select: longest_available, action: route}"


def shadowed(live: str, shadow: str, *sites: FakeSite, **settings: float) -> Playbook:
    text = VersionText(version=9, text=HEAD + policy_text(shadow))
    docs = documents(
        ["lisbon", *(site.name for site in sites)],
        more={"RoutingPolicy/default": policy_text(live)},
        rollouts={"default": WrittenRollout(live=8, shadow=text)},
    )
    used = RouterSettings(**settings)  # type: ignore[arg-type]
    return leading(FakeSite("lisbon", waiting_count=5), *sites, docs=docs, settings=used)


def shadow_of(book: Playbook, request_id: str) -> list[RecordDecision]:
    """What is recorded when the live decision is out."""
    book.event(SiteSaid(site="lisbon", message=ask(request_id)))
    assert not [one for one in book.left if isinstance(one, RecordDecision)]
    assert "shadow" in book.timers
    book.wait_until(book.now_s)
    return [one for one in book.left if isinstance(one, RecordDecision)]


def counters(book: Playbook) -> dict[str, int]:
    found = book.router.view(book.now_s).counters
    return {name: count for name, count in found.items() if name.startswith("shadow")}


def test_a_shadow_sees_what_the_live_version_saw() -> None:
    book = shadowed(LONGEST, LONGEST, FakeSite("porto", {"diogo": 1.0}))
    assert shadow_of(book, "r1") == []
    assert counters(book) == {"shadow.default.9.same": 1}
    book.event(SiteSaid(site="lisbon", message=ask("r2")))
    assert book.sent("lisbon", msg.RouteAnswer).outcome is msg.RouteOutcome.STAY, (
        "diogo is promised"
    )


def test_a_difference_is_recorded_as_the_shadows_and_nothing_is_done() -> None:
    sites = FakeSite("faro", {"katia": 50.0}), FakeSite("porto", {"diogo": 1.0})
    book = shadowed(LONGEST, "{name: no, action: reject, reason: busy}", *sites)
    (found,) = shadow_of(book, "r1")
    record = found.record
    assert (record.mode, record.policy_version, record.outcome) == ("shadow", 9, "reject")
    assert record.live_outcome == "move to porto/sales/diogo"
    assert not list(book.messages(msg.RouteAnswer))
    assert counters(book) == {"shadow.default.9.differs": 1}


def test_differences_are_recorded_at_a_bounded_rate() -> None:
    porto = FakeSite("porto", places_max=50, waiting_count=0, staffed_count=9)
    live = "{name: it, select: min_expected_delay, action: route}"
    no = "{name: no, action: reject, reason: busy}"
    book = shadowed(live, no, porto, shadow_records_per_s=2.0)
    assert [len(shadow_of(book, f"r{i}")) for i in range(4)] == [1, 1, 0, 0]
    assert counters(book) == {"shadow.default.9.differs": 4}


def test_a_shadow_remembers_apart_from_the_live_version() -> None:
    sites = FakeSite("faro", places_max=50), FakeSite("porto", places_max=50)
    book = shadowed(ROTARY, ROTARY, *sites)
    for number in range(3):
        assert shadow_of(book, f"r{number}") == []
    assert counters(book) == {"shadow.default.9.same": 3}


def compiled(rules: str) -> CompiledPolicy:
    document = load_document(HEAD + policy_text(rules, "tried"), source="it")
    assert isinstance(document, RoutingPolicyDoc)
    return compile_policy(document, 0, source="it")


def dry(book: Playbook, policy: str = "", *, site: str = "lisbon", **more: object) -> DryRunTold:
    tried = compiled(policy) if policy else None
    book.event(DryRun(id="d1", site=site, request=ask(**more), policy=tried))
    (told,) = book.left
    assert isinstance(told, DryRunTold)
    return told


def test_a_dry_run_tells_what_would_be_and_does_nothing() -> None:
    book = leading(FakeSite("lisbon", waiting_count=5), FakeSite("porto", {"diogo": 1.0}))
    record = dry(book).record
    assert (record.mode, record.outcome, record.agent) == ("dry run", "move", "diogo")
    assert record.candidates[0].lost_because == ""
    record = dry(book, "{name: no, action: reject, reason: busy}").record
    assert (record.policy, record.outcome, record.reject_reason) == ("tried", "reject", "busy")
    assert book.router.view(book.now_s).promises_count == 0


def test_a_dry_run_neither_reads_nor_writes_what_others_remember() -> None:
    sites = FakeSite("faro", places_max=50), FakeSite("porto", places_max=50)
    text = {"RoutingPolicy/default": policy_text(ROTARY)}
    docs = documents(["lisbon", "faro", "porto"], more=text)
    book = leading(FakeSite("lisbon", waiting_count=5), *sites, docs=docs)
    assert [dry(book).record.target_site for _ in range(3)] == ["faro"] * 3
    assert [dry(book, ROTARY).record.target_site for _ in range(2)] == ["faro"] * 2


def test_a_dry_run_without_a_queue_is_about_the_callers_own() -> None:
    rules = "{name: full, when: origin.waiting_count == 5, action: reject, reason: busy}"
    site = "kind: Site\nmetadata: {name: lisbon}\n"
    site += "spec: {queues: [{name: vip, services: [sales]}]}\n"
    for more, outcome in ({}, "reject"), ({"Site/lisbon": site}, "stay"):
        docs = documents(["lisbon", "porto"], more=more)
        book = leading(FakeSite("lisbon", waiting_count=5), FakeSite("porto"), docs=docs)
        assert dry(book, rules, queue="").record.outcome == outcome


def test_tried_policies_are_not_kept() -> None:
    book = leading(FakeSite("lisbon"), FakeSite("porto"))
    assert dry(book, "{name: no, action: reject, reason: busy}").record.policy == "tried"
    gc.collect()
    kept = [one for one in gc.get_objects() if isinstance(one, CompiledPolicy)]
    assert "tried" not in {one.name for one in kept}


def test_what_the_network_does_not_have_is_refused_with_what_was_meant() -> None:
    book = leading(FakeSite("lisbon", waiting_count=5), FakeSite("porto", {"diogo": 1.0}))
    assert dry(book).refused is None
    told = dry(book, site="lisbo").refused
    assert told == ("origin", "there is no Site lisbo", "did you mean lisbon?")
    told = dry(book, service="orders").refused
    assert told is not None and told[0] == "service" and told[2] == "there are: sales"
    told = dry(book, trunk_group="carier").refused
    assert told == ("trunk_group", "lisbon has no trunk group carier", "did you mean carrier?")
    assert dry(book, trunk_group="").refused is None
    book.event(SiteLinkDown(site="lisbon", reason="gone"))
    assert dry(book, trunk_group="carier").refused is None


def test_a_node_without_documents_says_so() -> None:
    book = Playbook(Router(node="n", settings=RouterSettings(), new_id=lambda: "x"), 1.0)
    book.event(DryRun(id="d", site="lisbon", request=ask()))
    assert book.take(DryRunTold).record.outcome == "act_locally"
