"""Emergency controls on a real network: a frozen call stays, over a leader change too, and moves
when the freeze ends; and a site lends nobody by its own people's word."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from network import SMALL, PlacedCall, TestNetwork, assert_clean, running, wait_until
from nrcli_process import nrcli

pytestmark = [pytest.mark.services, pytest.mark.timeout(180)]
SERVICE = "sales"


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestNetwork]:
    with running(tmp_path_factory.mktemp("controls"), SMALL) as found:
        yield found


def leader_of(network: TestNetwork) -> str:
    wait_until("somebody leads", lambda: network.leader() is not None)
    return str(network.leader())


def stays(network: TestNetwork, node: str, why: str) -> bool:
    """Has this node left a caller of lisbon there, for this reason?"""
    for one in network.admin(node).decisions_made(50):
        reasons = [*one.controls, *(other.lost_because for other in one.candidates)]
        about = (one.node, one.origin_site, one.outcome) == (node, "lisbon", "stay")
        if about and any(why in reason for reason in reasons):
            return True
    return False


def moved(call: PlacedCall) -> bool:
    return str(call.wait_connected()["agent_site"]) == "porto"


def test_a_frozen_call_stays_over_a_leader_change_and_moves_when_it_ends(
    network: TestNetwork,
) -> None:
    leader = leader_of(network)
    follower = next(name for name in network.node_statuses() if name != leader)
    words = ("freeze", "--service", SERVICE, "--for", "10m", "-m", "test of a freeze", "--yes")
    begun = nrcli(network, follower, "--json", *words)
    assert begun.returncode == 0, begun.stderr
    control = json.loads(begun.stdout)["id"]
    with network.busy("lisbon", "anna"):
        call = network.place("lisbon", "carrier")
        wait_until("the call stays", lambda: stays(network, leader, control))
        network.processes.kill(leader)
        wait_until("another node leads", lambda: network.leader() not in {None, leader})
        now = leader_of(network)
        wait_until("it stays there, too", lambda: stays(network, now, control))
        assert call.result["agent"] == ""
        listed = nrcli(network, now, "controls").stdout
        assert control in listed and "test of a freeze" in listed
        assert "control_in_force" in nrcli(network, now, "alarms").stdout
        ended = nrcli(network, now, "controls", "end", control, "-m", "seen enough")
        assert ended.returncode == 0, ended.stderr
        assert moved(call)
        call.hang_up()
    network.processes.restart(leader)
    assert_clean(network)


def test_a_site_lends_nobody_while_its_people_say_so(network: TestNetwork) -> None:
    settings = network.folder / "porto" / "site.yaml"

    def lending(*words: str) -> None:
        code = "from site_agent.__main__ import main; main()"
        command = [sys.executable, "-c", code, "lending", *words, "-c", str(settings)]
        subprocess.run(command, check=True, timeout=30, capture_output=True)

    leader = leader_of(network)
    lending("off", "-m", "fire drill", "--for", "10m")
    stands = "this site lends nobody, by"
    wait_until("it is told", lambda: stands in json.dumps(network.site_status("porto")["alarms"]))
    with network.busy("lisbon", "anna"):
        call = network.place("lisbon", "carrier")
        wait_until("the call stays", lambda: stays(network, leader, "not shared"))
        assert call.result["agent"] == ""
        assert "lending_off" in nrcli(network, leader, "alarms").stdout
        lending("on")
        assert moved(call)
        call.hang_up()
    assert_clean(network)
