"""Joins single documents into one set, or says everything that keeps them from fitting together.

Rule of this file: a set is whole or refused; the one in use stays when a new one is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from routing_policies.compiler import CompiledPolicy, compile_policy
from routing_policies.errors import DocumentError, Fault
from routing_policies.kinds import (
    ANY_SITE,
    Document,
    PathDoc,
    RoutingPolicyDoc,
    ServiceDoc,
    SiteDoc,
    SiteTableDoc,
)
from routing_policies.loading import load_document, load_site_table
from routing_policies.network_documents import NetworkDocuments

Texts = Mapping[str, tuple[str, int]]
"`kind/name` to (YAML text, store revision of its last change)."


def assemble(documents: Texts, revision: int) -> NetworkDocuments:
    """One checked set. Raises DocumentError with every fault of every document."""
    return _Assembly(documents).joined(revision)


def default_policy() -> CompiledPolicy:
    """The built-in policy, used where a network has none of its own."""
    source = "catalogue/default.yaml"
    text = files("routing_policies").joinpath(source).read_text(encoding="utf-8")
    document = load_document(text, source=source)
    assert isinstance(document, RoutingPolicyDoc)
    return compile_policy(document, 0, source=source)


class _Assembly:
    """Collects documents by kind, and faults."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._faults: list[Fault] = []
        self._sites: dict[str, SiteDoc] = {}
        self._services: dict[str, ServiceDoc] = {}
        self._paths: list[PathDoc] = []
        self._policies: list[CompiledPolicy] = []
        self._tables: list[str] = []

    def joined(self, revision: int) -> NetworkDocuments:
        for key in sorted(self._texts):
            try:
                self._take(key)
            except DocumentError as error:
                self._faults.extend(error.faults)
        if not self._faults:
            self._check_references()
            self._check_single()
        if self._faults:
            raise DocumentError(*self._faults)
        table, table_revision = self._texts[self._tables[0]] if self._tables else ("", 0)
        return NetworkDocuments(
            revision=revision,
            sites=self._sites,
            paths=tuple(self._paths),
            services=self._services,
            policy=self._policies[0] if self._policies else default_policy(),
            site_table=table.encode("utf-8"),
            site_table_revision=table_revision,
        )

    def _take(self, key: str) -> None:
        text, changed_revision = self._texts[key]
        document = load_document(text, source=key)
        if key != f"{document.kind}/{document.name}":
            problem = f"holds {document.kind}/{document.name}"
            self._wrong(key, "metadata.name", problem, "store it under its own kind and name")
        self._sort_in(key, document, changed_revision)

    def _sort_in(self, key: str, document: Document, changed_revision: int) -> None:
        match document:
            case SiteDoc():
                self._sites[document.name] = document
            case ServiceDoc():
                self._services[document.name] = document
            case PathDoc():
                self._paths.append(document)
            case SiteTableDoc():
                load_site_table(self._texts[key][0].encode("utf-8"), source=key)
                self._tables.append(key)
            case RoutingPolicyDoc():
                self._policies.append(compile_policy(document, changed_revision, source=key))

    def _check_references(self) -> None:
        for path in self._paths:
            self._check_path(path)
        for site in self._sites.values():
            for i, queue in enumerate(site.spec.queues):
                for name in queue.services:
                    if name not in self._services:
                        place = f"spec.queues[{i}].services"
                        self._unknown(f"Site/{site.name}", place, "NetworkService", name)
        if self._sites:
            for service in self._services.values():
                self._check_service(service)

    def _check_path(self, path: PathDoc) -> None:
        source = f"Path/{path.name}"
        spec = path.spec
        if spec.from_site not in self._sites:
            self._unknown(source, "spec.from_site", "Site", spec.from_site)
        if spec.to_site not in self._sites and spec.to_site != ANY_SITE:
            self._unknown(source, "spec.to_site", "Site", spec.to_site)
        if spec.to_site == spec.from_site:
            self._wrong(source, "spec.to_site", "leads back to its own site", "name another site")

    def _check_service(self, service: ServiceDoc) -> None:
        """A service is served by a queue that names it, or by one of its queue's name."""
        for site in self._sites.values():
            queues = site.spec.queues
            if not queues or any(
                service.name in q.services or (not q.services and q.name == service.spec.queue)
                for q in queues
            ):
                return
        problem = f"no site has a queue for it (queue {service.spec.queue})"
        self._wrong(f"NetworkService/{service.name}", "spec.queue", problem, "add it to a Site")

    def _check_single(self) -> None:
        for kind in ("RoutingPolicy", "SiteTable"):
            found = [key for key in self._texts if key.partition("/")[0] == kind]
            stands, *later = sorted(found, key=lambda key: (self._texts[key][1], key)) or [""]
            for key in later:
                name = stands.partition("/")[2]
                problem = f"{stands} stands already, and a network has one {kind}"
                remedy = f"replace that one: give this document the name {name}"
                self._wrong(key, "", problem, remedy)

    def _unknown(self, source: str, place: str, kind: str, name: str) -> None:
        self._wrong(
            source, place, f"there is no {kind} {name}", f"add {kind}/{name}, or correct it"
        )

    def _wrong(self, source: str, place: str, problem: str, remedy: str) -> None:
        fault = Fault(source=source, line=0, place=place, problem=problem, remedy=remedy)
        self._faults.append(fault)
