"""Small networks and calls for tests of the simulator, made by hand.

`network(...)` gives a model whose documents fit: sites with one queue each, paths from every site
to every other, one policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from routing_policies.document import NetworkDocuments, assemble
from simulator.model.calls import CallsTable, calls_table
from simulator.model.instants import NEVER_US, US
from simulator.model.network import (
    AgentModel,
    IngressModel,
    MoveMethod,
    MoveModel,
    NetworkModel,
    QueueModel,
    ServiceModel,
    SiteModel,
    TrunkModel,
)

HEAD = "apiVersion: nirc/v1\n"
SHORTEST = """kind: RoutingPolicy
metadata: {name: default}
spec:
  rules:
    - {name: shortest, select: min_expected_delay, action: route}
"""
STAY = """kind: RoutingPolicy
metadata: {name: default}
spec:
  rules:
    - {name: stay, action: queue_at_origin}
"""
NAMES = (
    *("lisbon", "porto", "faro", "braga", "evora", "coimbra"),
    *(f"town{number:02d}" for number in range(60)),
)


def documents(
    names: Sequence[str], policy: str = SHORTEST, aht_s: float = 180.0, set_up_s: float = 1.0
) -> NetworkDocuments:
    """Sites, one service `sales`, paths from everywhere to everywhere, and the policy."""
    texts = {
        "NetworkService/sales": "kind: NetworkService\nmetadata: {name: sales}\n"
        f"spec: {{queue: sales, aht_s: {aht_s}}}\n",
        "RoutingPolicy/default": policy,
    }
    for name in names:
        texts[f"Site/{name}"] = f"kind: Site\nmetadata: {{name: {name}}}\n"
        for group in ("carrier", "network"):
            texts[f"Path/{name}-{group}"] = (
                f"kind: Path\nmetadata: {{name: {name}-{group}}}\n"
                f"spec: {{from_site: {name}, trunk_group: {group}, to_site: '*', "
                "methods: [redirect_302], arrives_on: network, "
                f"set_up_p99_s: {set_up_s}, proven: true, follows_contacts: true}}\n"
            )
    return assemble({key: (HEAD + text, 1) for key, text in texts.items()}, 1)


def site(name: str, agents: int, duration_us: int, **changes: Any) -> SiteModel:
    """A site with one queue `sales`, everybody signed in all the time."""
    members = tuple(
        AgentModel(name=f"{name}-a{i}", levels=((0, 5),), shifts=((0, 1 << 61),))
        for i in range(agents)
    )
    fields: dict[str, Any] = {
        "name": name,
        "queues": (QueueModel(name="sales", aht_s=180.0),),
        "agents": members,
        "trunks": (
            TrunkModel(name="carrier", channels_max=10_000),
            TrunkModel(name="network", channels_max=10_000, kind="network"),
        ),
    }
    return SiteModel(**(fields | changes))


def network(
    agents: Sequence[int] = (5, 4, 3),
    *,
    policy: str = SHORTEST,
    duration_s: float = 3600.0,
    set_up_us: int = US,
    ideal: bool = False,
    **changes: Any,
) -> NetworkModel:
    """Sites of so many agents, every caller of site i by ingress i."""
    duration_us = int(duration_s * US)
    names = NAMES[: len(agents)]
    sites = tuple(site(n, count, duration_us) for n, count in zip(names, agents, strict=True))
    everywhere = range(len(sites))
    fields: dict[str, Any] = {
        "sites": sites,
        "services": (ServiceModel(name="sales", queue="sales"),),
        "ingresses": tuple(
            IngressModel(name=f"{n}-sales", service=0, entries=((s, 0),))
            for s, n in enumerate(names)
        ),
        "moves": tuple(
            MoveModel(
                from_site=a,
                trunk=group,
                to_site=b,
                method="redirect_302",
                arrives_on=1,
                set_up_us=set_up_us,
            )
            for a in everywhere
            for group in (0, 1)
            for b in everywhere
            if a != b
        ),
        "documents": documents(names, policy, set_up_s=max(set_up_us / US, 0.001)),
        "duration_us": duration_us,
        "ideal": ideal,
    }
    return NetworkModel(**(fields | changes))


def moved_by(
    method: MoveMethod, *, target_channels: int = 1, answer_after_us: int = 0, **changes: Any
) -> dict[str, Any]:
    """What makes `network((1, 1), ...)` one whose calls are moved by a method; callers who wait
    are answered with music at once, but where a 302 is to move them."""
    model = network((1, 1))
    redirects = method == "redirect_302"
    texts = {
        key: (
            text.replace("redirect_302", method).replace(
                "proven", f"target_channels: {target_channels}, proven"
            ),
            revision,
        )
        for key, (text, revision) in model.documents.texts.items()
    }
    answer_us = NEVER_US if redirects else answer_after_us
    return {
        "documents": assemble(texts, 1),
        "moves": tuple(replace(one, method=method, **changes) for one in model.moves),
        "sites": tuple(
            replace(one, queues=(replace(one.queues[0], answer_after_us=answer_us),))
            for one in model.sites
        ),
    }


def calls(
    model: NetworkModel,
    *,
    seed: int = 1,
    per_s: float | Sequence[float] = 0.02,
    talk_s: float = 180.0,
    patience_s: float = 120.0,
) -> CallsTable:
    """Poisson arrivals at each ingress, exponential talk and patience."""
    dice = np.random.default_rng(seed)
    rates = [per_s] * len(model.ingresses) if isinstance(per_s, float) else list(per_s)
    arrival, ingress = [], []
    for i, rate in enumerate(rates):
        count = dice.poisson(rate * model.duration_us / US)
        arrival.append(dice.integers(0, model.duration_us, count))
        ingress.append(np.full(count, i))
    arrivals = np.concatenate(arrival)
    size = len(arrivals)
    return calls_table(
        arrival_us=arrivals,
        ingress=np.concatenate(ingress),
        talk_us=dice.exponential(talk_s, size) * US + 1,
        patience_us=dice.exponential(patience_s, size) * US + 1,
        ring_luck=dice.random(size),
        luck=dice.random(size),
    )
