"""Small networks made by hand, of which theory knows everything.

Rule of this file: as little as an engine can be given: ideal networks, moves without time, no ring
time, agents who are always there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from routing_policies.document import NetworkDocuments, assemble
from simulator.model.instants import NEVER_US, US
from simulator.model.network import (
    AgentModel,
    IngressModel,
    MoveModel,
    NetworkModel,
    QueueModel,
    ServiceModel,
    SiteModel,
    TrunkModel,
    Window,
)

HEAD = "apiVersion: nirc/v1\n"
ALWAYS: tuple[Window, ...] = ((0, 1 << 61),)
MANY = 1_000_000
_POLICY = "kind: RoutingPolicy\nmetadata: {name: default}\nspec:\n"
_IDLE = (
    "    - {name: idle-elsewhere, candidates: queue.free_count > 0, select: longest_available,"
    " action: route}\n"
)
_SHORTER = (
    "    - name: shorter\n"
    "      candidates: (queue.waiting_count + 1) / queue.staffed_count"
    " < origin.waiting_count / origin.staffed_count\n"
    "      select: cost\n"
    "      action: route\n"
)
POLICIES: Mapping[str, str] = {
    "stay": f"{_POLICY}  rules:\n    - {{name: stay, action: queue_at_origin}}\n",
    "idle elsewhere": f"{_POLICY}  rules:\n{_IDLE}",
    "shortest delay": f"{_POLICY}  rules:\n{_IDLE}{_SHORTER}",
    "naive delay": f"{_POLICY}  rules:\n{_SHORTER}",
    "expected delay": f"{_POLICY}  rules:\n"
    "    - {name: shortest, select: min_expected_delay, action: route}\n",
}
"""The rules of `theory.two_sites` as routing policies. `origin.waiting_count` counts the caller, so
it is the calls before it and one; `longest_available` looks for ready agents only, so that a
shorter queue is chosen by cost. `expected delay` is the selection of that name, for more sites than
two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One site with one queue."""

    agents: int
    trunks: int = MANY
    places: int = MANY
    shifts: tuple[tuple[Window, ...], ...] = ()
    "Of each agent; empty: everybody always."


def network(
    sites: tuple[Site, ...],
    *,
    policy: str = "stay",
    duration_us: int,
    interval_us: int,
    threshold_s: float = 20.0,
    **changes: Any,
) -> NetworkModel:
    """Sites s1, s2...; the callers of site i come by ingress i."""
    names = [f"s{number + 1}" for number in range(len(sites))]
    everywhere = range(len(sites))
    fields: dict[str, Any] = {
        "sites": tuple(_site(n, site) for n, site in zip(names, sites, strict=True)),
        "services": (
            ServiceModel(name="sales", queue="sales", threshold_us=round(threshold_s * US)),
        ),
        "ingresses": tuple(
            IngressModel(
                name=f"{name}-sales",
                service=0,
                entries=((s, 0),),
            )
            for s, name in enumerate(names)
        ),
        "moves": tuple(
            MoveModel(
                from_site=a,
                trunk=group,
                to_site=b,
                method="redirect_302",
                arrives_on=1,
                set_up_us=0,
            )
            for a in everywhere
            for group in (0, 1)
            for b in everywhere
            if a != b
        ),
        "documents": documents(names, POLICIES[policy]),
        "duration_us": duration_us,
        "drain_us": 100_000 * US,
        "interval_us": interval_us,
        "waiting_max": MANY,
        "ideal": True,
    }
    return NetworkModel(**(fields | changes))


def _site(name: str, site: Site) -> SiteModel:
    shifts = site.shifts or (ALWAYS,) * site.agents
    return SiteModel(
        name=name,
        queues=(QueueModel(name="sales", aht_s=180.0, places_max=site.places),),
        agents=tuple(
            AgentModel(name=f"{name}-a{i}", levels=((0, 5),), shifts=when)
            for i, when in enumerate(shifts)
        ),
        trunks=(
            TrunkModel(name="carrier", channels_max=site.trunks),
            TrunkModel(name="network", channels_max=MANY, kind="network"),
        ),
        link_delay_us=0,
        requery_us=NEVER_US,
    )


def documents(names: list[str], policy: str) -> NetworkDocuments:
    """The sites, one service, paths from everywhere to everywhere, and the policy."""
    texts = {
        "NetworkService/sales": "kind: NetworkService\nmetadata: {name: sales}\n"
        "spec: {queue: sales, aht_s: 180}\n",
        "RoutingPolicy/default": policy,
    }
    for name in names:
        texts[f"Site/{name}"] = f"kind: Site\nmetadata: {{name: {name}}}\n"
        for group in ("carrier", "network"):
            texts[f"Path/{name}-{group}"] = (
                f"kind: Path\nmetadata: {{name: {name}-{group}}}\n"
                f"spec: {{from_site: {name}, trunk_group: {group}, to_site: '*', "
                "methods: [redirect_302], arrives_on: network, "
                "set_up_p99_s: 0.001, proven: true, follows_contacts: true}\n"
            )
    return assemble({key: (HEAD + text, 1) for key, text in texts.items()}, 1)
