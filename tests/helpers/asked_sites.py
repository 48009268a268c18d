"""A whole small network whose sites answer edges that ask before delivery."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import yaml
from network import SMALL, TestNetwork
from sipp import Sipp

from nirc.demo.documents import documents
from nirc.demo.layout import SiteLayout, SiteMember, build_layout
from nirc.demo.phones_file import Load
from nirc.demo.ports import PortTaker

TRUNK = "carrier"
NUMBER = "+351210000001"
QUICK = Load(calls=0, answer_after_s=(0.05, 0.1), talk_s=(0.8, 1.2))
PLAN = {
    "country": "PT",
    "entries": [{"number": NUMBER, "service": "sales", "entry_sites": ["lisbon"]}],
}


class AskedNetwork(TestNetwork):
    """`doors` are where edges ask, by site."""

    def __init__(self, folder: Path) -> None:
        ports = PortTaker()
        super().__init__(folder, build_layout(SMALL, ports), QUICK)
        self.doors = {site.name: ports() for site in self.layout.sites}
        self.ports = ports

    def site_text(self, site: SiteLayout, member: SiteMember) -> str:
        found = yaml.safe_load(super().site_text(site, member))
        client = {"name": "edge", "networks": ["127.0.0.0/8"], "trunk_group": TRUNK}
        found["pre_route"] = {
            "redirect_sip": f"127.0.0.1:{self.doors[site.name]}",
            "clients": [client],
        }
        return yaml.safe_dump(found)

    def document_texts(self) -> dict[str, str]:
        plan: dict[str, Any] = {"apiVersion": "nirc/v1", "kind": "DialedNumberPlan"}
        plan |= {"metadata": {"name": "all"}, "spec": PLAN}
        return documents(self.layout) | {"DialedNumberPlan/all": yaml.safe_dump(plan)}

    def asks(self, site: str, name: str) -> tuple[Sipp, str]:
        """An edge asks a site and delivers where it is told; with the interaction's id."""
        session = secrets.token_hex(16)
        caller = Sipp(
            self.folder,
            name=name,
            scenario="edge_asks_site.xml",
            local=("127.0.0.1", self.ports()),
            remote=f"127.0.0.1:{self.doors[site]}",
            number=NUMBER,
            more=("-key", "session", session),
        )
        return caller, session

    def door_of(self, site: str) -> str:
        """Where an edge delivers its calls for a site."""
        return self.layout.site(site).trunk(TRUNK).address

    def edges(self, site: str) -> dict[str, Any]:
        """What a site's status page tells of edges."""
        status = self.site_status(site)
        return {
            **status["redirect_sip"],
            **{name: n for name, n in status["counters"].items() if name.startswith("pre_route")},
        }
