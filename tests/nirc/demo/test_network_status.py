"""How a network waits and what it asks; whole networks run in tests/services."""

from itertools import count
from pathlib import Path
from typing import Any

import pytest

from nirc.demo import json_http
from nirc.demo.json_http import HttpFailed
from nirc.demo.layout import NetworkShape, build_layout
from nirc.demo.network_status import NetworkStatus, NotReady
from nirc.demo.node_admin import NodeAdmin
from nirc.demo.processes import Processes, ProcessFailed


@pytest.fixture
def network(tmp_path: Path) -> NetworkStatus:
    layout = build_layout(NetworkShape(), count(20_000).__next__)
    return NetworkStatus(tmp_path, layout)


def test_waiting_in_vain_says_for_what_and_the_last_refusal(network: NetworkStatus) -> None:
    def never() -> bool:
        raise HttpFailed("GET /status", 503, "no leader")

    with pytest.raises(NotReady, match=r"until a node leads: GET /status: 503 no leader"):
        network.wait_until("a node leads", never, within_s=0.1)


def test_waiting_ends_at_once_when_a_process_died(
    network: NetworkStatus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def died(_: Processes) -> None:
        raise ProcessFailed("n1", 2, "address in use")

    monkeypatch.setattr(Processes, "check_wanted", died)
    with pytest.raises(ProcessFailed, match="n1 ended with exit code 2"):
        network.wait_until("a node leads", lambda: False)


def test_the_leader_is_the_node_that_says_so_whoever_started_it(
    network: NetworkStatus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Processes, "is_running", lambda *_: False)

    def leads(admin: NodeAdmin) -> bool:
        if admin.address.endswith(str(network.layout.nodes[1].http_port)):
            raise HttpFailed("GET", 0)
        return admin.address.endswith(str(network.layout.nodes[2].http_port))

    monkeypatch.setattr(NodeAdmin, "leads", leads)
    assert network.leader() == "n3"


def test_sites_that_do_not_answer_are_left_out(
    network: NetworkStatus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Processes, "is_running", lambda *_: True)
    lisbon = network.layout.site("lisbon")

    def get(address: str, path: str, _: Any = None) -> dict[str, Any]:
        if address.endswith(str(lisbon.http_port)):
            return {"site": "lisbon", "path": path}
        raise HttpFailed("GET", 0)

    monkeypatch.setattr(json_http, "get", get)
    assert network.site_statuses() == {"lisbon": {"site": "lisbon", "path": "/v1/status"}}
    assert network.phones_status() == {}
