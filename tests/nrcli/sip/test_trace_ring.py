"""The ring keeps the newest, within messages and bytes; legs are found by any name they share."""

from __future__ import annotations

from nrcli.sip.flow import Peer
from nrcli.sip.trace_ring import Traced, TraceLimits, TraceRing, about

CARRIER = Peer("udp", ("10.0.0.1", 5060), ("10.0.0.9", 5080))
PHONE = Peer("udp", ("10.0.0.1", 5061), ("10.0.0.7", 5090))
TOKEN = "nirc-" + "a2" * 13
STORY = "0123456789abcdef" * 2


def said(call_id: str, *headers: str, first: str = "INVITE sip:x@h SIP/2.0") -> bytes:
    return "\r\n".join((first, f"Call-ID: {call_id}", *headers, "", "")).encode()


def ring_of(*data: bytes, messages_max: int = 100, bytes_max: int = 100_000) -> TraceRing:
    ring = TraceRing(TraceLimits(messages_max=messages_max, bytes_max=bytes_max))
    for at_s, one in enumerate(data):
        ring.put(float(at_s), False, CARRIER, one)
    return ring


def found(ring: TraceRing, word: str) -> list[float]:
    return [one.at_s for one in about(ring.snapshot(), word, 100)]


def test_the_oldest_go_first_by_number() -> None:
    ring = ring_of(*(said(f"call-{n}") for n in range(5)), messages_max=3)
    assert [one.at_s for one in ring.snapshot()] == [2.0, 3.0, 4.0]
    assert ring.dropped_count == 2


def test_the_oldest_go_first_by_bytes_and_one_too_large_is_not_kept() -> None:
    ring = ring_of(b"x" * 40, b"y" * 40, b"z" * 40, bytes_max=100)
    assert [one.data[:1] for one in ring.snapshot()] == [b"y", b"z"]
    ring.put(9.0, True, CARRIER, b"w" * 101)
    assert ring.snapshot() == ()
    ring.put(10.0, True, CARRIER, b"v" * 100)
    assert [one.data[:1] for one in ring.snapshot()] == [b"v"]


def test_none_is_kept_where_none_may() -> None:
    assert ring_of(said("a-call-id"), messages_max=0).snapshot() == ()


def test_legs_that_share_a_token_or_a_story_are_one_call() -> None:
    ring = ring_of(
        said("caller-1", f"Session-ID: {STORY};remote={'0' * 32}"),
        said("caller-1", f"Contact: <sip:{TOKEN}@porto>", first="SIP/2.0 302 Moved"),
        said("other-1", f"Session-ID: {'f' * 32};remote={'0' * 32}"),
        said("arrived-1", first=f"INVITE sip:{TOKEN}@porto SIP/2.0"),
        said("agent-1", f"X-NIRC-Interaction: {STORY}"),
        said("agent-1", first="SIP/2.0 180 Ringing"),
    )
    whole = [0.0, 1.0, 3.0, 4.0, 5.0]
    for word in (STORY, "caller-1", TOKEN, "agent-1", "arrived", STORY[:8]):
        assert found(ring, word) == whole, word
    assert found(ring, "other-1") == [2.0]


def test_a_note_joins_names_and_is_no_message() -> None:
    ring = ring_of(said("caller-1"), said("caller-2"))
    ring.note(2.0, ("lisbon/17/1", "story-of-anna", "caller-1", ""))
    assert found(ring, "story-of-anna") == [0.0]
    assert found(ring, "lisbon/17/1") == [0.0]
    assert found(ring, "lisbon/17/2") == []


def test_a_short_word_must_be_whole_and_an_unknown_one_finds_nothing() -> None:
    ring = ring_of(said("abc"), said("abcdefgh"))
    assert found(ring, "abc") == [0.0]
    assert found(ring, "abcd") == []
    assert found(ring, "abcdef") == [1.0]
    assert found(ring, "") == []


def test_a_session_of_nobody_joins_nothing() -> None:
    nobody = f"Session-ID: {'0' * 32};remote={'0' * 32}"
    ring = ring_of(said("caller-1", nobody), said("caller-2", nobody))
    assert found(ring, "caller-1") == [0.0]


def test_no_more_are_given_than_asked_for() -> None:
    kept = [Traced(float(n), False, PHONE, said("caller-1")) for n in range(9)]
    assert [one.at_s for one in about(kept, "caller-1", 4)] == [0.0, 1.0, 2.0, 3.0]


def test_what_is_no_sip_is_kept_and_harms_nobody() -> None:
    ring = ring_of(b"\xff\x00\r\n\r\n", b"", b"Call-ID", said("caller-1"))
    assert found(ring, "caller-1") == [3.0]
