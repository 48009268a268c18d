"""Callers who are called back, on real nodes and site agents: sipp is caller, then callee."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from network import SMALL, assert_clean, wait_until
from nrcli_process import nrcli
from policy_sites import PUBLIC, QUICK, SITES, Given, PolicyNetwork
from sipp import Sipp

from nirc.demo import json_http
from nirc.demo.layout import build_layout
from nirc.demo.ports import PortTaker

pytestmark = [
    pytest.mark.services,
    pytest.mark.timeout(300),
    pytest.mark.skipif(shutil.which("sipp") is None, reason="sipp is not installed"),
]
NUMBER = "+351911111111"
VOUCHED = f"P-Asserted-Identity: <tel:{NUMBER};verstat=TN-Validation-Passed>"
GIVEN = Given(
    policies={
        "own": "[{name: stay, action: queue_at_origin}]",
        "back": "[{name: anybody, select: longest_available, action: route},"
        " {name: later, action: callback}]",
    },
    levels={"anna": {"own": 5}},
)


class DialingNetwork(PolicyNetwork):
    """Every site calls people back at one address."""

    callee_port = 0

    def _settings(self, site: Any, found: dict[str, Any]) -> str:
        document = yaml.safe_load(super()._settings(site, found))
        document["callbacks"] = {"pause_s": 45}
        for group in document["acd"]["trunk_groups"]:
            if group["name"] == "carrier":
                group["dial_to"] = f"127.0.0.1:{self.callee_port}"
        return yaml.safe_dump(document, sort_keys=False)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DialingNetwork]:
    numbers = {service: GIVEN.number(service) for service in GIVEN.policies}
    shape = replace(SMALL, sites=SITES, trunks=(*SMALL.trunks, PUBLIC), services=numbers)
    ports = PortTaker()
    network = DialingNetwork(tmp_path_factory.mktemp("back"), build_layout(shape, ports), QUICK)
    network.given, network.callee_port = GIVEN, ports()
    try:
        network.start()
        network.wait_all_ready()
        yield network
    finally:
        network.stop()


def lines(network: DialingNetwork, site: str, kind: str) -> list[dict[str, Any]]:
    found = map(json.loads, network.history(site).splitlines())
    return [line for line in found if line["kind"] == kind]


def waiting(network: DialingNetwork) -> list[tuple[str, str, str]]:
    leader = network.leader()
    if leader is None:
        return []
    admin = network.admin(leader)
    found = json_http.get(admin.address, "/api/v1/queue", admin._headers())
    return [(one["kind"], one["site"], one["state"]) for one in found["entries"]]


def sipp(network: DialingNetwork, folder: Path, scenario: str) -> Sipp:
    if scenario.startswith("callee"):
        address = ("127.0.0.1", network.callee_port)
        return Sipp(folder, name="callee", scenario=scenario, local=address, more=("-m", "1"))
    return Sipp(
        folder,
        name="caller",
        scenario=scenario,
        local=("127.0.0.1", PortTaker()()),
        remote=network.layout.site("lisbon").trunk("public").address,
        number=GIVEN.number("back"),
        more=("-key", "extra", VOUCHED, "-key", "caller", NUMBER),
    )


def test_another_site_calls_back_who_found_nobody(network: DialingNetwork, tmp_path: Path) -> None:
    with network.busy_all("porto"):
        with network.busy_all("faro"):
            with sipp(network, tmp_path, "caller_promised.xml") as caller:
                caller.finish().assert_passed()
            wait_until(
                "every node knows the promise",
                lambda: waiting(network) == [("callback", "lisbon", "waiting")],
            )
            callee = sipp(network, tmp_path, "callee_answers.xml")
        with callee:
            callee.finish().assert_passed()
    assert f"dialed=INVITE sip:{NUMBER}" in callee.text("actions.log")
    (dialed,) = lines(network, "faro", "callback_dialed")
    (tried,) = lines(network, "lisbon", "callback_tried")
    assert (tried["outcome"], tried["target"], dialed["agent"]) == ("answered", "faro", "katia")
    (ended,) = lines(network, "lisbon", "callback_ended")
    assert ended["why"] == "answered"
    wait_until("the queue is empty", lambda: waiting(network) == [])
    (talked,) = [
        line
        for line in lines(network, "faro", "call_connected")
        if line["interaction"] == dialed["interaction"]
    ]
    assert talked["agent"] == "katia"
    network.wait_quiet()
    assert_clean(network)


def test_a_telephone_that_rings_for_a_killed_site_is_stopped_and_the_promise_taken_out(
    network: DialingNetwork, tmp_path: Path
) -> None:
    """The site that dials is killed; the next process tells the telephone to stop."""
    with network.busy_all("porto"):
        with network.busy_all("faro"):
            with sipp(network, tmp_path, "caller_promised.xml") as caller:
                caller.finish().assert_passed()
            callee = sipp(network, tmp_path, "callee_stopped.xml")
        with callee:
            callee.wait_for_message("180 Ringing")
            network.processes.kill("faro")
            network.processes.restart("faro")
            callee.finish().assert_passed()
        assert callee.text("messages.log").count("CANCEL sip:") >= 1
        wait_until("the promise is known", lambda: len(waiting(network)) == 1)
        leader = network.leader()
        assert leader is not None
        _take_out(network, leader)
    wait_until("the queue is empty", lambda: waiting(network) == [])
    assert lines(network, "lisbon", "callback_ended")[-1]["why"] == "taken_out"
    (taken,) = lines(network, "lisbon", "entry_taken_out")
    assert taken["by"] == "ana@noc: no such person"
    network.wait_quiet()
    assert_clean(network)


def _take_out(network: DialingNetwork, leader: str) -> None:
    """`nrcli queue --cancel` until it is done: while the telephone rings it is refused.

    That lasts until the hold of the killed process lapses; then the promise rests for a while.
    """

    def done() -> bool:
        entries = json.loads(nrcli(network, leader, "--json", "queue").stdout)["entries"]
        words = ("--author", "ana@noc", "-m", "no such person")
        told = nrcli(network, leader, "queue", "--cancel", entries[0]["entry_id"], *words)
        assert told.returncode in {0, 1}, told.stderr
        if told.returncode:
            assert "called back" in told.stderr or "still has entry" in told.stderr, told.stderr
        else:
            assert "nobody is called back" in told.stdout
        return told.returncode == 0

    wait_until("the promise is taken out", done, within_s=150.0)
    unknown = nrcli(network, leader, "queue", "--cancel", "no-such-entry", "--author", "ana")
    assert unknown.returncode == 1 and "nrcli queue" in unknown.stderr
