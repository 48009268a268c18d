"""What the documents of a network say where nothing is written."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from routing_policies.kinds import KINDS
from routing_policies.network_kinds import NumberPoolDoc, PlanDoc, ServiceDoc, SiteDoc, TenantDoc


def written(kind: str, spec: dict[str, Any]) -> Any:
    head = {"apiVersion": "nirc/v1", "kind": kind, "metadata": {"name": "x"}}
    return KINDS[kind].model_validate(head | {"spec": spec})


def test_defaults() -> None:
    site = written("Site", {"queues": ({"name": "sales"},)})
    assert isinstance(site, SiteDoc)
    assert (site.spec.tenant, site.spec.time_zone, site.spec.calendar) == ("default", "UTC", None)
    assert site.spec.guard_rails.service_level_floor_max == 1.0
    assert site.spec.queues[0].on_unstaffed is None and not site.spec.queues[0].stop_accepting
    service = written("NetworkService", {"queue": "sales"})
    assert isinstance(service, ServiceDoc)
    level = service.spec.service_level
    assert (service.spec.aht_s, level.target, level.threshold_s) == (180.0, 0.8, 20.0)
    assert service.spec.ageing is None and service.spec.policy is None
    tenant = TenantDoc.model_validate(
        {"apiVersion": "nirc/v1", "kind": "Tenant", "metadata": {"name": "x"}}
    )
    assert tenant.spec.limits.policies_max == 1_000 and not tenant.spec.suspended
    pool = written("NumberPool", {"site": "porto", "numbers": ("1",)})
    assert isinstance(pool, NumberPoolDoc) and pool.spec.hold_s == 45.0


def test_a_favour_needs_proof_where_nothing_else_is_said() -> None:
    tenant = written("Tenant", {"lists": ({"name": "vip", "numbers": ("+1*",)},)})
    assert tenant.spec.lists[0].needs_verified


@pytest.mark.parametrize("lasts_s", [0, -1, 604_801, "1h"])
def test_a_plan_ends_by_itself(lasts_s: object) -> None:
    assert isinstance(written("Plan", {"lasts_s": 3600}), PlanDoc)
    with pytest.raises(ValidationError):
        written("Plan", {"lasts_s": lasts_s})


@pytest.mark.parametrize("what", ["drain", "interflow", "announce", "callback"])
def test_what_becomes_of_waiting_callers(what: str) -> None:
    queue = {"name": "q", "on_unstaffed": what, "on_close_with_waiting": what}
    assert written("Site", {"queues": (queue,)}).spec.queues[0].on_unstaffed == what
