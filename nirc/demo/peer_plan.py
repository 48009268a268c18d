"""Writes the peer plan of a generated network, and signs it with keys made for this run.

Rule of this file: every site is a peer of every other, for every service, with a share as large as
its staff. Tokens are short, as an Asterisk needs them. The keys live in the network's own folder.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import yaml

from nirc.demo.layout import Layout
from nrcli.wire.signatures import CALLS_NAME, PRIVATE_NAME, PUBLIC_NAME, make_keys, signed

VALID_DAYS = 30
NAME = "PeerPlan/network"
SET_UP_P99_S, ASTERISK_SET_UP_P99_S = 0.5, 1.0
"An Asterisk holds the agent by a timer of its own first, which takes up to half a second."


class PlanKeys:
    """The keys of one network."""

    def __init__(self, folder: Path) -> None:
        if not (folder / PRIVATE_NAME).exists():
            make_keys(folder)
        self._private = folder / PRIVATE_NAME
        self.public = folder / PUBLIC_NAME
        self.calls = folder / CALLS_NAME

    def sign(self, text: str) -> str:
        """`text` with the network's signature."""
        return signed(text, self._private)

    def as_setting(self) -> dict[str, Any]:
        """The `peer_plan:` part of a site agent's file. Back to NIRC quickly: a run is short."""
        return {
            "public_key_file": str(self.public),
            "call_key_file": str(self.calls),
            "return_ramp_s": 2.0,
            "return_jitter_s": 0.5,
        }


def peer_plan(layout: Layout, *, now_unix_s: float, serial: int = 1) -> str:
    """The plan, unsigned; `now_unix_s` is wall time."""
    asterisk = any(site.is_asterisk for site in layout.sites)
    most = max(len(site.agents) for site in layout.sites)
    until = datetime.datetime.fromtimestamp(now_unix_s, tz=datetime.UTC)
    until += datetime.timedelta(days=VALID_DAYS)
    spec = {
        "serial": serial,
        "valid_until": until.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "sites": [
            {"site": site.name, "host": site.host, "port": site.network_port}
            for site in layout.sites
        ],
        "services": [
            {
                "service": service,
                "peers": [
                    {
                        "site": site.name,
                        "queue": service,
                        "share": round(max(1, len(site.agents)) / max(1, most), 3),
                        "calls_max": max(1, len(site.agents)),
                        "calls_per_minute_max": 600,
                    }
                    for site in layout.sites
                ],
            }
            for service in layout.shape.services
        ],
        "methods": list(layout.shape.plan_methods),
        "set_up_p99_s": ASTERISK_SET_UP_P99_S if asterisk else SET_UP_P99_S,
        "tokens": "short",
    }
    document = {
        "apiVersion": "nirc/v1",
        "kind": "PeerPlan",
        "metadata": {"name": NAME.partition("/")[2]},
        "spec": spec,
    }
    return yaml.safe_dump(document, sort_keys=False)
