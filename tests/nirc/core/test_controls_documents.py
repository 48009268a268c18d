"""Documents under controls: another set, and the published one untouched."""

from __future__ import annotations

from control_samples import control
from router_network import documents

from nirc.core.controls_documents import controlled


def test_a_freeze_changes_no_document() -> None:
    published = documents(["lisbon"])
    assert controlled(published, [control("freeze")]) is published
