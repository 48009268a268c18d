"""What answers edges works on the same documents, addresses and leaders as calls do."""

from __future__ import annotations

from site_playbook import led


def test_they_are_joined() -> None:
    parts = led().daemon._parts
    found = parts.pre_routes
    assert found._documents is parts.documents
    assert found._addresses is parts.addresses
    assert found._leaders is parts.leaders
    assert found._plan is parts.plan.overflow
