"""Names the spans of a call so that all who see a part of it make parts of one trace.

Rule of this file: ids are worked out from what both sides know (interaction, request, token), never
drawn and never sent. Whether a call is traced follows from its interaction alone, so that all agree
who trace the same share; with different shares, whoever traces less traces some of the others'.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from hashlib import blake2b

_SESSION = re.compile(r"[0-9a-f]{32}").fullmatch
_NO_SESSION = "0" * 32
"The nil UUID, RFC 7989 section 5: of a call whose other side has none."

Value = str | int | float | bool


class Side(Enum):
    """Which part of a conversation a span is, as OpenTelemetry knows them."""

    INTERNAL = "internal"
    CLIENT = "client"  # asks somebody else and waits for the answer
    SERVER = "server"  # answers whoever asked


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanEvent:
    """Something that happened during a span."""

    at_unix_s: float
    name: str
    attributes: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One piece of work for a call, told when it has ended. Holds no number, no token, no data."""

    trace: int
    "128 bits; in hexadecimal the Session-ID, where the call has one."
    id: int
    "64 bits."
    parent: int
    "Span that it belongs to, of the same trace; 0: it begins something."
    name: str
    began_unix_s: float
    ended_unix_s: float
    side: Side = Side.INTERNAL
    attributes: Mapping[str, Value] = field(default_factory=dict)
    events: tuple[SpanEvent, ...] = ()
    problem: str = ""
    "Why it failed; empty: it did not."


def trace_of(interaction_id: str) -> int:
    """The trace of a caller's whole story: a Session-ID (RFC 7989, 32 hexadecimal digits) as it
    is, any other id by its hash."""
    if _SESSION(interaction_id) and interaction_id != _NO_SESSION:
        return int(interaction_id, 16)
    return int.from_bytes(blake2b(interaction_id.encode(), digest_size=16).digest()) or 1


def span_of(kind: str, *keys: object) -> int:
    """The id of the span of this kind about these things. A token cannot be read from it."""
    text = "\0".join((kind, *map(str, keys)))
    return int.from_bytes(blake2b(text.encode(), digest_size=8, person=b"nirc span").digest()) or 1


def call_span(site: str, call_id: str) -> int:
    """A call's stay at a site."""
    return span_of("call", site, call_id)


def route_span(request_id: str) -> int:
    """The site's question where a call could be served."""
    return span_of("route", request_id)


def decide_span(request_id: str, generation: int, revision: int) -> int:
    """The leader's work on that question, of the leader of this epoch."""
    return span_of("decide", request_id, generation, revision)


def entry_span(entry_id: str) -> int:
    """A wait in the network queue, or for a call back."""
    return span_of("entry", entry_id)


def hold_span(token: str) -> int:
    """What the target holds for a call."""
    return span_of("hold", token)


def move_span(token: str) -> int:
    """The move of a call by the site that has it."""
    return span_of("move", token)


class Sampler:
    """Takes a share of all calls: always the same ones."""

    __slots__ = ("_below",)

    def __init__(self, share: float) -> None:
        """`share`: from 0 (no call) to 1 (every call)."""
        self._below = int(share * 2**64)

    def takes(self, interaction_id: str) -> bool:
        """Is this caller's story traced? What belongs to no call is not."""
        if not interaction_id or not self._below:
            return False
        drawn = blake2b(interaction_id.encode(), digest_size=8, person=b"nirc sample").digest()
        return int.from_bytes(drawn) < self._below
