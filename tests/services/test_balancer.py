"""Two site agents behind one address: calls and log-ins shared, one killed, drained, taken out."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sipp import Sipp

from nirc.demo.ports import PortTaker

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]
HISTORIES_BROKEN_OFF = True
FRONT, HOSTS = "127.0.0.9", {"one": "127.0.0.11", "two": "127.0.0.12"}
AGENTS = [f"agent{number}" for number in range(8)]


take_port = PortTaker()


def free_port(host: str) -> int:
    """Free for UDP and TCP at a host that is this machine too."""
    while True:
        port = take_port()
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            try:
                tcp.bind((host, port))
                udp.bind((host, port))
            except OSError:
                continue
            return port


def wait_until(what: str, is_so: Callable[[], Any], within_s: float = 30.0) -> None:
    until_s = time.monotonic() + within_s
    while time.monotonic() < until_s:
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError(f"never: {what}")


class Front:
    """A balancer with its members, each a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.doors = {name: free_port(FRONT) for name in ("carrier", "phones")}
        self.ports = {
            name: {door: free_port(host) for door in ("carrier", "phones", "http")}
            for name, host in HOSTS.items()
        }
        self.http = free_port("127.0.0.1")
        self.phones = free_port("127.0.0.1")
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        for name in HOSTS:
            self.start_member(name)
        self.write(["one", "two"])
        self._start("balancer", "balancer", "-c", str(self.folder / "balancer.yaml"))
        wait_until("both members answer", lambda: self.standings() == {"one": "up", "two": "up"})

    def start_member(self, name: str) -> None:
        host, ports = HOSTS[name], self.ports[name]
        agents = [{"name": agent, "queues": {"sales": 5}} for agent in AGENTS]
        text = f"""
site: {name}
incarnation_file: {self.folder}/{name}.json
history_file: {self.folder}/{name}.history.jsonl
local_http: {{listen: "127.0.0.1:{ports["http"]}", token_file: {self.folder}/{name}.token}}
acd:
  kind: sip_acd
  trunk_groups:
    - {{name: carrier, listen: "{host}:{ports["carrier"]}", peers: [{FRONT}/32],
       channels_max: 100, numbers: {{"*": sales}}}}
  agents_listen: "{host}:{ports["phones"]}"
  agents_peers: [{FRONT}/32, 127.0.0.1/32]
  liveness_s: 0
  queues: [{{name: sales, places_max: 50}}]
  agents: {json.dumps(agents)}
"""
        (self.folder / f"{name}.yaml").write_text(text)
        self._start(name, "run", "-c", str(self.folder / f"{name}.yaml"))
        wait_until(f"{name} answers", lambda: self.status(name))

    def write(self, members: list[str], draining: tuple[str, ...] = ()) -> None:
        """The balancer's file, with these members."""
        lines = [
            f"  - {{name: {name}, draining: {str(name in draining).lower()}, addresses: {{carrier: "
            f'"{HOSTS[name]}:{self.ports[name]["carrier"]}", '
            f'phones: "{HOSTS[name]}:{self.ports[name]["phones"]}"}}}}'
            for name in members
        ]
        doors = [
            f'  - {{name: {name}, listen: "{FRONT}:{port}", peers: [127.0.0.1/32]}}'
            for name, port in self.doors.items()
        ]
        text = "\n".join(["balancer: lisbon", "doors:", *doors, "members:", *lines])
        text += f'\nprobe_s: 0.5\nstatus_http: {{listen: "127.0.0.1:{self.http}"}}\n'
        new = self.folder / "balancer.yaml.new"
        new.write_text(text)
        new.replace(self.folder / "balancer.yaml")

    def kill(self, name: str) -> None:
        process = self._processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            process.wait(20)

    def told(self) -> dict[str, Any]:
        """What the balancer says of its members."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/v1/status") as answer:
                return dict(json.load(answer))
        except OSError:
            return {"members": []}

    def standings(self) -> dict[str, str]:
        return {one["name"]: one["standing"] for one in self.told()["members"]}

    def calls(self) -> dict[str, int]:
        return {one["name"]: one["calls_given"] for one in self.told()["members"]}

    def status(self, name: str) -> dict[str, Any]:
        """What a member says of itself; empty if it does not."""
        try:
            token = (self.folder / f"{name}.token").read_text().strip()
            asked = urllib.request.Request(
                f"http://127.0.0.1:{self.ports[name]['http']}/v1/status",
                headers={"Authorization": f"Bearer {token}"},
            )
            with urllib.request.urlopen(asked) as answer:
                return dict(json.load(answer))
        except OSError:
            return {}

    def ready(self, name: str) -> set[str]:
        """Agents that are ready at a member."""
        agents = self.status(name).get("agents", [])
        return {one["agent"] for one in agents if one["state"] == "ready"}

    def register(self, agent: str) -> None:
        """Log an agent's telephone in, at the one address."""
        with socket.socket(type=socket.SOCK_DGRAM) as phone:
            phone.bind(("127.0.0.1", 0))
            phone.settimeout(5)
            host, port = phone.getsockname()
            text = (
                f"REGISTER sip:{FRONT} SIP/2.0\r\n"
                f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{port}{agent};rport\r\n"
                f"Max-Forwards: 70\r\nFrom: <sip:{agent}@{FRONT}>;tag={port}\r\n"
                f"To: <sip:{agent}@{FRONT}>\r\nCall-ID: {agent}-{port}\r\nCSeq: 1 REGISTER\r\n"
                f"Contact: <sip:{agent}@127.0.0.1:{self.phones}>;expires=600\r\n"
                "Content-Length: 0\r\n\r\n"
            )
            phone.sendto(text.encode(), (FRONT, self.doors["phones"]))
            answer = phone.recv(4096).decode()
            assert answer.startswith("SIP/2.0 200"), answer

    def callers(self, name: str, count: int, talk_ms: int, rate: int = 8) -> Sipp:
        """So many callers at the one address."""
        return Sipp(
            self.folder, name=name, scenario="uac", local=("127.0.0.1", free_port("127.0.0.1")),
            remote=f"{FRONT}:{self.doors['carrier']}", number="sales", calls=count,
            pause_ms=talk_ms, more=("-r", str(rate)),
        )  # fmt: skip

    def _start(self, name: str, *words: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", "site_agent", *words], stderr=log, stdout=log
            )


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    found = Front(tmp_path_factory.mktemp("balancer"))
    answering = Sipp(found.folder, name="phones", scenario="uas", local=("127.0.0.1", found.phones))
    try:
        with answering:
            found.start()
            yield found
    finally:
        found.stop()


def log_in(front: Front) -> None:
    for agent in AGENTS:
        front.register(agent)


def test_log_ins_and_calls_are_shared_and_stay_where_they_are(front: Front) -> None:
    log_in(front)
    wait_until("all are ready", lambda: len(front.ready("one") | front.ready("two")) == len(AGENTS))
    first = front.ready("one")
    assert first and front.ready("two") == set(AGENTS) - first, "each at one member, none at both"
    log_in(front)
    time.sleep(0.5)
    assert front.ready("one") == first, "who logs in again is where they were"
    with front.callers("shared", 20, 100) as callers:
        callers.finish().assert_passed()
    assert front.calls() == {"one": 10, "two": 10}


def test_a_killed_member_costs_no_call_that_comes_later(front: Front) -> None:
    before = front.calls()
    front.kill("one")
    with front.callers("killed", 12, 100, rate=4) as callers:
        wait_until("it is known to be down", lambda: front.standings()["one"] == "down")
        log_in(front)
        callers.finish().assert_passed()
    assert front.calls()["two"] > before["two"] + 6
    assert front.ready("two") == set(AGENTS)
    front.start_member("one")
    wait_until("it is up again", lambda: front.standings()["one"] == "up")


def test_a_member_drains_and_is_taken_out_while_its_calls_go_on(front: Front) -> None:
    log_in(front)
    wait_until("agents are back at the first", lambda: front.ready("one"))
    with front.callers("long", 2, 6000) as long:
        wait_until("both calls stand", lambda: _talking(front) == 2)
        front.write(["one", "two"], draining=("two",))
        wait_until("it drains", lambda: _member(front, "two")["draining"])
        before = front.calls()
        log_in(front)
        with front.callers("after", 6, 100) as callers:
            callers.finish().assert_passed()
        assert front.calls()["two"] == before["two"]
        long.finish().assert_passed()
    front.write(["one"])
    wait_until("it is gone", lambda: front.standings() == {"one": "up"})
    with front.callers("alone", 4, 100) as callers:
        callers.finish().assert_passed()
    front.write(["one", "two"])
    wait_until("it is there again", lambda: front.standings() == {"one": "up", "two": "up"})


def _member(front: Front, name: str) -> dict[str, Any]:
    return next((one for one in front.told()["members"] if one["name"] == name), {"draining": None})


def _talking(front: Front) -> int:
    states = [one["state"] for name in HOSTS for one in front.status(name).get("agents", [])]
    return states.count("busy")
