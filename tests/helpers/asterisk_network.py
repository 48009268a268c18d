"""A small network with a real Asterisk at one of its sites, and the built-in ACD at the other.

Rule of this file: lisbon is the Asterisk, as the demo starts one; porto is `sip_acd`. Everything
else is a network for tests like any other.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import yaml
from asterisk_process import HandledAsterisk, asterisk_root
from network import TestNetwork

from nirc.demo.asterisk_program import find_program
from nirc.demo.layout import (
    Layout,
    NetworkShape,
    SiteKind,
    SiteLayout,
    SiteMember,
    SiteShape,
    TrunkShape,
    build_layout,
)
from nirc.demo.phones_file import Load
from nirc.demo.ports import PortTaker

SITE = "lisbon"
AGENTS = ("anna", "bruno")
HOLD_S_MAX = 5.0
"Then the pause ends here, and 5 s later by the timer inside the PBX."
CARRIER = TrunkShape(name="carrier", answer_after_s=0.0, redirect_302=False, takes_refer=True)
MAILS = ("mail-refer", "mail-bridge", "mail-full")
"Services whose callers a test sends to a handler of the same name."
SERVICES = {"sales": "+351210000001"} | {
    name: f"+35121000000{number}" for number, name in enumerate(MAILS, 2)
}
SHAPE = NetworkShape(
    sites=(
        SiteShape(name=SITE, agents=AGENTS, kind=SiteKind.ASTERISK),
        SiteShape(name="porto", agents=("diogo", "elsa")),
    ),
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
    services=SERVICES,
)


class AsteriskNetwork(TestNetwork):
    """A network whose first site is an Asterisk."""

    __test__ = False

    def __init__(self, folder: Path, layout: Layout, load: Load) -> None:
        super().__init__(folder, layout, load, asterisk=find_program(asterisk_root()))
        self.asterisk = HandledAsterisk(self.asterisks.by_site[SITE], self.processes)

    def site_text(self, site: SiteLayout, member: SiteMember) -> str:
        """Holds, rings and the wait for the alarm of its line are short at the Asterisk."""
        document = yaml.safe_load(super().site_text(site, member))
        if site.name == SITE:
            document["acd"] |= {"hold_s_max": HOLD_S_MAX, "alarm_after_s": 1.0}
            for queue in document["acd"]["queues"]:
                queue["ring_s"] = 5.0
        return yaml.safe_dump(document, sort_keys=False)


@contextmanager
def running(folder: Path) -> Iterator[AsteriskNetwork]:
    """A started network, ended whatever happens."""
    load = Load(
        calls=0, seed=secrets.randbelow(1000), answer_after_s=(0.05, 0.1), talk_s=(0.8, 1.2)
    )
    network = AsteriskNetwork(folder, build_layout(SHAPE, PortTaker()), load)
    try:
        network.start()
        yield network
    finally:
        network.stop()
