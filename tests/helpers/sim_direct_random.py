"""Random small networks and calls for tests of the direct loop: everything a model may have, in
every mixture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import sim_models

from simulator.model.calls import CallsTable, calls_table
from simulator.model.instants import NEVER_US, US
from simulator.model.network import AgentModel, FaultModel, NetworkModel, QueueModel, TrunkModel

POLICIES = (
    sim_models.SHORTEST,
    """kind: RoutingPolicy
metadata: {name: default}
spec:
  rules:
    - {name: turn, select: rotary, action: route}
""",
    """kind: RoutingPolicy
metadata: {name: default}
spec:
  rules:
    - name: late
      when: call.waited_s > 20
      select: {by: proportional, weight: queue.staffed_count}
      action: route
    - {name: full, when: origin.waiting_count > 6, action: reject, reason: busy}
    - {name: soon, select: longest_available, action: route}
  otherwise: {action: retry_after, retry_after_s: 7}
""",
    """kind: RoutingPolicy
metadata: {name: default}
spec:
  rules:
    - {name: calm, select: least_occupied, action: route}
""",
)


def random_network(seed: int, *, plain: bool = False) -> NetworkModel:
    """An ideal network of two to four sites."""
    dice = np.random.default_rng(seed)
    sizes = dice.integers(2, 7, dice.integers(2, 5)).tolist()
    policy = POLICIES[0 if plain else seed % len(POLICIES)]
    if seed % 3 == 0 and not plain:
        policy = sim_models.STAY  # a site is lost, which is for networks that move nobody
    model = sim_models.network(sizes, policy=policy, duration_s=1800.0, ideal=True)
    if plain:
        return replace(model, sites=tuple(replace(s, requery_us=NEVER_US) for s in model.sites))
    sites = tuple(_site(dice, site, model.duration_us) for site in model.sites)
    faults: tuple[Any, ...] = ()
    if seed % 3 == 0:
        faults = (FaultModel(kind="site", window=(600 * US, 900 * US), site=0),)
    ingresses = tuple(
        replace(one, entries=(*one.entries, ((s + 1) % len(sites), 0)), switch_over_us=5 * US)
        for s, one in enumerate(model.ingresses)
    )
    return replace(model, sites=sites, faults=faults, ingresses=ingresses)


def _site(dice: Any, site: Any, duration_us: int) -> Any:
    choices = ("longest_available", "most_skilled", "least_occupied")
    queue = QueueModel(
        name="sales",
        aht_s=60.0,
        places_max=int(dice.integers(2, 12)),
        max_loan=int(dice.integers(1, 5)),
        min_reserve=int(dice.integers(0, 2)),
        agent_choice=choices[dice.integers(3)],
        answer_after_us=int(dice.choice([NEVER_US, 8 * US])),
    )
    agents = tuple(
        AgentModel(
            name=one.name,
            levels=((0, int(dice.integers(1, 4))),),
            shifts=_shifts(dice, duration_us),
            ring_us=int(dice.choice([0, 3 * US])),
            no_answer_share=float(dice.choice([0.0, 0.3])),
            no_answer_us=6 * US,
            pause_us=20 * US,
        )
        for one in site.agents
    )
    trunks = (
        TrunkModel(name="carrier", channels_max=int(dice.integers(4, 15)), no_answer_us=50 * US),
        TrunkModel(name="network", channels_max=int(dice.integers(1, 4)), kind="network"),
    )
    return replace(
        site,
        queues=(queue,),
        agents=agents,
        trunks=trunks,
        foreign_aht_factor=1.25,
        ask_after_us=int(dice.choice([0, 2 * US])),
    )


def _shifts(dice: Any, duration_us: int) -> tuple[tuple[int, int], ...]:
    if dice.random() < 0.5:
        return ((0, 1 << 61),)
    middle = int(dice.integers(duration_us // 4, duration_us // 2))
    return ((0, middle), (middle + 120 * US, duration_us * 4))


def random_calls(model: NetworkModel, seed: int, *, per_s: float = 0.06) -> CallsTable:
    """Calls with everything that a caller may bring."""
    dice = np.random.default_rng(seed + 1000)
    plain = sim_models.calls(model, seed=seed, per_s=per_s, talk_s=60.0, patience_s=40.0)
    count = len(plain)
    columns = {name: getattr(plain, name) for name in ("ingress", "talk_us", "patience_us")}
    return calls_table(
        arrival_us=plain.arrival_us // (US // 2) * (US // 2),
        acw_us=dice.choice([0, 10 * US], count),
        priority=dice.choice([0, 0, 0, 4], count),
        ahead_us=dice.choice([0, 0, 15 * US], count),
        balks=dice.choice([0, 0, 0, 1], count),
        redials_max=dice.choice([0, 2], count),
        redial_after_us=dice.integers(US, 60 * US, count),
        ring_luck=dice.random(count),
        luck=dice.random(count),
        **columns,
    )
