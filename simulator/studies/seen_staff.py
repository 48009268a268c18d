"""A scenario whose staff are the agents who were seen serving recorded calls.

Rule of this file: an agent is there from the first call they answered to the end of the last, but
for gaps longer than `GAP_S`, in which nobody knows. Who served calls of several sites on a day is
shared among them as their time with those calls. Of each interval the mean number is taken, rounded
to whole agents. Nothing else of the scenario is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from simulator.errors import StudyError
from simulator.model.instants import US, to_us
from simulator.sampling.record_source import recorded_on_run
from simulator.scenarios.kind import ScenarioSpec
from simulator.scenarios.loading import scenario_of
from simulator.scenarios.local_time import DAY_S, LocalTime, start_unix_s
from simulator.studies.cases import Case
from simulator.studies.plain_data import written

GAP_S = 240.0
"An agent who serves nobody for longer was away."
WRITTEN, SEEN = "written", "seen"
STAFF = (WRITTEN, SEEN)
"What a command takes: the staff that the scenario says, or who was seen in the records."
OF_GROUP = ("ring_s", "no_answer_share", "no_answer_s", "pause_s")
"What agents seen take over from the site's first group."

Served = tuple[int, int, int]
"(begin, end, site) of one answered call, instants of the run."


def with_staff(case: Case, staff: str) -> Case:
    """The case with the staff that is asked for. Raises StudyError and CallsError."""
    if staff not in STAFF:
        raise StudyError(f"--staff {staff}: not known", f"one of {', '.join(STAFF)}")
    return with_seen_staff(case) if staff == SEEN else case


def with_seen_staff(case: Case, gap_s: float = GAP_S) -> Case:
    """The case with the agents that its records name. Raises StudyError if they name none."""
    spec = case.scenario.doc.spec
    served = _served(case, spec)
    if not served:
        raise StudyError(
            f"{case.name}: the records name no agents who answered",
            "give records with a column agent, or leave --staff out",
        )
    data: Any = yaml.safe_load(case.text)
    for s, site in enumerate(data["spec"]["sites"]):
        known = list(site.get("agents") or ())
        kept = {key: known[0][key] for key in OF_GROUP if known and key in known[0]}
        skills: dict[str, int] = {}
        for group in known:
            for queue, level in group["skills"].items():
                skills[queue] = max(level, skills.get(queue, 0))
        skills = skills or {queue["name"]: 5 for queue in site["queues"]}
        site["shrinkage"] = 0
        site["agents"] = [
            {
                "group": f"seen-{day.isoformat()}",
                "skills": dict(skills),
                "staffing": {
                    "interval_s": spec.interval_s,
                    "agents": agents,
                    "dates": [day.isoformat()],
                },
                **kept,
            }
            for day, agents in _plan(spec, s, served, gap_s)
        ]
    text = written(data)
    made = Case(
        name=case.name, text=text, source=case.source, folder=case.folder, changes=case.changes
    )
    scenario_of(text, source=f"{case.source} with staff seen", folder=made.scenario.folder)
    return made


def _served(case: Case, spec: ScenarioSpec) -> dict[str, list[Served]]:
    """Answered calls by name of the agent, in order of their begin."""
    sites = {site.name: s for s, site in enumerate(spec.sites)}
    entries = {one.name: sites[one.entry_sites[0].site] for one in spec.ingresses}
    found: dict[str, list[Served]] = {}
    for arrival in spec.arrivals:
        if arrival.records is None:
            continue
        calls = recorded_on_run(spec, arrival, case.scenario.folder)
        known = np.flatnonzero(calls.served & (calls.agent >= 0))
        begins = (calls.arrival_us + np.maximum(calls.wait_us, 0))[known]
        ends = begins + np.maximum(calls.talk_us, 0)[known] + np.maximum(calls.acw_us, 0)[known]
        site = entries[arrival.ingress]
        for agent, begin, end in zip(
            calls.agent[known].tolist(), begins.tolist(), ends.tolist(), strict=True
        ):
            found.setdefault(calls.agents[agent], []).append((begin, end, site))
    return {name: sorted(own) for name, own in found.items()}


def _plan(
    spec: ScenarioSpec, site: int, served: dict[str, list[Served]], gap_s: float
) -> Iterator[tuple[date, list[int]]]:
    """Agents of a site in each interval of each day on which there were any."""
    start_s = start_unix_s(spec.start, spec.time_zone)
    clock = LocalTime(spec.sites[site].time_zone or spec.time_zone, start_s)
    count = int(DAY_S // spec.interval_s)
    for day in clock.days(0, to_us(spec.duration_s)):
        edges = np.asarray([clock.us(day, i * spec.interval_s) for i in range(count + 1)])
        there = np.zeros(count)
        for own in served.values():
            today = [one for one in own if edges[0] <= one[0] < edges[-1]]
            share = _share(today, site)
            if share:
                for begin_us, end_us in _windows(today, gap_s):
                    there += share * _overlap(edges, begin_us, end_us)
        agents = np.floor(there / np.diff(edges) + 0.5).astype(int)
        if agents.any():
            yield day, agents.tolist()


def _share(own: list[Served], site: int) -> float:
    whole = sum(max(end - begin, 1) for begin, end, _ in own)
    here = sum(max(end - begin, 1) for begin, end, at in own if at == site)
    return here / whole if whole else 0.0


def _windows(own: list[Served], gap_s: float) -> Iterator[tuple[int, int]]:
    """When an agent was there."""
    begin_us, end_us = own[0][0], own[0][1]
    for first, last, _ in own[1:]:
        if first - end_us > gap_s * US:
            yield begin_us, end_us
            begin_us, end_us = first, last
        end_us = max(end_us, last)
    yield begin_us, end_us


def _overlap(edges: NDArray[Any], begin_us: int, end_us: int) -> NDArray[np.float64]:
    """Time of a span in each interval."""
    inside = np.minimum(edges[1:], end_us) - np.maximum(edges[:-1], begin_us)
    spent: NDArray[np.float64] = np.maximum(inside, 0).astype(np.float64)
    return spent
