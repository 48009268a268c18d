"""Makes what the HTTP API says of its node: the router's picture in the API's words.

Rule of this file: it reads and translates; it changes nothing but what `drain` is for.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from math import isfinite
from typing import Any

from nirc import __version__
from nirc.core.view import RouterView
from nirc.links.site_status import (
    agent_of_site,
    call_in_motion,
    domain_leader,
    place_outcomes,
    queue_entry,
    queue_of_site,
    site_status,
    site_summary,
)
from nirc.links.standing_status import degraded
from nirc.stores.etcd_config import ConfigStatus
from nirc.telemetry.alarm_board import AlarmBoard, StandingAlarm
from nirc.telemetry.decision_log import DecisionLog, LoggedDecision, names_one_of
from nirc.telemetry.metrics import Registry
from nirc.telemetry.network_metrics import network_families
from nrcli.telemetry.metric_families import MetricFamily, prometheus_text
from nrcli.telemetry.process_figures import process_families
from nrcli.wire.alarm_advice import advice_for
from nrcli.wire.alarm_models import AcknowledgeAlarm, Alarm, Alarms
from nrcli.wire.api_models import (
    Calls,
    Candidate,
    Decision,
    Decisions,
    QueueEntries,
    Sites,
    SiteStatus,
    Status,
    StoreStatus,
)
from nrcli.wire.live_models import AgentOfSite, QueueOfSite
from nrcli.wire.records_models import RecordsStatus
from nrcli.wire.resource_models import Cluster, ClusterNode, Reservation, Statistics

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
    drain: Callable[[bool], None]
    draining: Callable[[], bool]
    started_at_s: float
    queues_max: int = 1_000
    "Whose figures `/metrics` tells."
    node_urls: Mapping[str, str] = field(default_factory=dict)
    "HTTP addresses of all nodes by name; empty where none is known."


@dataclass(slots=True)
class NodeReport:
    """The picture of one node; kept for a moment, so that many askers cost little."""

    sources: ReportSources
    _view: RouterView | None = field(default=None, init=False)
    _viewed_at_s: float = field(default=0.0, init=False)

    def status(self) -> Status:
        """The node at a glance."""
        sources, view = self.sources, self.view()
        config = sources.documents
        return Status(
            node=sources.node,
            version=__version__,
            up_s=sources.now_s() - sources.started_at_s,
            draining=sources.draining(),
            domains=tuple(domain_leader(one, view.sites) for one in view.domains),
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
            suspended=tuple(place_outcomes(one) for one in view.outcomes if one.phase != "open"),
        )

    def sites(self) -> Sites:
        """Every site."""
        return Sites(sites=tuple(site_summary(site) for site in self.view().sites))

    def site(self, name: str) -> SiteStatus | None:
        """One site with its queues and agents."""
        view = self.view()
        for site in view.sites:
            if site.site == name:
                return site_status(site, [one for one in view.outcomes if one.site == name])
        return None

    def calls(self) -> Calls:
        """Calls in motion, oldest first. The token is a secret and is not told."""
        return Calls(calls=tuple(map(call_in_motion, self.view().moves)))

    def queue(self) -> QueueEntries:
        """The network queue, in its order."""
        entries = self.view().network_queue
        return QueueEntries(
            entries_count=len(entries),
            entries=tuple(map(queue_entry, entries)),
        )

    async def decisions(
        self,
        call: str,
        limit: int,
        keep: Callable[[object], bool] = lambda _decision: True,
        before: str = "",
    ) -> Decisions:
        """This node's own decisions that `keep` takes, made before the one of an id; for one call
        also those of other nodes, from the records."""
        log = self.sources.decisions
        own = [decision_of(one, self.sources.node) for one in log.find(call, limit, keep, before)]
        if own or not call:
            return Decisions(decisions=tuple(own))
        stored = await self.sources.search(f'"{call}', limit)
        about = [
            one
            for one in map(decision_from, stored)
            if names_one_of(call, (one.interaction_id, one.request_id, one.decision_id))
        ]
        return Decisions(decisions=tuple(one for one in about if keep(one)))

    def alarms(self) -> Alarms:
        """Alarms that stand, oldest first."""
        return Alarms(alarms=tuple(map(alarm_of, self.sources.alarms.standing())))

    def families(self) -> list[MetricFamily]:
        """Everything counted, and what this node believes of the network."""
        sources = self.sources
        codes = [alarm.code for alarm in sources.alarms.standing()]
        return [
            *sources.registry.families(),
            *network_families(self.view(), self.status(), codes, sources.queues_max),
            *process_families(),
        ]

    def metrics_text(self) -> str:
        """The same for Prometheus."""
        return prometheus_text(self.families())

    def queues(self) -> tuple[QueueOfSite, ...]:
        """Queues of all sites, by site."""
        return tuple(
            queue_of_site(site.site, queue, age_s)
            for site in self.view().sites
            for queue, age_s in zip_longest(site.queues, site.queue_ages_s)
        )

    def agents(self) -> tuple[AgentOfSite, ...]:
        """Shared agents of all sites, by site."""
        return tuple(
            agent_of_site(site.site, agent) for site in self.view().sites for agent in site.agents
        )

    def reservations(self) -> tuple[Reservation, ...]:
        """What sites hold; the token is a secret and is not told."""
        fields = [name for name in Reservation.model_fields if name != "site"]
        return tuple(
            Reservation(site=site.site, **{name: getattr(one, name) for name in fields})
            for site in self.view().sites
            for one in site.reservations
        )

    def statistics(self) -> Statistics:
        """What was counted."""
        status = self.status()
        return Statistics(node=status.node, up_s=status.up_s, counts=status.counts)

    def cluster(self) -> Cluster:
        """All nodes, this one first, and who leads."""
        status, urls = self.status(), self.sources.node_urls
        names = (status.node, *sorted({*urls, *status.peers_linked} - {status.node}))
        leads = {one: tuple(d.domain for d in status.domains if d.leader == one) for one in names}
        return Cluster(
            node=status.node,
            draining=status.draining,
            nodes=tuple(
                ClusterNode(
                    node=name,
                    here=name == status.node,
                    linked=name == status.node or name in status.peers_linked,
                    url=urls.get(name, ""),
                    leads=leads[name],
                )
                for name in names
            ),
            domains=status.domains,
            etcd=status.etcd,
            redis=status.redis,
        )

    def acknowledge(self, wanted: AcknowledgeAlarm) -> Alarm | None:
        """Somebody cares for an alarm; None where it does not stand."""
        board = self.sources.alarms
        found = board.acknowledge(wanted.code, wanted.place, wanted.author, wanted.reason)
        return None if found is None else alarm_of(found)

    def drain(self, draining: bool = True) -> None:
        """Take no more work, or take work again."""
        self.sources.drain(draining)

    def view(self) -> RouterView:
        """The router's own picture."""
        now_s = self.sources.now_s()
        if self._view is None or now_s - self._viewed_at_s > VIEW_KEPT_S:
            self._view, self._viewed_at_s = self.sources.view(now_s), now_s
        return self._view


def alarm_of(standing: StandingAlarm) -> Alarm:
    """An alarm in the API's words."""
    said = {name: getattr(standing, name) for name in Alarm.model_fields}
    return Alarm(**{**said, "advice": standing.advice or advice_for(standing.code)})


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
        reason=record.reason,
        about=record.about,
        controls=record.controls,
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
