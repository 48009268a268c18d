"""Random networks whose calls wait in the network queue, carried out by both engines.

Rule of this file: everything follows from the seed, the router's limits too: in some networks they
are so narrow that they are hit all the time.
"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from sim_agreement import Ran, difference, ran
from sim_drawn import drawn_calls, drawn_model

from nirc.core.settings import RouterSettings
from simulator.compiled import networked_limits
from simulator.compiled.engine import CompiledEngine
from simulator.model.network import NetworkModel
from simulator.world import core_settings, node
from simulator.world.engine import WorldEngine

DURATION_S = 240.0


def drawn_limits(seed: int) -> dict[str, float | int]:
    """What the router's settings differ in from their defaults."""
    dice = random.Random(seed + 9_000_000)
    changes: dict[str, float | int] = {}
    if dice.random() < 0.3:
        changes["queue_entries_max"] = dice.choice((1, 3, 8))
    if dice.random() < 0.2:
        changes["queue_entries_per_site_max"] = dice.choice((1, 2, 5))
    if dice.random() < 0.2:
        changes["queue_entries_per_service_max"] = dice.choice((1, 2, 5))
    if dice.random() < 0.3:
        changes["match_asked_max"] = dice.choice((1, 2, 4))
    if dice.random() < 0.3:
        changes["match_looks_max"] = dice.choice((1, 2))
    if dice.random() < 0.2:
        changes["match_cost_s"] = dice.choice((0.0, 5.0))
    return changes


def limit(monkeypatch: pytest.MonkeyPatch, changes: dict[str, float | int]) -> None:
    """Both engines have routers with these settings."""

    def settings(*, faulty: bool) -> RouterSettings:
        return replace(core_settings.router_settings(faulty=faulty), **changes)  # type: ignore[arg-type]

    monkeypatch.setattr(node, "router_settings", settings)
    monkeypatch.setattr(networked_limits, "ROUTER", settings(faulty=False))


def both_ran(model: NetworkModel, seed: int) -> tuple[Ran, Ran]:
    """The same calls in the world engine and in the loop."""
    calls = drawn_calls(model, seed)
    assert CompiledEngine().problem(model) == ""
    fast = CompiledEngine().start(model, interpreted=True)
    true = WorldEngine().start(model, watch=False)
    return ran("world", true, model, calls), ran("compiled", fast, model, calls)


def queued_difference(seed: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """Empty if both engines say the same of a drawn network."""
    limit(monkeypatch, drawn_limits(seed))
    return difference(*both_ran(drawn_model(seed, duration_s=DURATION_S, queued=True), seed))
