"""A call's SIP messages as JSON: what a site agent or a node answers to `nrcli trace`.

Rule of this file: pure; what comes over a link is bounded before it is unpacked.
"""

import zlib
from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MESSAGES_MAX = 2_000
"Of one place for one call; those after them are left out, and it is said."
PART_BYTES = 48_000
PARTS_MAX = 40
"Of one answer over a link; together they are held in memory."
UNPACKED_BYTES_MAX = 64_000_000


class TracedMessage(BaseModel):
    """One SIP message, as one place saw it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    at_unix_s: float = Field(description="By the clock of the place that saw it.")
    place: str = Field(description="Site or node that saw it.")
    sent: bool = Field(description="By that place; else it was heard there.")
    transport: str = Field(description="udp, tcp or tls.")
    local: str = Field(description="The place's own host:port.")
    remote: str = Field(description="The other end's host:port.")
    message: str = Field(description="The whole message; what is hidden is written as `x`.")


class CallTrace(BaseModel):
    """What was said about one call."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    call: Annotated[str, Field(max_length=200)]
    messages: list[TracedMessage]
    now_unix_s: float = Field(default=0, description="By the same clock, when it answered.")
    unmasked: bool = False
    notes: list[str] = Field(default=[], description="What is missing, and why.")


def packed(trace: CallTrace) -> list[bytes]:
    """A trace in parts for a link; of one that is too large the newest messages stay away."""
    while True:
        data = zlib.compress(trace.model_dump_json().encode())
        if len(data) <= PARTS_MAX * PART_BYTES:
            return [data[at : at + PART_BYTES] for at in range(0, len(data), PART_BYTES)]
        kept = trace.messages[: len(trace.messages) // 2]
        note = f"only the first {len(kept)} messages of this call"
        trace = trace.model_copy(update={"messages": kept, "notes": [*trace.notes, note]})


def unpacked(parts: Sequence[bytes]) -> CallTrace:
    """The trace that was sent in these parts. Raises ValueError: they are none."""
    work = zlib.decompressobj()
    try:
        data = work.decompress(b"".join(parts), UNPACKED_BYTES_MAX)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not work.eof:
        raise ValueError("cut off, or too large")
    return CallTrace.model_validate_json(data)


def by_our_clock(trace: CallTrace, asked_unix_s: float, told_unix_s: float) -> CallTrace:
    """The messages of a place whose clock differs, by ours: as far as one round trip can tell.

    The place said what time it was between our asking and its answer (RFC 5905 section 8). What the
    way itself may explain is left as it is.
    """
    ahead_s = trace.now_unix_s - (asked_unix_s + told_unix_s) / 2
    if not trace.now_unix_s or abs(ahead_s) <= (told_unix_s - asked_unix_s) / 2:
        return trace
    moved = [
        one.model_copy(update={"at_unix_s": round(one.at_unix_s - ahead_s, 6)})
        for one in trace.messages
    ]
    return trace.model_copy(update={"messages": moved, "now_unix_s": trace.now_unix_s - ahead_s})
