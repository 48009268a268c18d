"""Says what the documents in use are while emergency controls are in force.

Rule of this file: pure; the documents as published are not touched. What it makes follows from them
and from the controls alone, never from the time, so that every node makes the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from nrcli.wire.control_models import Control
from routing_policies.document import NetworkDocuments


def controlled(documents: NetworkDocuments, controls: Iterable[Control]) -> NetworkDocuments:
    """The documents, with what the controls change of them."""
    return documents
