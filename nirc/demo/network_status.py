"""Asks the processes of a network how they are, and waits for what they say.

Rule of this file: it changes nothing but by orders to the phones; whoever does not answer counts as
"not yet".
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nirc.demo import faults_file, json_http, node_files, observe, picture, site_files
from nirc.demo.faults_file import FaultsFile
from nirc.demo.json_http import HttpFailed
from nirc.demo.layout import Layout, SiteMember
from nirc.demo.node_admin import NodeAdmin, leads
from nirc.demo.processes import Processes
from nrcli.wire.api_models import Decision, Status

READY_S_MAX = 60.0
POLL_S = 0.05

DECISIONS_MAX = 1_000


class NotReady(Exception):
    """A part of the network did not come up in time; the text names what was waited for."""


class NetworkStatus:
    """What can be known of a network in `folder`, laid out as `layout`."""

    def __init__(self, folder: Path, layout: Layout) -> None:
        self.folder = folder
        self.layout = layout
        self.processes = Processes(folder / "logs")
        self.faults = FaultsFile(folder / faults_file.NAME, layout)
        self.processes.told = self.faults.runs

    def admin(self, node: str) -> NodeAdmin:
        """The HTTP API of a node."""
        layout = next(one for one in self.layout.nodes if one.name == node)
        return NodeAdmin(
            address=layout.http_address,
            token_file=node_files.token_file(self.folder / node),
        )

    def site_status(self, site: str) -> dict[str, Any]:
        """What a site agent says of itself; of a pair the one that serves. Raises `HttpFailed`."""
        failed = HttpFailed(f"nobody serves {site} now")
        for member in self.layout.site(site).members:
            try:
                found = self.member_status(site, member)
            except HttpFailed as error:
                failed = error
                continue
            if not member.name or found["pair"]["role"] == "active":
                return found
        raise failed

    def member_status(self, site: str, member: SiteMember) -> dict[str, Any]:
        """What one site agent of a site says of itself. Raises `HttpFailed`."""
        headers = json_http.bearer(site_files.token_path(self.folder / site, member))
        return dict(json_http.get(member.http_address, "/v1/status", headers))

    def site_statuses(self) -> dict[str, dict[str, Any]]:
        """The status of every site that answers."""
        found: dict[str, dict[str, Any]] = {}
        for site in self.layout.sites:
            with contextlib.suppress(HttpFailed):
                found[site.name] = self.site_status(site.name)
        return found

    def node_statuses(self) -> dict[str, Status]:
        """The status of every node that answers, whoever started it."""
        found: dict[str, Status] = {}
        for node in self.layout.nodes:
            with contextlib.suppress(HttpFailed):
                found[node.name] = self.admin(node.name).status()
        return found

    def scene(self, title: str, *, has_own_calls: bool = False) -> picture.Scene:
        """What the terminal shows now."""
        statuses, nodes = self.site_statuses(), self.node_statuses()
        ours = [name for name in self.processes.names() if self.processes.is_running(name)]
        leader = next((name for name, status in nodes.items() if leads(status)), "")
        return observe.scene(
            self.layout,
            title=title,
            site_status=statuses,
            phones=self.phones_status(),
            pids={name: self.processes.pid(name) for name in ours},
            running=frozenset([*ours, *statuses, *nodes]),
            leader=leader,
            decisions=self._decisions(leader),
            has_own_calls=has_own_calls,
        )

    def _decisions(self, leader: str) -> list[str]:
        try:
            return self.admin(leader).decisions() if leader else []
        except HttpFailed:
            return []

    def all_decisions(self) -> list[Decision]:
        """The decisions that the nodes still know, each once, of all nodes that answer; one that
        does not lead tells the leader's."""
        found: dict[str, Decision] = {}
        for node in self.layout.nodes:
            with contextlib.suppress(HttpFailed):
                for one in self.admin(node.name).decisions_made(DECISIONS_MAX):
                    found.setdefault(one.decision_id, one)
        return sorted(found.values(), key=lambda one: one.at_unix_s)

    def leader(self) -> str | None:
        """The node that leads, by its own word, whoever started it; None if none does."""
        for node in self.layout.nodes:
            with contextlib.suppress(HttpFailed):
                if self.admin(node.name).leads():
                    return node.name
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
        found = [
            site_files.history_path(self.folder / site.name, member)
            for site in self.layout.sites
            for member in site.members
        ]
        return [*found, self.faults.path] if self.faults.path.exists() else found

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

    @property
    def _phones(self) -> str:
        return self.layout.phones_http_address
