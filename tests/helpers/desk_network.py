"""A network of processes whose sites have settings of the test's own, and people outside it.

Rule of this file: what a site is told differs from the demo's in what the test names, and in
nothing else. Outside phones are known by the number that a trunk group dials.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import secrets
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from network import TestNetwork

from nirc.demo import json_http, site_files
from nirc.demo.layout import Layout, NetworkShape, SiteLayout, SiteMember, build_layout
from nirc.demo.phones_file import Load
from nirc.demo.ports import PortTaker

Change = Callable[[SiteLayout, dict[str, Any]], None]
"Changes a site's settings."
OUTSIDE = "outside"


class DeskNetwork(TestNetwork):
    """A network whose sites were changed."""

    __test__ = False

    def __init__(
        self,
        folder: Path,
        layout: Layout,
        load: Load,
        *,
        change: Change,
        outside: tuple[str, Sequence[str]],
    ) -> None:
        super().__init__(folder, layout, load)
        self._change, self._outside = change, outside

    def site_text(self, site: SiteLayout, member: SiteMember) -> str:
        """With the test's changes."""
        found = yaml.safe_load(super().site_text(site, member))
        self._change(site, found)
        return yaml.safe_dump(found, sort_keys=False)

    def phones_text(self) -> str:
        """With the people outside."""
        listen, numbers = self._outside
        found = yaml.safe_load(super().phones_text())
        like = {"site": OUTSIDE, "listen": listen, "answer_after_s": [0.2, 0.3]}
        found["agents"] += [{"name": one, "talk_s": [600, 600], **like} for one in numbers]
        return yaml.safe_dump(found, sort_keys=False)

    def say(self, site: str, agent: str, **state: object) -> int:
        """What an agent's desktop says over the site's local HTTP; its status."""
        layout = self.layout.site(site)
        headers = json_http.bearer(site_files.token_path(self.folder / site))
        try:
            answer = json_http.send(
                "PUT", layout.http_address, f"/v1/agents/{agent}", state, headers
            )
        except json_http.HttpFailed as error:
            return error.status
        assert isinstance(answer, dict)
        return 202

    def desk(self, site: str, agent: str) -> dict[str, Any]:
        """What an agent's desktop is shown."""
        headers = json_http.bearer(site_files.token_path(self.folder / site))
        address = self.layout.site(site).http_address
        return dict(json_http.get(address, f"/v1/agents/{agent}", headers))

    @contextmanager
    def desk_events(self, site: str, agent: str) -> Iterator[list[tuple[str, dict[str, Any]]]]:
        """What the desktop's stream tells, as it comes: event and data."""
        layout, told = self.layout.site(site), list[tuple[str, dict[str, Any]]]()
        host, _, port = layout.http_address.rpartition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=30.0)
        headers = json_http.bearer(site_files.token_path(self.folder / site))
        connection.request("GET", f"/v1/agents/{agent}/events", headers=headers)
        response = connection.getresponse()
        assert response.status == 200, response.read()

        def listen() -> None:
            event = ""
            with contextlib.suppress(OSError, ValueError, AttributeError):
                while line := response.readline().decode():
                    if line.startswith("event: "):
                        event = line.removeprefix("event: ").strip()
                    elif line.startswith("data: "):
                        told.append((event, json.loads(line.removeprefix("data: "))))

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        try:
            yield told
        finally:
            if connection.sock is not None:
                connection.sock.shutdown(socket.SHUT_RDWR)
            listener.join(5.0)
            connection.close()

    def agent(self, site: str, agent: str) -> dict[str, Any]:
        """An agent as the site sees them."""
        agents = self.site_status(site)["agents"]
        return dict(next(one for one in agents if one["agent"] == agent))


@contextmanager
def running_desks(
    folder: Path,
    shape: NetworkShape,
    change: Callable[[SiteLayout, dict[str, Any], str], None],
    outside: Sequence[str] = (),
) -> Iterator[DeskNetwork]:
    """A started network, ended whatever happens. `change` also gets the outside's address."""
    take_port = PortTaker()
    layout = build_layout(shape, take_port)
    listen = f"127.0.0.1:{take_port()}"
    network = DeskNetwork(
        folder,
        layout,
        Load(calls=0, seed=secrets.randbelow(1000), answer_after_s=(0.05, 0.1), talk_s=(0.8, 1.2)),
        change=lambda site, found: change(site, found, listen),
        outside=(listen, outside),
    )
    try:
        network.start()
        yield network
    finally:
        network.stop()
