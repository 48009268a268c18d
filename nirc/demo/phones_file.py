"""Writes the settings file of the phones: agents, the doors callers ring at, and the load.

Rule of this file: text from the layout and the demo's options; what callers do is decided in
site_agent.phones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from nirc.demo.layout import Layout, SiteLayout, TrunkShape

CALLS_PER_S = 4.4
"Arrivals of the demo's three sites that keep the first site busy and the network not full."


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The generated callers of one run."""

    calls: int = 0
    seed: int = 1
    over_s: float | None = None
    "Length of the arrivals; None: as long as CALLS_PER_S needs."
    talk_s: tuple[float, float] = (1.0, 4.0)
    answer_after_s: tuple[float, float] = (0.1, 0.4)
    agents_talk_s: tuple[float, float] | None = None
    "None: as the callers' `talk_s`."
    behaviour: str = "answer"

    @property
    def length_s(self) -> float:
        """Seconds over which the calls arrive."""
        return self.over_s if self.over_s is not None else max(1.0, self.calls / CALLS_PER_S)


def phones_yaml(layout: Layout, load: Load, passwords: Mapping[str, str] | None = None) -> str:
    """The settings file of the phones' process; `passwords`: sites where the agents' phones log in,
    and what with."""
    passwords = passwords or {}
    document: dict[str, Any] = {
        "callers_listen": f"{layout.phones_host}:{layout.caller_port}",
        "ivr_listen": f"{layout.ivr_host}:{layout.caller_port}",
        "control_listen": layout.phones_http_address,
        "seed": load.seed,
        "agents": [
            {
                "name": agent,
                "site": site.name,
                "listen": f"{site.phones_host}:{site.phones_port}",
                "behaviour": load.behaviour,
                "answer_after_s": list(load.answer_after_s),
                "talk_s": list(load.agents_talk_s or load.talk_s),
                **_registers(site, passwords.get(site.name, "")),
            }
            for site in layout.sites
            for agent in site.agents
        ],
        "doors": [
            {
                "site": site.name,
                "trunk_group": trunk.shape.name,
                "address": trunk.address,
                "refer": refer,
                "weight": round(site.load_share * trunk.shape.load_share * share, 6),
            }
            for site in layout.sites
            for trunk in site.trunks
            for refer, share in _by_refer(trunk.shape)
            if trunk.shape.load_share * share > 0
        ],
        "load": {
            "calls": load.calls,
            "over_s": load.length_s,
            "dialed": dict.fromkeys(layout.shape.services.values(), 1.0),
            "talk_s": list(load.talk_s),
        },
    }
    return yaml.safe_dump(document, sort_keys=False)


def _by_refer(shape: TrunkShape) -> tuple[tuple[str, float], ...]:
    """What the callers of a trunk group say to a REFER, with their shares."""
    refusing = shape.refusing_share if shape.takes_refer else 1.0
    return (("accept", 1.0 - refusing), ("refuse", refusing))


def _registers(site: SiteLayout, password: str) -> dict[str, Any]:
    if not password:
        return {}
    return {"register": {"address": f"{site.host}:{site.agents_port}", "password": password}}
