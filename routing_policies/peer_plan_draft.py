"""Drafts a PeerPlan from what is configured: the sites, what they serve, and their addresses.

Rule of this file: every site that has an address and a queue for a service is a peer for it, all
with the same share; a person looks at the draft, and signs it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml

from routing_policies.kinds import Document, PathDoc, ServiceDoc, SiteAddress, SiteDoc, SiteTableDoc

CALLS_MAX, CALLS_PER_MINUTE_MAX = 10, 60


def draft(
    documents: Iterable[Document], *, serial: int, valid_until: str, trunk_group: str
) -> tuple[str, list[str]]:
    """A plan as YAML, and what is left out of it with the reason. Empty text: nothing remains."""
    found = list(documents)
    sites = {one.name: one for one in found if isinstance(one, SiteDoc)}
    services = {one.name: one for one in found if isinstance(one, ServiceDoc)}
    addresses = {
        one.site: one
        for table in found
        if isinstance(table, SiteTableDoc)
        for one in table.spec.addresses
        if one.trunk_group == trunk_group
    }
    problems = [
        f"Site/{name}: the SiteTable names no address of it on {trunk_group}"
        for name in sites
        if name not in addresses
    ]
    peers = {
        name: [
            _peer(site.name, queue)
            for site in sites.values()
            if site.name in addresses and (queue := queue_of(site, service))
        ]
        for name, service in services.items()
    }
    problems += [
        f"NetworkService/{name}: fewer than two sites serve it"
        for name, of in peers.items()
        if len(of) < 2
    ]
    entries = [{"service": name, "peers": of} for name, of in peers.items() if len(of) >= 2]
    if not entries:
        return "", problems or ["there is no Site and no NetworkService among the documents"]
    spec = {
        "serial": serial,
        "valid_until": valid_until,
        "sites": [_address(addresses[name]) for name in sites if name in addresses],
        "services": entries,
        "methods": ["bridge"],
        "set_up_p99_s": _set_up_p99_s(found),
    }
    return text_of_plan(spec), problems


def text_of_plan(spec: dict[str, Any], name: str = "network") -> str:
    """A PeerPlan as YAML."""
    document = {
        "apiVersion": "nirc/v1",
        "kind": "PeerPlan",
        "metadata": {"name": name},
        "spec": spec,
    }
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


def queue_of(site: SiteDoc, service: ServiceDoc) -> str:
    """The queue of a site that serves the service, or empty."""
    for queue in site.spec.queues:
        if service.name in queue.services or (
            not queue.services and queue.name == service.spec.queue
        ):
            return queue.name
    return "" if site.spec.queues else service.spec.queue


def _peer(site: str, queue: str) -> dict[str, Any]:
    return {
        "site": site,
        "queue": queue,
        "share": 1.0,
        "calls_max": CALLS_MAX,
        "calls_per_minute_max": CALLS_PER_MINUTE_MAX,
    }


def _address(found: SiteAddress) -> dict[str, Any]:
    return {
        "site": found.site,
        "host": found.host,
        "port": found.port,
        "transport": found.transport,
    }


def _set_up_p99_s(documents: Iterable[Document]) -> float:
    """The slowest of the paths by which calls are bridged."""
    times = [
        one.spec.set_up_p99_s
        for one in documents
        if isinstance(one, PathDoc) and "bridge" in one.spec.methods
    ]
    return max(times, default=0.5)
