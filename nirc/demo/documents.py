"""Writes the documents of a whole network, as an operator would: sites, services, paths, table,
policy.

Rule of this file: text from the layout, keyed `Kind/name` in the order in which they are put.
What a document may say is decided in routing_policies; a node refuses what is wrong here.
"""

from __future__ import annotations

from typing import Any

import yaml

from nirc.demo.layout import Layout, SiteLayout, TrunkShape

POLICY: dict[str, Any] = {
    "rules": [
        {"name": "own-agent", "when": "origin.free_count > 0", "action": "queue_at_origin"},
        {"name": "idle-elsewhere", "select": "longest_available", "action": "route"},
        {
            "name": "least-delay",
            "select": "min_expected_delay",
            "min_gain_s": 5.0,
            "adjust": 2.0,
            "action": "route",
        },
    ],
    "otherwise": {"action": "queue_at_origin"},
}

LISTS: list[dict[str, Any]] = [
    {"name": "key-customers", "numbers": ["+35191000001*", "+35191000004*"]},
    {"name": "blocked", "numbers": ["+351919999999"]},
]
"For policies that name them. No generated caller's number is vouched for."
NETWORK = TrunkShape(name="network", answer_after_s=0.0, redirect_302=False, takes_refer=True)
"The trunk group that moved calls arrive on."


def documents(layout: Layout) -> dict[str, str]:
    """`Kind/name` to YAML text."""
    found: dict[str, str] = {}
    for service, number in layout.shape.services.items():
        spec = {"numbers": [number], "queue": service, "aht_s": 4.0, "priority": 0}
        found[f"NetworkService/{service}"] = _text("NetworkService", service, spec)
    for site in layout.sites:
        found[f"Site/{site.name}"] = _text("Site", site.name, _site(layout))
    found["SiteTable/network"] = _text("SiteTable", "network", _site_table(layout))
    for site in layout.sites:
        for trunk in site.trunks:
            found |= _paths(layout, site, trunk.shape)
        if layout.shape.onward:
            found |= _paths(layout, site, NETWORK)
    found["Tenant/default"] = _text("Tenant", "default", {"lists": LISTS})
    found["RoutingPolicy/default"] = _text("RoutingPolicy", "default", POLICY)
    return found


def _site(layout: Layout) -> dict[str, Any]:
    return {
        "tenant": "default",
        "time_zone": "Europe/Lisbon",
        "queues": [{"name": name, "services": [name]} for name in layout.shape.services],
    }


def _site_table(layout: Layout) -> dict[str, Any]:
    """Where moved calls arrive, and the trunk groups themselves for calls that come home."""
    return {
        "addresses": [
            {
                "site": site.name,
                "trunk_group": trunk_group,
                "host": site.host,
                "port": port,
                "transport": "udp",
            }
            for site in layout.sites
            for trunk_group, port in (
                *(() if site.is_asterisk else (("network", site.network_port),)),
                *((trunk.shape.name, trunk.port) for trunk in site.trunks),
            )
        ]
    }


def _paths(layout: Layout, site: SiteLayout, shape: TrunkShape) -> dict[str, str]:
    """One path to any site; where an Asterisk is among them, which has no trunk group for moved
    calls alone, one path to each."""
    name = f"{site.name}-{shape.name}"
    others = [one for one in layout.sites if one is not site]
    if not any(one.is_asterisk for one in others):
        return {f"Path/{name}": _text("Path", name, _path(site, shape, "*", "network"))}
    return {
        f"Path/{name}-{one.name}": _text(
            "Path", f"{name}-{one.name}", _path(site, shape, one.name, one.arrives_on)
        )
        for one in others
    }


def _path(site: SiteLayout, shape: TrunkShape, to_site: str, arrives_on: str) -> dict[str, Any]:
    methods = [*(["redirect_302"] if shape.redirect_302 else []), "refer", "bridge"]
    return {
        "from_site": site.name,
        "trunk_group": shape.name,
        "to_site": to_site,
        "methods": methods,
        "acted_on_by": "carrier",
        "address": "token_user",
        "arrives_on": arrives_on,
        "origin_channels": 0,
        "target_channels": 1,
        "set_up_p99_s": 1.0,
        "follows_contacts": shape.redirect_302,
        "proven": True,
    }


def _text(kind: str, name: str, spec: dict[str, Any]) -> str:
    document = {
        "apiVersion": "nirc/v1",
        "kind": kind,
        "metadata": {"name": name},
        "spec": spec,
    }
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
