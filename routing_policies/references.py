"""Checks that every name in a set of documents leads somewhere, and that no two claim one thing.

Rule of this file: it reads and reports. A fault names the document that must be changed, the place
in it, and the name that was probably meant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from routing_policies.alarm_rule_faults import alarm_rules_faults
from routing_policies.collected import Collected
from routing_policies.dialed_number_faults import trunk_group_faults
from routing_policies.errors import Fault, nearest
from routing_policies.handler_faults import handler_faults
from routing_policies.kinds import ANY_SITE, PathDoc, ServiceDoc, SiteDoc
from routing_policies.names import name_id
from routing_policies.network_documents import DEFAULT_POLICY, DEFAULT_TENANT
from routing_policies.path_faults import path_faults
from routing_policies.peer_plan_ways import way_wrong
from routing_policies.policy_references import policy_faults
from routing_policies.unknown_names import unknown


def reference_faults(found: Collected) -> list[Fault]:
    """Everything that keeps the documents from fitting together."""
    check = _Check(found)
    check.all()
    groups = trunk_group_faults(found.dial_plans.values())
    pools = [*path_faults(found), *handler_faults(found), *alarm_rules_faults(found.alarm_rules)]
    return list(dict.fromkeys([*check.faults, *groups, *pools, *policy_faults(found)]))


class _Check:
    """One pass over all documents."""

    def __init__(self, found: Collected) -> None:
        self._found = found
        self._tenants = {DEFAULT_TENANT, *found.tenants}
        self._policies = {DEFAULT_POLICY, *found.policies}
        self.faults: list[Fault] = []

    def all(self) -> None:
        found = self._found
        for site in found.sites.values():
            self._site(site)
        for service in found.services.values():
            self._service(service)
        for path in found.paths.values():
            self._path(path)
        self._tables()
        self._tenants_named()
        self._dial_plans()
        self._pools()
        self._plans()
        self._numbers_claimed_twice()
        self._names_with_one_number()

    def _site(self, site: SiteDoc) -> None:
        source, spec = f"Site/{site.name}", site.spec
        self._known(source, "spec.tenant", "Tenant", spec.tenant, self._tenants)
        self._calendar(source, "spec.calendar", spec.calendar)
        for i, queue in enumerate(spec.queues):
            place = f"spec.queues[{i}]"
            self._calendar(source, f"{place}.calendar", queue.calendar)
            for j, name in enumerate(queue.services):
                self._service_named(source, f"{place}.services[{j}]", name)

    def _service(self, service: ServiceDoc) -> None:
        source, spec = f"NetworkService/{service.name}", service.spec
        self._known(source, "spec.tenant", "Tenant", spec.tenant, self._tenants)
        self._policy(source, "spec.policy", spec.policy)
        if self._found.sites and not _is_served(service, self._found.sites.values()):
            problem = f"no site has a queue for it (queue {spec.queue})"
            near = nearest(spec.queue, self._found.queue_names() - {spec.queue})
            remedy = "add it to a Site" + (f", or did you mean {near}?" if near else "")
            self._wrong(source, "spec.queue", problem, remedy)

    def _path(self, path: PathDoc) -> None:
        source, spec = f"Path/{path.name}", path.spec
        self._site_named(source, "spec.from_site", spec.from_site)
        if spec.to_site != ANY_SITE:
            self._site_named(source, "spec.to_site", spec.to_site)
        if spec.to_site == spec.from_site:
            self._wrong(source, "spec.to_site", "leads back to its own site", "name another site")

    def _tables(self) -> None:
        for table in self._found.tables.values():
            for i, address in enumerate(table.spec.addresses):
                place = f"spec.addresses[{i}].site"
                self._site_named(f"SiteTable/{table.name}", place, address.site)

    def _tenants_named(self) -> None:
        for tenant in self._found.tenants.values():
            source = f"Tenant/{tenant.name}"
            self._policy(source, "spec.policy", tenant.spec.policy)
            self._calendar(source, "spec.change_freeze", tenant.spec.change_freeze)

    def _dial_plans(self) -> None:
        for plan in self._found.dial_plans.values():
            source = f"DialedNumberPlan/{plan.name}"
            for i, group in enumerate(plan.spec.trunk_groups):
                if group.site is not None:
                    self._site_named(source, f"spec.trunk_groups[{i}].site", group.site)
            for i, entry in enumerate(plan.spec.entries):
                place = f"spec.entries[{i}]"
                self._service_named(source, f"{place}.service", entry.service)
                self._calendar(source, f"{place}.calendar", entry.calendar)
                if entry.site is not None:
                    self._site_named(source, f"{place}.site", entry.site)
                for j, name in enumerate(entry.entry_sites):
                    self._site_named(source, f"{place}.entry_sites[{j}]", name)

    def _pools(self) -> None:
        for pool in self._found.pools.values():
            source, service = f"NumberPool/{pool.name}", pool.spec.straggler_service
            self._site_named(source, "spec.site", pool.spec.site)
            if service is not None:
                self._service_named(source, "spec.straggler_service", service)

    def _plans(self) -> None:
        for plan in self._found.plans.values():
            source, spec = f"Plan/{plan.name}", plan.spec
            for i, one in enumerate(spec.service_policies):
                place = f"spec.service_policies[{i}]"
                self._service_named(source, f"{place}.service", one.service)
                self._policy(source, f"{place}.policy", one.policy)
            for i, name in enumerate(spec.closed_sites):
                self._site_named(source, f"spec.closed_sites[{i}]", name)
            for i, name in enumerate(spec.paths_off):
                place = f"spec.paths_off[{i}]"
                self._known(source, place, "Path", name, self._found.paths)
        for peers in self._found.peer_plans.values():
            source = f"PeerPlan/{peers.name}"
            for i, site in enumerate(peers.spec.sites):
                self._site_named(source, f"spec.sites[{i}].site", site.site)
            for i, service in enumerate(peers.spec.services):
                self._service_named(source, f"spec.services[{i}].service", service.service)
                for j, peer in enumerate(service.peers):
                    place = f"spec.services[{i}].peers[{j}].ways"
                    for k, way in enumerate(peer.ways):
                        self._site_named(source, f"{place}[{k}].from_site", way.from_site)
                        paths, pools = self._found.paths.values(), self._found.pools.values()
                        for name, problem, remedy in way_wrong(peer, way, paths, pools):
                            self._wrong(source, f"{place}[{k}].{name}", problem, remedy)

    def _numbers_claimed_twice(self) -> None:
        claimed: dict[str, str] = {}
        for service in self._found.services.values():
            numbers = ((f"spec.numbers[{i}]", n) for i, n in enumerate(service.spec.numbers))
            self._claim(claimed, f"NetworkService/{service.name}", numbers)
        for pool in self._found.pools.values():
            numbers = ((f"spec.numbers[{i}]", n) for i, n in enumerate(pool.spec.numbers))
            self._claim(claimed, f"NumberPool/{pool.name}", numbers)

    def _claim(
        self, claimed: dict[str, str], source: str, numbers: Iterable[tuple[str, str]]
    ) -> None:
        for place, number in numbers:
            other = claimed.setdefault(number, source)
            if other != source:
                remedy = "one number leads to one service: take it away from one of the two"
                self._wrong(source, place, f"{number} belongs to {other} already", remedy)

    def _names_with_one_number(self) -> None:
        """Policies compare names as numbers: two names with one number would be one name."""
        numbers: dict[float, str] = {}
        found = self._found
        by_kind = {
            "Site": sorted(found.sites),
            "NetworkService": sorted(found.services),
            "queue": sorted(found.queue_names()),
            "trunk group": sorted(found.trunk_groups()),
        }
        for kind, names in by_kind.items():
            for name in names:
                other = numbers.setdefault(name_id(name), name)
                if other != name:
                    source = f"{kind}/{name}"
                    problem = f"{name} and {other} are the same to a policy (their numbers collide)"
                    self._wrong(source, "metadata.name", problem, "give one another name")

    # ---- one name ------------------------------------------------------------------------------

    def _site_named(self, source: str, place: str, name: str) -> None:
        self._known(source, place, "Site", name, self._found.sites)

    def _service_named(self, source: str, place: str, name: str) -> None:
        self._known(source, place, "NetworkService", name, self._found.services)

    def _calendar(self, source: str, place: str, name: str | None) -> None:
        if name is not None:
            self._known(source, place, "Calendar", name, self._found.calendars)

    def _policy(self, source: str, place: str, name: str | None) -> None:
        if name is not None:
            self._known(source, place, "RoutingPolicy", name, self._policies)

    def _known(self, source: str, place: str, kind: str, name: str, known: Collection[str]) -> None:
        if name not in known:
            self.faults.append(unknown(source, place, kind, name, known))

    def _wrong(self, source: str, place: str, problem: str, remedy: str) -> None:
        fault = Fault(source=source, line=0, place=place, problem=problem, remedy=remedy)
        self.faults.append(fault)


def _is_served(service: ServiceDoc, sites: Iterable[SiteDoc]) -> bool:
    """By a queue that names it, or by one of its queue's name."""
    return any(
        not site.spec.queues
        or any(
            service.name in q.services or (not q.services and q.name == service.spec.queue)
            for q in site.spec.queues
        )
        for site in sites
    )
