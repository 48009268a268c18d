"""Common random numbers: two variants on the same callers differ by the variants alone.

Rule of this file: the same callers are proved the same, call by call; what pairing saves is the
variance of a difference of independent runs over that of a paired one, reported as measured.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simulator.model.engine import Engine
from simulator.model.instants import US
from simulator.validation.hand_calls import Callers, exponential
from simulator.validation.hand_models import Site, network
from simulator.validation.judging import Estimate, Floats, Kind, Row
from simulator.validation.tallies import Tallies

GROUP = "Common random numbers"
AGENTS = (100, 80, 60, 40)
LOADS = (1.05, 0.90, 0.95, 0.85)
"Of agents times rate: four sites, one short of staff."
AHT_S = 180.0
CALLERS = Callers(
    rates_per_s=tuple(n * load / AHT_S for n, load in zip(AGENTS, LOADS, strict=True)),
    talk=exponential(AHT_S),
    patience=exponential(120.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What is tried."""

    policy: str
    agents: tuple[int, ...] = AGENTS


REPLICATIONS_MIN = 30
"A variance from fewer is too uncertain to be judged."
PAIRS: tuple[tuple[str, Variant, Variant], ...] = (
    (
        "no moves against moves to idle agents",
        Variant(policy="stay"),
        Variant(policy="idle elsewhere"),
    ),
    (
        "moves to idle agents against the smallest expected delay",
        Variant(policy="idle elsewhere"),
        Variant(policy="expected delay"),
    ),
    (
        "one agent more at the smallest site",
        Variant(policy="expected delay"),
        Variant(policy="expected delay", agents=(100, 80, 60, 41)),
    ),
)


def given_up(engine: Engine, variant: Variant, *, seed: int, calls_count: int) -> float:
    """Share of calls given up in one day of calls that begins empty."""
    duration_us = round(calls_count / sum(CALLERS.rates_per_s) * US)
    model = network(
        tuple(Site(agents=n) for n in variant.agents),
        policy=variant.policy,
        duration_us=duration_us,
        interval_us=duration_us,
    )
    run = engine.start(model)
    tallies = Tallies(1, duration_us, 20.0)
    for calls, until_us in CALLERS.parts(seed, "pairing", duration_us, 1):
        tallies.add(run.feed(calls, until_us).outcomes)
    tallies.add(run.finish().outcomes)
    sums = tallies.by_name
    return float(sums["abandoned"][0] / sums["offered"][0])


def pairing_rows(
    engine: Engine, *, seed: int, calls_count: int, replications_count: int
) -> list[Row]:
    """How many times smaller the variance of each difference is; with fewer than REPLICATIONS_MIN
    nothing is asked of it."""
    variants = {variant for _, *pair in PAIRS for variant in pair}
    found = {
        variant: np.array(
            [
                given_up(engine, variant, seed=seed * 1_000 + number, calls_count=calls_count)
                for number in range(replications_count)
            ]
        )
        for variant in variants
    }
    rows = [_same_callers(seed, calls_count)]
    for name, first, second in PAIRS:
        rows += _pair(name, found[first], found[second], seed, calls_count)
    return rows


def _pair(name: str, first: Floats, second: Floats, seed: int, calls_count: int) -> list[Row]:
    """The ratio of variances, and its logarithm against 0 (no gain): by the jackknife (Efron and
    Stein 1981)."""
    gain = _gain(first, second)
    kept = [np.arange(len(first)) != k for k in range(len(first))]
    left_out = np.log([_gain(first[keep], second[keep]) for keep in kept])
    count = len(first)
    error = float(np.sqrt((count - 1) / count * ((left_out - left_out.mean()) ** 2).sum()))
    common = Row(
        group=GROUP,
        what=name,
        figure="logarithm of the variance ratio",
        known=0.0,
        source="above 0: pairing helps",
        found=Estimate(value=float(np.log(gain)), error=error, freedom=count - 1),
        kind=Kind.LEAST if count >= REPLICATIONS_MIN else Kind.TOLD,
        calls_count=calls_count * count,
        seed=seed,
    )
    told = replace(
        common,
        figure="variance, independent over paired",
        known=1.0,
        found=Estimate(value=gain),
        source="measured",
        kind=Kind.TOLD,
    )
    return [told, common]


def _gain(first: Floats, second: Floats) -> float:
    independent = float(first.var(ddof=1) + second.var(ddof=1))
    return max(independent, 1e-300) / max(float((first - second).var(ddof=1)), 1e-300)


def _same_callers(seed: int, calls_count: int) -> Row:
    """Two draws of the same callers differ nowhere."""
    duration_us = round(calls_count / sum(CALLERS.rates_per_s) * US)
    (one, _), (other, _) = (next(CALLERS.parts(seed, "pairing", duration_us, 1)) for _ in range(2))
    differing = sum(
        int(np.count_nonzero(getattr(one, name) != getattr(other, name)))
        for name in ("arrival_us", "ingress", "talk_us", "patience_us")
    )
    return Row(
        group=GROUP,
        what="the same seed",
        figure="numbers of the calls that differ",
        known=0.0,
        source="definition",
        found=Estimate(value=float(differing)),
        kind=Kind.EQUAL,
        calls_count=calls_count,
        seed=seed,
    )
