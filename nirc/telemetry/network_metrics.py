"""Figures of what a node believes of the network: leaders, sites, queues, trunks, stores.

Rule of this file: it reads one picture of the router and one of the stores, and names what they
say; nothing counts here. Every node tells them, so a sum over nodes says nothing: take the
greatest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from nirc.core.view import RouterView, SiteView
from nrcli.telemetry.metric_families import Labels, MetricFamily, counter, gauge
from nrcli.wire.api_models import Status
from nrcli.wire.messages import QueueReport, TrunkReport

Point = tuple[Labels, float]
Placed = Sequence[tuple[Labels, QueueReport]]

OF_QUEUES: tuple[tuple[str, str, Callable[[QueueReport], float]], ...] = (
    ("nirc_queue_waiting", "Callers who wait.", lambda queue: queue.waiting_count),
    (
        "nirc_queue_oldest_wait_seconds",
        "Wait of the caller who waits longest.",
        lambda queue: queue.oldest_wait_s,
    ),
    ("nirc_queue_agents_staffed", "Agents logged in.", lambda queue: queue.staffed_count),
    ("nirc_queue_agents_ready", "Agents who could take a call.", lambda queue: queue.ready_count),
    ("nirc_queue_agents_busy", "Agents who talk.", lambda queue: queue.busy_count),
    (
        "nirc_queue_agents_acw",
        "Agents in after-call work.",
        lambda queue: queue.acw_count,
    ),
    (
        "nirc_queue_loans",
        "Calls of other sites held or talked to.",
        lambda queue: queue.loan_count,
    ),
    ("nirc_queue_open", "1 while the queue is open.", lambda queue: queue.open),
    (
        "nirc_queue_handle_time_seconds",
        "Mean handle time, over the site's sliding window.",
        lambda queue: queue.aht_s,
    ),
)
COUNTS_OF_QUEUES: tuple[tuple[str, str, Callable[[QueueReport], float]], ...] = (
    (
        "nirc_queue_answered_total",
        "Callers who were answered, since the site agent's start.",
        lambda queue: queue.answered_count,
    ),
    (
        "nirc_queue_abandoned_total",
        "Callers who hung up while they waited, since the site agent's start.",
        lambda queue: queue.abandoned_count,
    ),
)


def network_families(
    view: RouterView, status: Status, alarm_codes: Iterable[str], queues_max: int
) -> Iterator[MetricFamily]:
    """Everything. Figures of more than `queues_max` queues are left out, and the fact is told."""
    yield from _of_node(view, status)
    yield gauge(
        "nirc_alarms_standing", "Alarms that stand, by code.", _by("code", Counter(alarm_codes))
    )
    yield from _of_sites(view.sites)
    queues = [
        ((("site", site.site), ("queue", queue.queue)), queue)
        for site in view.sites
        for queue in site.queues
    ]
    yield _one(
        "nirc_queues_left_out",
        "Queues beyond `telemetry.queues_max`: their figures are not told.",
        max(0, len(queues) - queues_max),
    )
    yield from _of_queues(queues[:queues_max])
    yield from _of_calls(view)


def _of_node(view: RouterView, status: Status) -> Iterator[MetricFamily]:
    yield gauge(
        "nirc_info",
        "1, with the node and its version.",
        [((("node", status.node), ("version", status.version)), 1.0)],
    )
    yield _one("nirc_up_seconds", "Since the node's start.", status.up_s)
    yield _one("nirc_draining", "1 while the node takes no new work.", status.draining)
    yield _one("nirc_peers_linked", "Other nodes whose stream stands.", len(view.peers))
    yield _one("nirc_documents_revision", "Of the documents in use.", view.documents_revision)
    yield _one(
        "nirc_documents_wrong",
        "1 while documents of the store are refused.",
        bool(status.documents_problem),
    )
    yield gauge(
        "nirc_leading",
        "1 where this node leads.",
        [((("domain", one.domain),), float(one.leading_here)) for one in view.domains],
    )
    yield gauge(
        "nirc_leader_known",
        "1 where this node knows who leads.",
        [((("domain", one.domain),), float(bool(one.leader))) for one in view.domains],
    )
    yield gauge(
        "nirc_epoch_revision",
        "Revision of the epoch: a new one means a new term of office.",
        [((("domain", one.domain),), float(one.epoch.revision)) for one in view.domains],
    )
    yield gauge(
        "nirc_store_in_reach",
        "1 while the store answers.",
        [
            ((("store", name),), float(store.in_reach))
            for name, store in (("etcd", status.etcd), ("redis", status.redis))
        ],
    )
    records = status.records
    yield _one("nirc_records_waiting", "Records in memory.", records.waiting_count)
    yield _one("nirc_records_spooled_bytes", "Records on this node's disk.", records.spooled_bytes)
    yield gauge(
        "nirc_records_missing",
        "Records that were numbered and never came, or not yet.",
        _by("kind", records.missing_counts),
    )


def _of_sites(sites: tuple[SiteView, ...]) -> Iterator[MetricFamily]:
    yield _per_site("nirc_site_linked", "1 while its stream to this node stands.", sites, _linked)
    yield _per_site("nirc_site_alive", "1 alive, 0.5 suspect, 0 dead.", sites, _alive)
    yield _per_site(
        "nirc_site_state_age_seconds",
        "Since its last report.",
        [site for site in sites if site.state_age_s is not None],
        lambda site: site.state_age_s or 0.0,
    )
    standing = [(site.site, site.standing) for site in sites if site.linked and site.standing]
    yield gauge(
        "nirc_site_degraded_tier",
        "0 full, 1 leader changing, 2 peer plan, 3 local only.",
        [((("site", site),), float(one.tier)) for site, one in standing],
    )
    yield gauge(
        "nirc_pool_numbers",
        "Numbers of pools, by state.",
        [
            ((("site", site), ("pool", one.pool), ("state", state)), float(count))
            for site, told in standing
            for one in told.pools
            for state, count in (
                ("free", one.numbers_count - one.lent_count - one.resting_count),
                ("lent", one.lent_count),
                ("resting", one.resting_count),
            )
        ],
    )
    trunks = [(site.site, trunk) for site in sites for trunk in site.trunks]
    yield gauge(
        "nirc_trunk_channels",
        "Channels of trunk groups: all there are, in use, promised.",
        [point for site, trunk in trunks for point in _channels(site, trunk)],
    )
    yield _per_site("nirc_reservations", "Reservations.", sites, lambda s: len(s.reservations))


def _of_queues(queues: Placed) -> Iterator[MetricFamily]:
    for name, help_, read in OF_QUEUES:
        yield gauge(name, help_, [(labels, float(read(queue))) for labels, queue in queues])
    for name, help_, read in COUNTS_OF_QUEUES:
        yield counter(name, help_, [(labels, float(read(queue))) for labels, queue in queues])
    yield gauge(
        "nirc_queue_service_level_ratio",
        "Of those answered or abandoned in the last 15 minutes, who were answered in time; "
        "absent without any.",
        [
            (labels, queue.window_in_time_count / queue.window_offered_count)
            for labels, queue in queues
            if queue.window_offered_count
        ],
    )


def _of_calls(view: RouterView) -> Iterator[MetricFamily]:
    waiting = Counter(entry.service for entry in view.network_queue)
    yield gauge(
        "nirc_network_queue_entries", "Callers in the network queue.", _by("service", waiting)
    )
    oldest: dict[str, float] = {}
    for entry in view.network_queue:
        oldest[entry.service] = max(oldest.get(entry.service, 0.0), entry.waited_s)
    yield gauge(
        "nirc_network_queue_oldest_wait_seconds",
        "Wait of the caller who waits longest in it.",
        _by("service", oldest),
    )
    yield _one("nirc_moves", "Calls on their way between sites.", len(view.moves))
    yield _one("nirc_open_requests", "Questions not answered yet.", view.open_requests_count)
    suspended = Counter(one.kind for one in view.outcomes if one.phase != "open")
    yield gauge(
        "nirc_suspended",
        "Queues, agents and paths that get no calls, or few, for calls failed there.",
        _by("kind", {kind: suspended[kind] for kind in ("agent", "path", "queue")}),
    )


def _one(name: str, help_: str, value: float) -> MetricFamily:
    return gauge(name, help_, [((), float(value))])


def _by(label: str, values: dict[str, int] | dict[str, float]) -> list[Point]:
    return [(((label, name),), float(value)) for name, value in sorted(values.items())]


def _per_site(
    name: str, help_: str, sites: Iterable[SiteView], read: Callable[[SiteView], float]
) -> MetricFamily:
    return gauge(name, help_, [((("site", site.site),), float(read(site))) for site in sites])


def _linked(site: SiteView) -> float:
    return float(site.linked)


def _alive(site: SiteView) -> float:
    return {"alive": 1.0, "suspect": 0.5}.get(site.liveness, 0.0)


def _channels(site: str, trunk: TrunkReport) -> Iterator[Point]:
    for state, count in (
        ("all", trunk.channels_max),
        ("used", trunk.channels_used_count),
        ("reserved", trunk.channels_reserved_count),
    ):
        labels = (("site", site), ("trunk_group", trunk.trunk_group), ("state", state))
        yield labels, float(count)
