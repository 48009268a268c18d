"""Holds the documents in use and what follows from them: policies, paths, hours, who serves what.

Rule of this file: documents are replaced whole. One decision sees one set.
"""

from __future__ import annotations

from collections.abc import Mapping

from nirc.core.handlers import Handlers
from nirc.core.opening_hours import OpeningHours
from nirc.core.overload import NO_BUDGET, Budget
from nirc.core.path_proofs import PathProofs
from nirc.core.paths import PathTable
from nirc.core.queue_table import QueueTable
from nirc.core.settings import RouterSettings
from nirc.core.ways import Ways, ways_of
from nrcli.wire.messages import ProvedPath, RouteRequest
from routing_policies.assembly import default_policy
from routing_policies.compiler import CompiledPolicy
from routing_policies.document import NetworkDocuments, PathDoc, ServiceDoc, SiteDoc
from routing_policies.network_documents import DEFAULT_TENANT

DATA_KINDS = frozenset({"data", "data_number", "data_known"})
"Features that need a call's attached data."
Named = tuple[tuple[str, str], ...]
"(site, queue) of redirects."
WaysKey = tuple[str, str, str, str, bool, Named]
"(origin, trunk group, service, queue, answered, named by redirects)"


class ActivePolicy:
    """The set in use; before the first set nothing is decided."""

    __slots__ = (
        "_row_count",
        "_rows",
        "_settings",
        "_table",
        "_ways",
        "built_in",
        "closed",
        "documents",
        "handlers",
        "hours",
        "paths",
        "paths_off",
        "proofs",
        "wants_data",
    )

    def __init__(self, settings: RouterSettings, table: QueueTable) -> None:
        self._settings = settings
        self._table = table
        self._rows: dict[tuple[str, str], list[int]] = {}
        self._ways: dict[WaysKey, Ways] = {}
        self._row_count = 0
        self.documents: NetworkDocuments | None = None
        self.built_in: CompiledPolicy = default_policy()
        "Decides where the policy in use fails."
        self.wants_data = False
        "Does any version in use read attached data."
        self.hours = OpeningHours(table)
        self.handlers = Handlers(settings)
        self.proofs = PathProofs(settings)
        self.paths = PathTable(settings, proofs=self.proofs)
        self.closed: Mapping[str, Mapping[str, str]] = {}
        "Of services closed by a control: each calendar of theirs, and the one that holds instead."
        self.paths_off: Mapping[str, str] = {}
        "Paths that no call takes, and why; looked at when the set is replaced."

    def change(self, documents: NetworkDocuments, now_s: float) -> None:
        """This set replaces the one in use."""
        self.documents = documents
        self.handlers.documents = documents.handlers
        self.paths = PathTable(
            self._settings,
            documents.paths,
            documents.pools.values(),
            self.proofs,
            self.paths_off,
        )
        self.proofs.keep(path.name for path in documents.paths)
        self._rows.clear()
        self._ways.clear()
        services = documents.services.values()
        self._table.set_default_aht({s.spec.queue: s.spec.aht_s for s in services})
        self.hours.change(documents, now_s)
        features = {one.kind for policy in self.policies() for one in policy.features}
        self.wants_data = not features.isdisjoint(DATA_KINDS)

    def adopt_proofs(self, proved: tuple[ProvedPath, ...], now_s: float) -> None:
        """Another node knows this of test calls."""
        if self.proofs.adopt(proved, now_s):
            self.proofs_changed()

    def proofs_changed(self) -> None:
        """Test calls proved a path, or not any more."""
        self.paths.proofs_changed()
        self._ways.clear()

    def all_paths(self) -> tuple[PathDoc, ...]:
        """Every path of the network."""
        return self.documents.paths if self.documents else ()

    def knows(self, site: str) -> bool:
        """Is the site part of the network; before the first set every site is taken on trust."""
        return self.documents is None or site in self.documents.sites

    def policies(self) -> list[CompiledPolicy]:
        """Every version in use."""
        documents = self.documents
        found = [self.built_in]
        if documents is not None:
            found.append(documents.policy)
            for versions in documents.policies.values():
                found += versions.all()
        return found

    def budget_of(self, service: str) -> Budget:
        """What the service's tenant may ask of the leader."""
        documents = self.documents
        known = documents.services.get(service) if documents else None
        tenant = known.spec.tenant if known else DEFAULT_TENANT
        found = documents.tenants.get(tenant) if documents else None
        if found is None:
            return NO_BUDGET
        limits = found.spec.limits
        if limits.requests_open_max is None and limits.requests_per_s is None:
            return NO_BUDGET
        return Budget(tenant, limits.requests_open_max, limits.requests_per_s)

    def queue_of(self, site: str, service: str) -> str:
        """The queue in which a site's callers for a service wait; empty where no document says."""
        documents = self.documents
        known = documents.services.get(service) if documents else None
        if documents is None or known is None:
            return ""
        home = documents.sites.get(site)
        queues = home.spec.queues if home is not None else ()
        listed = (queue.name for queue in queues if service in queue.services)
        return next(listed, known.spec.queue)

    def rows(self, service: str, queue: str) -> list[int]:
        """Rows of all sites' queues that serve `service`, by site, then queue; where the service is
        unknown, those called `queue`."""
        rows = self._rows.get((service, queue))
        if rows is None:
            columns = self._table.columns
            rows = self._find_rows(service, queue)
            rows.sort(key=lambda row: (columns.site[row], columns.queue[row]))
            self._rows[(service, queue)] = rows
        return rows

    def ways(self, origin: str, request: RouteRequest, now_s: float, named: Named = ()) -> Ways:
        """The ways from the call's trunk group to every other site's queue that serves it, and to
        those that a redirect names."""
        if len(self._table.columns.site) != self._row_count:
            self._row_count = len(self._table.columns.site)
            self._rows.clear()
            self._ways.clear()
            self.hours.rows_grew(now_s)
        key = (
            *(origin, request.trunk_group, request.service, request.queue, request.answered),
            named,
        )
        ways = self._ways.get(key)
        if ways is None:
            if len(self._ways) >= self._settings.ways_kept_max:
                self._rows.clear()
                self._ways.clear()
            ways = self._ways[key] = self._find_ways(key)
        return ways

    def _find_ways(self, key: WaysKey) -> Ways:
        origin, trunk_group, service, queue, answered, named = key
        site_of = self._table.columns.site
        rows = [row for row in self.rows(service, queue) if site_of[row] != origin]
        named_from = len(rows)
        for row in (self._table.find(*one) for one in named):
            if row and row not in rows and site_of[row] != origin:
                rows.append(row)
        sites = [site_of[row] for row in rows]
        queues = [self._table.columns.queue[row] for row in rows]
        ladders = self.paths.ladders(origin, trunk_group, answered)
        return ways_of(rows, sites, queues, [ladders[site] for site in sites], named_from)

    def _find_rows(self, service: str, queue: str) -> list[int]:
        documents = self.documents
        known = documents.services.get(service) if documents else None
        if documents is None or known is None:
            return list(self._table.rows_of_queue(queue))
        columns = self._table.columns
        return [
            row
            for row in range(1, len(columns.site))
            if (site := documents.sites.get(columns.site[row])) is not None
            and _serves(site, columns.queue[row], known)
        ]


def _serves(site: SiteDoc, queue: str, service: ServiceDoc) -> bool:
    for listed in site.spec.queues:
        if listed.name == queue and listed.services:
            return service.name in listed.services
    return queue == service.spec.queue
