"""Checks what the shape of a scenario cannot say: parts that exclude one another, shares, spans.

Rule of this file: names are known good or told of elsewhere (`references`); each fault names the
place and the remedy.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise

from routing_policies.calendar_faults import time_zone_problem
from routing_policies.errors import Fault
from simulator.scenarios.arrivals import Arrival, DayProfile, Profile
from simulator.scenarios.distributions import Distribution
from simulator.scenarios.distributions_of import distributions_of
from simulator.scenarios.draws import OTHER, SMALL
from simulator.scenarios.kind import AGENTS_MAX, ScenarioSpec
from simulator.scenarios.local_time import DAY_S, seconds_of
from simulator.scenarios.sites import Site
from simulator.scenarios.staff_checks import staff_faults

Wrong = tuple[str, str, str]
"(place, problem, remedy)"
CALLS_MAX = 2_000_000_000.0
"Most calls expected of one run."
AGENT_DAYS_MAX = 4_000_000
"Most agents times days of a run."
MOVES_MAX = 2_000_000
"Most ways that calls could be moved."
OF_A_NODE = {"node", "peer_link"}
OF_A_SITE = {"site", "link", "path"}


def check_faults(spec: ScenarioSpec, source: str) -> list[Fault]:
    """Everything that does not fit."""
    return [
        Fault(source=source, line=0, place=place, problem=problem, remedy=remedy)
        for place, problem, remedy in _wrong(spec)
    ]


def _wrong(spec: ScenarioSpec) -> Iterator[Wrong]:
    yield from _times(spec)
    agents_count = 0
    for s, site in enumerate(spec.sites):
        yield from _site(f"spec.sites[{s}]", site)
        yield from staff_faults(f"spec.sites[{s}]", site)
        agents_count += sum(
            max(g.staffing.agents) if g.staffing else g.count or 0 for g in site.agents
        )
    yield from _size(spec, agents_count)
    yield from _classes(spec)
    yield from _callbacks(spec)
    for place, one in distributions_of(spec):
        yield from _distribution(place, one)
    for i, profile in enumerate(spec.profiles):
        yield from _numbers(f"spec.profiles[{i}]", profile)
    for i, arrival in enumerate(spec.arrivals):
        yield from _arrival(f"spec.arrivals[{i}]", arrival)
    yield from _special_days(spec)
    yield from _faults(spec)
    yield from _plan(spec)


def _times(spec: ScenarioSpec) -> Iterator[Wrong]:
    try:
        datetime.fromisoformat(spec.start)
    except ValueError:
        yield "spec.start", f"there is no moment {spec.start}", "correct the date or the time"
    yield from _zone("spec.time_zone", spec.time_zone)
    if spec.warm_up_s >= spec.duration_s:
        problem = f"leaves nothing to measure of duration_s ({_number(spec.duration_s)})"
        yield "spec.warm_up_s", problem, "make it shorter"
    intervals_max = 1_000_000
    if (spec.duration_s + spec.drain_s) / spec.interval_s > intervals_max:
        problem = f"makes over {intervals_max} intervals of the run"
        yield "spec.interval_s", problem, "make it longer"


def _zone(place: str, name: str | None) -> Iterator[Wrong]:
    found = time_zone_problem(name) if name is not None else None
    if found:
        yield place, *found


def _site(place: str, site: Site) -> Iterator[Wrong]:
    yield from _zone(f"{place}.time_zone", site.time_zone)
    for q, queue in enumerate(site.queues):
        if queue.service_level_floor is not None and site.asks.rules is not None:
            problem = "stands beside a file of OverflowRules, which says it too"
            remedy = "write it there, under lend"
            yield f"{place}.queues[{q}].service_level_floor", problem, remedy
    for t, trunk in enumerate(site.trunks):
        if trunk.min_free > trunk.channels:
            problem = f"is above its channels ({trunk.channels})"
            yield f"{place}.trunks[{t}].min_free", problem, "make it smaller"


def _classes(spec: ScenarioSpec) -> Iterator[Wrong]:
    for c, one in enumerate(spec.caller_classes):
        if one.name == OTHER:
            problem = f"{OTHER} is the name of callers who belong to no class"
            yield f"spec.caller_classes[{c}].name", problem, "give it another name"
    for ingress in spec.ingresses:
        sum_, last = 0.0, 0
        for c, one in enumerate(spec.caller_classes):
            if not one.ingresses or ingress.name in one.ingresses:
                sum_, last = sum_ + one.share, c
        if sum_ > 1 + SMALL:
            problem = f"the shares of callers of {ingress.name} add up to {sum_:.4g}"
            yield f"spec.caller_classes[{last}].share", problem, "let them be at most 1"
            return


def _callbacks(spec: ScenarioSpec) -> Iterator[Wrong]:
    asked = spec.callbacks
    if asked is None:
        return
    if asked.answer_share + asked.busy_share > 1 + SMALL:
        sum_ = _number(asked.answer_share + asked.busy_share)
        problem = f"makes {sum_} with answer_share ({_number(asked.answer_share)})"
        yield "spec.callbacks.busy_share", problem, "let them be at most 1 together"
    if asked.answer_share > 0 and asked.answer_after_s >= asked.ring_s:
        problem = f"is not before ring_s ({_number(asked.ring_s)}): nobody would ever answer"
        yield "spec.callbacks.answer_after_s", problem, "make it shorter, or ring_s longer"
    if not any(trunk.kind == "carrier" for site in spec.sites for trunk in site.trunks):
        problem = "stands where no site has a trunk group of kind carrier: nobody could be called"
        yield "spec.callbacks", problem, "add one to a site"


def _distribution(place: str, one: Distribution) -> Iterator[Wrong]:
    forms = one.forms
    if len(forms) != 1:
        problem = "names no distribution" if not forms else f"names both {' and '.join(forms)}"
        yield place, problem, "write one, such as exponential: {mean_s: 120}"
        return
    of_patience = place.startswith("spec.patience.") or "].patience" in place
    if one.never is not None and not of_patience:
        remedy = "write a distribution" if ".mixture" not in place else "write a long constant"
        yield place, "never is for patience alone", remedy
    if one.uniform is not None and one.uniform.from_s >= one.uniform.to_s:
        problem = f"is not before to_s ({_number(one.uniform.to_s)})"
        yield f"{place}.uniform.from_s", problem, "write the smaller one first"
    if one.empirical is not None:
        given = bool(one.empirical.values_s) + (one.empirical.file is not None)
        if given != 1:
            problem = "has values_s and a file" if given else "has no values"
            yield f"{place}.empirical", problem, "write values_s, or file and column"
    if one.mixture is not None:
        whole = sum(part.share for part in one.mixture)
        if abs(whole - 1) > 1e-6:
            problem = f"the shares add up to {whole:.4g}"
            yield f"{place}.mixture", problem, "let them add up to 1"


def _arrival(place: str, arrival: Arrival) -> Iterator[Wrong]:
    ways = ("per_s", "profile", "records")
    given = [way for way in ways if getattr(arrival, way) is not None]
    if len(given) != 1:
        problem = f"has both {' and '.join(given)}" if given else "says nothing of how many come"
        yield place, problem, "write one of per_s, profile and records"
    yield from _zone(f"{place}.time_zone", arrival.time_zone)
    if arrival.to_s is not None and arrival.to_s <= arrival.from_s:
        yield f"{place}.to_s", f"is not after from_s ({_number(arrival.from_s)})", "make it later"
    if arrival.profile is not None and "profile" in given:
        yield from _own_profile(f"{place}.profile", arrival.profile)
    records = arrival.records
    if records is not None:
        if records.format == "bank" and records.file is not None:
            problem = "format bank has its own file"
            yield f"{place}.records.file", problem, "leave it out, or write another format"
        if records.format != "bank" and records.file is None:
            yield f"{place}.records", "has no file", "add file: NAME, or format: bank"
        if arrival.busyness is not None:
            problem = "changes rates, and records have none"
            yield f"{place}.busyness", problem, "leave it out"
        yield from _dates(f"{place}.records.dates", records.dates)


def _own_profile(place: str, profile: Profile) -> Iterator[Wrong]:
    if profile.name is None:
        yield from _numbers(place, profile)
    elif profile.calls or profile.file is not None:
        problem = "stands beside numbers of its own"
        yield f"{place}.name", problem, "keep the name or the numbers"


def _numbers(place: str, profile: Profile | DayProfile) -> Iterator[Wrong]:
    if bool(profile.calls) == (profile.file is not None):
        problem = "has calls and a file" if profile.calls else "has no numbers"
        yield place, problem, "write calls: [...], or file and column"
    elif profile.calls:
        ends_s = seconds_of(profile.begins) + len(profile.calls) * profile.interval_s
        if ends_s > DAY_S + SMALL:
            count = int((DAY_S - seconds_of(profile.begins)) // profile.interval_s)
            problem = (
                f"has {len(profile.calls)} intervals of {_number(profile.interval_s)} s, "
                f"{count} fit into the day from {profile.begins}"
            )
            yield f"{place}.calls", problem, "write fewer numbers, or shorter intervals"


def _size(spec: ScenarioSpec, agents_count: int) -> Iterator[Wrong]:
    """What nobody could wait for, or no memory hold, is a slip of the pen."""
    days = spec.duration_s / DAY_S + 1
    whole = sum(_calls_at_most(spec, one, days) for one in spec.arrivals)
    if whole > CALLS_MAX:
        problem = f"expect {whole:.3g} calls in all, at most {CALLS_MAX:.0g} are simulated"
        yield "spec.arrivals", problem, "lower the numbers, or duration_s"
    if agents_count > AGENTS_MAX:
        problem = f"have {agents_count} agents in all, at most {AGENTS_MAX} are simulated"
        yield "spec.sites", problem, "make it smaller"
    elif agents_count * days > AGENT_DAYS_MAX:
        problem = f"makes {agents_count * days:.3g} days of agents' work, at most {AGENT_DAYS_MAX}"
        yield "spec.duration_s", problem, "make it shorter, or the sites smaller"
    trunks_count = sum(len(site.trunks) for site in spec.sites)
    if len(spec.paths) * trunks_count > MOVES_MAX or len(spec.sites) * trunks_count > MOVES_MAX:
        problem = f"lead over {MOVES_MAX} ways between trunk groups and sites"
        yield "spec.paths", problem, "simulate fewer sites, trunk groups or paths"


def _calls_at_most(spec: ScenarioSpec, arrival: Arrival, days: float) -> float:
    """Calls of an arrival if every day were one of its days; what files say is not counted."""
    if arrival.profile is None:
        return (arrival.per_s or 0.0) * spec.duration_s
    named = [one for one in spec.profiles if one.name == arrival.profile.name]
    calls = named[0].calls if named else arrival.profile.calls
    return sum(calls) * arrival.profile.factor * days


def _special_days(spec: ScenarioSpec) -> Iterator[Wrong]:
    yield from _dates("spec.special_days", [one.date for one in spec.special_days], ".date")


def _dates(place: str, dates: tuple[str, ...] | list[str], key: str = "") -> Iterator[Wrong]:
    for i, written in enumerate(dates):
        try:
            date.fromisoformat(written)
        except ValueError:
            yield f"{place}[{i}]{key}", f"there is no date {written}", "correct it"


def _plan(spec: ScenarioSpec) -> Iterator[Wrong]:
    """A way of the peer plan is one that calls can go."""
    plan = spec.network.peer_plan
    there = {method for path in spec.paths for method in path.methods}
    for method in plan.methods if plan is not None else ():
        if method not in there:
            problem = f"no path goes by {method}"
            yield "spec.network.peer_plan.methods", problem, f"add {method} to the methods of paths"


def _faults(spec: ScenarioSpec) -> Iterator[Wrong]:
    last_s = spec.duration_s + spec.drain_s
    for i, fault in enumerate(spec.faults):
        place = f"spec.faults[{i}]"
        if fault.kind in OF_A_SITE and fault.site is None:
            yield place, f"does not say which site ({fault.kind})", "add site: NAME"
        if fault.kind not in OF_A_SITE and fault.site is not None:
            yield f"{place}.site", f"is not of a fault of kind {fault.kind}", "leave it out"
        if fault.kind in OF_A_NODE and fault.node is None:
            yield place, f"does not say which node ({fault.kind})", "add node: 0"
        if fault.node is not None and fault.node >= spec.network.nodes:
            problem = f"there is no node {fault.node}: network.nodes is {spec.network.nodes}"
            yield f"{place}.node", problem, "count from 0, or raise network.nodes"
        if fault.from_s >= last_s:
            yield f"{place}.from_s", "is after the end of the run", "make it earlier"
    for kind in ("site", "link"):
        own = sorted(
            (f.site or "", f.from_s, f.from_s + f.lasts_s, i)
            for i, f in enumerate(spec.faults)
            if f.kind == kind
        )
        for (site, _, until_s, _), (other, from_s, _, i) in pairwise(own):
            if site == other and from_s < until_s:
                problem = f"begins before the {kind} fault of {site} before it has ended"
                yield f"spec.faults[{i}].from_s", problem, "join the two"


def _number(value: float) -> str:
    """As a person writes it."""
    return f"{value:.10g}"
