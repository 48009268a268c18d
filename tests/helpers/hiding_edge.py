"""A network whose SIP goes through a real Kamailio that hides topology and dialog ids (topoh).

Rule of this file: between callers and sites, between sites, and between agents' phones and their
site stands the edge, so that neither end ever sees the other's Call-ID, Contact or Via. Links,
stores and the local HTTP go straight.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from kamailio import START_S_MAX, has_module, kamailio_program
from network import TestNetwork, wait_until

from nirc.demo.layout import Layout, NetworkShape, SiteLayout, SiteMember, build_layout
from nirc.demo.phones_file import Load
from nirc.demo.ports import PortTaker

HEAD = """\
#!KAMAILIO
debug=1
log_stderror=yes
fork=yes
# Several workers, which may send on what came in one moment in any order, as real borders do.
children=4
disable_tcp=yes
auto_aliases=no
loadmodule "kex.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "topoh.so"
modparam("rr", "enable_full_lr", 1)
modparam("tm", "fr_inv_timer", 120000)
modparam("topoh", "mask_key", "a key of the test")
modparam("topoh", "mask_ip", "127.0.0.111")
modparam("topoh", "mask_callid", 1)
"""
ROUTE = """\
request_route {
    if (is_method("CANCEL")) {
        if (t_check_trans()) { t_relay(); }
        exit;
    }
    if (has_totag()) {
        if (loose_route()) { t_relay(); exit; }
        if (is_method("ACK") && t_check_trans()) { t_relay(); }
        exit;
    }
    t_check_trans();
    record_route();
    switch ($Rp) {
"""
WAY = """\
        case {edge}:
            if ($si == "{host}" && $sp == {inner}) {{ $du = "sip:{host}:{outer}"; }}
            else {{ $du = "sip:{host}:{inner}"; }}
            break;
"""
TAIL = """\
    }
    t_relay();
}
"""
HOST = "127.0.0.1"


def can_hide() -> bool:
    """Is a Kamailio here that hides topology?"""
    return kamailio_program() is not None and has_module("topoh")


class HidingEdge:
    """One Kamailio with a port for each pair of ends that it stands between."""

    def __init__(self, folder: Path, ways: dict[int, tuple[int, int]]) -> None:
        """`ways`: the edge's port to (inner port, outer port; 0: whoever calls)."""
        folder.mkdir(parents=True)
        self._folder, self._ports = folder, list(ways)
        cases = [
            WAY.format(edge=edge, host=HOST, inner=inner, outer=outer)
            for edge, (inner, outer) in ways.items()
        ]
        listens = [f"listen=udp:{HOST}:{port}\n" for port in ways]
        (folder / "kamailio.cfg").write_text("".join([HEAD, *listens, ROUTE, *cases, TAIL]))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it listens; RuntimeError with its log where it ends."""
        program = kamailio_program()
        assert program is not None
        run = str(self._folder)
        command = [program, "-DD", "-E", "-f", f"{run}/kamailio.cfg", "-Y", run, "-w", run]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [*command, "-m", "64", "-M", "8"],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        wait_until("the edge listens", self._listens, START_S_MAX)

    def stop(self) -> None:
        """End it and what it started."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(timeout=10)

    def _listens(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError((self._folder / "log").read_text(errors="replace")[-3000:])
        open_now = Path("/proc/net/udp").read_text()
        return all(f":{port:04X} " in open_now for port in self._ports)


class HiddenNetwork(TestNetwork):
    """A network behind the edge: everybody is told the edge's ports."""

    __test__ = False

    def __init__(self, folder: Path, layout: Layout, load: Load, take_port: PortTaker) -> None:
        self._at_trunks = {t.port: take_port() for site in layout.sites for t in site.trunks}
        self._at_networks = {site.network_port: take_port() for site in layout.sites}
        self._at_phones = {site.phones_port: take_port() for site in layout.sites}
        shown = tuple(self._shown(site) for site in layout.sites)
        super().__init__(folder, replace(layout, sites=shown), load)
        self._inner = {site.name: site for site in layout.sites}
        ways = {edge: (inner, 0) for inner, edge in (self._at_trunks | self._at_networks).items()}
        for site in layout.sites:
            ways[self._at_phones[site.phones_port]] = (site.agents_port, site.phones_port)
        self.edge = HidingEdge(folder / "edge", ways)

    def _shown(self, site: SiteLayout) -> SiteLayout:
        trunks = tuple(replace(one, port=self._at_trunks[one.port]) for one in site.trunks)
        return replace(site, trunks=trunks, network_port=self._at_networks[site.network_port])

    def start_sites(self) -> None:
        """The edge first."""
        self.edge.start()
        super().start_sites()

    def site_text(self, site: SiteLayout, member: SiteMember) -> str:
        """The site itself listens behind the edge, rings its phones through it, and believes what
        it says of callers."""
        found: dict[str, Any] = yaml.safe_load(super().site_text(self._inner[site.name], member))
        for agent in found["acd"]["agents"]:
            edge = self._at_phones[site.phones_port]
            agent["contact"] = f"sip:{agent['name']}@{site.phones_host}:{edge}"
        for group in found["acd"]["trunk_groups"]:
            if group["name"] != "network":
                group["ivr_peers"] = [f"{HOST}/32"]
        return yaml.safe_dump(found, sort_keys=False)

    def stop(self) -> None:
        """End every process, and the edge."""
        super().stop()
        self.edge.stop()


@contextmanager
def running_behind_edge(folder: Path, shape: NetworkShape) -> Iterator[TestNetwork]:
    """A started network behind the edge, ended whatever happens."""
    take_port = PortTaker()
    load = Load(calls=0, seed=1, answer_after_s=(0.05, 0.1), talk_s=(0.8, 1.2))
    network = HiddenNetwork(folder, build_layout(shape, take_port), load, take_port)
    try:
        network.start()
        yield network
    finally:
        network.stop()
