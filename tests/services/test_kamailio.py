"""A real Kamailio asks NIRC before delivery: chosen site, node killed, NIRC gone, site refuses."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from edge_network import BLOCKED, BUSY, CHOSEN, ENTRY, NUMBER, SHUT, EdgeNetwork, running
from etcd_cluster import free_ports
from kamailio import Kamailio, has_module, kamailio_program
from node_process import NodeProcess
from sipp import Sipp

pytestmark = [
    pytest.mark.services,
    pytest.mark.timeout(240),
    pytest.mark.skipif(kamailio_program() is None, reason="apt-get install kamailio"),
]
DEFAULT = "default"


class Scene:
    """NIRC, an edge before it, three sites behind it."""

    def __init__(self, folder: Path, network: EdgeNetwork, name: str = "kamailio.cfg") -> None:
        self.folder, self.network = folder, network
        self.ports = {**network.ports, DEFAULT: free_ports(1)[0]}
        self.sites: dict[str, Sipp] = {}
        self.calls = 0
        nodes = {
            f"192.0.2.2{n + 1}:5060": f"127.0.0.1:{port}" for n, port in enumerate(network.sip)
        }
        for n, node in enumerate(network.nodes, 1):
            token = (Path(node.settings["data_dir"]) / "edge.token").read_text().strip()
            nodes |= {f"http://192.0.2.2{n}:8001": node.url, f"token-of-node-{n}": token}
        (port,) = free_ports(1)
        default = f"127.0.0.1:{self.ports[DEFAULT]}"
        self.edge = Kamailio(folder / "edge", port=port, default=default, more=nodes, name=name)

    def start(self) -> None:
        for site in self.ports:
            self.open(site)
        self.edge.start()
        time.sleep(3.0)  # one round of OPTIONS

    def open(self, site: str) -> None:
        local = ("127.0.0.1", self.ports[site])
        self.sites[site] = Sipp(self.folder, name=site, scenario="site_answers.xml", local=local)

    def stop(self) -> None:
        self.edge.stop()
        for site in self.sites.values():
            site.stop()

    def took(self, site: str) -> int:
        return self.sites[site].text("actions.log").count("took")

    def refused(self, number: str) -> str:
        """What a caller of this number is refused with, and that no site had the call."""
        before = {site: self.took(site) for site in self.sites}
        self.calls += 1
        remote = f"127.0.0.1:{self.edge.port}"
        local = ("127.0.0.1", free_ports(1)[0])
        caller = Sipp(
            self.folder,
            name=f"caller{self.calls}",
            scenario="caller_behind_edge.xml",
            local=local,
            remote=remote,
            number=number,
        )
        run = caller.finish()
        assert run.exit_code != 0, self.edge.log[-2000:]
        assert before == {site: self.took(site) for site in self.sites}
        return run.output + caller.text("errors.log")

    def call(self, expected: str, number: str = NUMBER) -> float:
        """One call goes to this site and ends well; how long it took until it was over."""
        before = {site: self.took(site) for site in self.sites}
        self.calls += 1
        began_s = time.monotonic()
        caller = Sipp(
            self.folder,
            name=f"caller{self.calls}",
            scenario="caller_behind_edge.xml",
            local=("127.0.0.1", free_ports(1)[0]),
            remote=f"127.0.0.1:{self.edge.port}",
            number=number,
        )
        run = caller.finish()
        took_s = time.monotonic() - began_s
        assert run.exit_code == 0, f"{run.output}\n{self.edge.log[-3000:]}"
        after = {site: self.took(site) - before[site] for site in self.sites}
        assert self.edge.process is not None
        assert self.edge.process.poll() is None, self.edge.log[-3000:]
        assert [site for site, count in after.items() if count] == [expected], self.edge.log[-2000:]
        return took_s


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with running(tmp_path / "nirc") as network:
        found = Scene(tmp_path, network)
        try:
            found.start()
            yield found
        finally:
            found.stop()


def test_the_chosen_site_gets_the_call_whichever_node_is_asked(scene: Scene) -> None:
    for _ in range(4):
        scene.call(CHOSEN)
    counted = [node_counts(scene, number) for number in (0, 1)]
    assert all(counts >= 1 for counts in counted), counted
    scene.sites[CHOSEN].stop()
    assert scene.call(ENTRY) < 10.0, "a site that is gone: its second contact"
    scene.sites[ENTRY].stop()
    assert scene.call(DEFAULT) < 15.0
    refusals_are_those_of_nirc(scene)


def node_counts(scene: Scene, number: int) -> int:
    """302s that this node sent."""
    node = scene.network.nodes[number]
    request = urllib.request.Request(f"{node.url}/metrics")
    request.add_header("Authorization", f"Bearer {node.token_file.read_text().strip()}")
    with urllib.request.urlopen(request, timeout=5) as answer:
        text = answer.read().decode()
    lines = [
        one for one in text.splitlines() if 'nirc_redirect_sip_total{name="answers_302"' in one
    ]
    return int(float(lines[0].rpartition(" ")[2])) if lines else 0


def test_a_killed_node_is_not_waited_for_long_and_nirc_gone_means_the_default_site(
    scene: Scene,
) -> None:
    leader = scene.network.leader()
    assert leader is not None
    other = next(node for node in scene.network.nodes if node is not leader)
    other.kill()
    for _ in range(2):
        assert scene.call(CHOSEN) < 6.0
    leader.kill()
    for _ in range(2):
        assert scene.call(DEFAULT) < 6.0
    other.start()
    other.wait_until(other.leads)
    other.wait_until(lambda: chooses(other))
    time.sleep(3.0)  # one round of OPTIONS
    scene.call(CHOSEN)


def chooses(node: NodeProcess) -> bool:
    """Whether sites have acknowledged this node, so that its policy chooses again."""
    body = json.dumps({"dialed_number": NUMBER}).encode()
    contacts = node.ask("/api/v1/pre-route", "POST", body)["contacts"]
    return bool(contacts[0]["site"] == CHOSEN)


@pytest.mark.skipif(not has_module("http_client"), reason="apt-get install kamailio-utils-modules")
def test_asked_over_http_it_is_the_same(tmp_path: Path) -> None:
    with running(tmp_path / "nirc") as network:
        scene = Scene(tmp_path, network, "kamailio_http.cfg")
        try:
            scene.start()
            scene.call(CHOSEN)
            refusals_are_those_of_nirc(scene)
            what_a_node_does_not_take_is_loud(scene)
            scene.sites[CHOSEN].stop()
            assert scene.call(ENTRY) < 10.0, "a site that is gone: its second contact"
            scene.open(CHOSEN)
            network.nodes[0].kill()
            network.nodes[1].wait_until(lambda: chooses(network.nodes[1]))
            assert scene.call(CHOSEN) < 6.0
            network.nodes[1].kill()
            assert scene.call(DEFAULT) < 6.0
        finally:
            scene.stop()


def refusals_are_those_of_nirc(scene: Scene) -> None:
    assert "486" in scene.refused(BUSY)
    assert "603" in scene.refused(BLOCKED)
    scene.call(DEFAULT, SHUT)
    scene.call(DEFAULT, "+351800999999")


def what_a_node_does_not_take_is_loud(scene: Scene) -> None:
    """The first node has another token than the edge, or does not list its address: the second one
    is asked, and it is said."""
    first = scene.network.nodes[0]
    token = (Path(first.settings["data_dir"]) / "edge.token").read_text().strip()
    with server_that_says(403) as stranger:
        for old, new, told in (
            (token, "of-another-node", "refuses the token (401)"),
            (first.url, stranger, f"{stranger} does not know this address (403)"),
        ):
            with_text(scene, old, new)
            scene.call(CHOSEN)
            assert told in scene.edge.log
            with_text(scene, new, old)


def with_text(scene: Scene, old: str, new: str) -> None:
    """The edge's configuration is changed, and read anew."""
    config = scene.edge.folder / "kamailio.cfg"
    scene.edge.stop()
    config.write_text(config.read_text().replace(old, new))
    scene.edge.start()


@contextmanager
def server_that_says(status: int) -> Iterator[str]:
    """An HTTP server that answers each POST so."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
