"""Replications of one or several variants, in as many processes as there are, joined to a result.

Rule of this file: variants of one case share their callers, replication by replication; what was
finished when somebody interrupts is kept. How many replications a precision needs is found in
rounds, from the spread of those before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from pathlib import Path
from time import perf_counter

from simulator.measures.comparisons import Comparison
from simulator.measures.estimates import LEVEL
from simulator.measures.figures import FIGURES
from simulator.measures.sequential import precision as looked_at
from simulator.model.instants import US
from simulator.model.network import NetworkModel
from simulator.sampling.source import source_of
from simulator.scenarios.lowering import model_of, policy_of
from simulator.studies.cases import Case
from simulator.studies.commit import commit
from simulator.studies.engines import Choice, choose
from simulator.studies.jobs import Crew, Failure, Mapped, Told, Work, raised
from simulator.studies.result import HEADLINE, Facts, Kind, StudyResult, Variant, comparisons_of
from simulator.studies.run import Job, RunDone, run_job

REPLICATIONS_MAX = 10_000
ROUND_FIRST = 5
"Replications before the spread is believed."
ROUND_GROWTH_MAX = 4
"One round makes at most so many times what there was."
MARGIN = 1.1
"So many times what the spread seen says is needed: it may have been low by chance."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One variant that is asked for."""

    name: str
    case: Case
    policy: str = ""
    "Empty: the scenario's own."


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """Replicate until neither end of the 95 % interval is farther than this from the mean."""

    width: float
    "Of a share as it is (0.02: two points), of other figures as a share of the mean (gamma)."
    figure: str = "service_level_negative"
    count_max: int = REPLICATIONS_MAX
    "Replications at most, reached or not."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a study is to do."""

    kind: Kind
    wanted: tuple[Wanted, ...]
    replications_count: int | None = None
    "None: the scenario's."
    precision: Precision | None = None
    engine: str = ""
    "Empty: the scenario's."
    figures: tuple[str, ...] = HEADLINE
    level: float = LEVEL
    outcomes: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


Begin = Callable[[str], None]


def studied(
    asked: Asked,
    crew: Crew,
    told: Told,
    begin: Begin = lambda _: None,
    work: Work[Job, tuple[RunDone, ...]] = run_job,
) -> StudyResult:
    """Carry a study out. Raises DocumentError, CallsError, StudyError and NotModelledError before
    anything runs; overloaded variants are told in the result."""
    began_s = perf_counter()
    first = asked.wanted[0]
    count = asked.replications_count or first.case.scenario.doc.spec.replications
    if asked.precision is not None:
        count = min(max(count, ROUND_FIRST), asked.precision.count_max)
    choices = [model_and_choice(wanted, asked.engine)[1] for wanted in asked.wanted]
    runs: list[list[RunDone]] = [[] for _ in asked.wanted]
    finished, notes, done = True, [], 0
    lost: Failure | None = None
    while True:
        numbers = range(done, count)
        begin(_words(asked, len(numbers)))
        engines = [choice.engine.name for choice in choices]
        jobs, owners = _jobs(asked, numbers, engines)
        mapped = crew.map(work, jobs, told)
        finished = _kept(mapped, owners, runs)
        lost = mapped.problem
        done = count
        if not finished or asked.precision is None:
            break
        count, note = _needed(asked.precision, runs, done)
        if count <= done:
            notes += [note] if note else []
            break
    variants = [
        _variant(wanted, choice, found, done)
        for wanted, choice, found in zip(asked.wanted, choices, runs, strict=True)
    ]
    if lost is not None and not any(runs):
        raise raised(lost)
    result = _joined(asked, variants, notes, interrupted=not finished, began_s=began_s)
    return result if lost is None else replace(result, stopped=f"{lost.problem}; {lost.remedy}")


def model_and_choice(wanted: Wanted, engine: str) -> tuple[NetworkModel, Choice]:
    """The model of a variant's first replication and its engine. Raises DocumentError,
    NotModelledError."""
    model = model_of(wanted.case.scenario, policy=wanted.policy or None)
    name = engine or wanted.case.scenario.doc.spec.engine
    return model, choose(model, name)


def facts_of(case: Case) -> Facts:
    """Numbers of a scenario. Raises DocumentError and CallsError."""
    scenario = case.scenario
    spec, model = scenario.doc.spec, model_of(scenario)
    return Facts(
        sites=tuple(site.name for site in model.sites),
        services=tuple(service.name for service in model.services),
        agents_count=len(model.agents),
        trunks_count=len(model.trunks),
        channels_count=sum(t.channels_max for site in model.sites for t in site.trunks),
        start_unix_s=model.start_unix_s,
        time_zone=spec.time_zone,
        duration_s=model.duration_us / US,
        warm_up_s=model.warm_up_us / US,
        interval_s=model.interval_us / US,
        calls_expected=float(source_of(scenario, model).expected_count),
        thresholds_s=tuple((s.name, s.threshold_us / US, s.target) for s in model.services),
    )


def outcome_files(path: Path, variants: int, replications: Iterable[int]) -> list[list[Path]]:
    """[replication][variant] files of outcomes; one file alone has the very name that was given.

    >>> [str(p) for row in outcome_files(Path("o.parquet"), 1, range(2)) for p in row]
    ['o-0.parquet', 'o-1.parquet']
    """
    numbers = list(replications)
    if variants == 1 and len(numbers) == 1:
        return [[path]]
    names = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return [
        [
            path.with_name(
                f"{path.stem}-{f'{names[v % 26]}-' if variants > 1 else ''}{r}{path.suffix}"
            )
            for v in range(variants)
        ]
        for r in numbers
    ]


def _jobs(
    asked: Asked, replications: Sequence[int], engines: Sequence[str]
) -> tuple[list[Job], list[list[int]]]:
    """A job for each replication of each group of variants, and the variants of each job."""
    files = (
        outcome_files(asked.outcomes, len(asked.wanted), replications) if asked.outcomes else None
    )
    jobs: list[Job] = []
    owners: list[list[int]] = []
    for at, replication in enumerate(replications):
        for members in _groups(asked.wanted, engines):
            jobs.append(
                Job(
                    case=asked.wanted[members[0]].case,
                    policies=tuple(asked.wanted[m].policy for m in members),
                    replication=replication,
                    engine=engines[members[0]],
                    outcomes=tuple(str(files[at][m]) for m in members) if files else (),
                )
            )
            owners.append(members)
    return jobs, owners


def _kept(
    mapped: Mapped[tuple[RunDone, ...]], owners: Sequence[list[int]], runs: list[list[RunDone]]
) -> bool:
    """Give every variant its runs; False when not all were finished."""
    for members, found in zip(owners, mapped.results, strict=True):
        for member, done in zip(members, found or (), strict=False):
            runs[member].append(done)
    return not mapped.interrupted and mapped.problem is None


def _groups(wanted: Sequence[Wanted], engines: Sequence[str]) -> list[list[int]]:
    """Variants that have their callers and their engine in common."""
    groups: dict[tuple[Case, str], list[int]] = {}
    for number, one in enumerate(wanted):
        groups.setdefault((one.case, engines[number]), []).append(number)
    return list(groups.values())


def _needed(precision: Precision, runs: Sequence[Sequence[RunDone]], done: int) -> tuple[int, str]:
    """How many replications there should be in all, and what is to be said if there are enough."""
    most = done
    figure = FIGURES[precision.figure]
    is_share = figure.unit == "share"
    for found in runs:
        measures = [run.measures for run in found if run.measures is not None]
        if len(measures) < len(found):
            return done, ""
        values = [float(one.tables["network"].column(figure.name)[0]) for one in measures]
        looked = looked_at(
            values,
            0.0 if is_share else precision.width,
            absolute=precision.width if is_share else 0.0,
            bounds=figure.bounds,
        )
        if not looked.enough and looked.estimate is not None:
            most = max(most, ceil(looked.needed_count * MARGIN))
    if most == done:
        return done, ""
    if done >= precision.count_max:
        return done, (
            f"{figure.title} is not known as well as was asked after {done} replications, the most"
            " that were allowed (--replications-max)"
        )
    return min(most, done * ROUND_GROWTH_MAX, precision.count_max), ""


def _variant(wanted: Wanted, choice: Choice, runs: Sequence[RunDone], asked: int) -> Variant:
    policy = wanted.policy or policy_of(wanted.case.scenario).name
    return Variant(
        name=wanted.name,
        case=wanted.case,
        policy=policy,
        engine=choice.engine.name,
        why_engine=choice.why,
        runs=tuple(runs),
        asked_count=asked,
    )


def _joined(
    asked: Asked,
    variants: Sequence[Variant],
    notes: Sequence[str],
    *,
    interrupted: bool,
    began_s: float,
) -> StudyResult:
    scenario = asked.wanted[0].case.scenario
    if interrupted and not any(variant.runs for variant in variants):
        raise KeyboardInterrupt
    comparisons: tuple[Comparison, ...] = ()
    if len(variants) == 2 and asked.kind in ("compare", "replay", "plan"):
        comparisons = comparisons_of(variants[0], variants[1], asked.figures, asked.level)
    return StudyResult(
        kind=asked.kind,
        scenario=scenario.name,
        source=scenario.source,
        description=scenario.doc.spec.description,
        facts=facts_of(asked.wanted[0].case),
        variants=tuple(variants),
        comparisons=comparisons,
        seed=scenario.seed,
        commit=commit(),
        spent_s=perf_counter() - began_s,
        interrupted=interrupted,
        acknowledgement=_acknowledgement(asked.wanted),
        notes=tuple(notes),
        settings=dict(asked.settings),
    )


def _acknowledgement(wanted: Sequence[Wanted]) -> str:
    """Of the sample records, if any variant uses them."""
    for one in wanted:
        for arrival in one.case.scenario.doc.spec.arrivals:
            if arrival.records is not None and arrival.records.format == "bank":
                from simulator.records.bank import ACKNOWLEDGEMENT

                return ACKNOWLEDGEMENT
    return ""


def _words(asked: Asked, count: int) -> str:
    more = f" of {len(asked.wanted)} variants" if len(asked.wanted) > 1 else ""
    return f"{asked.kind}: {count} replication{'s' if count != 1 else ''}{more}"


def policy_names(policies: Sequence[str]) -> list[str]:
    """Short names of policies, apart from one another.

    >>> policy_names(["stay", "catalogue:vip", "a/new.yaml"])
    ['stay', 'vip', 'new']
    >>> policy_names(["a/x.yaml", "b/x.yaml"])
    ['A x', 'B x']
    """
    names = [
        Path(one).stem if one.endswith((".yaml", ".yml")) else one.removeprefix("catalogue:")
        for one in policies
    ]
    if len(set(names)) == len(names):
        return names
    return [f"{chr(ord('A') + n)} {name}" for n, name in enumerate(names)]
