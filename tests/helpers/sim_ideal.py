"""Random small ideal networks and calls, on which the direct loop must agree with the world engine
call by call.

Rule of this file: everything follows from the seed. It begins with what `sim_drawn` draws and goes
where only ideal networks go: narrow trunk groups, everything in whole seconds, nobody signed in,
nothing that moves, runs that end before their calls do.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
from sim_drawn import drawn_calls, drawn_model
from sim_models import HEAD

from routing_policies.document import NetworkDocuments, assemble
from simulator.compiled.engine import CompiledEngine
from simulator.model.calls import CallsTable, calls_table
from simulator.model.instants import NEVER_US, US
from simulator.model.network import AgentModel, NetworkModel, QueueModel, SiteModel, TrunkModel

KINDS = ("any", "any", "lean", "coarse", "coarse", "narrow", "bare", "stays", "ends early")
RULES = (
    "{name: out, when: 'call.waited_s > 8', action: reject, reason: busy}",
    "{name: full, when: 'origin.waiting_count > 3', action: reject, reason: busy}",
    "{name: late, when: 'call.waited_s < 2', action: retry_after, retry_after_s: 2.3}",
    "{name: old, when: 'origin.oldest_wait_s > 4', select: longest_available, action: route}",
    "{name: share, when: 'call.share < 0.4', select: min_expected_delay, action: route}",
    "{name: idle, select: longest_available, candidates: 'agent.idle_s > 3', action: route}",
    "{name: few, select: fewest_calls, candidates: 'agent.calls_count < 5', action: route}",
    "{name: named, action: redirect, to: {site: porto, queue: sales}}",
    "{name: turn, select: rotary, action: route}",
    "{name: first, when: 'call.priority > 1', select: least_occupied, action: route}",
    "{name: busy, when: 'origin.occupancy > 0.7', select: cost, action: route}",
    "{name: heard, when: 'call.answered', action: reject, reason: try_later}",
)
STAYS = (
    "{name: stay, action: queue_at_origin}",
    "{name: here, when: 'call.waited_s > 3', action: queue_at_origin}",
)


def ideal_model(seed: int, *, duration_s: float = 240.0) -> NetworkModel:
    """An ideal network of two to four sites that the direct loop takes."""
    for attempt in range(100):
        model = _drawn(seed + 1_000 * attempt, duration_s)
        if not CompiledEngine().problem(model):
            return model
    raise AssertionError("hardly anything is modelled")


def _drawn(seed: int, duration_s: float) -> NetworkModel:
    dice = random.Random(f"ideal {seed}")
    model = replace(drawn_model(seed, duration_s=duration_s), ideal=True)
    kind = dice.choice(KINDS)
    if dice.random() < 0.4:
        model = replace(model, documents=_with_rules(dice, model, RULES))
    if kind == "lean":
        requery_us = dice.choice((NEVER_US, 5 * US))
        model = _each(model, lambda site: _lean(site, requery_us))
    elif kind == "coarse":
        model = _coarse(model)
    elif kind == "narrow":
        model = _each(model, lambda site: _narrow(dice, site))
    elif kind == "bare":
        model = _each(model, lambda site: _bare(dice, site))
    elif kind == "stays":
        model = _stays(dice, model)
    elif kind == "ends early":
        model = replace(model, drain_us=dice.choice((0, 5 * US, 20 * US)))
    return model


def ideal_calls(model: NetworkModel, seed: int) -> CallsTable:
    """Calls for it; in whole seconds where the network is."""
    dice = np.random.default_rng(seed + 77)
    calls = drawn_calls(model, seed)
    columns: dict[str, Any] = {
        name: getattr(calls, name)
        for name in calls.__slots__
        if name not in ("number", "caller", "caller_class")
    }
    if dice.random() < 0.3:
        columns["redials_max"] = dice.integers(0, 4, len(calls))
        columns["redial_after_us"] = dice.integers(1, 40, len(calls)) * US
    if dice.random() < 0.15:
        columns["patience_us"] = np.where(dice.random(len(calls)) < 0.3, 0, calls.patience_us)
        columns["talk_us"] = np.where(dice.random(len(calls)) < 0.3, 0, calls.talk_us)
    if all(site.requery_us in (US, 2 * US, 5 * US) for site in model.sites):
        for name in ("arrival_us", "talk_us", "acw_us", "patience_us", "redial_after_us"):
            columns[name] = columns[name] // US * US
    return calls_table(**columns)


def _each(model: NetworkModel, change: Any) -> NetworkModel:
    return replace(model, sites=tuple(change(site) for site in model.sites))


def _with_rules(dice: random.Random, model: NetworkModel, rules: tuple[str, ...]) -> Any:
    """The same documents with another policy."""
    chosen = dice.sample(rules, dice.randint(1, min(3, len(rules))))
    lines = "".join(f"    - {one}\n" for one in chosen)
    text = f"{HEAD}kind: RoutingPolicy\nmetadata: {{name: default}}\nspec:\n  rules:\n{lines}"
    documents: NetworkDocuments = model.documents
    texts: dict[str, Any] = dict(documents.texts)
    texts["RoutingPolicy/default"] = (text, 1)
    return assemble(texts, 1)


def _lean(site: SiteModel, requery_us: int) -> SiteModel:
    """No ring, no music, nothing put off."""
    agents = tuple(replace(one, ring_us=0, no_answer_share=0.0) for one in site.agents)
    queues = tuple(replace(one, answer_after_us=NEVER_US) for one in site.queues)
    return replace(site, agents=agents, queues=queues, requery_us=requery_us, ask_after_us=0)


def _coarse(model: NetworkModel) -> NetworkModel:
    """All times in whole seconds, so that much happens at one instant."""

    def whole(us: int) -> int:
        return us if us >= NEVER_US // 4 else -(-us // US) * US

    def agent(one: AgentModel) -> AgentModel:
        shifts = tuple((whole(begin), whole(end)) for begin, end in one.shifts)
        return replace(one, shifts=shifts, ring_us=whole(one.ring_us))

    def trunk(one: TrunkModel) -> TrunkModel:
        return replace(one, set_up_us=whole(one.set_up_us))

    def site(one: SiteModel) -> SiteModel:
        return replace(
            one,
            agents=tuple(agent(a) for a in one.agents),
            trunks=tuple(trunk(t) for t in one.trunks),
            ask_after_us=whole(one.ask_after_us),
            requery_us=whole(one.requery_us),
            foreign_aht_factor=1.0,
        )

    moves = tuple(replace(one, set_up_us=whole(one.set_up_us)) for one in model.moves)
    return replace(_each(model, site), moves=moves)


def _narrow(dice: random.Random, site: SiteModel) -> SiteModel:
    """Few channels, few places."""
    trunks = (
        replace(site.trunks[0], channels_max=dice.randint(2, 8)),
        replace(site.trunks[1], channels_max=dice.randint(1, 4), min_free=dice.choice((0, 0, 1))),
    )
    queues = tuple(replace(one, places_max=dice.choice((0, 1, 2, 9))) for one in site.queues)
    return replace(site, trunks=trunks, queues=queues)


def _bare(dice: random.Random, site: SiteModel) -> SiteModel:
    """Some agents serve nothing, or are never there; some queues have nobody."""

    def agent(one: AgentModel) -> AgentModel:
        levels = () if dice.random() < 0.3 else one.levels
        return replace(one, levels=levels, shifts=() if dice.random() < 0.2 else one.shifts)

    def queue(one: QueueModel) -> QueueModel:
        return replace(one, shared=dice.random() < 0.8, places_max=dice.choice((3, 200)))

    agents = () if dice.random() < 0.15 else tuple(agent(one) for one in site.agents)
    return replace(site, agents=agents, queues=tuple(queue(one) for one in site.queues))


def _stays(dice: random.Random, model: NetworkModel) -> NetworkModel:
    """Nothing moves: by the policy, or because there is no way."""
    model = replace(model, documents=_with_rules(dice, model, STAYS))
    if dice.random() < 0.4:
        return _each(model, lambda site: _lean(site, NEVER_US))
    return model
