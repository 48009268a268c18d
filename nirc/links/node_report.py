"""Makes what the HTTP API says of its node: the router's picture in the API's words.

Rule of this file: it reads and translates; it changes nothing but what `drain` is for.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from math import isfinite
from typing import Any

from nirc import __version__
from nirc.core.hole_places import PlaceView
from nirc.core.view import DomainView, RouterView, SiteView
from nirc.links.pools_status import pool_statuses
from nirc.links.queue_status import queue_status
from nirc.links.standing_status import degraded, standing_status
from nirc.stores.etcd_config import ConfigStatus
from nirc.telemetry.alarm_board import AlarmBoard
from nirc.telemetry.decision_log import DecisionLog, LoggedDecision, names_one_of
from nirc.telemetry.metrics import Registry
from nrcli.wire.api_models import (
    AgentStatus,
    Alarm,
    Alarms,
    CallInMotion,
    Calls,
    Candidate,
    Decision,
    Decisions,
    DomainLeader,
    PlaceOutcomes,
    QueueEntries,
    QueueEntry,
    RecordsStatus,
    Sites,
    SiteStatus,
    SiteSummary,
    Status,
    StoreStatus,
)
from nrcli.wire.messages import AgentState

CALLS_SHOWN_MAX = 1_000
VIEW_KEPT_S = 0.02

Search = Callable[[str, int], Awaitable[list[dict[str, Any]]]]
"(words, limit) to stored decision records as plain objects, oldest first."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSources:
    """Where the report reads."""

    node: str
    view: Callable[[float], RouterView]
    now_s: Callable[[], float]
    alarms: AlarmBoard
    decisions: DecisionLog
    search: Search
    documents: ConfigStatus
    etcd_problem: Callable[[], str]
    redis: Callable[[], StoreStatus]
    records: Callable[[], RecordsStatus]
    inbox_count: Callable[[], int]
    registry: Registry
    drain: Callable[[], None]
    draining: Callable[[], bool]
    started_at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeDecision:
    """A decision and the node that made it: what is recorded for all nodes to read."""

    node: str
    logged: LoggedDecision
    incarnation: int = 0
    "Start of the node: seconds since 1970."
    number: int = 0
    "Of the decision, from 1 within it: one that is missing was lost."


@dataclass(slots=True)
class NodeReport:
    """The picture of one node; kept for a moment, so that many askers cost little."""

    sources: ReportSources
    _view: RouterView | None = field(default=None, init=False)
    _viewed_at_s: float = field(default=0.0, init=False)

    def status(self) -> Status:
        """The node at a glance."""
        sources, view = self.sources, self._now()
        config = sources.documents
        return Status(
            node=sources.node,
            version=__version__,
            up_s=sources.now_s() - sources.started_at_s,
            draining=sources.draining(),
            domains=tuple(_domain(one, view.sites) for one in view.domains),
            sites_linked=tuple(site.site for site in view.sites if site.linked),
            sites_dead=tuple(site.site for site in view.sites if site.liveness == "dead"),
            sites_degraded=tuple(site.site for site in view.sites if degraded(site)),
            peers_linked=view.peers,
            documents_revision=view.documents_revision,
            documents_problem=config.problem,
            documents_from_cache=config.from_cache,
            etcd=_etcd(view.etcd_in_reach, sources.etcd_problem()),
            redis=sources.redis(),
            records=sources.records(),
            alarms_count=len(sources.alarms.standing()),
            calls_in_motion_count=len(view.moves) + view.open_requests_count,
            inbox_count=sources.inbox_count(),
            counts={name: float(value) for name, value in view.counters.items()},
            suspended=tuple(_place(one) for one in view.outcomes if one.phase != "open"),
        )

    def sites(self) -> Sites:
        """Every site."""
        return Sites(sites=tuple(SiteSummary(**_summary(site)) for site in self._now().sites))

    def site(self, name: str) -> SiteStatus | None:
        """One site with its queues and agents."""
        view = self._now()
        for site in view.sites:
            if site.site == name:
                return _site(site, [one for one in view.outcomes if one.site == name])
        return None

    def calls(self) -> Calls:
        """Calls in motion, oldest first. The token is a secret and is not told."""
        return Calls(
            calls=tuple(
                CallInMotion(
                    request_id=move.request_id,
                    interaction_id=move.interaction_id,
                    origin_site=move.origin_site,
                    target_site=move.target_site,
                    queue=move.queue,
                    agent=move.agent,
                    state=move.state,
                    age_s=move.age_s,
                )
                for move in self._now().moves[:CALLS_SHOWN_MAX]
            )
        )

    def queue(self) -> QueueEntries:
        """The network queue, in its order."""
        entries = self._now().network_queue
        return QueueEntries(
            entries_count=len(entries),
            entries=tuple(
                QueueEntry(**{name: getattr(one, name) for name in QueueEntry.model_fields})
                for one in entries[:CALLS_SHOWN_MAX]
            ),
        )

    async def decisions(self, call: str, limit: int) -> Decisions:
        """This node's own decisions; for one call also those of other nodes, from the records."""
        own = [decision_of(logged, self.sources.node) for logged in self._logged(call, limit)]
        if own or not call:
            return Decisions(decisions=tuple(own))
        stored = await self.sources.search(f'"{call}', limit)
        about = [
            one
            for one in map(decision_from, stored)
            if names_one_of(call, (one.interaction_id, one.request_id, one.decision_id))
        ]
        return Decisions(decisions=tuple(about))

    def alarms(self) -> Alarms:
        """Alarms that stand, oldest first."""
        return Alarms(
            alarms=tuple(
                Alarm(code=a.code, place=a.place, text=a.text, since_unix_s=a.since_unix_s)
                for a in self.sources.alarms.standing()
            )
        )

    def metrics_text(self) -> str:
        """Everything counted, for Prometheus."""
        return self.sources.registry.prometheus_text()

    def drain(self) -> None:
        """Take no more work."""
        self.sources.drain()

    def _logged(self, call: str, limit: int) -> Iterable[LoggedDecision]:
        return self.sources.decisions.find(call, limit)

    def _now(self) -> RouterView:
        now_s = self.sources.now_s()
        if self._view is None or now_s - self._viewed_at_s > VIEW_KEPT_S:
            self._view, self._viewed_at_s = self.sources.view(now_s), now_s
        return self._view


def decision_of(logged: LoggedDecision, node: str) -> Decision:
    """A decision in the API's words."""
    record = logged.record
    return Decision(
        decision_id=record.decision_id,
        request_id=record.request_id,
        interaction_id=record.interaction_id,
        at_unix_s=logged.at_unix_s,
        node=node,
        origin_site=record.origin_site,
        service=record.service,
        domain=record.domain,
        generation=record.epoch.generation,
        revision=record.epoch.revision,
        policy=record.policy,
        policy_version=record.policy_version,
        rules_tried=record.rules_tried,
        candidates=tuple(
            Candidate(
                site=one.site,
                queue=one.queue,
                agent=one.agent,
                value=one.value,
                age_s=one.age_s,
                lost_because=one.lost_because,
                means=one.means,
                rule=one.rule,
                values=_finite(one.values),
            )
            for one in record.candidates
        ),
        outcome=record.outcome,
        target_site=record.target_site,
        queue=record.queue,
        agent=record.agent,
        took_s=record.took_s,
        refusals=record.refusals,
        mode=record.mode,
        rules=record.rules,
        value_names=record.value_names,
        origin_values=_finite(record.origin_values),
        call=record.call,
        memory=record.memory,
        live_outcome=record.live_outcome,
        announcement=record.announcement,
        retry_after_s=record.retry_after_s,
        reject_reason=record.reject_reason,
        handler=record.handler,
    )


def decision_from(stored: Mapping[str, Any]) -> Decision:
    """A `NodeDecision` that was recorded as JSON, in the API's words; old ones say less."""
    logged = stored["logged"]
    record = logged["record"]
    return Decision.model_validate(
        {**record, **record["epoch"], "node": stored["node"], "at_unix_s": logged["at_unix_s"]}
    )


def _finite(values: Iterable[float | None]) -> tuple[float | None, ...]:
    """JSON knows no missing and no infinite numbers."""
    return tuple(None if value is None or not isfinite(value) else value for value in values)


def _etcd(in_reach: bool, problem: str) -> StoreStatus:
    return StoreStatus(in_reach=in_reach, problem="" if in_reach else problem or "no answer yet")


def _domain(domain: DomainView, sites: Iterable[SiteView]) -> DomainLeader:
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


def _summary(site: SiteView) -> dict[str, Any]:
    """What a site is at a glance. Agents in several queues count once, where they are known."""
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


def _place(place: PlaceView) -> PlaceOutcomes:
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


def _site(site: SiteView, outcomes: Iterable[PlaceView]) -> SiteStatus:
    return SiteStatus(
        **_summary(site),
        outcomes=tuple(_place(one) for one in outcomes),
        pools=pool_statuses(site),
        queues=tuple(
            queue_status(queue, age_s)
            for queue, age_s in zip_longest(site.queues, site.queue_ages_s)
        ),
        agents=tuple(
            AgentStatus(
                agent=agent.agent,
                state=agent.state.value,
                in_state_s=agent.in_state_s,
                queues=tuple(one.queue for one in agent.queues),
            )
            for agent in site.agents
        ),
    )
