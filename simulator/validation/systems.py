"""A queueing system that is run long enough, and what is known of it.

Rule of this file: one run, cut into batches after a warm-up; every figure is a ratio of two sums.
The same code runs every system of the study.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.model.engine import Engine
from simulator.model.instants import US
from simulator.model.network import NetworkModel
from simulator.validation.hand_calls import Callers
from simulator.validation.hand_models import Site, network
from simulator.validation.judging import Estimate, Kind, Row, ratio_of
from simulator.validation.tallies import Tallies

BATCHES = 120
WARM_UP = 12
"Batches, and those before them that do not count."
FIGURES: Mapping[str, tuple[str, str]] = {
    "blocking": ("blocked", "offered"),
    "abandonment": ("abandoned", "offered"),
    "waiting_share": ("waited", "offered"),
    "asa_s": ("wait_s", "offered"),
    "asa_answered_s": ("wait_answered_s", "answered"),
    "service_level": ("in_time", "offered"),
    "mean_queue": ("queue_s", "time_s"),
    "occupancy": ("busy_s", "staffed_s"),
    "moved_share": ("moved", "offered"),
    "trunks_used": ("trunks_s", "time_s"),
}
"What a figure is divided from, in names of `Tallies`."


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Something to run."""

    group: str
    name: str
    sites: tuple[Site, ...]
    callers: Callers
    known: Mapping[str, float]
    "Value by figure."
    source: str
    policy: str = "stay"
    threshold_s: float = 20.0
    kind: Kind = Kind.INTERVAL
    tolerances: Mapping[str, float] = field(default_factory=dict)
    share: float = 1.0
    "Of the calls of a full row."


def model_of(system: System, calls_count: int) -> tuple[NetworkModel, int]:
    """The model, and the length of a batch in microseconds."""
    rate = sum(system.callers.rates_per_s)
    batch_us = max(1, round(calls_count / rate * US / BATCHES))
    model = network(
        system.sites,
        policy=system.policy,
        duration_us=batch_us * (BATCHES + WARM_UP),
        interval_us=batch_us,
        threshold_s=system.threshold_s,
    )
    return model, batch_us


def measured(system: System, engine: Engine, *, seed: int, calls_count: int) -> dict[str, Estimate]:
    """Every figure that is known, as the engine has it."""
    model, batch_us = model_of(system, calls_count)
    tallies = Tallies(BATCHES + WARM_UP, batch_us, system.threshold_s)
    run = engine.start(model)
    parts = system.callers.parts(seed, f"{system.group} {system.name}", batch_us, BATCHES + WARM_UP)
    for number, (calls, until_us) in enumerate(parts):
        tallies.take(number, calls)
        tallies.add(run.feed(calls, until_us).outcomes)
    tallies.add(run.finish().outcomes)
    tallies.finish(run.sums)
    sums, controls = tallies.after(WARM_UP), tallies.controls(system.callers, WARM_UP)
    return {
        figure: ratio_of(sums[FIGURES[figure][0]], sums[FIGURES[figure][1]], controls)
        for figure in system.known
    }


def rows_of(system: System, engine: Engine, *, seed: int, calls_count: int) -> list[Row]:
    """A row for each figure that is known."""
    count = max(BATCHES * 20, round(calls_count * system.share))
    found = measured(system, engine, seed=seed, calls_count=count)
    return [
        Row(
            group=system.group,
            what=system.name,
            figure=figure,
            known=value,
            source=system.source,
            found=found[figure],
            kind=system.kind,
            tolerance=system.tolerances.get(figure, 0.0),
            calls_count=count,
            seed=seed,
        )
        for figure, value in system.known.items()
    ]
