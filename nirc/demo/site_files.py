"""Writes the settings of a site agent as YAML, from the layout.

Rule of this file: text in, text out; where the folders are is an argument. The site agent itself
checks what is written here, so a mistake shows at its start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nirc.demo.layout import Layout, SiteLayout, SiteMember, Trunk

CHANNELS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsPaths:
    """Certificate files of one daemon."""

    ca: Path
    cert: Path
    key: Path

    def as_document(self) -> dict[str, str]:
        """The `tls:` part of a settings file."""
        return {"ca": str(self.ca), "cert": str(self.cert), "key": str(self.key)}


def site_yaml(
    layout: Layout,
    site: SiteLayout,
    folder: Path,
    tls: TlsPaths | None,
    member: SiteMember | None = None,
    *,
    peer_plan: Mapping[str, Any] | None = None,
    acd: Mapping[str, Any] | None = None,
) -> str:
    """The settings file of one site agent; `folder` is the site's own, for state and history.
    `acd`: what serves its calls, where it is not the built-in ACD."""
    member = member or site.members[0]
    shared = pair_folder(folder) if member.name else folder
    document: dict[str, Any] = {
        "site": site.name,
        "incarnation_file": str(shared / "state.json"),
        "nodes": [{"name": node.name, "address": node.link_address} for node in layout.nodes],
        "history_file": str(history_path(folder, member)),
        "local_http": {
            "listen": member.http_address,
            "token_file": str(token_path(folder, member)),
        },
        "overflow": {
            "ask_after_s": layout.shape.ask_after_s,
            "requery_s": layout.shape.requery_s,
            "deadline_s": layout.shape.deadline_s,
            "short_call_s": layout.shape.short_call_s,
        },
        "acd": dict(acd) if acd is not None else _acd(layout, site),
    }
    if member.name:
        hosts = "two" if site.second_host else "one"
        document["pair"] = {"name": member.name, "folder": str(shared), "hosts": hosts}
    document |= layout.shape.telemetry
    if peer_plan is not None:
        document["peer_plan"] = dict(peer_plan)
    if tls is not None:
        document["tls"] = tls.as_document()
    return yaml.safe_dump(document, sort_keys=False)


def history_path(folder: Path, member: SiteMember | None = None) -> Path:
    """Where a site agent with this folder writes what the checkers read."""
    return folder / (member.file("history.jsonl") if member else "history.jsonl")


def token_path(folder: Path, member: SiteMember | None = None) -> Path:
    """Where a site agent with this folder writes the token of its HTTP API."""
    return folder / (member.file("http.token") if member else "http.token")


def pair_folder(folder: Path) -> Path:
    """What both site agents of a pair see."""
    return folder / "pair"


def _acd(layout: Layout, site: SiteLayout) -> dict[str, Any]:
    shape = layout.shape
    numbers = {number: service for service, number in shape.services.items()}
    numbers["*"] = next(iter(shape.services))
    return {
        "kind": "sip_acd",
        "trunk_groups": [
            *(_trunk_group(layout, trunk, numbers) for trunk in site.trunks),
            {
                "name": "network",
                "listen": f"{site.host}:{site.network_port}",
                "transports": ["udp", "tcp"],
                "kind": "network",
                "peers": [layout.lan],
                "channels_max": CHANNELS_MAX,
                "answer_after_s": 10.0,
            },
        ],
        "agents_listen": f"{site.host}:{site.agents_port}",
        "media": {"kind": "player"},
        "queues": [
            {
                "name": service,
                "places_max": shape.places_max,
                "shared": True,
                "max_loan": len(site.agents),
                "min_reserve": 0,
                "acw_s": shape.acw_s,
                "ring_s": shape.ring_s,
                "aht_s": 4.0,
            }
            for service in shape.services
        ],
        "rona_rest_s": shape.rona_rest_s,
        "liveness_s": shape.liveness_s,
        "agents": [
            {
                "name": agent,
                "contact": site.agent_uri(agent),
                "queues": dict.fromkeys(shape.services, 5),
            }
            for agent in site.agents
        ],
    }


def _trunk_group(layout: Layout, trunk: Trunk, numbers: Mapping[str, str]) -> dict[str, Any]:
    shape = trunk.shape
    return {
        "name": shape.name,
        "listen": trunk.address,
        "transports": ["udp", "tcp"],
        "peers": [layout.lan],
        "channels_max": CHANNELS_MAX,
        "min_free": 5,
        "answer_after_s": shape.answer_after_s,
        "allow": {"redirect_302": shape.redirect_302, "refer": True},
        "ivr_peers": [f"{layout.ivr_host}/32"],
        "numbers": dict(numbers),
    }
