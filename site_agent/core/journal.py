"""What of this site's promises is kept on disk, and when it is written.

Rule of this file: parts mark what may have changed; at the end of the turn it is looked at once,
and what differs is written before anything else of the turn is done. What must survive a power cut
too stands in `_must_sync` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from site_agent.core.actions import JournalDrop, JournalPut
from site_agent.core.callback import CallbackState

Value = dict[str, Any]
Source = Callable[[str], "Value | None"]
"Gives what is kept of a name, or nothing if it is not kept any more."
CALLBACK, DIALING = "callback", CallbackState.DIALING.value
KINDS = {"reservation": "hold", "waiting": "call"}
"What parts call it where they mark it for the nodes too, and its kind in the journal."


class Journal:
    """What is on disk, by kind and key, and what may have changed in this turn."""

    __slots__ = ("_kept", "_marked", "_sources", "is_kept")

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Value] = {}
        self._marked: dict[tuple[str, str], None] = {}
        self._sources: Mapping[str, Source] = {}
        self.is_kept = False
        "A daemon that was never given a journal to read keeps none."

    def __len__(self) -> int:
        return len(self._kept)

    def join(self, sources: Mapping[str, Source]) -> None:
        """Name where values of each kind come from; once, before the first event."""
        self._sources = sources

    def begin(self, entries: Iterable[tuple[str, str, Value]]) -> None:
        """This is on disk: every entry is looked at again at the end of this turn."""
        self.is_kept = True
        for kind, key, value in entries:
            if kind in self._sources:
                self._kept[(kind, key)] = value
                self._marked[(kind, key)] = None

    def mark(self, kind: str, key: str) -> None:
        """Something may have changed; kinds that are not kept are fine."""
        if not self.is_kept:
            return
        kind = KINDS.get(kind, kind)
        if kind in self._sources and key:
            self._marked[(kind, key)] = None

    def take(self) -> list[JournalPut | JournalDrop]:
        """What is to be written for this turn."""
        if not self._marked:
            return []
        marked, self._marked = self._marked, {}
        writes: list[JournalPut | JournalDrop] = []
        for where in marked:
            kind, key = where
            old, new = self._kept.get(where), self._sources[kind](key)
            if new == old:
                continue
            if new is None:
                del self._kept[where]
                writes.append(JournalDrop(kind=kind, key=key, sync=kind == CALLBACK))
            else:
                self._kept[where] = new
                sync = _must_sync(kind, old, new)
                writes.append(JournalPut(kind=kind, key=key, value=new, sync=sync))
        return writes


def _must_sync(kind: str, old: Value | None, new: Value) -> bool:
    """A move's beginning and a token's death: with either forgotten, a caller could be in two
    places, or a token be honoured that the origin was told is dead. Of a promise to call back its
    beginning, for the caller hangs up on it, each call made for it, and its end: with one of those
    forgotten somebody would be called by two sites, or once more after an agent had them."""
    if kind == CALLBACK:
        return old is None or (new["state"] == DIALING and old["state"] != DIALING)
    if kind in ("move", "tombstone"):
        return old is None
    return kind == "hold" and (new["state"] == "cancelled" or _calls_back(old or {}, new))


def _calls_back(old: Value, new: Value) -> bool:
    """A token that calls somebody back: it does so once, and the origin hears who was reached."""
    dialed = new.get("dialed")
    return dialed in (DIALING, "answered") and old.get("dialed") != dialed
