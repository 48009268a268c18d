"""Writes how long all channels of a trunk group were in use.

Rule of this file: by what the ACD tells of the group alone; a long time is told in pieces.
"""

from __future__ import annotations

from collections.abc import Callable

from nrcli.wire.messages import SiteRecord, TrunkBusyRecord
from site_agent.adapters.base import TrunkChanged


class TrunkRecords:
    """Trunk groups without a free channel, and since when that was last told."""

    __slots__ = ("_busy", "_piece_s", "_site", "_tell", "_unix_s")

    def __init__(
        self,
        site: str,
        piece_s: float,
        unix_s: Callable[[float], float],
        tell: Callable[[SiteRecord], None],
    ) -> None:
        self._site = site
        self._piece_s = piece_s
        self._unix_s = unix_s
        self._tell = tell
        self._busy: dict[str, tuple[float, int, bool]] = {}
        "By group: since when, of how many channels, whether that is a further piece."

    def changed(self, event: TrunkChanged, now_s: float) -> None:
        """Channels in use, or there, changed."""
        full = 0 < event.channels_max <= event.channels_used_count
        if full and event.trunk_group not in self._busy:
            self._busy[event.trunk_group] = (now_s, event.channels_max, False)
        elif not full and event.trunk_group in self._busy:
            self._write(event.trunk_group, now_s)
            del self._busy[event.trunk_group]

    def look(self, now_s: float) -> None:
        """Each second: what lasts is told in pieces."""
        for group, (began_s, channels_max, _) in self._busy.items():
            if now_s - began_s >= self._piece_s:
                self._write(group, now_s)
                self._busy[group] = (now_s, channels_max, True)

    def _write(self, group: str, now_s: float) -> None:
        began_s, channels_max, continues = self._busy[group]
        self._tell(
            TrunkBusyRecord(
                site=self._site,
                trunk_group=group,
                began_unix_s=self._unix_s(began_s),
                lasted_s=now_s - began_s,
                channels_max=channels_max,
                continues=continues,
            )
        )
