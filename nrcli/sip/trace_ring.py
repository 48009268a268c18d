"""The last SIP messages of one process, in and out, for whoever asks afterwards what was said.

Rule of this file: a message costs one entry and is looked at only when somebody asks; messages and
bytes are bounded, the oldest go first. What is handed out here is not masked.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nrcli.sip.flow import Peer

WORD_CHARS_MIN = 6
"From so many characters on the beginning of a name is enough."
_CALL_ID = re.compile(rb"^(?:call-id|i)[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_INTERACTION = re.compile(rb"^x-nirc-interaction[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_SESSION = re.compile(rb"^session-id[ \t]*:[ \t]*([0-9a-f]{32})", re.IGNORECASE | re.MULTILINE)
_REMOTE = re.compile(rb";[ \t]*remote=([0-9a-f]{32})", re.IGNORECASE)
_TOKEN = re.compile(rb"nirc-[a-z2-7]{26}")
_NOBODY = b"0" * 32


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceLimits:
    """How much is kept."""

    messages_max: int = 20_000
    "SIP messages; 0: nothing is kept."
    bytes_max: int = 16_000_000
    "Of all of them together."


@dataclass(frozen=True, slots=True)
class Traced:
    """One message, or a note that joins names of one call (then without addresses)."""

    at_s: float
    "CLOCK_BOOTTIME."
    sent: bool
    peer: Peer | None
    "None: a note."
    data: bytes


class TraceRing:
    """What one process has heard and said."""

    def __init__(self, limits: TraceLimits) -> None:
        self._limits = limits
        self._kept: deque[Traced] = deque()
        self._bytes_count = 0
        self.dropped_count = 0
        "Entries that had to go for newer ones."

    def put(self, at_s: float, sent: bool, peer: Peer | None, data: bytes) -> None:
        """Keep one message."""
        if not self._limits.messages_max:
            return
        self._kept.append(Traced(at_s, sent, peer, data))
        self._bytes_count += len(data)
        kept, limits = self._kept, self._limits
        while len(kept) > limits.messages_max or self._bytes_count > limits.bytes_max:
            self._bytes_count -= len(kept.popleft().data)
            self.dropped_count += 1

    def note(self, at_s: float, names: Iterable[str]) -> None:
        """These names are of one call: of the interaction, of the site, of SIP."""
        words = " ".join(name for name in names if name)
        self.put(at_s, False, None, words.encode())

    def snapshot(self) -> tuple[Traced, ...]:
        """All that is kept now, the oldest first; another thread may search it."""
        return tuple(self._kept)


def about(kept: Sequence[Traced], word: str, entries_max: int) -> list[Traced]:
    """The messages of one call, over all of its legs, the oldest first and at most so many.

    `word` is a name of the interaction, of the call at a site or of SIP (Call-ID, Session-ID, a
    token), or its beginning. Legs belong together where they share such a name.
    """
    names = [_names(entry) for entry in kept]
    wanted = _meant(names, word.strip().encode())
    size = -1
    while size != len(wanted):
        size = len(wanted)
        for mine in names:
            if not wanted.isdisjoint(mine):
                wanted |= mine
    found = [
        entry
        for entry, mine in zip(kept, names, strict=True)
        if entry.peer is not None and not wanted.isdisjoint(mine)
    ]
    return found[:entries_max]


def _meant(names: Sequence[frozenset[bytes]], word: bytes) -> set[bytes]:
    """The names that are this word; else, of one long enough, those that begin so."""
    known = frozenset[bytes]().union(*names)
    if word in known or len(word) < WORD_CHARS_MIN:
        return {word} & known
    return {name for name in known if name.startswith(word)}


def _names(entry: Traced) -> frozenset[bytes]:
    if entry.peer is None:
        return frozenset(entry.data.split())
    head = entry.data.partition(b"\r\n\r\n")[0]
    found = {*_INTERACTION.findall(head), *_SESSION.findall(head), *_TOKEN.findall(head)}
    if b"ession-" in head:
        found.update(_REMOTE.findall(head))
    call_id = _CALL_ID.search(head)
    if call_id:
        found.add(call_id[1])
    found.discard(_NOBODY)
    return frozenset(found)
