"""A record says what was seen and why the others lost."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from router_network import FakeSite, ask, documents, leading, policy_text

from nirc.core.actions import DecisionRecord, RecordDecision
from nirc.core.decision_records import masked
from nirc.core.events import SiteSaid
from nrcli.wire import messages as msg
from routing_policies.explain import explain

RULES = (
    "{name: own, when: origin.free_count > 0, action: queue_at_origin},"
    "{name: idle, candidates: 'default(queue.service_level, 1) > 0.5', select: longest_available,"
    " action: route},"
    "{name: least, select: min_expected_delay, min_gain_s: 5, action: route}"
)


def record(rules: str = RULES) -> DecisionRecord:
    more = {"RoutingPolicy/default": policy_text(rules)}
    sites = [
        FakeSite("lisbon", staffed_count=2, waiting_count=5),
        FakeSite("porto", staffed_count=20, waiting_count=1),
        FakeSite("faro", {"katia": 1.0}, window_offered_count=10, window_in_time_count=2),
        FakeSite("beja", {"x": 1.0}, open=False),
    ]
    sites[2].channels_max = 0
    names = [site.name for site in sites]
    book = leading(*sites, docs=documents(names, more=more))
    request = ask(ani="+351912345678", waited_s=12.0, verified=True)
    book.event(SiteSaid(site="lisbon", message=request))
    refused = msg.ReserveRefused(
        domain="default",
        epoch=msg.Epoch(generation=1, revision=10),
        request_id="r1",
        reason=msg.ReserveRefusal.NO_PLACE,
    )
    book.event(SiteSaid(site="porto", message=refused), at_s=100.2)
    return book.take(RecordDecision).record


def test_rules_candidates_values_and_the_call() -> None:
    found = record()
    assert found.rules == (("own", "not now"), ("idle", "nobody"), ("least", "decided"))
    assert dict(found.call)["ani"] == "+35191......."
    assert dict(found.call)["waited_s"] == "12.0"
    lost = {one.site: one.lost_because for one in found.candidates}
    assert lost == {
        "porto": "refused: no_place",
        "beja": "closed",
        "faro": "no free channel on network",
    }
    porto = found.candidates[0]
    values = dict(zip(found.value_names, porto.values, strict=True))
    assert (values["staffed_count"], values["waiting_count"]) == (20, 1)
    assert values["service_level"] is None
    origin = dict(zip(found.value_names, found.origin_values, strict=True))
    assert origin["waiting_count"] == 5
    assert porto.age_s == 0.0


def test_it_can_be_told_and_stored() -> None:
    plain = json.loads(json.dumps(asdict(record()), allow_nan=False))
    lines = explain(plain)
    assert lines[0].startswith("call i-r1 for sales at lisbon stayed")
    assert "  rule least: decided" in lines
    assert any(line.startswith("faro/sales: no free channel") for line in lines)


def test_what_a_policy_remembered_is_kept_while_it_is_little() -> None:
    found = record("{name: it, select: rotary, action: route}")
    assert found.memory
    assert set(found.memory) == {0.0}


def test_a_number_is_masked() -> None:
    assert [masked(one) for one in ("", "112", "+351912345678")] == ["", "112", "+35191......."]
    assert [masked(one) for one in ("123456", "2101234")] == ["123...", "210...."]


def test_what_is_written_late_can_be_taken_over_and_is_written_once() -> None:
    found = record()
    assert found.candidates is found.candidates
    other = replace(found, outcome="stay", agent="nobody")
    assert (other.agent, other.candidates, other.call) == ("nobody", found.candidates, found.call)
    assert not hasattr(found, "surname")
