"""Runs a whole network as processes in one folder: stores, nodes, sites, phones.

Rule of this file: it starts and stops, for the demo and for tests; what the parts are told is
written by `documents`, `site_files`, `node_files` and `phones_file`. Whatever was started is ended
by `stop`.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from nirc.demo import json_http, node_files, phones_file, site_files, store_programs
from nirc.demo.asterisk_program import AsteriskProgram
from nirc.demo.asterisk_sites import AsteriskSites
from nirc.demo.documents import documents
from nirc.demo.layout import Layout, SiteLayout, SiteMember
from nirc.demo.network_status import NetworkStatus
from nirc.demo.options import GivenPolicy
from nirc.demo.peer_plan import NAME as PEER_PLAN
from nirc.demo.peer_plan import PlanKeys, peer_plan
from nirc.demo.policies import with_policies
from nirc.demo.throwaway_ca import ThrowawayCa
from nirc.runtime.clock import wall_unix_s

KEEPER = "records"
"The name of the process that keeps records."


class Network(NetworkStatus):
    """A network on this machine: `start`, use, `stop`."""

    def __init__(
        self,
        folder: Path,
        layout: Layout,
        load: phones_file.Load,
        policies: Sequence[GivenPolicy] = (),
        asterisk: AsteriskProgram | None = None,
    ) -> None:
        super().__init__(folder, layout)
        self.asterisks = AsteriskSites(folder, layout, self.processes, asterisk)
        self.load = load
        self._policies = policies
        self._ca: ThrowawayCa | None = None

    def start(self, told: Callable[[str], None] = lambda _: None) -> None:
        """Start everything, in order; on any failure the caller calls `stop`."""
        told("stores: etcd and Valkey")
        self.start_stores()
        told("throw-away certificates")
        self._ca = ThrowawayCa(self._subfolder("tls"), now_unix_s=wall_unix_s())
        told("nodes")
        self.start_nodes()
        told("documents")
        self.put_documents()
        told("phones")
        self.start_phones()
        if self.asterisks.by_site:
            told(f"Asterisk at {', '.join(self.asterisks.by_site)}")
            self.asterisks.start()
        told("sites")
        self.start_sites()
        self.wait_until("every site is linked and acknowledged", self.is_linked)

    def stop(self) -> None:
        """End every process."""
        self.processes.stop_all()

    def start_stores(self) -> None:
        """etcd and Valkey."""
        folder = self._subfolder("stores")
        etcd = self.etcd_program()
        for member in self.layout.etcd:
            command = store_programs.etcd_command(etcd, self.layout, member.name, folder)
            self.processes.start(member.name, command)
        valkey = store_programs.valkey_program()
        self.processes.start(
            "valkey", store_programs.valkey_command(valkey, folder, self.layout.redis_address)
        )
        for member in self.layout.etcd:
            is_healthy = partial(_is_healthy, member.endpoint)
            self.wait_until(f"{member.name} is healthy", is_healthy)
        self.wait_until("valkey listens", store_programs.valkey_socket(folder).exists)

    def etcd_program(self) -> str:
        """Which etcd is started."""
        return store_programs.etcd_program()

    def start_nodes(self) -> None:
        """Every node, and wait for a leader."""
        for node in self.layout.nodes:
            folder = self._subfolder(node.name)
            text = node_files.node_yaml(
                self.layout,
                node,
                folder,
                valkey=store_programs.valkey_socket(self.folder / "stores"),
                tls=self._tls("node", node.name),
            )
            settings = folder / "node.yaml"
            settings.write_text(text)
            command = node_files.node_command(settings)
            self.processes.start(node.name, [sys.executable, *command])
        if self.layout.shape.keeps_records:
            settings = self._subfolder(self.layout.nodes[0].name) / "node.yaml"
            self.processes.start(KEEPER, [sys.executable, *node_files.keeper_command(settings)])
        self.wait_until("a node leads", lambda: self.leader() is not None)

    def start_sites(self) -> None:
        """Every site agent."""
        for site in self.layout.sites:
            folder = self._subfolder(site.name)
            for member in site.members:
                if member.name:
                    site_files.pair_folder(folder).mkdir(exist_ok=True)
                settings = folder / member.file("site.yaml")
                settings.write_text(self.site_text(site, member))
                command = [sys.executable, "-m", "site_agent", "run", "--config", str(settings)]
                self.processes.start(member.process, command)

    def site_text(self, site: SiteLayout, member: SiteMember) -> str:
        """The settings file of one site agent."""
        folder, tls = self._subfolder(site.name), self._tls("site", site.name)
        plan = self.plan_keys()
        told = plan.as_setting() if plan is not None else None
        acd = self.asterisks.acd(site) if site.is_asterisk else None
        return site_files.site_yaml(self.layout, site, folder, tls, member, peer_plan=told, acd=acd)

    def start_phones(self) -> None:
        """The process of all phones; its agents answer from now on, its callers wait."""
        settings = self._subfolder("phones") / "phones.yaml"
        settings.write_text(self.phones_text())
        command = [sys.executable, "-m", "site_agent", "phones", "--config", str(settings)]
        self.processes.start("phones", command)
        self.wait_until("the phones answer", lambda: bool(self.phones_status()))

    def phones_text(self) -> str:
        """The settings file of the phones."""
        return phones_file.phones_yaml(self.layout, self.load, self.asterisks.passwords)

    def put_documents(self) -> None:
        """Put every document through the leader's HTTP API."""
        self.wait_until("the documents are stored", self._put_documents)

    def _put_documents(self) -> bool:
        leader = self.leader()
        if leader is None:
            return False
        texts = with_policies(self.document_texts(), self._policies)
        keys = self.plan_keys()
        if keys is not None:
            texts[PEER_PLAN] = keys.sign(peer_plan(self.layout, now_unix_s=wall_unix_s()))
        self.admin(leader).put_documents(texts)
        return True

    def document_texts(self) -> dict[str, str]:
        """`Kind/name` to YAML text, in the order in which they are put."""
        return documents(self.layout)

    def plan_keys(self) -> PlanKeys | None:
        """What the peer plan is signed with; None where the network has none."""
        return PlanKeys(self._subfolder("keys")) if self.layout.shape.peer_plan else None

    def remove(self) -> None:
        """Delete the folder with everything in it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _subfolder(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def _tls(self, kind: str, name: str) -> site_files.TlsPaths | None:
        if self._ca is None:
            return None
        if kind == "site":
            files = self._ca.site(name)
        else:
            host = next(one.host for one in self.layout.nodes if one.name == name)
            files = self._ca.node(name, host)
        return site_files.TlsPaths(ca=files.ca, cert=files.cert, key=files.key)


def _is_healthy(endpoint: str) -> bool:
    answer = json_http.get(endpoint, "/health")
    return isinstance(answer, dict) and answer.get("health") == "true"
