"""Rows without chance: what must be equal to the last microsecond.

Rule of this file: Kind.EQUAL only. Each call's wait against an independent program, and the laws
that hold for every run (Little 1961; every call ends once; time is spent once).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.model.calls import CallsTable
from simulator.model.engine import Engine
from simulator.model.instants import US
from simulator.model.outcomes import ACW, BUSY, Outcome, Sums
from simulator.validation.hand_calls import Callers, erlang2, exponential, lognormal
from simulator.validation.hand_models import Site, network
from simulator.validation.judging import Estimate, Kind, Row
from simulator.validation.second_opinion import waits

SOURCE = "independent program (Kiefer and Wolfowitz 1955)"
BY_CALL, LAWS = "Call by call", "Laws"
ONE_QUEUE = (
    ("lognormal work and patience", 100, lognormal(180, 240), lognormal(120, 200), 1.02),
    ("lognormal work, exponential patience", 20, lognormal(180, 240), exponential(120), 1.1),
    ("Erlang-2 work, nobody gives up", 50, erlang2(180), None, 0.95),
    ("exponential work and patience", 5, exponential(180), exponential(360), 1.5),
)
"(name, agents, work, patience, load over agents)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A whole run."""

    name: str
    seed: int
    calls: CallsTable
    outcomes: NDArray[Any]
    sums: Sums


def whole_run(
    engine: Engine,
    sites: tuple[Site, ...],
    callers: Callers,
    policy: str,
    *,
    name: str,
    seed: int,
    calls_count: int,
) -> Whole:
    """All outcomes of one run, by number of call; one part in, one interval."""
    duration_us = round(calls_count / sum(callers.rates_per_s) * US)
    model = network(
        sites, policy=policy, duration_us=duration_us, interval_us=duration_us + 100_000 * US
    )
    calls, until_us = next(callers.parts(seed, name, duration_us, 1))
    run = engine.start(model)
    parts = [run.feed(calls, until_us).outcomes, run.finish().outcomes]
    outcomes = np.concatenate(parts)
    return Whole(
        name=name,
        seed=seed,
        calls=calls,
        outcomes=outcomes[np.argsort(outcomes["number"], kind="stable")],
        sums=run.sums,
    )


def call_by_call(engine: Engine, *, seed: int, calls_count: int) -> list[Row]:
    """Calls whose wait or end differs from the independent program's: none may."""
    rows = []
    for name, agents, talk, patience, load in ONE_QUEUE:
        callers = Callers(rates_per_s=(load * agents / talk.mean_s,), talk=talk)
        if patience is not None:
            callers = Callers(rates_per_s=callers.rates_per_s, talk=talk, patience=patience)
        what = f"{agents} agents, {name}"
        run = whole_run(
            engine,
            (Site(agents=agents),),
            callers,
            "stay",
            name=what,
            seed=seed,
            calls_count=calls_count,
        )
        rows.append(_row(BY_CALL, "calls that differ", _differing(run, agents), run))
    return rows


def _differing(run: Whole, agents: int) -> int:
    calls = run.calls
    expected = waits(
        calls.arrival_us.tolist(),
        (calls.talk_us + calls.acw_us).tolist(),
        calls.patience_us.tolist(),
        agents,
    )
    wait = np.array([wait for wait, _ in expected], dtype=np.int64)
    answered = np.array([answered for _, answered in expected], dtype=bool)
    if len(run.outcomes) != len(calls):
        return abs(len(run.outcomes) - len(calls)) + len(calls)
    same = (run.outcomes["wait_us"] == wait) & (
        (run.outcomes["outcome"] == Outcome.ANSWERED) == answered
    )
    return int((~same).sum())


def laws(engine: Engine, *, seed: int, calls_count: int) -> list[Row]:
    """What holds for every run, on two sites with moves."""
    callers = Callers(
        rates_per_s=(22 / 180, 10 / 180), talk=exponential(180), patience=exponential(120)
    )
    what = "20 and 10 agents, shortest delay"
    run = whole_run(
        engine,
        (Site(agents=20), Site(agents=10)),
        callers,
        "shortest delay",
        name=what,
        seed=seed,
        calls_count=calls_count,
    )
    found = run.outcomes
    answered = found["outcome"] == Outcome.ANSWERED
    known = answered | (found["outcome"] == Outcome.ABANDONED)
    waited = int(found["wait_us"].sum())
    worked = int(found["talk_us"][answered].sum() + found["acw_us"][answered].sum())
    off = (
        (
            "calls in, less calls answered or given up",
            len(run.calls) - int(np.count_nonzero(known)),
        ),
        ("calls that end twice", len(found) - len(np.unique(found["number"]))),
        (
            "time waited in queues, less waits of calls (Little), us",
            int(run.sums.waiting_us.sum()) - waited,
        ),
        (
            "time of agents at work, less work of calls, us",
            int(run.sums.agents_us[..., [BUSY, ACW]].sum()) - worked,
        ),
        (
            "answered calls whose work is not what they brought",
            int(np.count_nonzero(found["talk_us"][answered] != run.calls.talk_us[answered])),
        ),
        (
            "given up at another time than their patience",
            int(np.count_nonzero(found["wait_us"][~answered] != run.calls.patience_us[~answered])),
        ),
    )
    return [_row(LAWS, figure, value, run) for figure, value in off]


def _row(group: str, figure: str, value: int, run: Whole) -> Row:
    return Row(
        group=group,
        what=run.name,
        figure=figure,
        known=0.0,
        source=SOURCE if group == BY_CALL else "holds for every run",
        found=Estimate(value=float(value)),
        kind=Kind.EQUAL,
        calls_count=len(run.calls),
        seed=run.seed,
    )
