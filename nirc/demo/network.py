"""Runs a whole network as processes in one folder: stores, nodes, sites, phones; used by the demo
and by tests.

Rule of this file: it starts, asks, stops and waits; what the parts are told is written by
`documents`, `site_files`, `node_files` and `phones_file`. Whatever was started is ended by
`stop`.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from nirc.demo import (
    json_http,
    node_files,
    observe,
    phones_file,
    picture,
    site_files,
    store_programs,
)
from nirc.demo.documents import documents
from nirc.demo.json_http import HttpFailed
from nirc.demo.layout import LOOPBACK, Layout
from nirc.demo.node_admin import NodeAdmin
from nirc.demo.processes import Processes
from nirc.demo.throwaway_ca import ThrowawayCa
from nirc.runtime.clock import wall_unix_s

READY_S_MAX = 60.0
POLL_S = 0.05


class NotReady(Exception):
    """A part of the network did not come up in time; the text names it and the end of its log."""


class Network:
    """A network on this machine: `start`, use, `stop`."""

    def __init__(self, folder: Path, layout: Layout, load: phones_file.Load) -> None:
        self.folder = folder
        self.layout = layout
        self.load = load
        self.processes = Processes(folder / "logs")
        self._ca: ThrowawayCa | None = None

    # ---- start and stop ------------------------------------------------------------------------

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
        told("sites")
        self.start_sites()
        self.wait_until("every site is linked and acknowledged", self.is_linked)

    def stop(self) -> None:
        """End every process."""
        self.processes.stop_all()

    def start_stores(self) -> None:
        """etcd and Valkey."""
        folder = self._subfolder("stores")
        etcd = store_programs.etcd_program()
        for member in self.layout.etcd:
            command = store_programs.etcd_command(etcd, self.layout, member.name, folder)
            self.processes.start(member.name, command)
        valkey = store_programs.valkey_program()
        self.processes.start("valkey", store_programs.valkey_command(valkey, folder))
        for member in self.layout.etcd:
            is_healthy = partial(_is_healthy, member.endpoint)
            self.wait_until(f"{member.name} is healthy", is_healthy)
        self.wait_until("valkey listens", store_programs.valkey_socket(folder).exists)

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
        self.wait_until("a node leads", lambda: self.leader() is not None)

    def start_sites(self) -> None:
        """Every site agent."""
        for site in self.layout.sites:
            folder = self._subfolder(site.name)
            text = site_files.site_yaml(self.layout, site, folder, self._tls("site", site.name))
            settings = folder / "site.yaml"
            settings.write_text(text)
            command = [sys.executable, "-m", "site_agent", "run", "--config", str(settings)]
            self.processes.start(site.name, command)

    def start_phones(self) -> None:
        """The process of all phones; its agents answer from now on, its callers wait."""
        settings = self._subfolder("phones") / "phones.yaml"
        settings.write_text(phones_file.phones_yaml(self.layout, self.load))
        command = [sys.executable, "-m", "site_agent", "phones", "--config", str(settings)]
        self.processes.start("phones", command)
        self.wait_until("the phones answer", lambda: bool(self.phones_status()))

    def put_documents(self) -> None:
        """Put every document through the leader's HTTP API."""
        self.wait_until("the documents are stored", self._put_documents)

    def _put_documents(self) -> bool:
        leader = self.leader()
        if leader is None:
            return False
        self.admin(leader).put_documents(documents(self.layout))
        return True

    # ---- questions -----------------------------------------------------------------------------

    def admin(self, node: str) -> NodeAdmin:
        """The HTTP API of a node."""
        layout = next(one for one in self.layout.nodes if one.name == node)
        return NodeAdmin(
            address=f"{LOOPBACK}:{layout.http_port}",
            token_file=node_files.token_file(self.folder / node),
        )

    def site_status(self, site: str) -> dict[str, Any]:
        """What a site agent says of itself. Raises `HttpFailed`."""
        layout = self.layout.site(site)
        token = site_files.token_path(self.folder / site)
        headers = json_http.bearer(token)
        return dict(json_http.get(f"{LOOPBACK}:{layout.http_port}", "/v1/status", headers))

    def site_statuses(self) -> dict[str, dict[str, Any]]:
        """The status of every site that answers."""
        found: dict[str, dict[str, Any]] = {}
        for site in self.layout.sites:
            if self.processes.is_running(site.name):
                with contextlib.suppress(HttpFailed):
                    found[site.name] = self.site_status(site.name)
        return found

    def scene(self, title: str) -> picture.Scene:
        """What the terminal shows now."""
        statuses = self.site_statuses()
        names = self.processes.names()
        return observe.scene(
            self.layout,
            title=title,
            site_status=statuses,
            phones=self.phones_status(),
            pids={name: self.processes.pid(name) for name in names},
            running=frozenset(name for name in names if self.processes.is_running(name)),
            leader=observe.leader_of(statuses),
            decisions=self._decisions(),
        )

    def _decisions(self) -> list[str]:
        leader = self.leader()
        try:
            return self.admin(leader).decisions() if leader else []
        except HttpFailed:
            return []

    def leader(self) -> str | None:
        """The node that leads, by its own word; None if none does."""
        for node in self.layout.nodes:
            if self.processes.is_running(node.name):
                try:
                    if self.admin(node.name).leads():
                        return node.name
                except HttpFailed:
                    continue
        return None

    def is_linked(self) -> bool:
        """Whether the leading node may use every site."""
        leader = self.leader()
        if leader is None:
            return False
        return {one.name for one in self.layout.sites} <= self.admin(leader).acknowledged_sites()

    def phones_status(self) -> dict[str, Any]:
        """What the phones counted; empty if they do not answer."""
        try:
            found = json_http.get(self._phones, "/status")
        except HttpFailed:
            return {}
        return dict(found)

    def phones_results(self) -> list[dict[str, Any]]:
        """Every generated call's story."""
        return list(json_http.get(self._phones, "/results"))

    def phones_order(self, method: str, path: str, document: Any = None) -> Any:
        """An order to the phones' control server. Raises `HttpFailed`."""
        return json_http.send(method, self._phones, path, document)

    def histories(self) -> list[Path]:
        """What the checkers read."""
        return [site_files.history_path(self.folder / site.name) for site in self.layout.sites]

    def wait_until(
        self, what: str, is_so: Callable[[], bool], *, within_s: float = READY_S_MAX
    ) -> None:
        """Wait for a condition.

        Raises `ProcessFailed` when a process ended meanwhile that nobody stopped, `NotReady` when
        the time is over. A refused HTTP call counts as "not yet" and is named at the end.
        """
        until = time.monotonic() + within_s
        last = ""
        while time.monotonic() < until:
            try:
                if is_so():
                    return
            except HttpFailed as error:
                last = str(error)
            self.processes.check_wanted()
            time.sleep(POLL_S)
        raise NotReady(f"waited {within_s:.0f} s in vain until {what}{': ' + last if last else ''}")

    def remove(self) -> None:
        """Delete the folder with everything in it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _phones(self) -> str:
        return f"{LOOPBACK}:{self.layout.phones_http_port}"

    def _subfolder(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def _tls(self, kind: str, name: str) -> site_files.TlsPaths | None:
        if self._ca is None:
            return None
        files = self._ca.node(name) if kind == "node" else self._ca.site(name)
        return site_files.TlsPaths(ca=files.ca, cert=files.cert, key=files.key)


def _is_healthy(endpoint: str) -> bool:
    answer = json_http.get(endpoint, "/health")
    return isinstance(answer, dict) and answer.get("health") == "true"
