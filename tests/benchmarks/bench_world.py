"""Measures how many calls a second the world engine carries out: real router, real site daemons.

    make bench ONLY=sim_world_calls_per_s

Four sites of 160 to 64 agents, offered 0.85 to 1.05 of what they can serve, overflow to the least
expected delay, no faults; then three nodes and six sites with a fault every few seconds, as the
share of real time.
"""

from __future__ import annotations

from dataclasses import replace
from time import thread_time

from bench_report import report
from sim_models import calls, network

from simulator.model.calls import CallsTable
from simulator.model.instants import US
from simulator.model.network import FaultModel, NetworkModel
from simulator.world.dice import Dice
from simulator.world.engine import WorldEngine

NAMES = ("sim_world_calls_per_s", "sim_world_faults_x_real_time")
AGENTS = (160, 128, 96, 64)
LOADS = (1.05, 0.90, 0.95, 0.85)
TALK_S = 180.0
FOR_S = 3600.0
FAULTY_FOR_S = 600.0
FAULTS = ("link", "site", "node", "etcd", "peer_link", "path")


def spent_s(model: NetworkModel, table: CallsTable) -> float:
    """Processor time of a run, its invariants watched."""
    run = WorldEngine(seed=1).start(model)
    began_s = thread_time()
    run.feed(table, model.duration_us)
    run.finish()
    took_s = thread_time() - began_s
    assert not run.problems, run.problems[:3]
    return took_s


def fault_free() -> float:
    """Calls a second."""
    model = network(AGENTS, duration_s=FOR_S)
    rates = [agents * load / TALK_S for agents, load in zip(AGENTS, LOADS, strict=True)]
    table = calls(model, per_s=rates, talk_s=TALK_S)
    return len(table) / spent_s(model, table)


def with_faults() -> float:
    """Simulated seconds in a second."""
    dice = Dice(1)
    faults = []
    for second in range(5, int(FAULTY_FOR_S), 10):
        begin_us, kind = second * US, dice.choice(FAULTS, "kind")
        lasts_us = int(dice.between(0.5, 8.0, "lasts") * US)
        faults.append(
            FaultModel(
                kind=kind,  # type: ignore[arg-type]
                window=(begin_us, begin_us + lasts_us),
                site=int(dice.share("site") * 6),
                node=int(dice.share("node") * 3),
            )
        )
    model = network(
        (8, 7, 6, 5, 4, 3), duration_s=FAULTY_FOR_S, nodes_count=3, faults=tuple(faults)
    )
    sites = tuple(replace(site, requery_us=2 * US) for site in model.sites)
    model = replace(model, sites=sites)
    table = calls(model, per_s=0.05, talk_s=60.0, patience_s=30.0)
    return FAULTY_FOR_S / spent_s(model, table)


if __name__ == "__main__":
    report("sim_world_calls_per_s", fault_free(), "calls/s", 2000, "higher")
    report("sim_world_faults_x_real_time", with_faults(), "x real time", 100, "higher")
