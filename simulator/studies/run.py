"""One replication: calls go into the engine part by part, measures come out.

Rule of this file: what a worker process does, from plain data to plain data. Several policies are
run side by side on the very same calls (common random numbers). A run that is overloaded ends there
and says so; the others go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from simulator.errors import OverloadedError
from simulator.measures.gathering import Gathering
from simulator.measures.runs import RunMeasures
from simulator.model.calls import CallsTable
from simulator.model.engine import Engine, EngineRun
from simulator.model.instants import to_us
from simulator.model.network import NetworkModel
from simulator.sampling.source import source_of
from simulator.scenarios.lowering import model_of
from simulator.scenarios.means import waits_for_ever
from simulator.studies.cases import Case
from simulator.studies.engines import choose
from simulator.studies.jobs import Told
from simulator.studies.overload import Work, sure_overload
from simulator.studies.staffing import Capacity, with_capacity

if TYPE_CHECKING:
    from simulator.records.parquet import OutcomeFile

PIECE_CALLS = {"compiled": 250_000, "world": 500}
"An engine is fed at most so many calls at once: a fraction of a second."
SEEDS_APART = 1_000_003
"Between the engine's seeds of two scenarios whose seeds are neighbours."
NEARLY = 0.99
"Share that is told while the last calls end."


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One replication of a case, under each of some policies."""

    case: Case
    policies: tuple[str, ...]
    "Empty text: the scenario's own."
    replication: int
    engine: str = "auto"
    outcomes: tuple[str, ...] = ()
    "Parquet files for the outcomes, one a policy; none: not written."
    capacity: Capacity | None = None
    "Other numbers of agents or channels than the case has."


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDone:
    """What one replication under one policy gave."""

    replication: int
    measures: RunMeasures | None
    "None: overloaded."
    overloaded: str = ""
    problems: tuple[str, ...] = ()
    "Broken invariants, told by the world engine."
    calls_count: int = 0
    spent_s: float = 0.0
    "Of the whole job, shared among its policies."
    engine: str = ""


class _Lane:
    """One policy's run."""

    def __init__(
        self, model: NetworkModel, engine: Engine, file: OutcomeFile | None, overloaded: str
    ) -> None:
        self._gathering = Gathering(model)
        self._work = Work(model)
        self._run: EngineRun = engine.start(model)
        self.engine = engine.name
        self._file = file
        self._calls_count = 0
        self.overloaded = overloaded

    def feed(self, calls: CallsTable, until_us: int) -> None:
        """Take a part of the calls, unless overloaded."""
        if self.overloaded:
            return
        self._work.add(calls)
        try:
            self._keep(self._run.feed(calls, until_us))
        except OverloadedError as error:
            self.overloaded = self._told(error)
        self._calls_count += len(calls)

    def finish(self, replication: int, spent_s: float) -> RunDone:
        """Run to the end and measure."""
        measures: RunMeasures | None = None
        if not self.overloaded:
            try:
                self._keep(self._run.finish())
                measures = self._gathering.finish(self._run.sums, self._run.counters)
            except OverloadedError as error:
                self.overloaded = self._told(error)
        return RunDone(
            replication=replication,
            measures=measures,
            overloaded=self.overloaded,
            problems=tuple(getattr(self._run, "problems", ())),
            calls_count=self._calls_count,
            spent_s=spent_s,
            engine=self.engine,
        )

    def close(self) -> None:
        """Put the file of outcomes in its place; what ended overloaded is not complete."""
        if self._file is not None:
            self._file.close(complete=not self.overloaded)

    def _told(self, error: OverloadedError) -> str:
        """With what comes to the place and who is there."""
        load = self._work.load_at(error.place, to_us(error.at_s))
        return str(error) if load is None else f"{error}. Until then {load.told()}"

    def _keep(self, part: Any) -> None:
        self._gathering.add(part)
        if self._file is not None:
            self._file.add(part)


def run_job(job: Job, told: Told) -> tuple[RunDone, ...]:
    """Carry out a job. Raises DocumentError, CallsError, NotModelledError."""
    began_s = perf_counter()
    models = models_of(job)
    with ExitStack() as files:
        overloaded = _sure_overload(job, models[0])
        lanes = [
            _Lane(model, _engine(job, model), _file(files, job, number, model), overloaded)
            for number, model in enumerate(models)
        ]
        source = source_of(job.case.scenario, models[0], replication=job.replication)
        expected, fed = max(source.expected_count, 1.0), 0
        for calls, until_us in () if overloaded else source.parts():
            for number, lane in enumerate(lanes):
                at = fed + len(calls) * number / len(lanes)
                for piece, piece_until_us in pieces(calls, until_us, PIECE_CALLS[lane.engine]):
                    lane.feed(piece, piece_until_us)
                    at += len(piece) / len(lanes)
                    told(min(NEARLY, at / expected))
            fed += len(calls)
            if all(lane.overloaded for lane in lanes):
                break
        spent_s = (perf_counter() - began_s) / len(lanes)
        done = tuple(lane.finish(job.replication, spent_s) for lane in lanes)
        for lane in lanes:
            lane.close()
        return done


def _sure_overload(job: Job, model: NetworkModel) -> str:
    """Must the run end overloaded, whatever the policy. Looked at only where somebody never gives
    up."""
    scenario = job.case.scenario
    spec = scenario.doc.spec
    if not any(waits_for_ever(spec, one.name, scenario.folder) for one in spec.services):
        return ""
    parts = source_of(scenario, model, replication=job.replication).parts()
    return sure_overload(model, parts, spec.limits.wait_s_max)


def _engine(job: Job, model: NetworkModel) -> Engine:
    """Chances of an engine's own differ from replication to replication, as all others do."""
    seed = job.case.scenario.seed * SEEDS_APART + job.replication
    return choose(model, job.engine, seed=seed).engine


def models_of(job: Job) -> Sequence[NetworkModel]:
    """The model under each policy. Raises DocumentError."""
    scenario = job.case.scenario
    models = [
        model_of(scenario, replication=job.replication, policy=policy or None)
        for policy in job.policies
    ]
    if job.capacity is None:
        return models
    return [with_capacity(model, job.capacity) for model in models]


def pieces(calls: CallsTable, until_us: int, calls_max: int) -> Iterator[tuple[CallsTable, int]]:
    """The same calls in smaller parts, so that progress is told and an interruption heard; calls
    of one instant stay together."""
    begin = 0
    while len(calls) - begin > calls_max:
        instant_us = int(calls.arrival_us[begin + calls_max])
        end = calls.until(instant_us)
        if end <= begin:
            instant_us += 1
            end = calls.until(instant_us)
        yield calls.part(begin, end), instant_us
        begin = end
    yield calls.part(begin, len(calls)), until_us


def _file(files: ExitStack, job: Job, number: int, model: NetworkModel) -> OutcomeFile | None:
    if not job.outcomes:
        return None
    from simulator.records.parquet import OutcomeFile

    return files.enter_context(OutcomeFile(Path(job.outcomes[number]), model))
