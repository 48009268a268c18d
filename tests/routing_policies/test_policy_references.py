"""Names inside policies."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from network_texts import GOOD, texts

from routing_policies.assembly import assemble
from routing_policies.collected import Collected, WrittenPolicy
from routing_policies.errors import DocumentError
from routing_policies.kinds import KINDS, RoutingPolicyDoc
from routing_policies.loading import load_document
from routing_policies.policy_references import policy_faults
from routing_policies.vocabulary import Names


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (
            "select: {by: ordered, sites: [porto, lisboa]}, action: route",
            "spec.rules[0].select.sites[1] there is no Site lisboa (did you mean lisbon?)",
        ),
        ("select: {by: proportional, shares: {prto: 1}}, action: route", "there is no Site prto"),
        ("select: {by: preferred_site, site: x}, action: route", "there is no Site x"),
    ],
)
def test_sites_that_a_selection_names(rule: str, told: str) -> None:
    policy = texts(RoutingPolicy__p=f"rules: [{{name: r, {rule}}}]")
    with pytest.raises(DocumentError) as caught:
        assemble(GOOD | policy, 1)
    assert told in str(caught.value) and caught.value.line == 4


def test_names_lists_and_calendars_that_expressions_read() -> None:
    found = Collected()
    for key, (text, _) in GOOD.items():
        found.add(load_document(text, source=key))
    document = load_document(GOOD["RoutingPolicy/mine"][0], source="p")
    assert isinstance(document, RoutingPolicyDoc) and "RoutingPolicy" in KINDS
    place = "spec.rules[0].when"
    compiled: Any = SimpleNamespace(
        names=[
            (place, Names.SITE, "prto"),
            (place, Names.SERVICE, "sale"),
            (place, Names.QUEUE, "unknown"),
            (place, Names.TRUNK_GROUP, "carier"),
            (place, Names.AGENT, "x/anna"),
            (place, Names.FREE, "anything"),
        ],
        lists=[(place, "vip")],
        calendars=[(place, "office")],
    )
    found.versions.append(WrittenPolicy(source="s", document=document, compiled=compiled))
    told = [f"{fault.problem}" for fault in policy_faults(found)]
    assert told == [
        "there is no Site prto",
        "there is no NetworkService sale",
        "there is no trunk group carier",
        "there is no Site x",
        "there is no number list vip",
        "there is no Calendar office",
    ]
