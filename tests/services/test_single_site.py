"""Every NIRC node stops: callers go on being served at home, and routing comes back by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from network import SMALL, TestNetwork, assert_clean, running, wait_until

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestNetwork]:
    """Without a peer plan: what a site can do by itself."""
    with running(tmp_path_factory.mktemp("single"), replace(SMALL, peer_plan=False)) as found:
        yield found


def test_without_nodes_callers_are_served_at_home_and_routing_returns(network: TestNetwork) -> None:
    nodes = [node.name for node in network.layout.nodes]
    with_nodes = _served_at_home(network)
    network.processes.stop(*nodes)
    alone = [_served_at_home(network) for _ in range(3)]
    assert min(alone) < with_nodes + 0.5, "a ready agent at home waits for nobody"

    with network.busy("lisbon", "anna") as at_home:
        waiting = network.place("lisbon", "pbx")
        wait_until("the caller waits at home", lambda: network.waiting_count("lisbon") == 1)
        at_home.hang_up()
        story = waiting.wait_over()
    assert (story["outcome"], story["agent_site"]) == ("served", "lisbon")

    for node in nodes:
        network.processes.restart(node)
    wait_until("the sites are linked again", network.is_linked)
    with network.busy("lisbon", "anna"):
        story = network.place("lisbon", "carrier", data={"customer": "C2"}).wait_over()
    assert (story["outcome"], story["agent_site"]) == ("served", "porto")
    assert story["data_intact"]
    assert_clean(network)


def _served_at_home(network: TestNetwork) -> float:
    network.wait_ready("lisbon", "anna")
    story = network.place("lisbon", "carrier").wait_over()
    assert (story["outcome"], story["agent_site"]) == ("served", "lisbon")
    return float(story["waited_s"])
