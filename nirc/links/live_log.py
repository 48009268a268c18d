"""Keeps the newest events of the live stream as bytes, made once for all readers.

Rule of this file: pure, and bounded by events and bytes. An id names the run of the node that gave
it, so that the id of another node, or of before a restart, is never taken for one of ours.
"""

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice

from pydantic import BaseModel

from nirc.links.live_changes import LiveEvent
from nrcli.wire.live_models import RESET, Kind

NUMBER_DIGITS_MAX = 18


@dataclass(frozen=True, slots=True)
class _Kept:
    kind: Kind
    framed: bytes


class LiveLog:
    """A ring of events, numbered from 1 without gaps."""

    def __init__(self, *, run: str, events_max: int, bytes_max: int) -> None:
        """`run`: a name unlike that of any other node or earlier run."""
        self._run = run
        self._events_max = events_max
        self._bytes_max = bytes_max
        self._kept: deque[_Kept] = deque()
        self._bytes = 0
        self._made: dict[tuple[int, frozenset[Kind]], bytes] = {}
        self.newest = 0
        "Number of the last event; 0 before the first."

    def add(self, events: Iterable[LiveEvent]) -> None:
        """Number and keep events; the oldest go where there is no room."""
        self._made.clear()
        for one in events:
            self.newest += 1
            kept = _Kept(one.kind, self._framed(one.event, json_bytes(one.data)))
            self._kept.append(kept)
            self._bytes += len(kept.framed)
        while len(self._kept) > self._events_max or self._bytes > self._bytes_max:
            self._bytes -= len(self._kept.popleft().framed)

    def after(self, number: int, kinds: frozenset[Kind]) -> bytes | None:
        """The events after `number` of these kinds; None where some are no longer kept."""
        skip = number - (self.newest - len(self._kept))
        if skip < 0:
            return None
        made = self._made.get((number, kinds))
        if made is None:
            wanted = (one.framed for one in islice(self._kept, skip, None) if one.kind in kinds)
            made = self._made[number, kinds] = b"".join(wanted)
        return made

    def reset(self, parts: Collection[bytes]) -> bytes:
        """A whole snapshot as an event, made of members of a JSON object; it stands at `newest`."""
        return self._framed(RESET, b"{" + b",".join(parts) + b"}")

    def number_of(self, event_id: str) -> int | None:
        """The number of an event that this run gave; None for any other text."""
        run, _, number = event_id.rpartition("-")
        if run != self._run or not number.isascii() or not number.isdecimal():
            return None
        if len(number) > NUMBER_DIGITS_MAX or int(number) > self.newest:
            return None
        return int(number)

    def _framed(self, event: str, data: bytes) -> bytes:
        """Server-sent event (WHATWG HTML, section 9.2); JSON has no line ends of its own."""
        return f"id: {self._run}-{self.newest}\nevent: {event}\ndata: ".encode() + data + b"\n\n"


def json_bytes(data: BaseModel) -> bytes:
    """A model as JSON in UTF-8."""
    return data.model_dump_json().encode()
