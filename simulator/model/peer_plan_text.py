"""Writes the PeerPlan of a simulated network: every site that has a service's queue is a peer.

Rule of this file: text only; nobody signs it, for signatures are not simulated. Hosts are made up
from the sites' numbers, by `host_of` alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

KEY = "PeerPlan/network"
HEAD = {"apiVersion": "nirc/v1", "kind": "PeerPlan", "metadata": {"name": "network"}}
LONG_S = 300 * 86_400.0
SITES_A_NET = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWords:
    """What a plan says, beyond who is there."""

    methods: tuple[str, ...] = ("bridge",)
    calls_max: int = 10
    "Of each peer and service, at once."
    calls_per_minute_max: int = 60
    set_up_p99_s: float = 0.5
    shares: tuple[float, ...] = ()
    "Of each site; none: all alike."
    serial: int = 1
    ends_unix_s: float = 0.0
    "0: long after the run."


def host_of(site: int) -> str:
    """Where a plan says that a site takes calls."""
    return f"192.0.{site // SITES_A_NET}.{site % SITES_A_NET + 1}"


def plan_text(
    sites: Sequence[str],
    services: Mapping[str, tuple[str, Sequence[str]]],
    words: PlanWords,
    start_unix_s: float,
) -> str:
    """The document. `services`: the queue of each, and the sites that have it."""
    shares = dict(zip(sites, words.shares, strict=False))
    ends = datetime.fromtimestamp(int(words.ends_unix_s or start_unix_s + LONG_S), UTC)
    spec = {
        "serial": words.serial,
        "valid_until": ends.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "sites": [
            {"site": site, "host": host_of(number), "port": 5060}
            for number, site in enumerate(sites)
        ],
        "services": [
            {"service": name, "peers": [_peer(site, queue, words, shares) for site in peers]}
            for name, (queue, peers) in services.items()
        ],
        "methods": list(words.methods),
        "set_up_p99_s": words.set_up_p99_s,
    }
    return json.dumps(HEAD | {"spec": spec}, indent=1) + "\n"


def _peer(site: str, queue: str, words: PlanWords, shares: Mapping[str, float]) -> dict[str, Any]:
    return {
        "site": site,
        "queue": queue,
        "share": shares.get(site, 1.0),
        "calls_max": words.calls_max,
        "calls_per_minute_max": words.calls_per_minute_max,
    }
