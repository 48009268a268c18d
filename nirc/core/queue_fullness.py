"""Tells people that the network queue takes no more calls, and that it does again.

Rule of this file: only the leader tells; an alarm that stands is cleared when there is room for a
good part of it, so that it does not come and go with each caller.
"""

from __future__ import annotations

from collections.abc import Iterator

from nirc.core.actions import Action
from nirc.core.alarms import Alarms
from nirc.core.network_queue import NetworkQueue
from nirc.core.settings import RouterSettings

ALARM = "network_queue_full"
ALL = "all"


class QueueFullness:
    """Which bounds of the network queue are reached."""

    __slots__ = ("_alarms", "_full", "_queue", "_settings")

    def __init__(self, queue: NetworkQueue, alarms: Alarms, settings: RouterSettings) -> None:
        self._queue = queue
        self._alarms = alarms
        self._settings = settings
        self._full: set[str] = set()
        "Places of alarms that stand."

    def look(self, leads: bool, out: list[Action]) -> None:
        """Raise what is reached, clear what is not any more; all of it where we do not lead."""
        if not (self._full or leads):
            return
        found = dict(self._reached()) if leads else {}
        for place in sorted(self._full - found.keys()):
            self._full.discard(place)
            self._alarms.clear(ALARM, place, out)
        for place, text in sorted(found.items()):
            if place not in self._full:
                self._full.add(place)
                self._alarms.raise_(ALARM, place, text, out)

    def _reached(self) -> Iterator[tuple[str, str]]:
        settings, queue = self._settings, self._queue
        bounds = [(ALL, len(queue), settings.queue_entries_max, "queue_entries_max")]
        for kind, counts, most in (
            ("site", queue.counts_by_site(), settings.queue_entries_per_site_max),
            ("service", queue.counts(), settings.queue_entries_per_service_max),
        ):
            name = f"queue_entries_per_{kind}_max"
            bounds += [(f"{kind} {one}", count, most, name) for one, count in counts.items()]
        for place, count, most, name in bounds:
            share = settings.queue_full_clear_share if place in self._full else 1.0
            if count >= most * share:
                yield place, f"{count} callers wait, at most {most} may ({name})"
