"""Says whether a policy may be changed now, by the change calendars of the tenants it serves.

Rule of this file: pure; wall time is given. A freeze stands while its Calendar is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isinf

from routing_policies.calendars import Calendar
from routing_policies.network_documents import DEFAULT_POLICY, NetworkDocuments


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """A change freeze that stands."""

    tenant: str
    calendar: str
    ends_in_s: float
    "inf: without end."

    @property
    def told(self) -> str:
        """In words."""
        if isinf(self.ends_in_s):
            until = "without an end"
        else:
            minutes = max(1, round(self.ends_in_s / 60))
            until = f"for {minutes // 60} h {minutes % 60} min more"
        return f"changes for tenant {self.tenant} are frozen {until} (Calendar {self.calendar})"


def open_freeze(documents: NetworkDocuments, policy: str, unix_s: float) -> Freeze | None:
    """The freeze that keeps `policy` from being changed at `unix_s`; None: it may be changed."""
    for tenant in sorted(tenants_of(documents, policy)):
        known = documents.tenants.get(tenant)
        name = known.spec.change_freeze if known else None
        calendar = documents.calendars.get(name) if name else None
        if name is None or calendar is None:
            continue
        state = Calendar(calendar).state(unix_s)
        if state.open:
            return Freeze(tenant=tenant, calendar=name, ends_in_s=state.closes_in_s)
    return None


def tenants_of(documents: NetworkDocuments, policy: str) -> frozenset[str]:
    """Tenants whose calls a policy decides, or would decide."""
    named = {name for name, one in documents.tenants.items() if one.spec.policy == policy}
    for service in documents.services.values():
        tenant = documents.tenants.get(service.spec.tenant)
        of_tenant = tenant.spec.policy if tenant else None
        if (service.spec.policy or of_tenant or DEFAULT_POLICY) == policy:
            named.add(service.spec.tenant)
    return frozenset(named)
