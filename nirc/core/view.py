"""What people may see of the router: one frozen picture, made on request.

Rule of this file: reading only; plain values that turn into JSON as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from nirc.core.actions import DecisionRecord
from nirc.core.hole_places import PlaceView
from nirc.core.leader_knowledge import LeaderKnowledge
from nirc.core.leadership import Leadership
from nirc.core.network_state import NetworkState
from nirc.core.pair_outcomes import CodeCount, PairCount
from nirc.core.path_view import PathView, ProbeView
from nirc.core.site_liveness import SiteLiveness
from nirc.core.site_standing import StandingView
from nirc.core.transfer import Transfers
from nrcli.wire.control_models import Control
from nrcli.wire.messages import (
    DOMAIN_FIRST,
    AgentReport,
    Entity,
    Epoch,
    QueueReport,
    ReservationReport,
    TrunkReport,
    WaitingCallReport,
)
from nrcli.wire.shift_models import ShiftState
from routing_policies import columns as c

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteView:
    """One site as believed here."""

    site: str
    liveness: str
    "alive | suspect | dead"
    linked: bool
    synced: bool
    "Is its state known since the stream stands."
    acknowledged: bool
    "Has it acknowledged this node's leadership of the first domain."
    incarnation: int
    version: int
    queues: tuple[QueueReport, ...]
    agents: tuple[AgentReport, ...]
    trunks: tuple[TrunkReport, ...]
    reservations: tuple[ReservationReport, ...]
    waiting: tuple[WaitingCallReport, ...]
    state_age_s: float | None = None
    "How long ago its last report was taken; None before the first."
    queue_ages_s: tuple[float, ...] = ()
    "How long ago each of `queues` was last reported."
    standing: StandingView | None = None
    "Its tier and times without NIRC; None of a site that does not tell."


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveView:
    """A call on its way."""

    token: str
    request_id: str
    interaction_id: str
    service: str
    origin_site: str
    target_site: str
    queue: str
    agent: str
    state: str
    age_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """A call in the network queue."""

    entry_id: str
    interaction_id: str
    service: str
    site: str
    "Where the caller waits."
    queue: str
    priority: int
    "As it was at the start; it may have grown."
    waited_s: float
    position: int
    "Among the entries of the service."
    state: str
    """waiting | offered (a target was asked) | moving (the origin was told to move it); of a
    callback also resting | dialing"""
    kind: str = "call"
    "call | callback (nobody is on the line)"
    attempts_count: int = 0
    "Calls made in vain, of a callback."


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainView:
    """Who leads a domain."""

    domain: str
    leader: str
    "Empty when nobody is known to lead now; `epoch` is then the last one."
    epoch: Epoch
    leading_here: bool
    since_s: float | None = None
    "How long it has been known to lead."
    heard_s: float | None = None
    "How old that knowledge is."


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmView:
    """One alarm that stands."""

    code: str
    place: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RouterView:
    """The whole picture."""

    node: str
    domains: tuple[DomainView, ...]
    documents_revision: int
    policy: str
    policy_version: int
    peers: tuple[str, ...]
    "Other nodes whose stream stands."
    sites: tuple[SiteView, ...]
    moves: tuple[MoveView, ...]
    decisions: tuple[DecisionRecord, ...]
    "The last ones, oldest first."
    counters: dict[str, int]
    alarms: tuple[AlarmView, ...]
    open_requests_count: int
    answers_kept_count: int
    promises_count: int
    tombstones_count: int
    etcd_in_reach: bool = False
    outcomes: tuple[PlaceView, ...] = ()
    "Queues and paths with outcomes, agents that are suspended."
    network_queue: tuple[EntryView, ...] = ()
    "By service, then position. What is offered or moving only the leader knows."
    paths: tuple[PathView, ...] = ()
    probes: tuple[ProbeView, ...] = ()
    "Test calls under way, and the newest that ended; only the leader has any."
    controls: tuple[Control, ...] = ()
    "Emergency controls in force, oldest first."
    pair_counts: tuple[PairCount, ...] = ()
    "How moves between two sites ended, since this node started."
    code_counts: tuple[CodeCount, ...] = ()
    shifts: tuple[ShiftState, ...] = ()
    "Traffic shifts in force; how they go only the leader knows."


def site_view(
    site: str,
    network: NetworkState,
    liveness: SiteLiveness,
    leadership: Leadership,
    now_s: float,
) -> SiteView:
    """One site."""
    state = network.state_of(site)
    entities = state.entities() if state else []
    queues = _only(entities, QueueReport)
    reported_at_s = network.table.columns.queues[c.Q_REPORTED_AT]
    return SiteView(
        site=site,
        liveness=liveness.of(site).value,
        linked=liveness.linked(site),
        synced=network.synced(site),
        acknowledged=leadership.usable(DOMAIN_FIRST, site),
        incarnation=state.incarnation if state else 0,
        version=state.version if state else 0,
        queues=queues,
        agents=_only(entities, AgentReport),
        trunks=_only(entities, TrunkReport),
        reservations=_only(entities, ReservationReport),
        waiting=_only(entities, WaitingCallReport),
        state_age_s=now_s - state.reported_at_s if state and state.reported_at_s else None,
        queue_ages_s=tuple(
            now_s - reported_at_s[network.table.find(site, queue.queue)] for queue in queues
        ),
        standing=state.standing.view(now_s) if state else None,
    )


def domain_views(
    domains: Iterable[str], knowledge: LeaderKnowledge, leadership: Leadership, now_s: float
) -> tuple[DomainView, ...]:
    """Who leads each of these domains now."""
    views = []
    for domain in domains:
        known = knowledge.leader(domain, now_s)
        view = DomainView(
            domain=domain,
            leader=known.node,
            epoch=known.epoch,
            leading_here=leadership.leads(domain, now_s),
            since_s=known.since_s,
            heard_s=known.heard_s,
        )
        views.append(view)
    return tuple(views)


def move_views(transfers: Transfers, now_s: float) -> tuple[MoveView, ...]:
    """Calls on their way, oldest first."""
    return tuple(
        MoveView(
            token=move.token,
            request_id=move.request_id,
            interaction_id=move.interaction_id,
            service=move.service,
            origin_site=move.origin,
            target_site=move.target,
            queue=move.queue,
            agent=move.agent,
            state=move.state.value,
            age_s=now_s - move.answered_at_s,
        )
        for move in transfers.all()
    )


def _only(entities: list[Entity], kind: type[T]) -> tuple[T, ...]:
    return tuple(entity for entity in entities if isinstance(entity, kind))
