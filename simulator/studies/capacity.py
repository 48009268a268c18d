"""The fewest agents or channels that reach a target, found by simulation.

Rule of this file: it makes the slots, runs what `measures.capacity_search` asks about, always over
the same callers, and tries the answer once more on callers that the search never saw: a plan that
was fitted to some days is judged by others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil, inf
from time import perf_counter
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulator.errors import StudyError
from simulator.measures.capacity_search import CapacitySearch
from simulator.measures.places import Key
from simulator.measures.runs import RunMeasures
from simulator.measures.staffing_start import agents_start, channels_start
from simulator.measures.targets import CapacityAnswer, Slot, Target
from simulator.model.instants import NEVER_US, US
from simulator.model.network import NetworkModel
from simulator.sampling.source import source_of
from simulator.scenarios.lowering import model_of
from simulator.studies.capacity_notes import plan_notes
from simulator.studies.cases import Case
from simulator.studies.jobs import Crew, Mapped, Told, Work, raised
from simulator.studies.run import Job, RunDone, run_job
from simulator.studies.staffing import Capacity

Of = Literal["agents", "trunks"]
INTERVALS_MAX = 400
"Most intervals that a plan is made for."
MOST_FACTOR = 4
"A slot may grow to so many times what Erlang's formulas say, or stands now."
MOST_MORE = 30
CHECK_FROM = 1_000_000
"Replications with numbers from here on are those that the search never sees."


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityAsked:
    """What is searched for."""

    case: Case
    policy: str = ""
    target: Target
    of: Of = "agents"
    by_interval: bool = False
    by_network: bool = False
    "The whole network must reach the target, not every site by itself."
    sites: tuple[str, ...] = ()
    "Only these are changed; none: all."
    replications_count: int = 5
    plans_max: int = 100
    engine: str = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityFound:
    """A plan, how sure it is, and what it did with callers that the search never saw."""

    asked: CapacityAsked
    answer: CapacityAnswer
    capacity: Capacity
    now: tuple[int, ...]
    "What the scenario has, by slot."
    shrinkage: tuple[float, ...]
    "By slot: share of agents away."
    checked: tuple[RunDone, ...]
    engine: str
    spent_s: float
    interrupted: bool = False
    stopped: str = ""
    "Why, if nobody interrupted."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Load:
    """What comes to each site in each interval, from the calls of the replications themselves."""

    erlangs: NDArray[np.float64]
    "[site, interval]: work that arrives, over time."
    aht_s: float
    patience_s: float


def capacity_found(
    asked: CapacityAsked,
    crew: Crew,
    told: Told,
    begin: Callable[[str], None] = lambda _: None,
    work: Work[Job, tuple[RunDone, ...]] = run_job,
) -> CapacityFound:
    """Search. Raises StudyError and DocumentError; an interruption gives the plan so far."""
    began_s = perf_counter()
    shrinkage = {site.name: site.shrinkage for site in asked.case.scenario.doc.spec.sites}
    asked = replace(asked, case=asked.case.without_shrinkage())
    model = model_of(asked.case.scenario, policy=asked.policy or None)
    _check(asked, model)
    load = _load_of(asked.case, model)
    slots = slots_of(asked, model, load)
    search = CapacitySearch(slots, asked.target, plans_max=asked.plans_max)
    interrupted, engine, stopped = False, "", ""
    while search.question is not None and not interrupted:
        begin(f"capacity: plan {search.result().plans_tried + 1}, at most {asked.plans_max}")
        jobs = _jobs(asked, capacity_of(asked, model, search.question), 0)
        mapped = crew.map(work, jobs, told)
        stopped = _stopped(mapped)
        interrupted = mapped.interrupted or bool(stopped)
        if not interrupted:
            done = [one[0] for one in mapped.finished]
            engine = done[0].engine
            search.answer(_values(asked, slots, done))
    answer = search.result()
    capacity = capacity_of(asked, model, [one.needed for one in answer.staffed])
    checked: tuple[RunDone, ...] = ()
    if not interrupted:
        begin("capacity: the plan with callers that it was not made for")
        mapped = crew.map(work, _jobs(asked, capacity, CHECK_FROM), told)
        checked = tuple(one[0] for one in mapped.finished)
        stopped = _stopped(mapped)
        interrupted = mapped.interrupted or bool(stopped)
    elif not answer.plans_tried:
        if mapped.problem is not None:
            raise raised(mapped.problem)
        raise KeyboardInterrupt
    notes = plan_notes(
        model,
        asked.target,
        [one.measures for one in checked if one.measures is not None],
        sites=[site.name for site in model.sites if _is_asked(asked, site.name)],
        of_trunks=asked.of == "trunks",
        by_interval=asked.by_interval,
    )
    return CapacityFound(
        asked=asked,
        answer=replace(answer, notes=(*answer.notes, *notes)),
        capacity=capacity,
        now=tuple(_now(model, slot.key) for slot in slots),
        shrinkage=tuple(0.0 if asked.of == "trunks" else shrinkage[slot.group] for slot in slots),
        checked=checked,
        engine=engine,
        spent_s=perf_counter() - began_s,
        interrupted=interrupted,
        stopped=stopped,
    )


def _stopped(mapped: Mapped[tuple[RunDone, ...]]) -> str:
    """Why the work ended early, if nobody interrupted."""
    lost = mapped.problem
    return "" if lost is None else f"{lost.problem}; {lost.remedy}"


def slots_of(asked: CapacityAsked, model: NetworkModel, load: _Load) -> tuple[Slot, ...]:
    """What can be more or fewer, and whose figure each serves."""
    changed = [s for s, site in enumerate(model.sites) if _is_asked(asked, site.name)]
    slots: list[Slot] = []
    if asked.of == "trunks":
        for s in changed:
            for t in entered_groups(model, s):
                trunk = model.sites[s].trunks[t]
                start = _channels(asked, load, s)
                slots.append(
                    _slot((model.sites[s].name, trunk.name), judge=len(slots), link=0, start=start)
                )
        return tuple(slots)
    first = measured_from(model)
    intervals = range(first, load.erlangs.shape[1]) if asked.by_interval else range(1)
    for s in changed:
        name = model.sites[s].name
        for i in intervals:
            key: Key = (name, i) if asked.by_interval else name
            start = _agents(asked, load, model, s, i) if asked.by_interval else _there(model, s)
            slots.append(
                _slot(
                    key,
                    judge=i - intervals[0] if asked.by_network else len(slots),
                    link=i,
                    start=start,
                )
            )
    return tuple(slots)


def capacity_of(asked: CapacityAsked, model: NetworkModel, plan: Sequence[int]) -> Capacity:
    """Numbers of a plan as the model takes them."""
    left = list(plan)
    if asked.of == "trunks":
        return Capacity(
            channels=tuple(
                tuple(
                    left.pop(0)
                    if _is_asked(asked, site.name) and t in entered_groups(model, s)
                    else trunk.channels_max
                    for t, trunk in enumerate(site.trunks)
                )
                for s, site in enumerate(model.sites)
            )
        )
    warm_up = measured_from(model) if asked.by_interval else 0
    each = _intervals(model) - warm_up if asked.by_interval else 1
    agents: list[tuple[int, ...]] = []
    for site in model.sites:
        counts = [left.pop(0) for _ in range(each)] if _is_asked(asked, site.name) else []
        agents.append((*counts[:1] * warm_up, *counts))
    return Capacity(agents=tuple(agents))


def table_of(asked: CapacityAsked) -> str:
    """Kind of place whose figures judge a plan."""
    if asked.of == "trunks":
        return "trunk"
    if asked.by_network:
        return "interval" if asked.by_interval else "network"
    return "site_interval" if asked.by_interval else "site"


def _slot(key: Key, *, judge: int, link: int, start: int) -> Slot:
    return Slot(
        key=key,
        group=str(key[0] if isinstance(key, tuple) else key),
        judge=judge,
        link=link,
        start=start,
        most=max(start, 1) * MOST_FACTOR + MOST_MORE,
    )


def _there(model: NetworkModel, site: int) -> int:
    return len(model.sites[site].agents)


def _values(
    asked: CapacityAsked, slots: Sequence[Slot], runs: Sequence[RunDone]
) -> NDArray[np.float64] | None:
    """[replication, judge] of the target's figure; None if a run was overloaded."""
    measured = [run.measures for run in runs if run.measures is not None]
    if len(measured) < len(runs):
        return None
    keys: dict[int, Key] = {}
    for slot in slots:
        keys.setdefault(slot.judge, judge_key(asked, slot))
    return np.array([_row(one, asked, [keys[j] for j in sorted(keys)]) for one in measured])


def _row(measures: RunMeasures, asked: CapacityAsked, keys: Sequence[Key]) -> NDArray[np.float64]:
    places = measures.tables[table_of(asked)]
    at = {key: i for i, key in enumerate(places.keys_in_order)}
    column = places.column(asked.target.figure)
    return np.array([column[at[key]] for key in keys])


def judge_key(asked: CapacityAsked, slot: Slot) -> Key:
    """The place, in the table of `table_of`, whose figure a slot serves."""
    if not asked.by_network:
        return slot.key
    return slot.link if asked.by_interval else "network"


def _jobs(asked: CapacityAsked, capacity: Capacity, first: int) -> list[Job]:
    return [
        Job(
            case=asked.case,
            policies=(asked.policy,),
            replication=first + r,
            engine=asked.engine,
            capacity=capacity,
        )
        for r in range(asked.replications_count)
    ]


def _load_of(case: Case, model: NetworkModel) -> _Load:
    """From the callers of the first replication, where they enter."""
    erlangs = np.zeros((len(model.sites), _intervals(model)))
    entry = np.array([ingress.entries[0][0] for ingress in model.ingresses])
    work_us = patience_us = 0.0
    count = limited_count = 0
    for calls, _ in source_of(case.scenario, model).parts():
        inside = calls.arrival_us // model.interval_us
        busy = (calls.talk_us + calls.acw_us).astype(np.float64)
        np.add.at(erlangs, (entry[calls.ingress], inside), busy / model.interval_us)
        limited = calls.patience_us[calls.patience_us < NEVER_US]
        work_us += float(busy.sum())
        patience_us += float(limited.sum())
        count += len(calls)
        limited_count += len(limited)
    many = limited_count * 2 > count
    return _Load(
        erlangs=erlangs,
        aht_s=work_us / count / US if count else 180.0,
        patience_s=patience_us / limited_count * count / limited_count / US if many else inf,
    )


def _agents(asked: CapacityAsked, load: _Load, model: NetworkModel, s: int, i: int) -> int:
    threshold_s = min((service.threshold_us for service in model.services), default=20 * US) / US
    return agents_start(
        asked.target.figure,
        asked.target.value,
        load=float(load.erlangs[s, i]),
        aht_s=load.aht_s,
        threshold_s=threshold_s,
        patience_s=load.patience_s,
    )


def _channels(asked: CapacityAsked, load: _Load, s: int) -> int:
    blocking = asked.target.value if asked.target.figure == "trunk_blocking" else 0.01
    return max(1, channels_start(max(blocking, 0.0001), load=float(load.erlangs[s].max())))


def _check(asked: CapacityAsked, model: NetworkModel) -> None:
    """Raises StudyError for what cannot be searched."""
    names = [site.name for site in model.sites]
    for name in asked.sites:
        if name not in names:
            raise StudyError(f"--site {name}: there is no such site", f"one of {', '.join(names)}")
    if asked.of == "trunks":
        if not asked.target.figure.startswith("trunk_"):
            raise StudyError(
                f"--trunks with a target for {asked.target.figure}",
                "channels are judged by trunk_blocking, such as --target 'trunk_blocking<=0.01'",
            )
        if asked.by_interval:
            raise StudyError(
                "--trunks with --per-interval", "channels are there all day: leave it out"
            )
        return
    if asked.target.figure.startswith("trunk_"):
        raise StudyError(
            f"agents with a target for {asked.target.figure}",
            "add --trunks, or take another figure",
        )
    if asked.by_interval and _intervals(model) > INTERVALS_MAX:
        raise StudyError(
            f"--per-interval over {_intervals(model)} intervals is more than {INTERVALS_MAX}",
            "simulate one day: --set duration_s=86400, or longer intervals: --set interval_s=1800",
        )
    empty = [site.name for site in model.sites if _is_asked(asked, site.name) and not site.agents]
    if empty:
        raise StudyError(
            f"{', '.join(empty)} has no agents, so their skills are not known",
            "write a group with count 1 in the scenario, or name other sites with --site",
        )


def measured_from(model: NetworkModel) -> int:
    """The first interval of which anything is measured. Those before it are staffed as it is."""
    return min(model.warm_up_us // model.interval_us, _intervals(model) - 1)


def entered_groups(model: NetworkModel, site: int) -> tuple[int, ...]:
    """Trunk groups of a site on which callers come in. On the others only moved calls arrive: as
    none is moved without a free channel there, blocking says nothing of how many they need."""
    entered = {t for one in model.ingresses for s, t in one.entries if s == site}
    return tuple(t for t in range(len(model.sites[site].trunks)) if t in entered)


def _is_asked(asked: CapacityAsked, name: str) -> bool:
    return not asked.sites or name in asked.sites


def _intervals(model: NetworkModel) -> int:
    return ceil(model.duration_us / model.interval_us)


def _now(model: NetworkModel, key: Key) -> int:
    """What the scenario has of a slot; agents of an interval: most signed in within it."""
    if not isinstance(key, tuple):
        return len(model.sites[model.site_index[str(key)]].agents)
    site = model.sites[model.site_index[str(key[0])]]
    if isinstance(key[1], str):
        return next(trunk.channels_max for trunk in site.trunks if trunk.name == key[1])
    middle_us = key[1] * model.interval_us + model.interval_us // 2
    return sum(any(a <= middle_us < b for a, b in agent.shifts) for agent in site.agents)
