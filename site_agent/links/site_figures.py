"""What a site agent counts, for Prometheus and OpenTelemetry.

Rule of this file: text is made when it is asked for, of numbers that others keep; nothing counts
here, and no caller's number is in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from nrcli.telemetry.metric_families import Labels, MetricFamily, counter, gauge
from site_agent import __version__
from site_agent.core.view import QueueView, SiteDaemonView, TrunkView

Point = tuple[Labels, float]

OF_QUEUES: tuple[tuple[str, str, Callable[[QueueView], float]], ...] = (
    ("nirc_site_queue_waiting", "Callers who wait.", lambda queue: queue.waiting_count),
    (
        "nirc_site_queue_oldest_wait_seconds",
        "Wait of the caller who waits longest.",
        lambda queue: queue.oldest_wait_s,
    ),
    ("nirc_site_queue_agents_staffed", "Agents logged in.", lambda queue: queue.staffed_count),
    ("nirc_site_queue_agents_ready", "Agents who could take a call.", lambda one: one.ready_count),
    ("nirc_site_queue_agents_busy", "Agents who talk.", lambda queue: queue.busy_count),
    (
        "nirc_site_queue_loans",
        "Calls of other sites held or talked to.",
        lambda queue: queue.loan_count,
    ),
    ("nirc_site_queue_open", "1 while the queue is open.", lambda queue: queue.open),
)
COUNTS_OF_QUEUES: tuple[tuple[str, str, Callable[[QueueView], float]], ...] = (
    (
        "nirc_site_queue_answered_total",
        "Callers who were answered, since the start.",
        lambda queue: queue.answered_count,
    ),
    (
        "nirc_site_queue_abandoned_total",
        "Callers who hung up while they waited, since the start.",
        lambda queue: queue.abandoned_count,
    ),
)


def site_families(view: SiteDaemonView, redirect_sip: Mapping[str, int]) -> Iterator[MetricFamily]:
    """Everything as it stands."""
    yield gauge(
        "nirc_site_info",
        "1, with the site and the version of its site agent.",
        [((("site", view.site), ("version", __version__)), 1.0)],
    )
    yield counter(
        "nirc_site_total", "What the site agent did, by name.", _by("name", view.counters)
    )
    told = {name: count for name, count in redirect_sip.items() if name != "open"}
    yield counter(
        "nirc_site_redirect_sip_total",
        "SIP of edges that ask before delivery, heard and answered.",
        _by("name", told),
    )
    for name, help_, value in (
        (
            "nirc_site_pre_routes_waiting",
            "Questions of edges that wait for the leader.",
            view.pre_routes.waiting_count,
        ),
        ("nirc_site_tier", "0 full, 1 leader changing, 2 peer plan, 3 local only.", view.tier),
        ("nirc_site_calls", "Calls at this site now.", len(view.calls)),
        ("nirc_site_alarms", "Alarms that stand.", len(view.alarms)),
        ("nirc_site_node_links", "Nodes whose stream stands.", len(view.node_links)),
        ("nirc_site_holds", "Agents and places held for calls of others.", view.holds_open_count),
        ("nirc_site_moves", "Calls on their way to others.", view.moves_open_count),
        ("nirc_site_open_requests", "Questions not answered yet.", view.requests_open_count),
        ("nirc_site_callbacks", "Callers who are to be called back.", len(view.callbacks)),
    ):
        yield gauge(name, help_, [((), float(value))])
    yield gauge(
        "nirc_site_alarms_standing",
        "Alarms that stand, by code.",
        _by("code", Counter(alarm.code for alarm in view.alarms)),
    )
    yield gauge("nirc_site_pool_numbers", "Numbers of pools, by pool and state.", _pools(view))
    yield gauge(
        "nirc_site_agents",
        "Agents logged in, by state.",
        _by("state", Counter(agent.state for agent in view.agents)),
    )
    yield gauge(
        "nirc_site_trunk_channels",
        "Channels of trunk groups: all there are, in use, promised.",
        [point for trunk in view.trunks for point in _channels(trunk)],
    )
    for name, help_, read in OF_QUEUES:
        yield gauge(name, help_, _of_queues(view, read))
    for name, help_, read in COUNTS_OF_QUEUES:
        yield counter(name, help_, _of_queues(view, read))


def _by(label: str, counts: Mapping[str, int]) -> list[Point]:
    return [(((label, name),), float(counts[name])) for name in sorted(counts)]


def _of_queues(view: SiteDaemonView, read: Callable[[QueueView], float]) -> list[Point]:
    return [((("queue", queue.queue),), float(read(queue))) for queue in view.queues]


def _channels(trunk: TrunkView) -> list[Point]:
    return [
        ((("trunk_group", trunk.trunk_group), ("state", state)), float(count))
        for state, count in (
            ("all", trunk.channels_max),
            ("used", trunk.channels_used_count),
            ("reserved", trunk.channels_reserved_count),
        )
    ]


def _pools(view: SiteDaemonView) -> list[Point]:
    return [
        ((("pool", one.pool), ("state", state)), float(count))
        for one in view.number_pools
        for state, count in (
            ("free", one.numbers_count - one.lent_count - one.resting_count),
            ("lent", one.lent_count),
            ("resting", one.resting_count),
        )
    ]
