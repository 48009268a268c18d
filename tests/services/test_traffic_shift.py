"""A traffic shift on a real network: callers go where it says though an agent is ready at home, and
come back by themselves when they are answered too late there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from network import TestNetwork, assert_clean, running, wait_until
from nrcli_process import nrcli

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestNetwork]:
    with running(tmp_path_factory.mktemp("shift")) as found:
        yield found


def test_callers_are_shifted_though_an_agent_is_ready_and_come_back_when_it_harms_them(
    network: TestNetwork,
) -> None:
    leader = network.leader()
    assert leader is not None
    network.wait_ready("lisbon", "anna")
    assert network.place("lisbon", "carrier").wait_over()["agent_site"] == "lisbon"

    words = ("--after", "0s", "--callers", "2", "--yes", "-m", "roof leaks", "--force")
    done = nrcli(network, leader, "shift", "lisbon", "porto", *words)
    assert done.returncode == 0, done.stderr
    assert "100% of the callers of lisbon go to porto" in done.stdout
    assert "calls per hour become" in done.stdout

    wait_until("lisbon holds new callers back", lambda: shifted(network))
    story = network.place("lisbon", "carrier").wait_over()
    assert (story["outcome"], story["agent_site"]) == ("served", "porto")
    newest = network.admin(leader).decisions_made(1)[-1]
    assert newest.rules[0][0].startswith("control ") and newest.target_site == "porto"

    with network.busy_all("porto"):
        late = [network.place("lisbon", "carrier", patience_s=6.5) for _ in range(4)]
        for one in late:
            one.wait_over()
        wait_until("the shift is given up", lambda: not shifted(network))
        network.wait_ready("lisbon", "anna")
        assert network.place("lisbon", "carrier").wait_over()["agent_site"] == "lisbon"
    alarms = nrcli(network, leader, "alarms")
    assert "shift_given_up" in alarms.stdout and "control_in_force" not in alarms.stdout
    assert "no traffic is shifted" in nrcli(network, leader, "shifts").stdout
    assert_clean(network)


def shifted(network: TestNetwork) -> bool:
    """Is lisbon ordered to ask about its callers?"""
    return bool(network.site_status("lisbon").get("shifts"))
