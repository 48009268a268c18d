"""Bytes and messages, both ways, and everything that is refused."""

from __future__ import annotations

import dataclasses
import typing
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nrcli.errors import LocalProtocolError, RemoteProtocolError
from nrcli.wire.codec import ALL_MESSAGES, SAYS, Codec, Message, Speaker, varint
from nrcli.wire.message_code import CodecLimits, optional_of
from nrcli.wire.messages import (
    AgentQueue,
    AgentReport,
    AgentState,
    DataPut,
    Entity,
    Epoch,
    Heartbeat,
    Leading,
    LinkRefused,
    Removed,
    RouteRequest,
    StateAck,
    StateSnapshot,
    Welcome,
)

CODEC = Codec()
SMALL = Codec(CodecLimits(frame_bytes_max=2000, envelopes_max=3, text_chars_max=20, items_max=2))
EPOCH = Epoch(generation=1, revision=9)
_64_BITS = frozenset(
    [
        "incarnation",
        "version",
        "base_version",
        "checksum",
        "revision",
        "generation",
        "data_version",
        "policy_version",
    ]
)


def values(field: str, kind: Any) -> st.SearchStrategy[Any]:
    """Values that the wire can say for a field of this name and type."""
    if typing.get_origin(kind) is tuple:
        item = typing.get_args(kind)[0]
        return st.lists(values(field, item), max_size=3).map(tuple)
    if inner := optional_of(kind):
        return st.none() | values(field, inner)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    if dataclasses.is_dataclass(kind):
        return instances(typing.cast(type, kind))
    if kind is int and field == "priority":
        return st.integers(min_value=-(2**31), max_value=2**31 - 1)
    if kind is int:
        return st.integers(min_value=0, max_value=2**64 - 1 if field in _64_BITS else 2**32 - 1)
    if kind is float:
        most = 253_402_300_799_000 if "_unix_" in field else 2**32 - 1
        return st.integers(min_value=0, max_value=most).map(lambda ms: ms / 1000)
    plain = {str: st.text(max_size=30), bytes: st.binary(max_size=64), bool: st.booleans()}
    if kind in plain:
        return plain[kind]
    return st.one_of([instances(member) for member in typing.get_args(kind)])


def instances(message: type) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(message)
    return st.builds(message, **{name: values(name, kind) for name, kind in hints.items()})


@pytest.mark.parametrize("speaker", Speaker)
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_every_message_survives_the_wire(speaker: Speaker, data: st.DataObject) -> None:
    kinds = st.sampled_from(SAYS[speaker])
    said = tuple(data.draw(st.lists(kinds.flatmap(instances), max_size=4)))
    seq, ack = data.draw(st.integers(0, 2**64 - 1)), data.draw(st.integers(0, 2**64 - 1))
    frame = CODEC.decode(CODEC.join(seq, ack, [CODEC.encode(m) for m in said]), speaker)
    assert (frame.seq, frame.ack, frame.messages) == (seq, ack, said)


@pytest.mark.parametrize("message", ALL_MESSAGES, ids=lambda m: m.__name__)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_each_kind_of_message_survives_the_wire(message: type, data: st.DataObject) -> None:
    said = data.draw(instances(message))
    speaker = next(speaker for speaker, says in SAYS.items() if message in says)
    assert heard(CODEC.encode(said), speaker=speaker) == said


def heard(envelope: bytes, *, speaker: Speaker, codec: Codec = CODEC) -> Message:
    return codec.decode(codec.join(1, 0, [envelope]), speaker).messages[0]


def envelope(message: Message, old: bytes, new: bytes) -> bytes:
    data = CODEC.encode(message)
    assert data.count(old) == 1
    return data.replace(old, new)


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=200), speaker=st.sampled_from(Speaker))
def test_garbage_is_a_frame_or_a_refusal(data: bytes, speaker: Speaker) -> None:
    try:
        frame = CODEC.decode(data, speaker)
    except RemoteProtocolError:
        return
    assert all(type(message) in SAYS[speaker] for message in frame.messages)


@pytest.mark.parametrize(
    ("data", "speaker", "problem"),
    [
        (b"\xff\xff", Speaker.SITE, "not in the form"),
        (CODEC.join(1, 0, [b""]), Speaker.SITE, "envelope is empty"),
        (CODEC.join(1, 0, [b"\xfa\x7f\x00"]), Speaker.SITE, "envelope is empty"),
        (
            CODEC.join(1, 0, [CODEC.encode(LinkRefused(code="version", reason=""))]),
            Speaker.SITE,
            "a site may not say link_refused",
        ),
        (
            CODEC.join(1, 0, [CODEC.encode(StateAck(incarnation=1, version=1))]),
            Speaker.PEER,
            "a peer may not say state_ack",
        ),
        (CODEC.join(1, 0, [varint(22 << 3 | 2) + b"\x00"]), Speaker.NODE, "Leading.epoch"),
        (CODEC.join(1, 0, [varint(34 << 3 | 2) + b"\x00"]), Speaker.PEER, "PeerRelay.message"),
        (CODEC.join(1, 0, [varint(34 << 3 | 2) + b"\x02\x0a\x00"]), Speaker.PEER, "SiteToSite"),
        (
            CODEC.join(
                1,
                0,
                [envelope(RouteRequest(request_id="r", interaction_id="", call_id="", service="",
                                       queue="", ani="\U0001f600"),
                          "\U0001f600".encode(), b"\xff\xff\xff\xff")],
            ),
            Speaker.SITE,
            "not in the form",
        ),
    ],
)  # fmt: skip
def test_what_is_refused_says_why(data: bytes, speaker: Speaker, problem: str) -> None:
    with pytest.raises(RemoteProtocolError, match=problem):
        CODEC.decode(data, speaker)


def test_an_unknown_enum_value_is_refused_and_named() -> None:
    agent = AgentReport(agent="anna", state=AgentState.READY, in_state_s=0.0)
    snapshot = StateSnapshot(incarnation=1, version=1, checksum=0, entities=(agent,))
    for number in (b"\x63", b"\x00"):
        wrong = envelope(snapshot, b"\x0a\x04anna\x10\x03", b"\x0a\x04anna\x10" + number)
        with pytest.raises(RemoteProtocolError, match=r"AgentReport\.state: unknown value"):
            heard(wrong, speaker=Speaker.SITE)


def test_a_call_record_after_the_last_year_is_refused() -> None:
    record = next(m for m in SAYS[Speaker.SITE] if m.__name__ == "CallLegRecord")
    blank: dict[str, Any] = {field: kind() for field, kind in typing.get_type_hints(record).items()}
    with pytest.raises(RemoteProtocolError, match="after the year 9999"):
        heard(CODEC.encode(record(**blank | {"started_unix_s": 1e12})), speaker=Speaker.SITE)


BIG = {
    "text": LinkRefused(code="x", reason="y" * 21),
    "list": StateSnapshot(
        incarnation=1,
        version=1,
        checksum=0,
        entities=tuple(
            AgentReport(agent=str(n), state=AgentState.READY, in_state_s=0.0) for n in range(3)
        ),
    ),
    "data": DataPut(interaction_id="i", version=1, digest=b"x" * 65, data=b""),
}


@pytest.mark.parametrize("message", BIG.values(), ids=BIG.keys())
def test_oversized_is_refused_at_both_ends(message: Message) -> None:
    speaker = next(speaker for speaker, says in SAYS.items() if type(message) in says)
    with pytest.raises(LocalProtocolError, match="at most"):
        SMALL.encode(message)
    generous = Codec(CodecLimits(digest_bytes_max=1000))
    with pytest.raises(RemoteProtocolError, match="at most"):
        heard(generous.encode(message), speaker=speaker, codec=SMALL)


def test_a_text_inside_a_list_is_measured_too() -> None:
    request = RouteRequest(
        request_id="r",
        interaction_id="i",
        call_id="c",
        service="s",
        queue="q",
        visited_sites=("x" * 21,),
    )
    with pytest.raises(LocalProtocolError, match="21 characters"):
        SMALL.encode(request)
    with pytest.raises(RemoteProtocolError, match="21 characters"):
        heard(CODEC.encode(request), speaker=Speaker.SITE, codec=SMALL)


def test_oversized_frames_are_refused() -> None:
    beat = CODEC.encode(Heartbeat())
    with pytest.raises(RemoteProtocolError, match="4 messages"):
        SMALL.decode(CODEC.join(1, 0, [beat] * 4), Speaker.SITE)
    with pytest.raises(RemoteProtocolError, match="2001 bytes"):
        SMALL.decode(b"x" * 2001, Speaker.SITE)
    with pytest.raises(LocalProtocolError, match="too much"):
        SMALL.encode(DataPut(interaction_id="i", version=1, digest=b"", data=b"x" * 3000))


@pytest.mark.parametrize(
    "message",
    [
        StateAck(incarnation=-1, version=1),
        StateAck(incarnation=2**64, version=1),
        StateAck(incarnation="1", version=1),  # type: ignore[arg-type]
        Leading(domain="d", epoch=None, node="n1"),  # type: ignore[arg-type]
        Leading(domain="d", epoch=EPOCH, node="\ud800"),
        Welcome(node="n", version=1, heartbeat_s=float("nan"), silence_s_max=1.0),
        Welcome(node="n", version=1, heartbeat_s=float("inf"), silence_s_max=1.0),
        AgentQueue(queue="no message of its own"),
        StateSnapshot(
            incarnation=1,
            version=1,
            checksum=1,
            entities=(Removed(kind="agent", name="a"),),  # type: ignore[arg-type]
        ),
    ],
)
def test_our_own_mistakes_are_not_sent(message: Any) -> None:
    with pytest.raises(LocalProtocolError):
        CODEC.encode(message)


def test_durations_are_held_within_what_the_wire_can_say() -> None:
    said = Welcome(node="n", version=1, heartbeat_s=-0.5, silence_s_max=1e9)
    got = heard(CODEC.encode(said), speaker=Speaker.NODE)
    assert isinstance(got, Welcome)
    assert (got.heartbeat_s, got.silence_s_max) == (0.0, (2**32 - 1) / 1000)


def test_a_field_of_a_newer_version_is_ignored() -> None:
    body = b"\x08\x01\x10\x02" + b"\xaa\x06\x01x"
    data = CODEC.join(1, 0, [_envelope_of(24, body)])
    assert CODEC.decode(data, Speaker.NODE).messages == (StateAck(incarnation=1, version=2),)


def _envelope_of(number: int, body: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(body)) + body


def test_entities_have_a_place_on_the_wire() -> None:
    assert {kind.__name__ for kind in typing.get_args(Entity)} <= set(
        Path("nrcli/wire/nirc_link.proto").read_text(encoding="utf-8").replace("{", " ").split()
    )
