"""Lists of the PBX as values."""

from __future__ import annotations

import pytest

from site_agent.adapters.asterisk.ami_lists import (
    LIST_READERS,
    EndpointSeen,
    ListOver,
    QueueSeen,
)
from site_agent.adapters.asterisk.asterisk_protocol import AmiMessage


def read(event: str, **fields: str) -> object:
    pairs = (("event", event), *((key.lower(), value) for key, value in fields.items()))
    return LIST_READERS[event](AmiMessage(fields=pairs))


def test_queues_and_endpoints() -> None:
    assert read("QueueParams", Queue="sales", Max="7") == QueueSeen(queue="sales", places_max=7)
    assert read("EndpointList", ObjectName="carrier") == EndpointSeen(endpoint="carrier")
    assert read("QueueParams") is None and read("EndpointList", ObjectName="") is None


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("QueueStatusComplete", "queues"),
        ("CoreShowChannelsComplete", "channels"),
        ("EndpointListComplete", "endpoints"),
    ],
)
def test_ends_of_lists(event: str, kind: str) -> None:
    assert read(event, ActionID="a1") == ListOver(kind=kind, action_id="a1")
