"""A site whose phones answer and hang up at once gets no calls, and gets them again once mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from network import SMALL, TestNetwork, assert_clean, running, wait_until

from nrcli.wire.api_models import PlaceOutcomes

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]
SHAPE = replace(
    SMALL,
    router={
        "hole_probe_every_s": 6.0,
        "hole_probe_s_max": 6.0,
        "hole_probe_share": 0.5,
        "hole_return_step_s": 1.0,
    },
)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestNetwork]:
    with running(tmp_path_factory.mktemp("hole"), SHAPE) as found:
        yield found


def suspended(network: TestNetwork) -> dict[tuple[str, str, str], PlaceOutcomes]:
    """What the leader says is not open."""
    leader = network.leader()
    status = network.node_statuses().get(leader or "")
    return {(one.kind, one.site, one.name): one for one in status.suspended} if status else {}


def all_porto(network: TestNetwork, talk_s: float | None) -> None:
    for agent in network.layout.site("porto").agents:
        network.set_agent("porto", agent, talk_s=talk_s)


def served(network: TestNetwork) -> str:
    """Where a caller of lisbon is served while nobody is free there."""
    for agent in network.layout.site("porto").agents:
        network.wait_ready("porto", agent)
    return str(network.place("lisbon", "carrier").wait_over()["agent_site"])


def test_a_site_that_hangs_up_at_once_is_avoided_and_returns(network: TestNetwork) -> None:
    queue = ("queue", "porto", "sales")
    all_porto(network, 0.05)
    with network.busy("lisbon", "anna") as at_home:
        for _ in range(6):
            assert served(network) == "porto"
        wait_until("porto is suspended", lambda: queue in suspended(network), within_s=10.0)
        assert suspended(network)[queue].reason.startswith("6 of the last 6 calls")
        waiting = network.place("lisbon", "carrier")
        wait_until("the caller waits", lambda: network.waiting_count("lisbon") == 1)
        at_home.hang_up()
        assert waiting.wait_over()["agent_site"] == "lisbon"

    killed = network.leader()
    assert killed is not None
    network.processes.kill(killed)
    wait_until("another node leads", lambda: network.leader() not in {None, killed})
    assert suspended(network)[queue].phase == "suspended"

    all_porto(network, None)
    with network.busy("lisbon", "anna"):
        for _ in range(3):
            assert served(network) == "porto", "a probe"
        wait_until("porto is open again", lambda: not suspended(network), within_s=30.0)
        assert served(network) == "porto"
    assert_clean(network)
