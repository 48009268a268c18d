"""The documents of a network, checked and joined: what a router works with.

Rule of this file: data only; `assembly` makes these, and nothing changes them afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from routing_policies.compiler import CompiledPolicy
from routing_policies.kinds import (
    AlarmRulesDoc,
    CalendarDoc,
    DialedNumberPlanDoc,
    HandlerDoc,
    NumberPoolDoc,
    PathDoc,
    PlanDoc,
    ServiceDoc,
    SiteDoc,
    TenantDoc,
)
from routing_policies.number_lists import IndexedList
from routing_policies.rollout import PolicyVersions

Address = tuple[str, int, str]
"(host, port, transport)"
Lists = Mapping[str, IndexedList]
DEFAULT_POLICY = "default"
DEFAULT_TENANT = "default"
_NO_LISTS: Lists = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTable:
    """Where calls for each site arrive, by (site, trunk group)."""

    addresses: Mapping[tuple[str, str], Address]
    names: Mapping[tuple[str, str], Address] = field(default_factory=dict)
    "DNS names that others look up: written in 302s and Refer-To instead; port 0: by SRV."
    numbers: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    "Numbers, or beginnings of numbers with *, whose calls arrive there."


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkDocuments:
    """One consistent set of documents. Every name in it leads to a document of it."""

    revision: int
    "Store revision at which the set was read."
    sites: Mapping[str, SiteDoc]
    paths: tuple[PathDoc, ...]
    services: Mapping[str, ServiceDoc]
    policy: CompiledPolicy
    "For calls whose service and tenant name no policy: `default`, else the built-in one."
    site_table: bytes = b""
    "As the operator wrote it: carried to the sites unread."
    site_table_revision: int = 0
    addresses: Mapping[tuple[str, str], Address] = field(default_factory=dict)
    "What the site table says: (site, trunk group) to where its calls arrive."
    names: Mapping[tuple[str, str], Address] = field(default_factory=dict)
    "The same as names that edges look up; port 0: by SRV."
    policies: Mapping[str, PolicyVersions] = field(default_factory=dict)
    "RoutingPolicies of the network, by name; the built-in one is not among them."
    tenants: Mapping[str, TenantDoc] = field(default_factory=dict)
    calendars: Mapping[str, CalendarDoc] = field(default_factory=dict)
    dial_plans: Mapping[str, DialedNumberPlanDoc] = field(default_factory=dict)
    pools: Mapping[str, NumberPoolDoc] = field(default_factory=dict)
    plans: Mapping[str, PlanDoc] = field(default_factory=dict)
    lists: Mapping[str, Lists] = field(default_factory=dict)
    "Number lists, by tenant and name."
    handlers: Mapping[str, HandlerDoc] = field(default_factory=dict)
    alarm_rules: Mapping[str, AlarmRulesDoc] = field(default_factory=dict)
    texts: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    "`kind/name` to (text as written, store revision of its last change)."

    def policy_of(self, service: str) -> PolicyVersions:
        """The policy of a service: its own, else its tenant's, else `default`, else built in."""
        known = self.services.get(service)
        name = (known.spec.policy or self._tenant_policy(known.spec.tenant)) if known else None
        found = self.policies.get(name or DEFAULT_POLICY)
        return found if found is not None else PolicyVersions(live=self.policy)

    def lists_of(self, service: str) -> Lists:
        """The number lists of the service's tenant."""
        known = self.services.get(service)
        return self.lists.get(known.spec.tenant if known else DEFAULT_TENANT, _NO_LISTS)

    def _tenant_policy(self, tenant: str) -> str | None:
        known = self.tenants.get(tenant)
        return known.spec.policy if known else None
