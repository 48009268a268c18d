"""Makes the figures that alarm rules look at from the router's picture and the documents.

Rule of this file: pure, one function for each figure; what is not known gives no value, never 0. A
site that is not synced gives none: its silence is an alarm of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import zip_longest

from nirc.alarms.figure_windows import Figures, Sample
from nirc.core.outcome_window import GRANTED, REFUSED
from nirc.core.view import RouterView, SiteView
from nrcli.wire.messages import Epoch, QueueReport
from routing_policies.network_documents import NetworkDocuments

Samples = dict[str, Sample]
SURE = 100
"The range of an expected wait as percent of it: 100 is exactly as said."
LEADERSHIPS_MAX = 100


class LeaderChanges:
    """Counts the leaderships that began, by domain, as this node sees them."""

    __slots__ = ("_counts", "_epochs")

    def __init__(self) -> None:
        self._epochs: dict[str, Epoch] = {}
        self._counts: Counter[str] = Counter()

    def look(self, view: RouterView) -> Samples:
        """How many so far; the first that is seen is no change."""
        for domain in view.domains[:LEADERSHIPS_MAX]:
            known = self._epochs.setdefault(domain.domain, domain.epoch)
            if domain.epoch > known:
                self._counts[domain.domain] += known.revision > 0
                self._epochs[domain.domain] = domain.epoch
        return {name: Sample(float(self._counts[name])) for name in self._epochs}


def network_figures(
    view: RouterView, documents: NetworkDocuments | None, changes: LeaderChanges
) -> Figures:
    """Every figure that a node has by its own core."""
    synced = [site for site in view.sites if site.synced]
    found: dict[str, Samples] = {name: make(synced) for name, make in _OF_SITES.items()}
    found |= {name: make(view) for name, make in _OF_VIEW.items()}
    found["site_drift"] = _drift(synced, documents)
    found["leader_changes"] = changes.look(view)
    return found


def _routing_success(view: RouterView) -> Samples:
    ended = sum(one.ended_count for one in view.pair_counts)
    failed = sum(one.failed_count for one in view.pair_counts)
    return {"": Sample(float(ended - failed), float(ended))}


def _transfer_failures(view: RouterView) -> Samples:
    return {
        f"{one.origin}>{one.target}": Sample(float(one.failed_count), float(one.ended_count))
        for one in view.pair_counts
    }


def _failures_by_code(view: RouterView) -> Samples:
    return {
        f"{one.origin}>{one.target} {one.sip_status}": Sample(float(one.count))
        for one in view.code_counts
    }


def _counter(name: str) -> Callable[[RouterView], Samples]:
    return lambda view: {"": Sample(float(view.counters.get(name, 0)))}


def _refusals(view: RouterView) -> Samples:
    found = {}
    for place in view.outcomes:
        granted, refused = place.counts.get(GRANTED, 0), place.counts.get(REFUSED, 0)
        if place.kind == "queue" and granted + refused:
            share = refused / (granted + refused)
            found[f"{place.site}/{place.name}"] = Sample(share, float(granted + refused))
    return found


def _suspended(view: RouterView) -> Samples:
    found = Counter(one.kind for one in view.outcomes if one.phase != "open")
    return {kind: Sample(float(found[kind])) for kind in ("path", "queue", "agent")}


def _network_queue(view: RouterView) -> Samples:
    found = Counter(one.service for one in view.network_queue)
    return {service: Sample(float(count)) for service, count in found.items()}


def _state_age(sites: Iterable[SiteView]) -> Samples:
    return {one.site: Sample(one.state_age_s) for one in sites if one.state_age_s is not None}


def _ewt_error(queue: QueueReport, _age_s: float) -> Sample | None:
    if not queue.last_wait_s:
        return None
    low, high = max(queue.ewt_low_percent, 1), queue.ewt_high_percent
    return Sample(max(high - SURE, SURE * SURE / low - SURE, 0.0))


def _service_level(queue: QueueReport, _age_s: float) -> Sample | None:
    offered = queue.window_offered_count
    return Sample(queue.window_in_time_count / offered, float(offered)) if offered else None


def _full(queue: QueueReport, _age_s: float) -> Sample | None:
    taken = queue.waiting_count + queue.places_held_count
    return Sample(taken / queue.places_max) if queue.places_max else None


def _oldest_wait(queue: QueueReport, age_s: float) -> Sample | None:
    return Sample(queue.oldest_wait_s + age_s if queue.waiting_count else 0.0)


def _of_queues(
    make: Callable[[QueueReport, float], Sample | None],
) -> Callable[[Iterable[SiteView]], Samples]:
    def samples(sites: Iterable[SiteView]) -> Samples:
        found = {}
        for site in sites:
            for queue, age_s in zip_longest(site.queues, site.queue_ages_s):
                sample = make(queue, age_s or 0.0)
                if sample is not None:
                    found[f"{site.site}/{queue.queue}"] = sample
        return found

    return samples


def _trunk_free(sites: Iterable[SiteView]) -> Samples:
    return {
        f"{site.site}/{one.trunk_group}": Sample(1 - one.channels_used_count / one.channels_max)
        for site in sites
        for one in site.trunks
        if one.channels_max
    }


def _pool_free(sites: Iterable[SiteView]) -> Samples:
    found = {}
    for site in sites:
        for one in site.standing.pools if site.standing else ():
            if one.numbers_count:
                free = one.numbers_count - one.lent_count - one.resting_count
                found[f"{site.site}/{one.pool}"] = Sample(free / one.numbers_count)
    return found


def _drift(sites: Iterable[SiteView], documents: NetworkDocuments | None) -> Samples:
    """Only what differs has a value."""
    found = {}
    for site in sites:
        document = documents.sites.get(site.site) if documents else None
        if document is not None and site.queues:
            written = {queue.name for queue in document.spec.queues}
            reported = {queue.queue for queue in site.queues}
            shared = {queue.queue for queue in site.queues if queue.shared}
            for name in (written - reported) | (shared - written):
                found[f"{site.site}/{name}"] = Sample(1.0)
    return found


_OF_SITES: Mapping[str, Callable[[Iterable[SiteView]], Samples]] = {
    "state_age": _state_age,
    "ewt_error": _of_queues(_ewt_error),
    "service_level": _of_queues(_service_level),
    "queue_waiting": _of_queues(lambda queue, _: Sample(float(queue.waiting_count))),
    "queue_oldest_wait": _of_queues(_oldest_wait),
    "queue_full": _of_queues(_full),
    "trunk_free": _trunk_free,
    "pool_free": _pool_free,
}
_OF_VIEW: Mapping[str, Callable[[RouterView], Samples]] = {
    "routing_success": _routing_success,
    "transfer_failures": _transfer_failures,
    "transfer_failures_by_code": _failures_by_code,
    "route_requests": _counter("requests"),
    "firewall_hits": _counter("firewall.hits"),
    "reservation_refusals": _refusals,
    "suspended": _suspended,
    "network_queue_waiting": _network_queue,
}
