"""Plain-sense warnings: what a scenario says that its author may not have meant.

Rule of this file: a warning never keeps a scenario from being run. Loads are means over the run, by
the arrivals and the handle times that are written, against the agents who are signed in. Who is
offered too much only at times is told of by `peaks`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nirc.core.settings import RouterSettings
from routing_policies.kinds import ServiceDoc
from routing_policies.loading import load_document
from simulator.model.instants import US, to_us
from simulator.scenarios.kind import ScenarioSpec
from simulator.scenarios.loading import Scenario
from simulator.scenarios.means import waits_for_ever, work_s_of
from simulator.scenarios.moves import chosen_paths
from simulator.scenarios.peaks import peak_told, peaks_of
from simulator.scenarios.policies import STAY
from simulator.scenarios.rates import expected_calls, pieces_of
from simulator.scenarios.shifts import calendar_of, count_of, spans_of
from simulator.scenarios.written import texts_of_files

NEARLY_FULL = 1.0
"Offered load over agents from which on a queue is told of."
PEAKS_TOLD = 3
"So many peaks are told of."
GIVEN_UP_FACTOR = 2.0
"A site agent gives a move up after this many times the set-up time that NIRC believes, or 1 s."

ASKED_S = RouterSettings().reserve_timeout_s
"A node waits so long for a site's answer to a reservation."

Mean = tuple[int, int, float]
"(site, group, agents of the group signed in on average)"


@dataclass(frozen=True, slots=True)
class Load:
    """What comes to one queue of a site, and who is there for it; means over the run."""

    site: str
    queue: str
    offered: float
    "Calls a second times handle time: agents that would be busy if nobody gave up. At their entry."
    agents: float
    "Signed in and skilled for the queue; who serves several queues counts in each."


def warnings(scenario: Scenario) -> list[str]:
    """What a person should look at before they believe the results. Raises DocumentError if a file
    of the scenario is wrong."""
    spec = scenario.doc.spec
    means = list(_means(spec))
    loads = _loads(scenario, means)
    return [
        *_idle(spec, scenario, loads),
        *_overloaded(spec, scenario, loads, sum(mean for *_, mean in means)),
        *_peaks(scenario, loads, sum(mean for *_, mean in means)),
        *_paths(spec),
        *_sites(spec),
        *_documents(spec, scenario),
    ]


def loads_of(scenario: Scenario) -> list[Load]:
    """The load of every queue of every site. Records are not counted: their number is not known."""
    return _loads(scenario, list(_means(scenario.doc.spec)))


def total_load(scenario: Scenario) -> tuple[float, float]:
    """Offered load and agents of the whole network, means over the run."""
    means = list(_means(scenario.doc.spec))
    return sum(load.offered for load in _loads(scenario, means)), sum(mean for *_, mean in means)


def _loads(scenario: Scenario, means: list[Mean]) -> list[Load]:
    spec = scenario.doc.spec
    offered: dict[tuple[str, str], float] = {}
    services = {one.name: one for one in spec.services}
    ingresses = {one.name: one for one in spec.ingresses}
    work_s = {name: work_s_of(spec, name, scenario.folder) for name in services}
    for arrival in spec.arrivals:
        ingress = ingresses[arrival.ingress]
        service = services[ingress.service]
        key = (ingress.entry_sites[0].site, service.queue or service.name)
        calls = expected_calls(spec, arrival, scenario.folder)
        offered[key] = offered.get(key, 0.0) + calls * work_s[service.name] / spec.duration_s
    agents = _agents(spec, means)
    return [
        Load(
            site.name,
            queue.name,
            offered.get((site.name, queue.name), 0.0),
            agents.get((site.name, queue.name), 0.0),
        )
        for site in spec.sites
        for queue in site.queues
    ]


def _idle(spec: ScenarioSpec, scenario: Scenario, loads: list[Load]) -> Iterator[str]:
    """What nothing comes to or from."""
    calling = {one.ingress for one in spec.arrivals}
    for ingress in spec.ingresses:
        if ingress.name not in calling:
            yield f"ingress {ingress.name} has no arrivals: nobody calls there"
    for i, arrival in enumerate(spec.arrivals):
        if arrival.records is None and not any(pieces_of(spec, arrival, scenario.folder)):
            yield (
                f"arrivals[{i}] of {arrival.ingress} bring no call between the start "
                f"({spec.start}, {spec.time_zone}) and the end of the run: look at days, begins "
                "and from_s"
            )
    for service in spec.services:
        if not any(one.service == service.name for one in spec.ingresses):
            yield f"service {service.name} has no ingress: nobody calls for it"
    for load in loads:
        if not load.agents and load.offered:
            yield f"nobody at {load.site} serves queue {load.queue} in this run, and calls come"


def _overloaded(
    spec: ScenarioSpec, scenario: Scenario, loads: list[Load], agents: float
) -> Iterator[str]:
    """Queues, or the network, to which more comes than can be served."""
    for load in loads:
        if load.agents and load.offered / load.agents >= NEARLY_FULL:
            yield f"overloaded: {load.site} {load.queue} " + _compared(load.offered, load.agents)
    offered = sum(load.offered for load in loads)
    if agents and offered / agents >= NEARLY_FULL:
        yield "overloaded: the network as a whole " + _compared(offered, agents)
    if not agents or offered / agents < NEARLY_FULL:
        return
    for service in spec.services:
        if waits_for_ever(spec, service.name, scenario.folder):
            yield (
                f"callers of {service.name} wait for ever and the network is overloaded: queues"
                " grow until they are full and callers meet busy tones, or the run is told as"
                " overloaded (spec.limits); write patience"
            )


def _peaks(scenario: Scenario, loads: list[Load], agents: float) -> Iterator[str]:
    """Intervals of those who are not overloaded as a whole; few, as many lack at the same time."""
    over = {
        f"{one.site} {one.queue}" for one in loads if one.offered >= NEARLY_FULL * one.agents > 0
    }
    if sum(load.offered for load in loads) >= NEARLY_FULL * agents:
        return
    peaks = [one for one in peaks_of(scenario) if one.place not in over]
    for peak in peaks[:PEAKS_TOLD]:
        yield peak_told(scenario.doc.spec, peak)
    if len(peaks) > PEAKS_TOLD:
        yield f"overloaded at their peaks: {len(peaks) - PEAKS_TOLD} more queues, with less lack"


def _compared(offered: float, agents: float) -> str:
    return (
        f"is offered {offered:.1f} agents' work with {agents:.1f} agents signed in "
        f"({100 * offered / agents:.0f} %): calls wait long, move, or give up"
    )


def _paths(spec: ScenarioSpec) -> Iterator[str]:
    if not spec.paths and len(spec.sites) > 1 and spec.policy != STAY:
        yield "there are no paths: no call can be moved, whatever the policy says"
    for p, path in enumerate(spec.paths):
        believed_s = path.set_up_s if path.set_up_p99_s is None else path.set_up_p99_s
        if path.set_up_s > max(GIVEN_UP_FACTOR * believed_s, 1.0):
            yield (
                f"paths[{p}] takes {path.set_up_s:g} s and NIRC believes {believed_s:g} s: sites "
                "give such a move up before it arrives; raise set_up_p99_s"
            )
    methods: dict[tuple[int, int], set[str]] = {}
    for (f, t, _, method), _path in chosen_paths(spec).items():
        methods.setdefault((f, t), set()).add(method)
    for s, site in enumerate(spec.sites):
        own = set().union(*(methods.get((s, t), set()) for t in range(len(site.trunks))))
        for queue in site.queues:
            if own == {"refer"} and queue.answer_after_s is None:
                yield (
                    f"{site.name} {queue.name}: the only way out is refer, which needs an answered "
                    "call, and waiting callers are never answered; write answer_after_s"
                )
            if own == {"redirect_302"} and queue.answer_after_s == 0:
                yield (
                    f"{site.name} {queue.name}: the only way out is redirect_302, which needs a "
                    "call that is not answered, and callers are answered at once; raise "
                    "answer_after_s"
                )


def _sites(spec: ScenarioSpec) -> Iterator[str]:
    for site in spec.sites:
        count = sum(count_of(group) for group in site.agents)
        channels = sum(trunk.channels for trunk in site.trunks)
        if channels < count:
            yield (
                f"{site.name} has {channels} channels for {count} agents: callers meet busy tones "
                "while agents are ready"
            )
        if not spec.network.ideal and site.asks.deadline_s <= 2 * site.link.delay_s:
            yield (
                f"{site.name}: no answer can come before asks.deadline_s "
                f"({site.asks.deadline_s:g} s), the link alone takes {2 * site.link.delay_s:g} s"
            )
        elif not spec.network.ideal and 2 * site.link.delay_s >= ASKED_S:
            yield (
                f"{site.name}: no call can be moved to it: a node waits {ASKED_S:g} s for a "
                f"reservation, the link alone takes {2 * site.link.delay_s:g} s; lower link.delay_s"
            )


def _documents(spec: ScenarioSpec, scenario: Scenario) -> Iterator[str]:
    """Services from files, to which the scenario's policy does not come."""
    texts, sources = texts_of_files(spec, scenario.folder)
    for key, text in texts.items():
        document = load_document(text, source=key)
        if isinstance(document, ServiceDoc) and document.spec.policy is None:
            yield (
                f"service {document.name} of {sources[key]} names no policy: it goes by its "
                f"tenant's or by `default`, not by {spec.policy}"
            )


def _agents(spec: ScenarioSpec, means: list[Mean]) -> Mapping[tuple[str, str], float]:
    """Mean number of agents signed in, by site and queue, shrinkage taken off."""
    found: dict[tuple[str, str], float] = {}
    for site, group, mean in means:
        for queue in spec.sites[site].agents[group].skills:
            key = (spec.sites[site].name, queue)
            found[key] = found.get(key, 0.0) + mean
    return found


def _means(spec: ScenarioSpec) -> Iterator[Mean]:
    """Of one replication."""
    duration_us = to_us(spec.duration_s)
    for s, site in enumerate(spec.sites):
        calendar = calendar_of(spec, site)
        for g, group in enumerate(site.agents):
            worked_us = sum(
                max(0, min(until_us, duration_us) - min(from_us, duration_us))
                for spans in spans_of(spec, site, group, calendar, 0)
                for from_us, until_us in spans
            )
            yield s, g, worked_us / US / spec.duration_s
