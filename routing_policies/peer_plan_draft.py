"""Drafts a PeerPlan from what is configured: the sites, what they serve, and their addresses.

Rule of this file: every site that has an address, a queue for a service and a way that leads there
is a peer for it; with what share, and why, is decided in `peer_plan_shares` and written above the
draft. A person looks at it, and signs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from routing_policies.kinds import Document, PathDoc, ServiceDoc, SiteAddress, SiteDoc, SiteTableDoc
from routing_policies.peer_plan_shares import (
    Capacities,
    PeerShare,
    Shares,
    reached_sites,
    shares,
)

CALLS_MAX, CALLS_PER_MINUTE_MAX = 10, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a person looks at."""

    text: str
    "The plan as YAML, its reasons as comments above. Empty: nothing remains."
    problems: list[str]
    "What is left out, and why."


def draft(
    documents: Iterable[Document],
    *,
    serial: int,
    valid_until: str,
    trunk_group: str,
    capacities: Capacities | None = None,
) -> Draft:
    """A plan. `capacities`: what the sites report of their queues; None: nobody was asked."""
    found = list(documents)
    sites = {one.name: one for one in found if isinstance(one, SiteDoc)}
    services = {one.name: one for one in found if isinstance(one, ServiceDoc)}
    addresses = {
        one.site: one
        for table in found
        if isinstance(table, SiteTableDoc)
        for one in table.spec.addresses
        if one.trunk_group == trunk_group and one.host is not None
    }
    problems = [
        f"Site/{name}: the SiteTable names no IP address of it on {trunk_group}"
        for name in sites
        if name not in addresses
    ]
    able = [site for name, site in sites.items() if name in addresses]
    paths = [one for one in found if isinstance(one, PathDoc)]
    reached = reached_sites(paths, list(sites), trunk_group) if paths else None
    served = {
        name: shares(
            [(site.name, queue) for site in able if (queue := queue_of(site, service))],
            capacities,
            reached,
        )
        for name, service in services.items()
    }
    problems += _left_out(served)
    kept = {name: of for name, of in served.items() if len(of.peers) >= 2}
    if not kept:
        problems = problems or ["there is no Site and no NetworkService among the documents"]
        return Draft(text="", problems=problems)
    entries = [{"service": name, "peers": _peers(of.peers)} for name, of in kept.items()]
    spec = {
        "serial": serial,
        "valid_until": valid_until,
        "sites": [_address(addresses[name]) for name in sites if name in addresses],
        "services": entries,
        "methods": ["bridge"],
        "set_up_p99_s": _set_up_p99_s(found),
        "tokens": "short",
    }
    reasons = "".join(f"# {name}: {of.reason}\n" for name, of in kept.items())
    return Draft(text=reasons + text_of_plan(spec), problems=problems)


def _left_out(served: dict[str, Shares]) -> list[str]:
    told = []
    for name, of in served.items():
        told += [f"NetworkService/{name}: {one}" for one in of.left_out]
        if len(of.peers) < 2:
            told.append(f"NetworkService/{name}: fewer than two sites serve it")
    return told


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


def _peers(peers: Sequence[PeerShare]) -> list[dict[str, Any]]:
    return [
        {
            "site": one.site,
            "queue": one.queue,
            "share": one.share,
            "calls_max": CALLS_MAX if one.calls_max is None else one.calls_max,
            "calls_per_minute_max": CALLS_PER_MINUTE_MAX,
        }
        for one in peers
    ]


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
