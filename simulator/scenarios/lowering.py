"""From a scenario to the model that engines take.

Rule of this file: names become numbers and seconds microseconds; what a scenario leaves out has its
default in `kind`. The only chance is who is away (`shifts`).
"""

from __future__ import annotations

from pathlib import Path

from routing_policies.loading import text_of
from simulator.model.instants import NEVER_US, to_us
from simulator.model.network import (
    AgentModel,
    CallbackModel,
    FaultModel,
    IngressModel,
    NetworkModel,
    PeerPlanModel,
    QueueModel,
    ServiceModel,
    SiteModel,
    TrunkModel,
    Window,
)
from simulator.model.peer_plan_text import PlanWords, plan_text
from simulator.scenarios.callers import Callbacks
from simulator.scenarios.kind import DURATION_S_MAX, Fault, Ingress, ScenarioSpec, Service
from simulator.scenarios.loading import Scenario
from simulator.scenarios.local_time import start_unix_s
from simulator.scenarios.means import aht_s_of
from simulator.scenarios.moves import moves_of
from simulator.scenarios.policies import PolicyText, policy_text
from simulator.scenarios.shifts import calendar_of, spans_of
from simulator.scenarios.sites import Queue, Site, Trunk
from simulator.scenarios.staff import AgentGroup
from simulator.scenarios.written import documents_of, text_of_document


def model_of(
    scenario: Scenario, *, replication: int = 0, policy: str | Path | None = None
) -> NetworkModel:
    """The model of one replication. `policy` stands in place of the scenario's: `stay`,
    `catalogue:NAME`, or a file from where the program was started. Raises DocumentError."""
    spec, folder = scenario.doc.spec, scenario.folder
    services = {service.name: i for i, service in enumerate(spec.services)}
    return NetworkModel(
        sites=tuple(_site(spec, site, folder, replication) for site in spec.sites),
        services=tuple(_service(spec, service, folder) for service in spec.services),
        ingresses=tuple(_ingress(spec, one, services) for one in spec.ingresses),
        moves=moves_of(spec),
        documents=documents_of(spec, folder, policy_of(scenario, policy)),
        faults=tuple(_fault(spec, fault) for fault in spec.faults),
        ideal=spec.network.ideal,
        start_unix_s=float(start_unix_s(spec.start, spec.time_zone)),
        duration_us=to_us(spec.duration_s),
        drain_us=to_us(spec.drain_s),
        warm_up_us=to_us(spec.warm_up_s),
        interval_us=to_us(spec.interval_s),
        waiting_max=spec.limits.waiting_max,
        nodes_count=spec.network.nodes,
        callbacks=_callbacks(spec.callbacks),
        peer_plan=_peer_plan(spec),
    )


def _peer_plan(spec: ScenarioSpec) -> PeerPlanModel | None:
    said = spec.network.peer_plan
    if said is None:
        return None
    services = {one.name: one.queue or one.name for one in spec.services}
    having = {
        queue: [site.name for site in spec.sites if any(q.name == queue for q in site.queues)]
        for queue in services.values()
    }
    words = PlanWords(
        methods=said.methods,
        calls_max=said.calls_max,
        calls_per_minute_max=said.calls_per_minute_max,
        set_up_p99_s=said.set_up_p99_s,
        ends_unix_s=start_unix_s(spec.start, spec.time_zone)
        + spec.duration_s
        + 10 * DURATION_S_MAX,
    )
    text = plan_text(
        [site.name for site in spec.sites],
        {name: (queue, having[queue]) for name, queue in services.items()},
        words,
        float(start_unix_s(spec.start, spec.time_zone)),
    )
    return PeerPlanModel(text=text, leaderless_s=said.leaderless_s)


def policy_of(scenario: Scenario, policy: str | Path | None = None) -> PolicyText:
    """The policy of a run, as `model_of` takes it. Raises DocumentError."""
    if policy is None:
        return policy_text(scenario.doc.spec.policy, scenario.folder)
    return policy_text(policy, Path())


def _service(spec: ScenarioSpec, service: Service, folder: Path) -> ServiceModel:
    return ServiceModel(
        name=service.name,
        queue=service.queue or service.name,
        priority=service.priority,
        aht_s=aht_s_of(spec, service, folder),
        threshold_us=to_us(service.service_level.threshold_s),
        target=service.service_level.target,
    )


def _site(spec: ScenarioSpec, site: Site, folder: Path, replication: int) -> SiteModel:
    calendar = calendar_of(spec, site)
    queues = {queue.name: q for q, queue in enumerate(site.queues)}
    return SiteModel(
        name=site.name,
        queues=tuple(_queue(queue, _handle_s(spec, queue, folder)) for queue in site.queues),
        agents=tuple(
            agent
            for group in site.agents
            for agent in _agents(
                site, group, queues, spans_of(spec, site, group, calendar, replication)
            )
        ),
        trunks=tuple(_trunk(trunk) for trunk in site.trunks),
        foreign_aht_factor=site.foreign_aht_factor,
        link_delay_us=to_us(site.link.delay_s),
        coalesce_us=to_us(site.reports.coalesce_s),
        ask_after_us=to_us(site.asks.ask_after_s),
        requery_us=to_us(site.asks.requery_s),
        deadline_us=to_us(site.asks.deadline_s),
        act_locally_pause_us=to_us(site.asks.act_locally_pause_s),
        rules=_rules(site, folder),
    )


def _agents(
    site: Site, group: AgentGroup, queues: dict[str, int], spans: list[tuple[Window, ...]]
) -> list[AgentModel]:
    levels = tuple(sorted((queues[name], level) for name, level in group.skills.items()))
    before = f"{site.name}-{group.group}-"
    ring_us, no_answer_us = to_us(group.ring_s), to_us(group.no_answer_s)
    pause_us, share = to_us(group.pause_s), group.no_answer_share
    return [
        AgentModel(
            name=f"{before}{number}",
            levels=levels,
            shifts=own,
            ring_us=ring_us,
            no_answer_share=share,
            no_answer_us=no_answer_us,
            pause_us=pause_us,
        )
        for number, own in enumerate(spans, 1)
    ]


def _handle_s(spec: ScenarioSpec, queue: Queue, folder: Path) -> float:
    """What the ACD reports: as written, else what NIRC believes of the first service there. With 0
    a site would tell its callers to wait 0 s."""
    found = (one for one in spec.services if (one.queue or one.name) == queue.name)
    first = next(found, None)
    return queue.aht_s if queue.aht_s or first is None else aht_s_of(spec, first, folder)


def _queue(queue: Queue, handle_s: float) -> QueueModel:
    answered = queue.answer_after_s
    return QueueModel(
        name=queue.name,
        places_max=queue.places_max,
        shared=queue.shared,
        max_loan=queue.max_loan,
        min_reserve=queue.min_reserve,
        agent_choice=queue.agent_choice,
        aht_s=handle_s,
        answer_after_us=NEVER_US if answered is None else to_us(answered),
    )


def _trunk(trunk: Trunk) -> TrunkModel:
    return TrunkModel(
        name=trunk.name,
        channels_max=trunk.channels,
        min_free=trunk.min_free,
        kind=trunk.kind,
        no_answer_us=NEVER_US if trunk.no_answer_s is None else to_us(trunk.no_answer_s),
        set_up_us=to_us(trunk.set_up_s),
    )


def _rules(site: Site, folder: Path) -> str:
    """The site's OverflowRules: its file, or one made where a queue has a floor."""
    if site.asks.rules is not None:
        path = folder / site.asks.rules
        return text_of(path.read_bytes(), source=str(path))
    guarded = [
        {
            "queue": queue.name,
            "lend": {
                "shared": queue.shared,
                "max_loan": queue.max_loan,
                "min_reserve": queue.min_reserve,
                "service_level_floor": queue.service_level_floor,
            },
        }
        for queue in site.queues
        if queue.service_level_floor is not None
    ]
    return text_of_document("OverflowRules", site.name, {"queues": guarded}) if guarded else ""


def _ingress(spec: ScenarioSpec, ingress: Ingress, services: dict[str, int]) -> IngressModel:
    sites = {site.name: s for s, site in enumerate(spec.sites)}
    entries = []
    for entry in ingress.entry_sites:
        trunks = spec.sites[sites[entry.site]].trunks
        fits = [t for t, one in enumerate(trunks) if one.name == entry.trunk]
        first = fits or [t for t, one in enumerate(trunks) if one.kind == "carrier"]
        entries.append((sites[entry.site], first[0]))
    return IngressModel(
        name=ingress.name,
        service=services[ingress.service],
        entries=tuple(entries),
        dialed_number=ingress.dialed_number or "",
        switch_over_us=to_us(ingress.switch_over_s),
        lost_share=ingress.lost_share,
        retry_us=to_us(ingress.retry_s),
    )


def _callbacks(asked: Callbacks | None) -> CallbackModel | None:
    if asked is None:
        return None
    return CallbackModel(
        after_us=NEVER_US if asked.after_s is None else to_us(asked.after_s),
        take_share=asked.take_share,
        answer_share=asked.answer_share,
        answer_after_us=to_us(asked.answer_after_s),
        busy_share=asked.busy_share,
        entries_max=asked.entries_max,
        attempts_max=asked.attempts_max,
        pause_us=to_us(asked.pause_s),
        ring_us=to_us(asked.ring_s),
        keep_us=to_us(asked.keep_s),
    )


def _fault(spec: ScenarioSpec, fault: Fault) -> FaultModel:
    names = [site.name for site in spec.sites]
    from_us = to_us(fault.from_s)
    return FaultModel(
        kind=fault.kind,
        window=(from_us, from_us + to_us(fault.lasts_s)),
        site=-1 if fault.site is None else names.index(fault.site),
        node=-1 if fault.node is None else fault.node,
    )
