"""What a standby makes of the lease that it sees, and a holder of the standbys that it hears.

Rule of this file: silence is measured by our own clock alone, from when something last changed;
what the holder's clock says is nowhere read.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from site_agent.core.pair_words import Holder, LeaseRead, LeaseRecord, PairSettings


class Verdict(Enum):
    """What may be done about the lease."""

    WAIT = "wait"  # its holder may live
    TAKE = "take"  # nobody has it any more
    END = "end"  # its holder is silent, and a process beside us: end it first
    UNSAFE = "unsafe"  # its holder is silent, and could serve on without our seeing it


class LeaseWatch:
    """The lease as it was last seen, and since when it has not changed."""

    __slots__ = ("_me", "_settings", "record", "seen_at_s")

    def __init__(self, me: Holder, settings: PairSettings, now_s: float) -> None:
        self._me = me
        self._settings = settings
        self.record: LeaseRecord | None = None
        self.seen_at_s = now_s
        "When it was first seen as it is."

    @property
    def fence(self) -> int:
        """The highest that was seen; 0: none."""
        return self.record.fence if self.record is not None else 0

    def goes_back(self, found: LeaseRecord | None) -> bool:
        """Is this older than what was seen? Then it is not the folder of before."""
        return (found.fence if found is not None else 0) < self.fence

    def saw(self, found: LeaseRecord | None, now_s: float) -> None:
        """It was read, or written by us."""
        if found != self.record:
            self.record, self.seen_at_s = found, now_s

    def verdict(self, event: LeaseRead, now_s: float) -> Verdict:
        """What may be done about what was just read."""
        found, one_host = event.record, self._settings.one_host
        holder = found.holder if found is not None else None
        if found is None or holder is None or holder.life == self._me.life or event.holder_gone:
            return Verdict.TAKE
        if one_host and holder.boot != self._me.boot:
            return Verdict.TAKE
        if now_s - self.seen_at_s < found.lease_s:
            return Verdict.WAIT
        if self._me.is_beside(holder):
            return Verdict.END
        return Verdict.UNSAFE if one_host else Verdict.TAKE


class StandbyEar:
    """Which standbys left word, and when one did last."""

    __slots__ = ("_beats", "_name", "heard_at_s")

    def __init__(self, name: str, now_s: float) -> None:
        self._name = name
        self._beats: dict[str, int] = {}
        self.heard_at_s = now_s

    def hear(self, beats: Mapping[str, int], now_s: float) -> None:
        """The files of standbys, by name."""
        others = {name: beat for name, beat in beats.items() if name != self._name}
        if any(self._beats.get(name) != beat for name, beat in others.items()):
            self.heard_at_s = now_s
        self._beats = others
