"""A whole network on hosts of a lab: nodes with etcd, sites, the world outside, each on its own.

Rule of this file: the network is the demo's, on other addresses; what fails is the lab's business.
Local HTTP of a site is asked from its own host, a node's from the host `judge`, which no fault
reaches.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from nirc.demo.layout import (
    Layout,
    NetworkShape,
    SiteLayout,
    SiteMember,
    build_layout,
)
from nirc.demo.phones_file import Load
from nirc.demo.ports import PortTaker
from nirc.demo.processes import Processes
from nirc.demo.site_files import history_path
from nrcli.wire.tls import TlsFiles
from tests.helpers.lab_hosts import Hosts
from tests.helpers.lab_pair import OWN_MACHINE, FloatingAddress, process_inside
from tests.helpers.lab_paths import Paths
from tests.helpers.network import TestNetwork

OUTSIDE = "outside"
"Callers, carriers and agents' phones."
STORE = "store"
"The store of attached data."
JUDGE = "judge"
IVR = "10.77.0.200"
FLOATING = "10.77.0.{}"
FLOATING_FROM = 201
"Addresses that follow who serves of a pair."
SHAPE = NetworkShape(etcd_count=3)
PAIR_SHAPE = replace(SHAPE, sites=(replace(SHAPE.sites[0], is_pair=True), *SHAPE.sites[1:]))
"The busiest site has two site agents, each on a host of its own."


class LabProcesses(Processes):
    """Processes, each on its host."""

    def __init__(
        self,
        log_folder: Path,
        hosts: Hosts,
        host_of: Mapping[str, str],
        own_machine: Set[str] = frozenset(),
    ) -> None:
        super().__init__(log_folder)
        self._hosts = hosts
        self._host_of = host_of
        self._own_machine = own_machine
        "Those who may not look the others' processes up."

    def start(
        self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> int:
        """Start a process on its host."""
        entered = self._hosts.enter_command(self._host_of[name])
        begun = tuple(command[: len(entered)]) == tuple(entered)
        if name in self._own_machine:
            entered += OWN_MACHINE
        return super().start(name, command if begun else [*entered, *command], environment)

    def pid(self, name: str) -> int:
        """The process itself, not the one that gave it a machine of its own."""
        pid = super().pid(name)
        return process_inside(pid) if name in self._own_machine else pid


class LabNetwork(TestNetwork):
    """A network on a lab's hosts."""

    def __init__(self, folder: Path, layout: Layout, load: Load, hosts: Hosts) -> None:
        super().__init__(folder, layout, load)
        self.hosts = hosts
        self.cuts: list[tuple[str, float, float]] = []
        "Site agents that were killed: which, when, and when it stood again (boot time)."
        self.without_nodes: list[tuple[float, float]] = []
        "From when to when no node stood."
        own_machine = {one.process for site in layout.sites for one in site.members if one.name}
        self.processes = LabProcesses(
            folder / "logs", hosts, host_of_processes(layout), own_machine
        )
        self.floating: dict[str, FloatingAddress] = {}
        "By site: the address of a pair."
        self.processes.told = self.faults.runs

    def etcd_program(self) -> str:
        """etcd on PATH waits for its disk; the wheel of the demo does not."""
        return shutil.which("etcd") or super().etcd_program()

    def member_status(self, site: str, member: SiteMember) -> dict[str, Any]:
        """What a site agent says of itself, asked on its own host."""
        with self.hosts.inside(member.process):
            return super().member_status(site, member)

    def phones_status(self) -> dict[str, Any]:
        """What the phones counted."""
        with self.hosts.inside(OUTSIDE):
            return super().phones_status()

    def phones_results(self) -> list[dict[str, Any]]:
        """Every generated call's story."""
        with self.hosts.inside(OUTSIDE):
            return super().phones_results()

    def phones_order(self, method: str, path: str, document: Any = None) -> Any:
        """An order to the phones."""
        with self.hosts.inside(OUTSIDE):
            return super().phones_order(method, path, document)

    def site_certificate(self, name: str) -> TlsFiles:
        """Files for a further site of this network."""
        assert self._ca is not None, "start() comes first"
        return self._ca.site(name)

    def histories_of(self, site: str) -> list[Path]:
        """What the site agents of a site write."""
        members = self.layout.site(site).members
        return [history_path(self.folder / site, member) for member in members]

    def host_of(self, process: str) -> str:
        """The host on which a process runs."""
        return host_of_processes(self.layout)[process]

    @property
    def node_hosts(self) -> list[str]:
        """Hosts of a node and its etcd member."""
        return [node.name for node in self.layout.nodes]

    @property
    def site_hosts(self) -> list[str]:
        """Hosts of the sites."""
        return [site.name for site in self.layout.sites]


def host_of_processes(layout: Layout) -> dict[str, str]:
    """Process name to host name: a node and the etcd member of its number share a host, each site
    agent has one of its name."""
    nodes = {node.name: node.name for node in layout.nodes}
    members = {
        member.name: node.name for member, node in zip(layout.etcd, layout.nodes, strict=True)
    }
    sites = {one.process: one.process for site in layout.sites for one in site.members}
    return nodes | members | sites | {"valkey": STORE, "phones": OUTSIDE}


def on_hosts(layout: Layout, hosts: Hosts) -> Layout:
    """The same network with an address for each host."""
    address, outside = hosts.address, hosts.address[OUTSIDE]
    nodes = tuple(replace(node, host=address[node.name]) for node in layout.nodes)
    members = tuple(
        replace(member, host=node.host) for member, node in zip(layout.etcd, nodes, strict=True)
    )
    return replace(
        layout,
        sites=tuple(
            _site_on(site, _sip_address(site, number, address), address, outside)
            for number, site in enumerate(layout.sites)
        ),
        nodes=nodes,
        etcd=members,
        phones_host=outside,
        ivr_host=IVR,
        lan=hosts.lan,
        redis_address=f"{address[STORE]}:6379",
    )


def _sip_address(site: SiteLayout, number: int, address: Mapping[str, str]) -> str:
    is_pair = len(site.members) > 1
    return FLOATING.format(FLOATING_FROM + number) if is_pair else address[site.name]


def _site_on(
    site: SiteLayout, sip_address: str, address: Mapping[str, str], outside: str
) -> SiteLayout:
    trunks = tuple(replace(trunk, host=sip_address) for trunk in site.trunks)
    second = address[site.members[1].process] if len(site.members) > 1 else ""
    return replace(site, host=sip_address, second_host=second, phones_host=outside, trunks=trunks)


@contextmanager
def lab_network(
    folder: Path, load: Load, shape: NetworkShape = SHAPE
) -> Iterator[tuple[LabNetwork, Paths]]:
    """A started network on hosts of its own, and the paths between them. Ended whatever happens."""
    plain = build_layout(shape, PortTaker())
    agents = [one.process for site in plain.sites for one in site.members]
    names = [*(node.name for node in plain.nodes), *agents]
    with ExitStack() as stack:
        hosts = stack.enter_context(Hosts([*names, OUTSIDE, STORE], extra=[JUDGE]))
        hosts.add_address(OUTSIDE, IVR)
        paths = stack.enter_context(Paths(hosts, seed=load.seed))
        stack.enter_context(hosts.inside(JUDGE))
        network = LabNetwork(folder, on_hosts(plain, hosts), load, hosts)
        for site in (one for one in network.layout.sites if one.second_host):
            healthz = {member.process: member.http_address for member in site.members}
            floating = FloatingAddress(hosts, site.host, healthz)
            network.floating[site.name] = stack.enter_context(floating)
        stack.callback(network.stop)
        network.start()
        yield network, paths
