"""Documents by kind."""

from __future__ import annotations

from network_texts import GOOD, texts

from routing_policies.collected import Collected
from routing_policies.kinds import KINDS
from routing_policies.loading import load_document


def test_every_kind_has_its_place() -> None:
    found = Collected()
    for key, (text, _) in (GOOD | texts(Tenant__acme="lists: [{name: vip, numbers: []}]")).items():
        found.add(load_document(text, source=key))
    assert set(found.sites) == {"lisbon", "porto"}
    assert found.queue_names() == {"front", "sales"}
    assert found.trunk_groups() == {"carrier", "network"}
    assert found.list_names() == {"vip"}
    assert len(Collected.__dataclass_fields__) == len(KINDS)
