"""A scenario of recorded calls, simulated, against what the records say became of them.

Rule of this file: recorded calls are counted by the same code as simulated ones, so that a figure
means the same on both sides. Nothing is fitted. A caller who gave up after no time counts as one
who balked, as in the simulation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import StudyError
from simulator.measures.gathering import Gathering
from simulator.measures.replications import EstimatedPlaces
from simulator.measures.runs import RunMeasures
from simulator.model.network import NetworkModel
from simulator.model.outcomes import MOVE_TYPE, OUTCOME_TYPE, Outcome, Part, Sums
from simulator.records.recorded import Ended, RecordedCalls
from simulator.sampling.record_source import recorded_on_run
from simulator.scenarios.lowering import model_of
from simulator.studies.cases import Case
from simulator.studies.result import ModelError, StudyResult

FIGURES = (
    "offered", "answered", "service_level_negative", "abandonment", "asa_s", "wait_p50_s",
    "wait_p90_s", "aht_s",
)  # fmt: skip
"Compared; the model's error of these is kept."
INTERVAL_FIGURES = ("offered", "service_level_negative", "abandonment", "asa_s")
OUTCOMES: Mapping[int, Outcome] = {
    Ended.SERVED: Outcome.ANSWERED,
    Ended.ABANDONED: Outcome.ABANDONED,
    Ended.BUSY: Outcome.NO_CHANNEL,
    Ended.OTHER: Outcome.UNFINISHED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalError:
    """One interval, recorded and simulated; None where there is nothing to compare."""

    interval: int
    recorded: Mapping[str, float | None]
    simulated: Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What was recorded, what was simulated, and how far they are apart."""

    result: StudyResult
    errors: tuple[ModelError, ...]
    intervals: tuple[IntervalError, ...]
    spread: Mapping[str, float]
    "By figure: mean size of the error of one interval, weighed by its recorded calls."


def recorded_measures(case: Case) -> tuple[RunMeasures, str]:
    """What the records of a scenario say, in figures, and which records they are. Raises StudyError
    and CallsError."""
    scenario = case.scenario
    spec, model = scenario.doc.spec, model_of(scenario)
    without = [one.ingress for one in spec.arrivals if one.records is None]
    if without or not spec.arrivals:
        raise StudyError(
            f"{case.name}: calls of {', '.join(without) or 'no ingress'} are not from records, so "
            "there is nothing to compare with",
            "name records with --records FILE, or write `records` in the scenario's arrivals",
        )
    gathering = Gathering(model)
    ingresses = {one.name: i for i, one in enumerate(model.ingresses)}
    first_number, days, names = 0, set(), set()
    for arrival in spec.arrivals:
        assert arrival.records is not None
        calls = recorded_on_run(spec, arrival, scenario.folder)
        outcomes = outcomes_of(calls, model, ingresses[arrival.ingress], first_number)
        gathering.add(Part(outcomes=outcomes, moves=np.zeros(0, dtype=MOVE_TYPE)))
        first_number += len(calls)
        names.add(str(arrival.records.file or arrival.records.format))
        if len(calls):
            days |= {calls.date_of(0), calls.date_of(calls.days_count - 1)}
    if not first_number:
        raise StudyError(
            f"{case.name}: no recorded call lies within the run",
            "look at spec.start and duration_s",
        )
    span = f" from {min(days)} to {max(days)}" if days and calls.dated else ""
    measures = gathering.finish(Sums.empty(model), {})
    return measures, f"{first_number} calls of {', '.join(sorted(names))}{span}"


def outcomes_of(
    calls: RecordedCalls, model: NetworkModel, ingress: int, first_number: int
) -> NDArray[Any]:
    """Recorded calls as an engine would have told of them, at the place where they entered."""
    row = model.home_row(ingress, model.ingresses[ingress].entries[0][0])
    made = np.zeros(len(calls), dtype=OUTCOME_TYPE)
    made["number"] = np.arange(first_number, first_number + len(calls))
    made["ingress"] = ingress
    kinds = np.full(max(OUTCOMES) + 1, Outcome.UNFINISHED, dtype=np.int32)
    for ended, outcome in OUTCOMES.items():
        kinds[ended] = outcome
    made["outcome"] = kinds[np.clip(calls.outcome, 0, max(OUTCOMES))]
    at_once = (made["outcome"] == Outcome.ABANDONED) & (calls.wait_us <= 0)
    made["outcome"][at_once] = Outcome.BALKED
    busy = made["outcome"] == Outcome.NO_CHANNEL
    made["entry_row"] = made["row"] = np.where(busy, -1, row)
    made["agent"] = -1
    made["arrival_us"] = made["queued_us"] = calls.arrival_us
    made["wait_us"] = np.maximum(calls.wait_us, 0)
    made["talk_us"] = np.maximum(calls.talk_us, 0)
    made["acw_us"] = np.maximum(calls.acw_us, 0)
    made["ended_us"] = made["arrival_us"] + made["wait_us"] + made["talk_us"]
    made["expected_us"] = -1
    return made


def backtest_of(recorded: RunMeasures, measured_on: str, result: StudyResult) -> Backtest:
    """Hold a simulation of the same calls against the records. Raises StudyError when nothing of it
    was measured."""
    summary = result.variants[0].summary()
    if summary is None:
        raise StudyError(
            "the simulation was overloaded, so there is no error to tell",
            "give the scenario the staff that was there",
        )
    errors = []
    for name in FIGURES:
        found, there = summary.network.get(name), recorded.network.get(name)
        if found is not None and there is not None:
            errors.append(
                ModelError(
                    figure=name,
                    recorded=there,
                    simulated=found.mean,
                    low=found.low,
                    high=found.high,
                    measured_on=measured_on,
                )
            )
    intervals = _intervals(recorded, summary.by_interval)
    return Backtest(
        result=result, errors=tuple(errors), intervals=intervals, spread=_spread(intervals)
    )


def _intervals(recorded: RunMeasures, simulated: EstimatedPlaces) -> tuple[IntervalError, ...]:
    made = []
    for at, key in enumerate(simulated.keys_in_order):
        if not recorded.by_interval.value("offered", at):
            continue
        values = {name: simulated.value(name, at) for name in INTERVAL_FIGURES}
        made.append(
            IntervalError(
                interval=int(str(key)),
                recorded={name: recorded.by_interval.value(name, at) for name in INTERVAL_FIGURES},
                simulated={name: None if v is None else v.mean for name, v in values.items()},
            )
        )
    return tuple(made)


def _spread(intervals: tuple[IntervalError, ...]) -> dict[str, float]:
    found = {}
    for name in INTERVAL_FIGURES:
        apart = weight = 0.0
        for one in intervals:
            there, here = one.recorded[name], one.simulated[name]
            if there is not None and here is not None:
                calls = one.recorded["offered"] or 0.0
                apart += abs(here - there) * calls
                weight += calls
        if weight:
            found[name] = apart / weight
    return found
