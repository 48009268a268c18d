"""The target is busy, silent or refusing: the caller is served all the same, nothing is left."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from network import TestNetwork, assert_clean, running, wait_until

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]
TRUNKS = ["carrier", "pbx", "legacy"]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestNetwork]:
    with running(tmp_path_factory.mktemp("trouble")) as found:
        yield found


@pytest.fixture(autouse=True)
def clean(network: TestNetwork) -> Iterator[None]:
    yield
    assert_clean(network)


@contextmanager
def _frozen(network: TestNetwork, name: str) -> Iterator[None]:
    """A process that stands still with its sockets open."""
    network.processes.signal(name, signal.SIGSTOP)
    try:
        yield
    finally:
        network.processes.signal(name, signal.SIGCONT)


@pytest.mark.parametrize("trunk", TRUNKS)
def test_all_agents_busy_everywhere_the_first_free_one_takes_the_caller(
    network: TestNetwork, trunk: str
) -> None:
    with network.busy("lisbon", "anna") as at_home, network.busy_all("porto"):
        waiting = network.place("lisbon", trunk)
        wait_until("the caller waits", lambda: network.waiting_count("lisbon") == 1)
        at_home.hang_up()
        story = waiting.wait_over()
    assert (story["outcome"], story["agent_site"]) == ("served", "lisbon")


@pytest.mark.parametrize("trunk", TRUNKS)
def test_the_target_falls_silent_and_the_caller_is_served_at_home(
    network: TestNetwork, trunk: str
) -> None:
    with network.busy("lisbon", "anna") as at_home:
        network.wait_ready("porto", "diogo")
        with _frozen(network, "porto"):
            waiting = network.place("lisbon", trunk)
            wait_until("the caller rang", lambda: network.calls_at("lisbon") == 2)
            at_home.hang_up()
            story = waiting.wait_connected()
            assert story["agent_site"] == "lisbon"
            assert waiting.wait_over()["outcome"] == "served"
        wait_until("porto is back", network.is_linked)


@pytest.mark.parametrize("trunk", TRUNKS)
@pytest.mark.parametrize("behaviour", ["silent", "refuse"])
def test_the_targets_agent_does_not_take_it_and_somebody_else_does(
    network: TestNetwork, trunk: str, behaviour: str
) -> None:
    """RONA at the target: the caller stays the target's own, the next agent there takes them."""
    with network.busy("lisbon", "anna"), network.only_ready("porto", "diogo") as others:
        rung = network.rung_count("porto", "diogo")
        network.set_agent("porto", "diogo", behaviour=behaviour)
        caller = network.place("lisbon", trunk, data={"customer": "C1"})
        wait_until("diogo was rung", lambda: network.rung_count("porto", "diogo") > rung)
        others[0].hang_up()
        story = caller.wait_over()
        network.set_agent("porto", "diogo")
    assert (story["outcome"], story["agent"]) == ("served", "elsa")
    assert story["data_intact"]


@pytest.mark.parametrize("trunk", TRUNKS)
def test_the_own_agent_does_not_answer_and_the_caller_moves_on(
    network: TestNetwork, trunk: str
) -> None:
    network.wait_ready("lisbon", "anna")
    network.wait_ready("porto", "elsa")
    network.set_agent("lisbon", "anna", behaviour="silent")
    story = network.place("lisbon", trunk, data={"customer": "C3"}).wait_over()
    network.set_agent("lisbon", "anna")
    assert (story["outcome"], story["agent_site"]) == ("served", "porto")
    assert story["data_intact"]
