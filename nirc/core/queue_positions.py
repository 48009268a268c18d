"""Tells origins how their callers stand in the network queue: position, and expected wait.

Rule of this file: one service at a time, at a bounded rate, newcomers first, only what changed.
How long a wait is expected to be stands in `told_waits`.
"""

from __future__ import annotations

from nirc.core.actions import Action
from nirc.core.network_queue import RESTING, Entry
from nirc.core.parts import Parts
from nirc.core.queue_order import QueueOrder
from nirc.core.told_waits import Told, ToldWaits
from nrcli.wire.messages import QueuePosition
from routing_policies import columns as c


class QueuePositions:
    """Positions told, service after service."""

    __slots__ = ("_due_at_s", "_measured", "_order", "_parts", "_services")

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._order = QueueOrder(parts.active, parts.settings)
        self._services: list[str] = []
        "Services still to be looked at in this round."
        self._due_at_s = 0.0
        self._measured: dict[str, ToldWaits] = {}
        "By service."

    def served(self, entry: Entry, now_s: float) -> None:
        """A caller of the queue went to an agent, here or there."""
        if entry.told_first is not None:
            self._of(entry.group.service).served(entry.told_first, now_s)

    def _of(self, service: str) -> ToldWaits:
        return self._measured.setdefault(service, ToldWaits())

    def sweep(self, now_s: float, out: list[Action]) -> None:
        """Looks at the next service, if it is time."""
        if not self._services and now_s >= self._due_at_s:
            self._services = sorted(self._parts.queue.counts(), reverse=True)
            self._due_at_s = now_s + self._parts.settings.queue_look_s
        if self._services:
            self._tell(self._services.pop(), now_s, out)

    def _tell(self, service: str, now_s: float, out: list[Action]) -> None:
        parts = self._parts
        entries = self._order.of_service(parts.queue, service, now_s)
        reachable = [
            one
            for one in entries
            if one.group.callback != RESTING and parts.network.synced(one.site)
        ]
        due = [(n, one) for n, one in enumerate(reachable) if self._is_due(one, n + 1, now_s)]
        due.sort(key=lambda pair: pair[1].told > 0)
        waits: dict[tuple[str, str], tuple[float, float]] = {}
        for number, entry in due[: parts.settings.queue_told_max]:
            key = (entry.report.service, entry.report.queue)
            if key not in waits:
                waits[key] = self._service_rate(*key)
            others, ends_per_s = waits[key]
            low_s, high_s = self._of(service).range_s(number + others, ends_per_s)
            message = QueuePosition(
                domain=entry.group.domain,
                epoch=parts.leadership.epoch(entry.group.domain),
                entry_id=entry.id,
                position=number + 1,
                ewt_low_s=low_s,
                ewt_high_s=high_s,
            )
            if parts.leadership.command(entry.group.domain, entry.site, message, now_s, out):
                entry.told, entry.told_at_s = number + 1, now_s
                if entry.told_first is None:
                    entry.told_first = Told(now_s, number + others, ends_per_s)

    def _is_due(self, entry: Entry, position: int, now_s: float) -> bool:
        if entry.group.callback:
            return False
        every_s = self._parts.settings.queue_told_every_s
        return entry.told != position and (not entry.told or now_s >= entry.told_at_s + every_s)

    def _service_rate(self, service: str, queue: str) -> tuple[float, float]:
        """(Callers who wait at one of the sites alone, ends of talks per second), over all queues
        that serve the service."""
        parts = self._parts
        queues, columns = parts.network.table.columns.queues, parts.network.table.columns
        others = ends_per_s = 0.0
        for row in parts.active.rows(service, queue):
            working = queues[c.Q_STAFFED][row] - queues[c.Q_NOT_READY][row]
            if not queues[c.Q_OPEN][row] or not queues[c.Q_SHARED][row] or working <= 0:
                continue
            here = parts.queue.waiting_here(columns.site[row], columns.queue[row])
            others += max(0.0, queues[c.Q_WAITING][row] - here)
            ends_per_s += working / queues[c.Q_AHT_S][row]
        return others, ends_per_s
