"""Holds the documents in use and what follows from them: the policy, the paths, who serves what.

Rule of this file: documents are replaced whole. One decision sees one set.
"""

from __future__ import annotations

from nirc.core.paths import PathTable
from nirc.core.queue_table import QueueTable
from nirc.core.settings import RouterSettings
from routing_policies.document import NetworkDocuments, ServiceDoc, SiteDoc


class ActivePolicy:
    """The set in use; before the first set nothing is decided."""

    __slots__ = ("_row_count", "_rows", "_settings", "_table", "documents", "paths")

    def __init__(self, settings: RouterSettings, table: QueueTable) -> None:
        self._settings = settings
        self._table = table
        self._rows: dict[tuple[str, str], list[int]] = {}
        self._row_count = 0
        self.documents: NetworkDocuments | None = None
        self.paths = PathTable(settings)

    def change(self, documents: NetworkDocuments) -> None:
        """This set replaces the one in use."""
        self.documents = documents
        self.paths = PathTable(self._settings, documents.paths)
        self._rows.clear()
        services = documents.services.values()
        self._table.set_default_aht({s.spec.queue: s.spec.aht_s for s in services})

    def knows(self, site: str) -> bool:
        """Is the site part of the network; before the first set every site is taken on trust."""
        return self.documents is None or site in self.documents.sites

    def rows(self, service: str, queue: str) -> list[int]:
        """Rows of all sites' queues that serve `service`; if unknown, those called `queue`."""
        count = len(self._table.columns.site)
        if count != self._row_count:
            self._rows.clear()
            self._row_count = count
        rows = self._rows.get((service, queue))
        if rows is None:
            rows = self._rows[(service, queue)] = self._find_rows(service, queue)
        return rows

    def _find_rows(self, service: str, queue: str) -> list[int]:
        documents = self.documents
        known = documents.services.get(service) if documents else None
        if documents is None or known is None:
            return list(self._table.rows_of_queue(queue))
        columns = self._table.columns
        return [
            row
            for row in range(self._row_count)
            if (site := documents.sites.get(columns.site[row])) is not None
            and _serves(site, columns.queue[row], known)
        ]


def _serves(site: SiteDoc, queue: str, service: ServiceDoc) -> bool:
    for listed in site.spec.queues:
        if listed.name == queue and listed.services:
            return service.name in listed.services
    return queue == service.spec.queue
