"""Decides which alarms are not told just now: silences, which are maintenance windows too.

Rule of this file: pure. A silence keeps back notices alone; alarms are raised, shown and kept in
the history as always.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from nirc.alarms.history import Key

SILENCES_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSilence:
    """A silence as it is kept."""

    id: str
    code: str
    place: str
    "Patterns: `*` stands for any characters."
    from_unix_s: float
    until_unix_s: float
    author: str
    reason: str

    def is_in_force(self, now_unix_s: float) -> bool:
        """Now?"""
        return self.from_unix_s <= now_unix_s < self.until_unix_s

    def fits(self, key: Key) -> bool:
        """Is it about this alarm?"""
        return fnmatchcase(key[0], plain(self.code)) and fnmatchcase(key[1], plain(self.place))


def silenced(silences: Iterable[KeptSilence], key: Key, now_unix_s: float) -> bool:
    """Is an alarm kept back now?"""
    return any(one.is_in_force(now_unix_s) and one.fits(key) for one in silences)


def plain(pattern: str) -> str:
    """A pattern in which `*` alone is special.

    >>> plain("a[1]?*")
    'a[[]1][?]*'
    """
    return "".join(f"[{one}]" if one in "[?" else one for one in pattern)
