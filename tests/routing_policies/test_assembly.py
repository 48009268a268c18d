"""Documents fit together, or all that keeps them apart is told."""

from __future__ import annotations

import pytest
from network_texts import ADDRESS, GOOD, PATH, POLICY, texts

from routing_policies.assembly import assemble, default_policy
from routing_policies.errors import DocumentError
from routing_policies.read_texts import ReadTexts
from routing_policies.rollout import VersionText, WrittenRollout


def test_a_whole_set() -> None:
    documents = assemble(GOOD, 77)
    assert sorted(documents.sites) == ["lisbon", "porto"]
    assert (documents.revision, documents.site_table_revision) == (77, 5)
    assert documents.site_table.decode() == GOOD["SiteTable/network"][0]
    assert (documents.policy.name, documents.policy.version) == ("default", 0)
    assert documents.policies["mine"].live.version == 6
    assert [path.name for path in documents.paths] == ["out"]


def test_without_a_policy_the_built_in_one_applies() -> None:
    documents = assemble(texts(Site__lisbon=""), 1)
    assert (documents.policy.name, documents.policy.version) == ("default", 0)
    assert documents.policy.name == default_policy().name
    assert documents.site_table == b""


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"Path__x": PATH.format("nowhere", "porto")}, "Path/x:4: spec.from_site there is no Site"),
        ({"Path__x": PATH.format("porto", "nowhere")}, "Path/x:4: spec.to_site there is no Site"),
        ({"Path__x": PATH.format("porto", "porto")}, "leads back to its own site"),
        ({"Site__faro": "queues: [{name: q, services: [x]}]"}, "there is no NetworkService x"),
        ({"SiteTable__two": ADDRESS}, "stands already, and a network has one SiteTable"),
        ({"OverflowRules__porto": "queues: [{queue: '*'}]"}, "they live in the site's own folder"),
    ],
)
def test_references_are_checked(changes: dict[str, str], told: str) -> None:
    with pytest.raises(DocumentError) as caught:
        assemble(GOOD | texts(**changes), 1)
    assert told in str(caught.value)
    assert caught.value.remedy


def test_a_service_without_a_queue_is_refused() -> None:
    sites = {"Site__porto": "queues: [{name: front}]", "NetworkService__sales": "queue: sales"}
    with pytest.raises(DocumentError, match="no site has a queue for it"):
        assemble(texts(**sites), 1)


def test_every_fault_of_every_document_is_told() -> None:
    wrong = GOOD | texts(Site__a="x: 1", Site__b="y: 1")
    wrong["Site/c"] = GOOD["Site/porto"]
    with pytest.raises(DocumentError) as caught:
        assemble(wrong, 1)
    assert [fault.source for fault in caught.value.faults] == ["Site/a", "Site/b", "Site/c"]


def test_a_fault_of_the_whole_set_has_its_line() -> None:
    with pytest.raises(DocumentError) as caught:
        assemble(GOOD | texts(Path__x=PATH.format("lisbo", "porto")), 1)
    (fault,) = caught.value.faults
    assert (fault.line, fault.remedy) == (4, "did you mean lisbon?")


def test_a_network_holds_many_policies_and_each_service_has_its_own() -> None:
    added = texts(
        RoutingPolicy__default=POLICY,
        RoutingPolicy__for_acme=POLICY,
        Tenant__acme="policy: for-acme",
        NetworkService__theirs="queue: sales, tenant: acme",
        NetworkService__own="queue: sales, policy: mine",
    )
    documents = assemble(GOOD | added, 9)
    chosen = {name: documents.policy_of(name).live.name for name in ("theirs", "own", "sales")}
    assert chosen == {"theirs": "for-acme", "own": "mine", "sales": "default"}
    assert documents.policy.name == "default" and documents.policy.version == 1


def test_versions_of_a_rollout() -> None:
    text = GOOD["RoutingPolicy/mine"][0]
    written = WrittenRollout(
        live=7,
        shadow=VersionText(version=8, text=text),
        canary=VersionText(version=9, text=text),
        canary_sites=frozenset({"porto"}),
    )
    mine = assemble(GOOD, 1, {"mine": written}).policies["mine"]
    assert mine.live.version == 7 and mine.shadow is not None and mine.shadow.version == 8
    assert mine.deciding("porto", "sales", 0.5)[0].version == 9


@pytest.mark.parametrize(
    ("text", "told"),
    [("rules: [", "not YAML"), (GOOD["Site/lisbon"][0], "holds Site/lisbon")],
)
def test_a_broken_version_is_refused_with_its_number(text: str, told: str) -> None:
    written = WrittenRollout(live=7, canary=VersionText(version=8, text=text))
    with pytest.raises(DocumentError) as caught:
        assemble(GOOD, 1, {"mine": written})
    assert caught.value.source == "RoutingPolicy/mine version 8"
    assert told in caught.value.problem


def test_what_was_read_is_not_read_again() -> None:
    read = ReadTexts()
    first = assemble(GOOD, 1, compiled_cache=read)
    changed = texts(RoutingPolicy__mine=POLICY, Site__lisbon="time_zone: Europe/Lisbon")
    second = assemble(GOOD | {"Site/lisbon": changed["Site/lisbon"]}, 2, compiled_cache=read)
    assert second.sites["porto"] is first.sites["porto"]
    assert second.policies["mine"].live is first.policies["mine"].live
    assert second.sites["lisbon"] is not first.sites["lisbon"]
