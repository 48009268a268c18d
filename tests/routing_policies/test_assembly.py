"""Documents fit together, or all that keeps them apart is told."""

from __future__ import annotations

import pytest

from routing_policies.assembly import assemble, default_policy
from routing_policies.errors import DocumentError

HEAD = "apiVersion: nirc/v1\nkind: {kind}\nmetadata: {{name: {name}}}\n"
PATH = "from_site: {}, trunk_group: carrier, to_site: '{}', methods: [refer], arrives_on: network"
POLICY = "rules: [{name: own, when: origin.free_count > 0, action: queue_at_origin}]"
ADDRESS = "addresses: [{site: porto, trunk_group: network, host: 127.0.0.1, port: 5060}]"


def texts(**specs: str) -> dict[str, tuple[str, int]]:
    """`Site__porto="queues: []"` as the document Site/porto."""
    found = {}
    for revision, (key, spec) in enumerate(specs.items(), 1):
        kind, name = key.split("__")
        text = HEAD.format(kind=kind, name=name) + f"spec: {{{spec}}}\n"
        found[f"{kind}/{name}"] = (text, revision)
    return found


GOOD = texts(
    Site__lisbon="",
    Site__porto="queues: [{name: front, services: [sales]}]",
    NetworkService__sales="queue: sales",
    Path__out=PATH.format("lisbon", "*"),
    SiteTable__network=ADDRESS,
    RoutingPolicy__mine=POLICY,
)


def test_a_whole_set() -> None:
    documents = assemble(GOOD, 77)
    assert sorted(documents.sites) == ["lisbon", "porto"]
    assert (documents.revision, documents.site_table_revision) == (77, 5)
    assert documents.site_table.decode() == GOOD["SiteTable/network"][0]
    assert (documents.policy.name, documents.policy.version) == ("mine", 6)
    assert [path.name for path in documents.paths] == ["out"]


def test_without_a_policy_the_built_in_one_applies() -> None:
    documents = assemble(texts(Site__lisbon=""), 1)
    assert (documents.policy.name, documents.policy.version) == ("default", 0)
    assert documents.policy.name == default_policy().name
    assert documents.site_table == b""


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"Path__x": PATH.format("nowhere", "porto")}, "Path/x: spec.from_site there is no Site"),
        ({"Path__x": PATH.format("porto", "nowhere")}, "Path/x: spec.to_site there is no Site"),
        ({"Path__x": PATH.format("porto", "porto")}, "leads back to its own site"),
        ({"Site__faro": "queues: [{name: q, services: [x]}]"}, "there is no NetworkService x"),
        ({"RoutingPolicy__two": POLICY}, "stands already, and a network has one RoutingPolicy"),
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
