"""The two networks of the simulator's speed figures, as models with calls drawn at once.

W1: four sites of 100, 80, 60 and 40 agents, offered 1.05, 0.90, 0.95 and 0.85 of what they can
serve; a caller who meets no ready agent at home goes where the expected wait is smallest. W2:
twenty sites of 500 agents with three skills through a day.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import sim_models

from routing_policies.document import assemble
from simulator.model.calls import CallsTable, calls_table
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
)

AGENTS = (100, 80, 60, 40)
LOADS = (1.05, 0.90, 0.95, 0.85)
TALK_S = 180.0
PATIENCE_S = 120.0
FOR_EVER = 1 << 61


def w1(count: int, seed: int = 1) -> tuple[NetworkModel, CallsTable]:
    """W1 with about so many calls."""
    rates = np.array([a * load / TALK_S for a, load in zip(AGENTS, LOADS, strict=True)])
    model = sim_models.network(AGENTS, duration_s=count / rates.sum(), ideal=True)
    queue = QueueModel(name="sales", aht_s=TALK_S, places_max=100_000)
    sites = tuple(replace(s, requery_us=NEVER_US, queues=(queue,)) for s in model.sites)
    dice = np.random.default_rng(seed)
    patience = np.where(dice.random(count) < 0.9, dice.exponential(PATIENCE_S, count), 30.0)
    calls = calls_table(
        arrival_us=np.sort(dice.integers(0, model.duration_us, count)),
        ingress=dice.choice(len(AGENTS), count, p=rates / rates.sum()),
        talk_us=dice.exponential(TALK_S, count) * US + 1,
        patience_us=patience * US + 1,
    )
    return replace(model, sites=sites, interval_us=3600 * US), calls


GROUPS = ((175, (0,)), (125, (1,)), (75, (2,)), (75, (0, 1)), (50, (0, 1, 2)))
MIX = (0.45, 0.33, 0.22)
SERVICES = ("a", "b", "c")
SITES = 20


def day_rate(hour: Any) -> Any:
    """Calls per second of one site at an hour of its day."""
    turn = 2 * np.pi
    load = 0.62 + 0.36 * np.sin((hour - 7) / 24 * turn) + 0.10 * np.sin((hour - 9) / 12 * turn)
    return load * 500 / TALK_S


def w2(count: int, seed: int = 1, sites: int = SITES) -> tuple[NetworkModel, CallsTable]:
    """W2 with about so many calls: as many days as they take."""
    dice = np.random.default_rng(seed)
    model = _w2_model(sites)
    arrivals, ingresses, quarter, total = [], [], 0, 0
    shifts = np.arange(sites) * 5.0 / max(sites - 1, 1)
    while total < count:
        rates = day_rate((quarter / 4 - shifts) % 24)
        counts = dice.poisson(rates * 900)
        total += int(counts.sum())
        site = np.repeat(np.arange(sites), counts)
        arrivals.append(dice.integers(quarter * 900 * US, (quarter + 1) * 900 * US, len(site)))
        ingresses.append(site * 3 + dice.choice(3, len(site), p=MIX))
        quarter += 1
    arrival, ingress = np.concatenate(arrivals), np.concatenate(ingresses)
    calls = calls_table(
        arrival_us=arrival,
        ingress=ingress,
        talk_us=dice.exponential(TALK_S, total) * US + 1,
        patience_us=dice.exponential(PATIENCE_S, total) * US + 1,
    )
    return replace(model, duration_us=quarter * 900 * US), calls


def _w2_model(count: int) -> NetworkModel:
    names = [f"site{i:03}" for i in range(count)]
    queues = tuple(QueueModel(name=one, aht_s=TALK_S, places_max=100_000) for one in SERVICES)
    agents = tuple(
        AgentModel(
            name=f"g{g}-{i}",
            levels=tuple((queue, 5) for queue in served),
            shifts=((0, FOR_EVER),),
        )
        for g, (size, served) in enumerate(GROUPS)
        for i in range(size)
    )
    trunks = (
        TrunkModel(name="carrier", channels_max=10_000),
        TrunkModel(name="network", channels_max=10_000, kind="network"),
    )
    every = range(count)
    return NetworkModel(
        sites=tuple(
            SiteModel(name=n, queues=queues, agents=agents, trunks=trunks, requery_us=NEVER_US)
            for n in names
        ),
        services=tuple(ServiceModel(name=one, queue=one) for one in SERVICES),
        ingresses=tuple(
            IngressModel(name=f"{n}-{one}", service=q, entries=((s, 0),))
            for s, n in enumerate(names)
            for q, one in enumerate(SERVICES)
        ),
        moves=tuple(
            MoveModel(
                from_site=a, trunk=t, to_site=b, method="redirect_302", arrives_on=1, set_up_us=US
            )
            for a in every
            for t in (0, 1)
            for b in every
            if a != b
        ),
        documents=_w2_documents(names),
        ideal=True,
    )


def _w2_documents(names: list[str]) -> Any:
    head = sim_models.HEAD
    texts = {"RoutingPolicy/default": sim_models.SHORTEST}
    for one in SERVICES:
        texts[f"NetworkService/{one}"] = (
            f"kind: NetworkService\nmetadata: {{name: {one}}}\nspec: {{queue: {one}, aht_s: 180}}\n"
        )
    for name in names:
        queues = ", ".join(f"{{name: {one}}}" for one in SERVICES)
        texts[f"Site/{name}"] = (
            f"kind: Site\nmetadata: {{name: {name}}}\nspec: {{queues: [{queues}]}}\n"
        )
        for group in ("carrier", "network"):
            texts[f"Path/{name}-{group}"] = (
                f"kind: Path\nmetadata: {{name: {name}-{group}}}\n"
                f"spec: {{from_site: {name}, trunk_group: {group}, to_site: '*', "
                "methods: [redirect_302], arrives_on: network, "
                "set_up_p99_s: 1.0, proven: true, follows_contacts: true}\n"
            )
    return assemble({key: (head + text, 1) for key, text in texts.items()}, 1)
