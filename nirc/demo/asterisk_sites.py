"""The Asterisks of a network: one beside the site agent of each site that is of this kind.

Rule of this file: it joins layout, files and processes; secrets are made for the run and are in the
network's own folder. An Asterisk that ends by itself takes its callers with it and nobody else: it
is told, and the network goes on.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nirc.demo.asterisk_files import AsteriskPlace, AsteriskStaff
from nirc.demo.asterisk_process import RUN, Asterisk
from nirc.demo.asterisk_program import AsteriskProgram
from nirc.demo.layout import Layout, SiteLayout
from nirc.demo.processes import Processes

ENDPOINTS: Mapping[str, tuple[str, ...]] = {
    "carrier": ("carrier", "ivr", "network"),
    "public": ("public",),
}
"Trunk group to the PJSIP endpoints that count in it."
CHANNELS_MAX = 200
MIN_FREE = 5
RING_S = 15.0
"As `timeout` of queues.conf."
AHT_S = 4.0


class AsteriskSites:
    """`passwords` and `acd` at any time; `start` before the site agents."""

    def __init__(
        self,
        folder: Path,
        layout: Layout,
        processes: Processes,
        program: AsteriskProgram | None,
    ) -> None:
        self._folder = folder
        self._layout = layout
        self._processes = processes
        self._told: set[str] = set()
        sites = [site for site in layout.sites if site.is_asterisk]
        if sites and program is None:
            raise ValueError("a layout with an Asterisk needs its program")
        self.passwords = {site.name: secrets.token_hex(8) for site in sites}
        "What the agents' phones of a site log in with."
        self.by_site = {site.name: self._asterisk(site, program) for site in sites if program}

    def start(self) -> None:
        """Start each, and wait until its agents' phones have logged in. Raises NotReady."""
        for asterisk in self.by_site.values():
            asterisk.start()
        for site, asterisk in self.by_site.items():
            asterisk.wait_phones(self._layout.site(site).agents)
            self._processes.leave_alone(asterisk.name)

    def ended(self) -> list[str]:
        """One line for each that has ended since the last look."""
        found = []
        for site, asterisk in self.by_site.items():
            runs = self._processes.is_running(asterisk.name)
            if runs:
                self._told.discard(site)
            elif site not in self._told:
                self._told.add(site)
                found.append(
                    f"NOT WELL: the Asterisk of {site} has ended: its callers went with it, its"
                    f" agents take no more calls; the other sites go on. What it wrote:"
                    f" {asterisk.folder / 'log' / 'full'};"
                    f" start it again: {asterisk.as_typed(*RUN)}"
                )
        return found

    def lost_sites(self) -> list[str]:
        """Sites whose Asterisk the network no longer has: what stands in their books is over."""
        names = {site: one.name for site, one in self.by_site.items()}
        return [site for site, name in names.items() if not self._processes.is_running(name)]

    def acd(self, site: SiteLayout) -> dict[str, Any]:
        """The `acd:` part of a site agent's file, and the secret that it names."""
        place = self.by_site[site.name].place
        secret = self._folder / site.name / "ami.secret"
        secret.touch(mode=0o600)
        secret.write_text(place.secret)
        return {
            "kind": "asterisk",
            "ami": {"address": place.ami, "user": "nirc", "secret_file": str(secret)},
            "queues": [
                {
                    "name": service,
                    "places_max": self._layout.shape.places_max,
                    "ring_s": RING_S,
                    "aht_s": AHT_S,
                    "max_loan": len(site.agents),
                }
                for service in self._layout.shape.services
            ],
            "trunk_groups": [
                {
                    "name": trunk.shape.name,
                    "endpoints": list(ENDPOINTS[trunk.shape.name]),
                    "address": place.sip,
                    "channels_max": CHANNELS_MAX,
                    "min_free": MIN_FREE,
                    "plan_calls": trunk is site.trunks[0],
                }
                for trunk in site.trunks
            ],
        }

    def _asterisk(self, site: SiteLayout, program: AsteriskProgram) -> Asterisk:
        place = AsteriskPlace(
            sip=site.trunks[0].address,
            ami=f"{site.host}:{site.ami_port}",
            secret=secrets.token_hex(16),
            phones=f"{site.phones_host}:{site.phones_port}",
        )
        staff = AsteriskStaff(
            agents=site.agents,
            password=self.passwords[site.name],
            services=self._layout.shape.services,
        )
        folder = self._folder / site.name / "asterisk"
        name = process_name(site.name)
        return Asterisk(name, folder, place, self._processes, program, staff)


def process_name(site: str) -> str:
    """Under which name the Asterisk of a site is started."""
    return f"{site}-asterisk"
