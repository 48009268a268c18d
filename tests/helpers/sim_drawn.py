"""Random small networks and calls, on which the engines must agree call by call.

Rule of this file: everything follows from the seed. What is drawn covers what the compiled engine
for networks that are not ideal models; `wild` draws beyond it too.
"""

from __future__ import annotations

import random
import re
from typing import Any

import numpy as np
from joint_policies import random_policy
from sim_models import HEAD, NAMES

from routing_policies.document import DocumentError, NetworkDocuments, assemble
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

SELECTIONS = (
    "min_expected_delay",
    "min_expected_delay, min_gain_s: 5",
    "longest_available",
    "{by: longest_available, measure: average}",
    "least_occupied",
    "fewest_calls",
    "{by: fewest_calls, measure: per_hour}",
    "highest_skill",
    "lowest_skill",
    "highest_skill, min_level: 4",
    "rotary",
    "cost",
    "service_level_risk",
    "{by: proportional, shares: {lisbon: 0.5, porto: 0.3, faro: 0.2}}",
    "{by: proportional, weight: queue.lendable_count}",
    "{by: ordered, sites: [porto, faro, lisbon]}",
    "{agents_wait: longest_available, calls_wait: min_expected_delay}",
    "broadcast",
    "{agents_wait: broadcast, calls_wait: min_expected_delay}",
)
WHENS = (
    "",
    ", when: 'origin.waiting_count > 1'",
    ", when: 'call.waited_s > 3'",
    ", when: 'call.share < 0.5'",
    ", when: 'origin.ewt_s > 10'",
    ", candidates: 'queue.age_s < 2'",
    ", when: 'calendar(\"office\").open'",
    ", when: 'calendar(\"office\").closes_in_s > 45'",
    ', when: \'not calendar("office").holiday and calendar("office").opens_in_s > 45\'',
    ", candidates: 'queue.waiting_count < 3'",
    ", candidates: 'queue.ewt_s < 60'",
    ", candidates: 'queue.ewt_low_s < 20'",
    ", candidates: 'queue.ewt_high_s < 90'",
    ", loan: {max_loan: 2}",
    ", loan: {min_reserve: 1}",
    ", loan: {service_level_min: 0.5}",
)
METHODS: tuple[tuple[MoveMethod, ...], ...] = (
    ("redirect_302",),
    ("redirect_302",),
    ("redirect_302", "bridge"),
    ("redirect_302", "refer", "bridge"),
    ("refer",),
    ("refer", "bridge"),
    ("bridge",),
)
OTHERWISE = (
    "",
    "",
    "",
    "  otherwise: {action: announce, announcement: busy}\n",
    "  otherwise: {action: reject, reason: busy, announcement: busy}\n",
)
CALENDAR = """kind: Calendar
metadata: {{name: office}}
spec:
  time_zone: UTC
  hours: [{{days: [mon], from: "00:00", to: "{to}"}}, {{days: [sun], from: "23:58", to: "00:00"}}]
"""
"The runs begin with a Monday; within their minutes it closes, or has a minute yet to go."
MONDAY_UNIX_S = 1_767_571_200.0
REFUSED = re.compile(r"listed\(")
"What a policy may need that is not drawn: number lists."
QUEUED = "network_queue"


def drawn_policy(dice: random.Random, *, queued: bool = False) -> str:
    """A routing policy called `default`; `queued`: with calls that wait in the network queue."""
    if dice.random() < 0.4:
        for _ in range(50):
            text = random_policy(dice, "default")
            fits = (QUEUED in text) == queued and not REFUSED.search(text)
            if fits and "action: route" in text:
                return text.removeprefix(HEAD)
    rules = []
    for i in range(dice.choice((1, 1, 2))):
        select = dice.choice(SELECTIONS)
        when = dice.choice(WHENS) if dice.random() < 0.6 else ""
        rules.append(f"    - {{name: r{i}, select: {select}, action: route{when}}}\n")
    otherwise = dice.choice(OTHERWISE)
    if queued:
        if dice.random() < 0.3:
            when = dice.choice(
                ("call.waited_s > 6", "origin.waiting_count > 1", "call.share < 0.6")
            )
            rules.append(f"    - {{name: queue, when: '{when}', action: network_queue}}\n")
        if dice.random() < 0.85 or "queue," not in rules[-1]:
            otherwise = "  otherwise: {action: network_queue}\n"
    return (
        "kind: RoutingPolicy\nmetadata: {name: default}\nspec:\n  rules:\n"
        + "".join(rules)
        + otherwise
    )


def drawn_paths(
    dice: random.Random, names: tuple[str, ...], set_up_s: float
) -> tuple[dict[str, str], tuple[MoveModel, ...]]:
    """How calls may be moved: as NIRC believes, and as they really go."""
    texts: dict[str, str] = {}
    moves: list[MoveModel] = []
    p99_s = set_up_s * dice.choice((1.0, 1.5, 2.0)) + 0.01
    if dice.random() < 0.15:
        p99_s = 3.5  # too long to hold an agent
    p99_s = max(p99_s, set_up_s / 2 + 0.41)  # word from the farthest site comes in time
    bridges_apart = dice.random() < 0.3
    for s, name in enumerate(names):
        for trunk, group in enumerate(("carrier", "network")):
            methods = dice.choice(METHODS)
            ways: list[tuple[tuple[MoveMethod, ...], int, float]] = [(methods, 1, p99_s)]
            if bridges_apart and methods[-1] == "bridge":
                ways = [(methods[:-1], 1, p99_s), (("bridge",), 0, p99_s + 0.5)]
            for number, (some, arrives_on, within_s) in enumerate(ways):
                if not some:
                    continue
                channels, cost = dice.choice((0, 1, 1)), dice.choice((0.0, 0.5, 2.0))
                texts[f"Path/{name}-{group}-{number}"] = (
                    f"kind: Path\nmetadata: {{name: {name}-{group}-{number}}}\n"
                    f"spec: {{from_site: {name}, trunk_group: {group}, to_site: '*', methods: "
                    f"[{', '.join(some)}], arrives_on: {'network' if arrives_on else 'carrier'}, "
                    f"set_up_p99_s: {within_s:.3f}, cost: {cost}, "
                    f"origin_channels: {dice.choice((0, 0, 1))}, "
                    f"target_channels: {channels}, proven: true, follows_contacts: true}}\n"
                )
                moves += _moves(dice, (s, trunk), len(names), (some, arrives_on), set_up_s)
    return texts, tuple(moves)


def _moves(
    dice: random.Random,
    trunk: tuple[int, int],
    sites: int,
    path: tuple[tuple[MoveMethod, ...], int],
    set_up_s: float,
) -> list[MoveModel]:
    return [
        MoveModel(
            from_site=trunk[0],
            trunk=trunk[1],
            to_site=to,
            method=method,
            arrives_on=path[1],
            set_up_us=int(set_up_s * US),
            channels_us=dice.choice((0, 50_000, 2 * US)) if method == "refer" else 0,
            origin_channels=dice.choice((0, 1, 1, 2)) if method == "bridge" else 0,
        )
        for method in path[0]
        for to in range(sites)
        if to != trunk[0]
    ]


def drawn_documents(
    dice: random.Random,
    names: tuple[str, ...],
    services: tuple[ServiceModel, ...],
    paths: dict[str, str],
    *,
    queued: bool = False,
) -> NetworkDocuments:
    """Sites, services, and a policy that fits them and the paths."""
    texts = {f"Site/{one}": f"kind: Site\nmetadata: {{name: {one}}}\n" for one in names}
    ageing = dice.choice(("", "", "", ", ageing: {every_s: 7}", ", ageing: {every_s: 20, most: 3}"))
    for service in services:
        texts[f"NetworkService/{service.name}"] = (
            f"kind: NetworkService\nmetadata: {{name: {service.name}}}\nspec: {{queue: "
            f"{service.queue}, aht_s: {service.aht_s}, priority: {service.priority}"
            f"{ageing if dice.random() < 0.8 else ''}}}\n"
        )
    texts |= paths
    texts["Calendar/office"] = CALENDAR.format(to=dice.choice(("00:01", "00:02", "12:00")))
    while True:
        try:
            policy = {"RoutingPolicy/default": drawn_policy(dice, queued=queued)}
            return assemble({key: (HEAD + text, 1) for key, text in (texts | policy).items()}, 1)
        except DocumentError:
            continue


def drawn_agents(
    dice: random.Random, name: str, queues: int, duration_us: int
) -> tuple[AgentModel, ...]:
    """Agents of a site: some with all queues, some with one, with shifts and rings or without."""
    rings = dice.random() < 0.3
    shifting = dice.random() < 0.3
    agents = []
    for i in range(dice.randint(1, 6)):
        known = sorted(dice.sample(range(queues), dice.randint(1, queues)))
        shifts: tuple[tuple[int, int], ...] = ((0, 1 << 61),)
        if shifting and dice.random() < 0.5:
            begin = dice.choice((0, dice.randint(0, duration_us // 2)))
            middle = begin + dice.randint(US, duration_us // 2)
            later = middle + dice.randint(US, 300 * US)
            shifts = ((begin, middle), (later, later + duration_us // 2))
        agents.append(
            AgentModel(
                name=f"{dice.choice('abc')}-{name}-{i}",
                levels=tuple((q, dice.randint(1, 10)) for q in known),
                shifts=shifts,
                ring_us=dice.choice((0, 3 * US, 7_500_000)) if rings else 0,
                no_answer_share=dice.choice((0.0, 0.1, 0.3)) if rings else 0.0,
                no_answer_us=dice.choice((6 * US, 15 * US)),
                pause_us=dice.choice((0, 20 * US)),
            )
        )
    return tuple(agents)


def drawn_site(dice: random.Random, name: str, queues: int, duration_us: int) -> SiteModel:
    """One site."""
    tight = dice.random() < 0.25
    answered = dice.choice((NEVER_US, NEVER_US, 0, 3 * US, 20 * US))
    few = dice.choice((1, 2, 4, 1000, 1000, 1000))
    return SiteModel(
        name=name,
        queues=tuple(
            QueueModel(
                name=f"q{q}" if q else "sales",
                places_max=dice.choice((2, 4)) if tight else 200,
                shared=dice.random() < 0.93,
                max_loan=dice.choice((1, 3, 1_000_000)),
                min_reserve=dice.choice((0, 0, 1)),
                agent_choice=dice.choice(
                    ("longest_available", "longest_available", "most_skilled", "least_occupied")
                ),
                aht_s=dice.choice((0.0, 60.0, 120.0)),
                answer_after_us=answered,
            )
            for q in range(queues)
        ),
        agents=drawn_agents(dice, name, queues, duration_us),
        trunks=(
            TrunkModel(
                name="carrier",
                channels_max=dice.choice((6, 12, 1000)) if tight else 1000,
                min_free=dice.choice((0, 0, 0, 2)),
                no_answer_us=dice.choice((NEVER_US, 45 * US)),
                set_up_us=dice.choice((0, 0, 0, 2_500_000)),
            ),
            TrunkModel(
                name="network",
                channels_max=few,
                min_free=dice.choice((0, max(few - 3, 0), few - 1)),
                kind="network",
            ),
        ),
        foreign_aht_factor=dice.choice((1.0, 1.1, 1.25)),
        link_delay_us=dice.choice((0, 1_000, 10_000, 10_000, 33_333, 150_000, 400_000)),
        coalesce_us=dice.choice((50_000, 100_000, 100_000, 200_000, 1_000_000)),
        ask_after_us=dice.choice((0, 0, 1_500_000, 4 * US)),
        requery_us=dice.choice((700_000, 2 * US, 5 * US)),
        deadline_us=dice.choice((400_000, 3 * US, 3 * US)),
    )


def drawn_model(seed: int, *, duration_s: float = 900.0, queued: bool = False) -> NetworkModel:
    """A network of two to four sites; `queued`: with calls that wait in the network queue."""
    dice = random.Random(seed)
    duration_us = int(duration_s * US)
    names = NAMES[: dice.choice((3, 3, 4))]
    queues = dice.choice((1, 1, 2))
    services = tuple(
        ServiceModel(
            name=f"s{q}" if q else "sales",
            queue=f"q{q}" if q else "sales",
            priority=dice.choice((0, 0, 2)),
            aht_s=dice.choice((90.0, 180.0)),
        )
        for q in range(queues)
    )
    set_up_us = dice.choice((0, 300_000, US, 2 * US))
    paths, moves = drawn_paths(dice, names, set_up_us / US)
    sites = tuple(drawn_site(dice, name, queues, duration_us) for name in names)
    return NetworkModel(
        sites=sites,
        services=services,
        ingresses=tuple(
            IngressModel(
                name=f"{name}-{service.name}",
                service=i,
                entries=((s, dice.choice((0, 0, 0, 1))),),
                dialed_number=f"+35121{s}{i}",
            )
            for s, name in enumerate(names)
            for i, service in enumerate(services)
        ),
        moves=moves,
        documents=drawn_documents(dice, names, services, paths, queued=queued),
        duration_us=duration_us,
        start_unix_s=MONDAY_UNIX_S - dice.choice((0.0, 45.0, 60.25)),
        interval_us=dice.choice((300, 900)) * US,
    )


def drawn_calls(model: NetworkModel, seed: int) -> CallsTable:
    """Calls that load some sites more than they can serve."""
    dice = np.random.default_rng(seed)
    talk_s = float(dice.choice([20.0, 60.0, 120.0]))
    patience_s = float(dice.choice([15.0, 60.0, 300.0]))
    arrivals, ingresses = [], []
    for i, ingress in enumerate(model.ingresses):
        site = ingress.entries[0][0]
        load = float(dice.choice([0.3, 0.9, 1.6]))
        per_s = load * len(model.sites[site].agents) / talk_s / len(model.services)
        count = int(dice.poisson(per_s * model.duration_us / US))
        arrivals.append(dice.integers(0, model.duration_us, count))
        ingresses.append(np.full(count, i))
    size = sum(map(len, arrivals))
    columns: dict[str, Any] = {
        "talk_us": dice.exponential(talk_s, size) * US + 1,
        "patience_us": dice.exponential(patience_s, size) * US + 1,
    }
    if dice.random() < 0.5:
        columns["acw_us"] = dice.exponential(10.0, size) * US * (dice.random(size) < 0.7)
    if dice.random() < 0.3:
        columns["priority"] = dice.integers(0, 3, size)
        columns["ahead_us"] = dice.integers(0, 2, size) * 20 * US
    if dice.random() < 0.3:
        columns["balks"] = dice.random(size) < 0.1
    if dice.random() < 0.3 and "call.share" not in str(model.documents.texts):
        columns["redials_max"] = dice.integers(0, 3, size)
        columns["redial_after_us"] = dice.exponential(30.0, size) * US + 1
    if dice.random() < 0.2:
        whole = US * 5
        columns["talk_us"] = np.maximum(columns["talk_us"] // whole, 1) * whole
        arrivals = [one // US * US for one in arrivals]
    return calls_table(
        arrival_us=np.concatenate(arrivals),
        ingress=np.concatenate(ingresses),
        ring_luck=dice.random(size),
        luck=dice.random(size),
        **columns,
    )
