"""A site whose CTI pushes over HTTP: seen by the network, and an overflow reaches its agent."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import yaml
from network import SMALL, WAIT_S_MAX, TestNetwork, build, wait_until
from sipp import Sipp
from source_tree import ROOT

from nirc.demo import site_files
from nirc.demo.layout import SERVICES
from nirc.demo.ports import PortTaker

pytestmark = [pytest.mark.services, pytest.mark.timeout(180)]
HISTORIES_BROKEN_OFF = True
"The sample client's calls are names only: its end of a call is not a phone's."

DATA = {"customer": "C0815", "name": "Zoë Łukasz"}
SCREEN = "https://crm.example/open?c={data.customer}&agent={agent}"


class PushedNetwork:
    """A network of which porto is no SIP ACD, but a CTI that pushes."""

    def __init__(self, folder: Path) -> None:
        self.network: TestNetwork = build(folder, SMALL)
        self.folder = folder / "porto"
        self.port = PortTaker()()
        self.client: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Everything, with porto's file changed before it is read."""
        plain = site_files.site_yaml
        with patch.object(
            site_files, "site_yaml", lambda *a, **k: self._changed(a[1].name, plain(*a, **k))
        ):
            self.network.start()
        self.start_client()

    def start_client(self) -> None:
        """The sample of docs/examples, as a vendor would run it."""
        command = [sys.executable, str(ROOT / "docs/examples/http_push_client.py")]
        command += ["--url", f"http://127.0.0.1:{self.port}", "--agents", "diogo"]
        command += ["--token-file", str(self.folder / "cti.token")]
        self.client = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=(self.folder / "cti.log").open("a"),
            text=True,
        )

    def stop(self) -> None:
        self.kill_client()
        self.network.stop()

    def kill_client(self) -> None:
        if self.client is not None:
            self.client.kill()
            self.client.communicate()
            self.client = None

    def order(self, **what: str) -> None:
        """Something happens at the vendor's telephone system."""
        assert self.client is not None and self.client.stdin is not None
        self.client.stdin.write(json.dumps(what) + "\n")
        self.client.stdin.flush()

    def told(self, kind: str) -> list[dict[str, Any]]:
        """Commands of a kind that the client was told."""
        lines = (self.folder / "cti.log").read_text(encoding="utf-8").splitlines()
        found = [json.loads(line).get("told") for line in lines if line.endswith("}")]
        return [one for one in found if one and one["type"] == kind]

    def token(self) -> str:
        """The token of the newest hold."""
        lines = (self.folder / "history.jsonl").read_text(encoding="utf-8").splitlines()
        tokens = [one["token"] for one in map(json.loads, lines) if one.get("kind") == "hold"]
        return str(tokens[-1]) if tokens else ""

    def address(self) -> tuple[str, int]:
        """Where moved calls reach porto."""
        site = self.network.layout.site("porto")
        return site.host, site.network_port

    def _changed(self, site: str, text: str) -> str:
        if site != "porto":
            return text
        document = yaml.safe_load(text)
        host, port = self.address()
        document["screen_pop_url"] = SCREEN
        document["acd"] = {
            "kind": "http_push",
            "listen": f"127.0.0.1:{self.port}",
            "token_file": str(self.folder / "cti.token"),
            "silence_s": 3.0,
            "queues": [{"name": name, "max_loan": 5} for name in SERVICES],
            "trunk_groups": [
                {
                    "name": "network",
                    "address": f"{host}:{port}",
                    "kind": "network",
                    "channels_max": 20,
                }
            ],
        }
        return yaml.safe_dump(document)


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PushedNetwork]:
    made = PushedNetwork(tmp_path_factory.mktemp("http_push"))
    try:
        made.start()
        yield made
    finally:
        made.stop()


def test_an_overflow_reserves_its_agent_and_the_arrival_is_told_with_data(
    pushed: PushedNetwork, tmp_path: Path
) -> None:
    network = pushed.network
    network.wait_ready("porto", "diogo")
    with (
        Sipp(tmp_path, name="edge", scenario="uas", local=pushed.address()),
        network.busy("lisbon", "anna"),
    ):
        call = network.place("lisbon", "pbx", data=DATA)
        wait_until("the CTI is asked to hold an agent", lambda: pushed.told("hold_agent"))
        wait_until(
            "its agent is reserved", lambda: network.agent_state("porto", "diogo") == "reserved"
        )
        wait_until("a token is made", pushed.token)
        pushed.order(order="token_arrives", token=pushed.token())
        wait_until("the arrival is accepted", lambda: pushed.told("accept_arrival"))
        accepted = pushed.told("accept_arrival")[0]
        assert (accepted["agent"], accepted["data"]) == ("diogo", DATA)
        wait_until("the agent's screen is told", lambda: pushed.told("screen_pop"))
        pop = pushed.told("screen_pop")[-1]
        assert pop["url"] == "https://crm.example/open?c=C0815&agent=diogo"
        assert pop["interaction_id"] == accepted["interaction_id"]
        assert network.agent_state("porto", "diogo") == "busy"
        wait_until("lisbon let the caller go", lambda: network.calls_at("lisbon") == 1)
        pushed.order(order="caller_leaves", call_id=accepted["call_id"])
        call.hang_up()
    wait_until("porto has no call left", lambda: network.calls_at("porto") == 0)


def test_a_cti_that_dies_promises_nothing_and_comes_back(pushed: PushedNetwork) -> None:
    network = pushed.network
    network.wait_ready("porto", "diogo")
    pushed.kill_client()
    wait_until(
        "its agent is not ready",
        lambda: network.agent_state("porto", "diogo") == "not_ready",
        WAIT_S_MAX,
    )
    queues = network.site_status("porto")["queues"]
    assert [one["open"] for one in queues] == [False] * len(queues)
    pushed.start_client()
    network.wait_ready("porto", "diogo")
