"""A set of documents is data that cannot be changed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from routing_policies.assembly import default_policy
from routing_policies.network_documents import NetworkDocuments, SiteTable


def test_frozen() -> None:
    documents = NetworkDocuments(
        revision=1, sites={}, paths=(), services={}, policy=default_policy()
    )
    with pytest.raises(FrozenInstanceError):
        documents.revision = 2  # type: ignore[misc]
    assert (documents.site_table, documents.site_table_revision) == (b"", 0)
    assert SiteTable(addresses={}).addresses == {}


def test_an_unknown_service_gets_the_default() -> None:
    documents = NetworkDocuments(
        revision=1, sites={}, paths=(), services={}, policy=default_policy()
    )
    assert documents.policy_of("any").live is documents.policy
    assert documents.lists_of("any") == {}
