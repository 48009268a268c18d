"""A small network with a real Asterisk at one of its sites, and the built-in ACD at the other.

Rule of this file: lisbon is the Asterisk, by the documented configuration; porto is `sip_acd`, as
the demo writes it. Everything else is a network for tests like any other.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from asterisk_files import AsteriskPlace
from asterisk_process import Asterisk
from network import TestNetwork

from nirc.demo.layout import (
    Layout,
    NetworkShape,
    SiteLayout,
    SiteMember,
    SiteShape,
    Trunk,
    TrunkShape,
    build_layout,
)
from nirc.demo.phones_file import Load
from nirc.demo.ports import PortTaker

SITE = "lisbon"
AGENTS = ("anna", "bruno")
CHANNELS_MAX = 50
GROUPS = {"carrier": ["carrier", "ivr", "network"], "public": ["public"]}
"Trunk group to the PJSIP endpoints that count in it."
HOLD_S_MAX = 5.0
"Then the pause ends here, and 5 s later by the timer inside the PBX."
CARRIER = TrunkShape(name="carrier", answer_after_s=0.0, redirect_302=False, takes_refer=True)
PUBLIC = TrunkShape(name="public", answer_after_s=60.0, redirect_302=False, takes_refer=False)
SHAPE = NetworkShape(
    sites=(SiteShape(name=SITE, agents=AGENTS), SiteShape(name="porto", agents=("diogo", "elsa"))),
    trunks=(
        replace(CARRIER, name="carrier", answer_after_s=20.0, redirect_302=True),
        replace(CARRIER, name="pbx"),
        replace(CARRIER, name="legacy", takes_refer=False),
    ),
    acw_s=0.2,
    ring_s=2.0,
    rona_rest_s=0.5,
    ask_after_s=0.2,
    requery_s=0.5,
    router={"hole_outcomes_min": 1_000},
    services={"sales": "+351210000001"},
    peer_plan=False,
)


class AsteriskNetwork(TestNetwork):
    """A network whose first site is an Asterisk."""

    __test__ = False

    def __init__(self, folder: Path, layout: Layout, load: Load, place: AsteriskPlace) -> None:
        super().__init__(folder, layout, load)
        self.asterisk = Asterisk("asterisk", folder / "asterisk", place, self.processes)

    def start_sites(self) -> None:
        """The PBX, then every site agent."""
        self.asterisk.start()
        self.asterisk.wait_phones(AGENTS)
        super().start_sites()

    def document_texts(self) -> dict[str, str]:
        """Carriers and other sites reach this PBX on one trunk group."""
        return {
            name: text.replace("arrives_on: network", "arrives_on: carrier").replace(
                "to_site: '*'", f"to_site: {SITE}"
            )
            if name.startswith("Path/porto-")
            else text
            for name, text in super().document_texts().items()
        }

    def site_text(self, site: SiteLayout, member: SiteMember) -> str:
        """The Asterisk's site has another section `acd`."""
        text = super().site_text(site, member)
        if site.name != SITE:
            return text
        return yaml.safe_dump(yaml.safe_load(text) | {"acd": self.acd()}, sort_keys=False)

    def acd(self) -> dict[str, Any]:
        """What the site agent is told of its PBX."""
        secret = self.folder / SITE / "ami.secret"
        secret.write_text(self.asterisk.place.secret)
        place = self.asterisk.place
        return {
            "kind": "asterisk",
            "ami": {"address": place.ami, "user": "nirc", "secret_file": str(secret)},
            "queues": [{"name": "sales", "ring_s": 5.0, "aht_s": 4.0, "max_loan": len(AGENTS)}],
            "trunk_groups": [
                {
                    "name": name,
                    "endpoints": endpoints,
                    "address": place.sip,
                    "channels_max": CHANNELS_MAX,
                }
                for name, endpoints in GROUPS.items()
            ],
            "hold_s_max": HOLD_S_MAX,
            "alarm_after_s": 1.0,
        }


@contextmanager
def running(folder: Path) -> Iterator[AsteriskNetwork]:
    """A started network, ended whatever happens."""
    take = PortTaker()
    layout, place = laid_out(take)
    load = Load(
        calls=0, seed=secrets.randbelow(1000), answer_after_s=(0.05, 0.1), talk_s=(0.8, 1.2)
    )
    network = AsteriskNetwork(folder, layout, load, place)
    try:
        network.start()
        yield network
    finally:
        network.stop()


def laid_out(take: PortTaker) -> tuple[Layout, AsteriskPlace]:
    """The layout, in which all trunk groups of the Asterisk have its one port."""
    layout = build_layout(SHAPE, take)
    site = layout.site(SITE)
    sip, ami = take(), take()
    trunks = tuple(Trunk(shape=shape, port=sip) for shape in (CARRIER, PUBLIC))
    ours = replace(site, trunks=trunks, network_port=sip)
    place = AsteriskPlace(
        sip=f"{site.host}:{sip}",
        ami=f"127.0.0.1:{ami}",
        secret=secrets.token_hex(8),
        phones=f"{site.phones_host}:{site.phones_port}",
    )
    sites = tuple(ours if one.name == SITE else one for one in layout.sites)
    return replace(layout, sites=sites), place
