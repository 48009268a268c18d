"""What a CTI sends is read whole, or refused with place and remedy; nothing else is raised."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pushing_cti import figures

from site_agent.adapters.acd_events import CallbackWanted, CallOffered, QueueChanged
from site_agent.adapters.http_push.http_push_protocol import (
    Bounds,
    ProtocolError,
    as_event,
    data_bytes,
    read_batch,
    read_hello,
)

BOUNDS = Bounds(body_bytes_max=2000, batch_messages_max=3)


def batch(*messages: dict[str, Any]) -> bytes:
    return json.dumps({"session": "s", "seq": 1, "messages": messages}).encode()


def refused(body: bytes) -> ProtocolError:
    with pytest.raises(ProtocolError) as found:
        read_batch(body, BOUNDS)
    assert found.value.problem and found.value.remedy
    return found.value


def event_of(message: dict[str, Any], now_s: float = 100.0) -> Any:
    found = read_batch(batch(message), BOUNDS).messages[0]
    return as_event(found, "messages[0]", now_s, 1_800_000_000.0, 1000)


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ({"type": "agent_changed", "agent": "a", "state": "redy", "queues": []}, ".state"),
        ({"type": "agent_changed", "agent": "a", "state": "ready"}, ".queues"),
        ({"type": "agent_gone", "agent": "a", "why": "x"}, ".why"),
        ({"type": "acke"}, ""),
        ({"agent": "a"}, ""),
        (
            {
                "type": "snapshot",
                "agents": [
                    {"agent": "a", "state": "ready", "queues": [{"queue": "q", "level": 0}]}
                ],
            },
            ".agents[0].queues[0].level",
        ),
    ],
)
def test_the_place_of_a_mistake_is_told(message: dict[str, Any], place: str) -> None:
    error = refused(batch({"type": "ack", "up_to": 1}, message))
    assert error.place == f"messages[1]{place}"
    assert error.told(taken=4).taken == 4


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"{}",
        b"[" * 1900,
        b'{"session":"s","seq":0}',
        b'{"session":"s","seq":1e999}',
        b'{"session":"s","seq":"1"}',
        b'{"session":"\\ud800","seq":1}',
        b'{"session":"s","seq":9007199254740993}',
        b'{"session":"s","seq":1,"more":1}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_batch_is_refused(body: bytes) -> None:
    assert refused(body).status == 400


def test_sizes_are_bounded() -> None:
    assert refused(b" " * 2001).status == 413
    assert refused(batch(*[{"type": "ack", "up_to": 1}] * 4)).status == 413


def test_another_protocol_is_refused_with_the_remedy() -> None:
    assert read_hello(b'{"protocol": 1}', BOUNDS).capabilities.methods == ()
    with pytest.raises(ProtocolError, match="protocol 2 is not spoken") as found:
        read_hello(b'{"protocol": 2}', BOUNDS)
    assert found.value.place == "protocol"


def test_durations_become_instants_of_the_sites_own_clocks() -> None:
    queue = event_of(figures(type="queue_changed", oldest_waited_ms=2500, aht_ms=1500))
    assert isinstance(queue, QueueChanged)
    assert (queue.oldest_offered_at_s, queue.aht_s) == (97.5, 1.5)
    assert event_of(figures(type="queue_changed")).oldest_offered_at_s is None
    wanted = event_of({"type": "callback_wanted", "call_id": "c", "from_in_ms": 60_000})
    assert isinstance(wanted, CallbackWanted)
    assert (wanted.from_unix_s, wanted.until_unix_s) == (1_800_000_060.0, 0.0)


def test_attached_data_is_canonical_or_refused_with_its_place() -> None:
    call = {"type": "call_offered", "call_id": "c", "queue": "q", "trunk_group": "t"}
    found = event_of(call | {"data": {"b": 1, "a": "é"}, "waited_ms": 1500})
    assert isinstance(found, CallOffered)
    assert (found.data, found.waited_s) == ('{"a":"é","b":1}'.encode(), 1.5)
    with pytest.raises(ProtocolError) as error:
        event_of(call | {"data": {"k": "x" * 1000}})
    assert (error.value.place, error.value.status) == ("messages[0].data", 422)
    assert data_bytes(None, "x", 10) == b""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()))
def test_anything_is_read_or_refused(body: bytes) -> None:
    for read in (read_batch, read_hello):
        try:
            read(body, BOUNDS)
        except ProtocolError as error:
            assert error.problem and error.remedy
