"""A queueing system that is run long enough, and what is known of it.

Rule of this file: one run, cut into batches after a warm-up; every figure is a ratio of two sums.
The same code runs every system of the study.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, sqrt

from simulator.model.engine import Engine
from simulator.model.instants import US
from simulator.validation.hand_calls import Callers
from simulator.validation.hand_models import Site, network
from simulator.validation.judging import Estimate, Kind, Row, ratio_of
from simulator.validation.tallies import Tallies

WARM_UP_SHARE = 0.1
"Batches before those that count."
SETTLED = 10.0
"A batch lasts at least this many times as long as the system remembers."


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How long systems are run."""

    calls_count: int
    "Of one system, warm-up apart."
    batches_count: int
    calls_count_max: int
    "A system that would need more calls than this to settle is left out."

    @property
    def warm_up_count(self) -> int:
        """Batches that do not count."""
        return round(self.batches_count * WARM_UP_SHARE)


FULL = Size(calls_count=1_000_000, batches_count=120, calls_count_max=50_000_000)
QUICK = Size(calls_count=30_000, batches_count=30, calls_count_max=60_000)

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
    "lost_of_overflow": ("abandoned", "overflowed"),
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
    settles_s: float
    "About how long it remembers."
    policy: str = "stay"
    threshold_s: float = 20.0
    kind: Kind = Kind.INTERVAL
    tolerances: Mapping[str, float] = field(default_factory=dict)
    share: float = 1.0
    "Of the calls of a full row."


def settling_s(agents: int, load: float, aht_s: float) -> float:
    """How long a queue without abandonment remembers: aht / (sqrt(agents) - sqrt(load))^2, the
    relaxation time of M/M/n in heavy traffic, at least one handle time (Cohen 1982, "The Single
    Server Queue", section III.7.3)."""
    return aht_s / min((sqrt(agents) - sqrt(load)) ** 2, 1.0)


def calls_needed(system: System, size: Size) -> int:
    """Calls of a run in which every batch is long enough; 0: too many for this size."""
    rate = sum(system.callers.rates_per_s)
    least = ceil(size.batches_count * SETTLED * rate * system.settles_s)
    if least > size.calls_count_max:
        return 0
    return max(least, round(size.calls_count * system.share))


def measured(
    system: System, engine: Engine, *, seed: int, calls_count: int, size: Size
) -> dict[str, Estimate]:
    """Every figure that is known, as the engine has it."""
    rate = sum(system.callers.rates_per_s)
    batch_us = max(1, round(calls_count / rate * US / size.batches_count))
    count = size.batches_count + size.warm_up_count
    model = network(
        system.sites,
        policy=system.policy,
        duration_us=batch_us * count,
        interval_us=batch_us,
        threshold_s=system.threshold_s,
    )
    tallies = Tallies(count, batch_us, system.threshold_s)
    run = engine.start(model)
    parts = system.callers.parts(seed, f"{system.group} {system.name}", batch_us, count)
    for number, (calls, until_us) in enumerate(parts):
        tallies.take(number, calls)
        tallies.add(run.feed(calls, until_us).outcomes)
    tallies.add(run.finish().outcomes)
    tallies.finish(run.sums)
    sums = tallies.after(size.warm_up_count)
    controls = tallies.controls(system.callers, size.warm_up_count)
    return {
        figure: ratio_of(sums[FIGURES[figure][0]], sums[FIGURES[figure][1]], controls)
        for figure in system.known
    }


def rows_of(system: System, engine: Engine, *, seed: int, size: Size) -> list[Row]:
    """A row for each figure that is known; none where the system is too slow for the size."""
    count = calls_needed(system, size)
    if not count:
        return []
    found = measured(system, engine, seed=seed, calls_count=count, size=size)
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
