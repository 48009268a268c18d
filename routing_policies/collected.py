"""The documents of a network by kind, before anybody knows whether they fit together.

Rule of this file: sorting only.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from routing_policies.compiler import CompiledPolicy
from routing_policies.kinds import (
    AlarmRulesDoc,
    CalendarDoc,
    DialedNumberPlanDoc,
    Document,
    HandlerDoc,
    NumberPoolDoc,
    PathDoc,
    PeerPlanDoc,
    PlanDoc,
    RoutingPolicyDoc,
    ServiceDoc,
    SiteDoc,
    SiteTableDoc,
    TenantDoc,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPolicy:
    """A policy as written and as it will decide."""

    source: str
    "`RoutingPolicy/name`, and the version where it is not the live one."
    document: RoutingPolicyDoc
    compiled: CompiledPolicy


@dataclass(frozen=True, slots=True)
class Collected:
    """Documents by kind and name."""

    sites: dict[str, SiteDoc] = field(default_factory=dict)
    services: dict[str, ServiceDoc] = field(default_factory=dict)
    paths: dict[str, PathDoc] = field(default_factory=dict)
    tables: dict[str, SiteTableDoc] = field(default_factory=dict)
    tenants: dict[str, TenantDoc] = field(default_factory=dict)
    calendars: dict[str, CalendarDoc] = field(default_factory=dict)
    dial_plans: dict[str, DialedNumberPlanDoc] = field(default_factory=dict)
    pools: dict[str, NumberPoolDoc] = field(default_factory=dict)
    plans: dict[str, PlanDoc] = field(default_factory=dict)
    peer_plans: dict[str, PeerPlanDoc] = field(default_factory=dict)
    handlers: dict[str, HandlerDoc] = field(default_factory=dict)
    alarm_rules: dict[str, AlarmRulesDoc] = field(default_factory=dict)
    policies: dict[str, WrittenPolicy] = field(default_factory=dict)
    "Live versions by name."
    versions: list[WrittenPolicy] = field(default_factory=list)
    "All of them: live, shadow, canary."

    def add(self, document: Document) -> None:
        """Put it under its kind and name. Policies are added by the one who compiles them."""
        match document:
            case SiteDoc():
                self.sites[document.name] = document
            case ServiceDoc():
                self.services[document.name] = document
            case PathDoc():
                self.paths[document.name] = document
            case SiteTableDoc():
                self.tables[document.name] = document
            case TenantDoc():
                self.tenants[document.name] = document
            case CalendarDoc():
                self.calendars[document.name] = document
            case DialedNumberPlanDoc():
                self.dial_plans[document.name] = document
            case NumberPoolDoc():
                self.pools[document.name] = document
            case PlanDoc():
                self.plans[document.name] = document
            case PeerPlanDoc():
                self.peer_plans[document.name] = document
            case HandlerDoc():
                self.handlers[document.name] = document
            case AlarmRulesDoc():
                self.alarm_rules[document.name] = document

    def queue_names(self) -> set[str]:
        """Every queue that a site or a service names."""
        named = {queue.name for site in self.sites.values() for queue in site.spec.queues}
        return named | {service.spec.queue for service in self.services.values()}

    def trunk_groups(self) -> set[str]:
        """Every trunk group that a document other than a policy names."""
        found = {path.spec.trunk_group for path in self.paths.values()}
        found |= {path.spec.arrives_on for path in self.paths.values()}
        for table in self.tables.values():
            found |= {address.trunk_group for address in table.spec.addresses}
        for plan in self.dial_plans.values():
            found |= {group.name for group in plan.spec.trunk_groups}
            found |= {e.trunk_group for e in plan.spec.entries if e.trunk_group is not None}
        return found

    def list_names(self) -> set[str]:
        """Every number list of every tenant."""
        return {one.name for tenant in self.tenants.values() for one in tenant.spec.lists}
