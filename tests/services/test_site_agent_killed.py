"""A site agent is killed and started again: it finishes what it began, and nobody notices much."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator

import pytest
from killed_scenes import moved_to_a_silent_agent, only_rings
from network import PlacedCall, TestNetwork, assert_clean, running, wait_until

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestNetwork]:
    with running(tmp_path_factory.mktemp("killed")) as found:
        yield found


@pytest.fixture(autouse=True)
def clean(network: TestNetwork) -> Iterator[None]:
    yield
    assert_clean(network)


def kill_and_restart(network: TestNetwork, site: str, dead_s: float = 0.5) -> None:
    network.processes.kill(site)
    time.sleep(dead_s)
    network.processes.restart(site)
    wait_until(f"{site} is back", network.is_linked)


def history(network: TestNetwork, kind: str) -> list[str]:
    found = []
    for path in network.histories():
        if path.exists():
            found += [line for line in path.read_text().splitlines() if f'"kind":"{kind}"' in line]
    return found


def is_open(call: PlacedCall) -> bool:
    return bool(call.result["agent"]) and call.result["outcome"] == "open"


def test_a_caller_goes_on_talking_and_hangs_up(network: TestNetwork) -> None:
    before = len(history(network, "call_resumed"))
    with network.busy("lisbon", "anna") as call:
        kill_and_restart(network, "lisbon")
        assert is_open(call)
        wait_until("anna is busy", lambda: network.agent_state("lisbon", "anna") == "busy")
    assert call.wait_over()["outcome"] == "served"
    network.wait_ready("lisbon", "anna")
    assert len(history(network, "call_resumed")) == before + 1


def test_an_agent_hangs_up_after_the_restart(network: TestNetwork) -> None:
    network.wait_ready("lisbon", "anna")
    network.set_agent("lisbon", "anna", talk_s=30.0)
    call = network.place("lisbon", "pbx")
    call.wait_connected()
    network.set_agent("lisbon", "anna")
    kill_and_restart(network, "lisbon")
    assert is_open(call)
    story = call.wait_over()
    assert (story["outcome"], story["agent"]) == ("served", "anna")
    network.wait_ready("lisbon", "anna")


def test_a_caller_who_waits_is_in_the_queue_again(network: TestNetwork) -> None:
    """Back in the queue they may be served at home or be moved, as before."""
    before = len(history(network, "call_resumed"))
    with network.busy("lisbon", "anna") as at_home, network.busy_all("porto"):
        waiting = network.place("lisbon", "pbx", patience_s=200.0)
        wait_until("the caller waits", lambda: network.waiting_count("lisbon") == 1)
        kill_and_restart(network, "lisbon")
        wait_until(
            "both callers are back",
            lambda: len(history(network, "call_resumed")) == before + 2,
        )
        at_home.hang_up()
    assert waiting.wait_over()["outcome"] == "served"


@pytest.mark.parametrize("trunk", ["pbx", "legacy", "carrier"])
@pytest.mark.parametrize("killed", ["lisbon", "porto"])
def test_killed_in_the_middle_of_a_move(network: TestNetwork, killed: str, trunk: str) -> None:
    """The target's agent rings and does not answer; then one end of the move is killed.

    A carrier's caller is moved by 302 before anybody has answered: if the target is killed, it
    refuses their INVITE when it is back, and their device tries the origin again.
    """
    story = moved_to_a_silent_agent(network, trunk, lambda: kill_and_restart(network, killed))
    assert story["outcome"] == "served", story


def test_a_caller_who_only_rings_is_taken_up_again(network: TestNetwork) -> None:
    story = only_rings(network, lambda: kill_and_restart(network, "lisbon"))
    assert story["outcome"] == "served"


def test_a_second_process_is_refused_by_name(network: TestNetwork) -> None:
    """Without a pair nobody serves beside the process that runs."""
    command = network.processes.command("lisbon")
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert f"(pid {network.processes.pid('lisbon')}); stop that one" in done.stderr


def test_a_moved_call_goes_on_when_its_target_is_killed(network: TestNetwork) -> None:
    with network.busy("lisbon", "anna"):
        network.wait_ready("porto", "diogo")
        network.wait_ready("porto", "elsa")
        for agent in ("diogo", "elsa"):
            network.set_agent("porto", agent, talk_s=600.0)
        call = network.place("lisbon", "pbx")
        assert call.wait_connected()["agent_site"] == "porto"
        for agent in ("diogo", "elsa"):
            network.set_agent("porto", agent)
        kill_and_restart(network, "porto")
        assert is_open(call)
        call.hang_up()
        assert call.wait_over()["outcome"] == "served"


def test_a_bridge_goes_on_when_its_origin_is_killed(network: TestNetwork) -> None:
    with network.busy("lisbon", "anna"):
        network.wait_ready("porto", "diogo")
        network.wait_ready("porto", "elsa")
        for agent in ("diogo", "elsa"):
            network.set_agent("porto", agent, talk_s=600.0)
        call = network.place("lisbon", "legacy")
        assert call.wait_connected()["agent_site"] == "porto"
        for agent in ("diogo", "elsa"):
            network.set_agent("porto", agent)
        kill_and_restart(network, "lisbon")
        assert is_open(call)
        call.hang_up()
        assert call.wait_over()["outcome"] == "served"
