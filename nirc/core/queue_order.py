"""Decides who of the network queue comes first.

Rule of this file: pure. Priority, grown with waiting, comes first; then what part of the service's
threshold a caller has waited, so that who is at risk comes before who has time; a dear or slow way
counts as if the caller had waited less. Nobody starves: every term but the way grows with waiting,
the way weighs the same for good.

Accumulating priorities: Stanford, Taylor and Ziedins 2014, "Waiting time distributions in the
accumulating priority queue".
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import merge

from nirc.core.active_policy import ActivePolicy
from nirc.core.network_queue import Entry, Group, NetworkQueue
from nirc.core.settings import RouterSettings
from routing_policies.call_priority import grown_priority

Merit = tuple[float, float, float, str]
"Smaller comes first: (minus priority, minus share of the threshold waited, waiting since, entry)."
THRESHOLD_S = 20.0
"Of a service that no document describes."


class QueueOrder:
    """Compares entries by the documents in use."""

    __slots__ = ("_active", "_settings")

    def __init__(self, active: ActivePolicy, settings: RouterSettings) -> None:
        self._active = active
        self._settings = settings

    def merit(
        self, group: Group, place: tuple[float, str], now_s: float, *, way_s: float = 0.0
    ) -> Merit:
        """How an entry of this group stands; `way_s` is what its way to an agent weighs."""
        since_s, entry_id = place
        documents = self._active.documents
        service = documents.services.get(group.service) if documents else None
        waited_s = max(0.0, now_s - since_s)
        priority, threshold_s = group.priority, THRESHOLD_S
        if service is not None:
            spec = service.spec
            started = max(priority, spec.priority)
            priority = grown_priority(started, waited_s, spec.ageing)
            threshold_s = spec.service_level.threshold_s
        return (-float(priority), (way_s - waited_s) / threshold_s, since_s, entry_id)

    def way_s(self, cost: float, set_up_s: float) -> float:
        """Seconds of waiting that a way weighs: its set-up, and its cost."""
        return set_up_s + cost * self._settings.match_cost_s

    def of_service(self, queue: NetworkQueue, service: str, now_s: float) -> list[Entry]:
        """All entries of a service, first to last, wherever an agent gets ready."""
        return self._joined(queue, (g for g in queue.groups() if g.service == service), now_s)

    def _joined(self, queue: NetworkQueue, groups: Iterable[Group], now_s: float) -> list[Entry]:
        columns = [[self.merit(g, place, now_s) for place in g.places] for g in groups]
        found = (queue.get(merit[-1]) for merit in merge(*columns))
        return [entry for entry in found if entry is not None]
