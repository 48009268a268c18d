"""Makes what the HTTP API says of leaders, sites, queues, agents and calls.

Rule of this file: it translates one part of the router's view; nothing is kept.
"""

from collections.abc import Iterable
from itertools import zip_longest
from typing import Any

from nirc.core.hole_places import PlaceView
from nirc.core.view import DomainView, EntryView, MoveView, SiteView
from nirc.links.pools_status import pool_statuses
from nirc.links.queue_status import queue_status
from nirc.links.standing_status import standing_status
from nrcli.wire.api_models import (
    AgentStatus,
    CallInMotion,
    DomainLeader,
    PlaceOutcomes,
    QueueEntry,
    SiteStatus,
    SiteSummary,
)
from nrcli.wire.live_models import AgentOfSite, QueueOfSite
from nrcli.wire.messages import AgentReport, AgentState, QueueReport


def domain_leader(domain: DomainView, sites: Iterable[SiteView]) -> DomainLeader:
    """Who leads a domain; on the leading node with the sites that acknowledged it."""
    acknowledged = tuple(site.site for site in sites if site.acknowledged)
    return DomainLeader(
        domain=domain.domain,
        leader=domain.leader,
        generation=domain.epoch.generation,
        revision=domain.epoch.revision,
        leads_here=domain.leading_here,
        since_s=domain.since_s,
        heard_s=domain.heard_s,
        acknowledged_sites=acknowledged if domain.leading_here else (),
    )


def site_summary(site: SiteView) -> SiteSummary:
    """What a site is at a glance. Agents in several queues count once, where they are known."""
    return SiteSummary(**_summary(site))


def site_status(site: SiteView, outcomes: Iterable[PlaceView]) -> SiteStatus:
    """One site with its queues and agents."""
    return SiteStatus(
        **_summary(site),
        outcomes=tuple(place_outcomes(one) for one in outcomes),
        pools=pool_statuses(site),
        queues=tuple(
            queue_status(queue, age_s)
            for queue, age_s in zip_longest(site.queues, site.queue_ages_s)
        ),
        agents=tuple(AgentStatus(**_agent(agent)) for agent in site.agents),
    )


def queue_of_site(site: str, queue: QueueReport, age_s: float | None) -> QueueOfSite:
    """One queue as it stands in the list of all queues."""
    return QueueOfSite(site=site, **queue_status(queue, age_s).model_dump())


def agent_of_site(site: str, agent: AgentReport) -> AgentOfSite:
    """One agent as they stand in the list of all agents."""
    return AgentOfSite(site=site, **_agent(agent))


def call_in_motion(move: MoveView) -> CallInMotion:
    """One call on its way. The token is a secret and is not told."""
    return CallInMotion(**{name: getattr(move, name) for name in CallInMotion.model_fields})


def queue_entry(entry: EntryView) -> QueueEntry:
    """One call in the network queue."""
    return QueueEntry(**{name: getattr(entry, name) for name in QueueEntry.model_fields})


def place_outcomes(place: PlaceView) -> PlaceOutcomes:
    """What became of calls at one place."""
    return PlaceOutcomes(
        kind=place.kind,
        site=place.site,
        name=place.name,
        phase=place.phase,
        counts=place.counts,
        reason=place.reason,
        since_s=place.since_s,
        next_probe_s=place.next_probe_s,
        share=place.share,
    )


def _summary(site: SiteView) -> dict[str, Any]:
    states = [agent.state for agent in site.agents]
    queues = site.queues
    ready = states.count(AgentState.READY) if states else sum(q.ready_count for q in queues)
    busy = states.count(AgentState.BUSY) if states else sum(q.busy_count for q in queues)
    return {
        "site": site.site,
        "liveness": site.liveness,
        "linked": site.linked,
        "usable": site.acknowledged,
        "state_age_s": site.state_age_s,
        "ready_count": ready,
        "waiting_count": sum(queue.waiting_count for queue in queues),
        "busy_count": busy,
        **standing_status(site),
    }


def _agent(agent: AgentReport) -> dict[str, Any]:
    return {
        "agent": agent.agent,
        "state": agent.state.value,
        "in_state_s": agent.in_state_s,
        "queues": tuple(one.queue for one in agent.queues),
    }
