"""Two site agents for one site: who serves is killed, stopped or hung, and the other goes on."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import pytest
from killed_scenes import moved_to_a_silent_agent, only_rings
from network import SMALL, PlacedCall, TestNetwork, assert_clean, running, wait_until

from nirc.demo.json_http import HttpFailed
from nirc.demo.layout import NetworkShape, SiteMember, SiteShape

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]

SHAPE = NetworkShape(
    sites=(
        SiteShape(name="lisbon", agents=("anna",), is_pair=True),
        SiteShape(name="porto", agents=("diogo", "elsa"), is_pair=True),
    ),
    trunks=SMALL.trunks,
    acw_s=SMALL.acw_s,
    ring_s=SMALL.ring_s,
    rona_rest_s=SMALL.rona_rest_s,
    ask_after_s=SMALL.ask_after_s,
    requery_s=SMALL.requery_s,
    router=SMALL.router,
)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestNetwork]:
    with running(tmp_path_factory.mktemp("pair"), SHAPE) as found:
        yield found


@pytest.fixture(autouse=True)
def clean(network: TestNetwork) -> Iterator[None]:
    wait_until("both pairs are whole", lambda: whole(network, "lisbon") and whole(network, "porto"))
    yield
    assert_clean(network)


def roles(network: TestNetwork, site: str) -> dict[str, SiteMember]:
    found = {}
    for member in network.layout.site(site).members:
        try:
            found[str(network.member_status(site, member)["pair"]["role"])] = member
        except HttpFailed:
            continue
    return found


def whole(network: TestNetwork, site: str) -> bool:
    return set(roles(network, site)) == {"active", "standby"}


def active(network: TestNetwork, site: str) -> str:
    """The process that serves."""
    return roles(network, site)["active"].process


def taken_over(network: TestNetwork, site: str, from_process: str) -> None:
    """Wait until the other one serves, and is used by the leader."""

    def is_so() -> bool:
        found = roles(network, site).get("active")
        return found is not None and found.process != from_process and network.is_linked()

    wait_until(f"the standby of {site} serves", is_so)


def kill(network: TestNetwork, site: str) -> str:
    """Kill who serves, wait for the other, and start the first again, as a standby."""
    process = active(network, site)
    network.processes.kill(process)
    taken_over(network, site, process)
    network.processes.restart(process)
    return process


def fence(network: TestNetwork, site: str) -> int:
    return int(network.site_status(site)["pair"]["fence"])


def is_open(call: PlacedCall) -> bool:
    return bool(call.result["agent"]) and call.result["outcome"] == "open"


def test_who_talks_goes_on_when_the_active_is_killed(network: TestNetwork) -> None:
    before, began = fence(network, "lisbon"), network.site_status("lisbon")["incarnation"]
    with network.busy("lisbon", "anna") as call:
        kill(network, "lisbon")
        assert is_open(call)
        wait_until("anna is busy", lambda: network.agent_state("lisbon", "anna") == "busy")
    assert call.wait_over()["outcome"] == "served"
    assert fence(network, "lisbon") == before + 1
    assert network.site_status("lisbon")["incarnation"] > began


def test_who_waits_keeps_their_place_when_the_active_is_killed(network: TestNetwork) -> None:
    with network.busy("lisbon", "anna") as at_home, network.busy_all("porto"):
        waiting = network.place("lisbon", "pbx", patience_s=200.0)
        wait_until("the caller waits", lambda: network.waiting_count("lisbon") == 1)
        kill(network, "lisbon")
        wait_until("the caller is back", lambda: network.calls_at("lisbon") == 2)
        at_home.hang_up()
    assert waiting.wait_over()["outcome"] == "served"


@pytest.mark.parametrize("trunk", ["pbx", "legacy", "carrier"])
@pytest.mark.parametrize("killed", ["lisbon", "porto"])
def test_killed_in_the_middle_of_a_move(network: TestNetwork, killed: str, trunk: str) -> None:
    """The target's agent rings and does not answer; then one end of the move is killed."""
    story = moved_to_a_silent_agent(network, trunk, lambda: kill(network, killed))
    assert story["outcome"] == "served", story


def test_who_only_rings_is_taken_up_by_the_standby(network: TestNetwork) -> None:
    story = only_rings(network, lambda: kill(network, "lisbon"))
    assert story["outcome"] == "served"


def test_a_hung_active_is_ended_and_does_nothing_when_it_goes_on(network: TestNetwork) -> None:
    process = active(network, "lisbon")
    with network.busy("lisbon", "anna") as call:
        network.processes.leave_alone(process)
        network.processes.signal(process, signal.SIGSTOP)
        taken_over(network, "lisbon", process)
        network.processes.signal(process, signal.SIGCONT)
        assert not network.processes.is_running(process)
        assert is_open(call)
    assert call.wait_over()["outcome"] == "served"
    network.processes.restart(process)


def test_a_hung_standby_does_no_harm(network: TestNetwork) -> None:
    standby = roles(network, "lisbon")["standby"].process
    before = fence(network, "lisbon")
    network.processes.signal(standby, signal.SIGSTOP)
    time.sleep(0.5)
    assert network.place("lisbon", "pbx").wait_over()["outcome"] == "served"
    network.processes.signal(standby, signal.SIGCONT)
    wait_until("the pair is whole", lambda: whole(network, "lisbon"))
    assert fence(network, "lisbon") == before


def test_a_planned_stop_hands_over(network: TestNetwork) -> None:
    process = active(network, "lisbon")
    with network.busy("lisbon", "anna") as call:
        network.processes.stop(process)
        taken_over(network, "lisbon", process)
        assert is_open(call)
    assert call.wait_over()["outcome"] == "served"
    network.processes.restart(process)


def test_a_caller_who_rings_in_at_once_is_served_by_the_standby(network: TestNetwork) -> None:
    """Nobody is there to hear the INVITE: the caller's device repeats it until somebody is."""
    process = active(network, "lisbon")
    network.wait_ready("lisbon", "anna")
    network.processes.kill(process)
    call = network.place("lisbon", "pbx")
    assert call.wait_over()["outcome"] == "served"
    network.processes.restart(process)
