"""Edges ask real site agents where to deliver: sipp, a site, a node, and another site's agents."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asked_sites import NUMBER, AskedNetwork
from kamailio import Kamailio, kamailio_program
from network import assert_clean, wait_until
from sipp import Sipp

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AskedNetwork]:
    found = AskedNetwork(tmp_path_factory.mktemp("asked"))
    try:
        found.start()
        yield found
    finally:
        found.stop()


def offered(network: AskedNetwork, site: str) -> list[dict[str, Any]]:
    text = (network.folder / site / "history.jsonl").read_text()
    return [one for one in map(json.loads, text.splitlines()) if one["kind"] == "call_offered"]


def delivered(network: AskedNetwork, asked: str, name: str) -> tuple[str, list[str]]:
    """Where one call was sent, and the sites that know its interaction id."""
    caller, session = network.asks(asked, name)
    with caller:
        caller.finish().assert_passed()
    where = caller.text("actions.log").strip().rpartition(" ")[2]
    known = [
        site.name
        for site in network.layout.sites
        if session in {one["interaction"] for one in offered(network, site.name)}
    ]
    return where, known


def metrics(network: AskedNetwork, site: str) -> str:
    folder = network.folder / site
    address = network.layout.site(site).http_address
    request = urllib.request.Request(f"http://{address}/metrics")
    request.add_header("Authorization", f"Bearer {(folder / 'http.token').read_text().strip()}")
    with urllib.request.urlopen(request, timeout=5) as answer:
        return str(answer.read().decode())


def test_a_call_lands_at_the_site_that_nirc_chose_with_its_interaction_known(
    network: AskedNetwork,
) -> None:
    network.wait_ready("porto", "diogo")
    network.wait_ready("porto", "elsa")
    with network.busy("lisbon", "anna"):
        assert delivered(network, "lisbon", "away") == (network.door_of("porto"), ["porto"])
    assert_clean(network)
    edges = network.edges("lisbon")
    assert (edges["pre_route_away"], edges["answers_302"], edges["draining"]) == (1, 1, False)
    assert "pre_route_default" not in edges
    leader = network.leader()
    assert leader is not None
    found = [one for one in network.all_decisions() if one.origin_site == "(lisbon/edge)"]
    assert [(one.outcome, one.target_site) for one in found] == [("redirect", "porto")]
    assert 'nirc_site_redirect_sip_total{name="answers_302"} 1' in metrics(network, "lisbon")


@pytest.mark.skipif(kamailio_program() is None, reason="apt-get install kamailio")
def test_a_real_kamailio_asks_the_site(network: AskedNetwork, tmp_path: Path) -> None:
    nodes = {
        f"192.0.2.2{n}:5060": f"127.0.0.1:{network.doors[site]}"
        for n, site in enumerate(("lisbon", "porto"), 1)
    }
    edge = Kamailio(
        tmp_path / "edge", port=network.ports(), default=network.door_of("lisbon"), more=nodes
    )
    network.wait_ready("porto", "diogo")
    network.wait_ready("porto", "elsa")
    before = len(offered(network, "porto"))
    try:
        edge.start()
        asked = lambda: sum(network.edges(one).get("answers_200", 0) for one in network.doors)  # noqa: E731
        wait_until("the edge has seen that both sites answer", lambda: asked() >= 2)
        with network.busy("lisbon", "anna"):
            caller = Sipp(
                tmp_path,
                name="caller",
                scenario="caller_behind_edge.xml",
                local=("127.0.0.1", network.ports()),
                remote=f"127.0.0.1:{edge.port}",
                number=NUMBER,
            )
            with caller:
                run = caller.finish()
        assert run.exit_code == 0, f"{run.output}\n{edge.log[-3000:]}"
    finally:
        edge.stop()
    assert len(offered(network, "porto")) == before + 1
    assert_clean(network)


def test_without_nirc_the_call_goes_home(network: AskedNetwork) -> None:
    """The last scene: no node comes back."""
    network.wait_ready("lisbon", "anna")
    for node in network.layout.nodes:
        network.processes.kill(node.name)
    wait_until("lisbon is alone", lambda: not network.site_status("lisbon")["node_links"])
    assert delivered(network, "lisbon", "home") == (network.door_of("lisbon"), ["lisbon"])
    edges = network.edges("lisbon")
    assert edges["pre_route_default"] == 1
    status = network.site_status("lisbon")
    assert "no node is known to lead" in status["pre_routes"]["last_default"]
    assert "pre_route_default" in {one["code"] for one in status["alarms"]}
