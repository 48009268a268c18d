"""What a study found: the object that tables, JSON and the report are made of.

Rule of this file: results and how they came about, as plain data; it is shown elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from simulator.measures.comparisons import Comparison, compared
from simulator.measures.replications import Summary, over_replications
from simulator.measures.runs import RunMeasures
from simulator.studies.cases import Case
from simulator.studies.run import RunDone

Kind = Literal["run", "compare", "capacity", "sweep", "replay", "plan", "backtest"]
HEADLINE = ("service_level_negative", "abandonment", "asa_s", "wait_p95_s", "moved_share")
"Compared unless others are asked for."


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was simulated, in numbers that a person checks first."""

    sites: tuple[str, ...]
    services: tuple[str, ...]
    agents_count: int
    trunks_count: int
    channels_count: int
    start_unix_s: float
    time_zone: str
    duration_s: float
    warm_up_s: float
    interval_s: float
    calls_expected: float
    "Of one replication."
    thresholds_s: tuple[tuple[str, float, float], ...] = ()
    "(service, answered within, target share)."


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelError:
    """How far the model was from what was recorded, by `backtest`, for one figure."""

    figure: str
    recorded: float
    simulated: float
    low: float | None
    high: float | None
    measured_on: str
    "Which records."


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way of running: a policy, a change of the scenario."""

    name: str
    "`A`, `B`, or the change."
    case: Case
    policy: str
    "As it was named; the scenario's own by its name."
    engine: str
    why_engine: str
    runs: tuple[RunDone, ...]
    "Finished replications, in order."
    asked_count: int
    "Replications that were asked for."

    @property
    def measures(self) -> tuple[RunMeasures, ...]:
        """Of every replication that was not overloaded."""
        return tuple(run.measures for run in self.runs if run.measures is not None)

    @property
    def overloaded(self) -> str:
        """What was told when a run was overloaded; empty: none was."""
        return next((run.overloaded for run in self.runs if run.overloaded), "")

    @property
    def problems(self) -> tuple[str, ...]:
        """Broken invariants."""
        return tuple(problem for run in self.runs for problem in run.problems)

    def summary(self) -> Summary | None:
        """Estimates of every figure; None without a measured run."""
        return over_replications(self.measures) if self.measures else None

    def network(self, figure: str) -> float | None:
        """Mean of a figure of the whole network."""
        summary = self.summary()
        found = summary.network.get(figure) if summary else None
        return None if found is None else found.mean


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyResult:
    """What a command found."""

    kind: Kind
    scenario: str
    source: str
    description: str
    facts: Facts
    variants: tuple[Variant, ...]
    comparisons: tuple[Comparison, ...] = ()
    "Of the first variant with the second."
    seed: int
    commit: str
    spent_s: float
    interrupted: bool = False
    "Not all replications were finished."
    stopped: str = ""
    "Why, if nobody interrupted."
    acknowledgement: str = ""
    "Of records that were used; shown wherever results are."
    model_errors: tuple[ModelError, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    "What the scenario says that its author may not have meant."
    settings: Mapping[str, str] = field(default_factory=dict)
    "What was asked for besides."
    report: str = ""
    "The file that its report is to be written to."
    export: str = ""
    "The folder that its pictures and tables are to be written to."
    resume: str = ""
    "The folder where finished replications are kept."


def pairs_of(a: Variant, b: Variant) -> tuple[tuple[RunMeasures, ...], tuple[RunMeasures, ...]]:
    """Measures of the replications that both have, in the same order."""
    of_b = {run.replication: run.measures for run in b.runs if run.measures is not None}
    both = [
        (run.measures, of_b[run.replication])
        for run in a.runs
        if run.measures is not None and run.replication in of_b
    ]
    return tuple(one for one, _ in both), tuple(other for _, other in both)


def comparisons_of(
    a: Variant, b: Variant, figures: Sequence[str], level: float
) -> tuple[Comparison, ...]:
    """Two variants by pairs of replications, verdicts holding together."""
    runs_a, runs_b = pairs_of(a, b)
    return compared(runs_a, runs_b, tuple(figures), names=(a.name, b.name), level=level)
