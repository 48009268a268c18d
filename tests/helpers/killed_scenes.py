"""What callers are doing when a site agent is killed: one alone, or the active of a pair."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from network import TestNetwork, wait_until

Kill = Callable[[], object]
PATIENCE_S = 200.0


def moved_to_a_silent_agent(network: TestNetwork, trunk: str, kill: Kill) -> Mapping[str, Any]:
    """The target's agent rings and does not answer; then `kill`. Returns the caller's story."""
    with network.busy("lisbon", "anna"), network.only_ready("porto", "diogo") as others:
        rung = network.rung_count("porto", "diogo")
        network.set_agent("porto", "diogo", behaviour="silent")
        caller = network.place("lisbon", trunk, data={"customer": "C1"}, patience_s=PATIENCE_S)
        wait_until("diogo is rung", lambda: network.rung_count("porto", "diogo") > rung)
        kill()
        network.set_agent("porto", "diogo")
        others[0].hang_up()
        return caller.wait_over()


def only_rings(network: TestNetwork, kill: Kill) -> Mapping[str, Any]:
    """A caller rings and nobody has answered; then `kill`, and lisbon's agent gets ready when they
    ring again. Returns the caller's story."""
    with network.busy("lisbon", "anna") as at_home, network.busy_all("porto"):
        ringing = network.place("lisbon", "carrier", patience_s=PATIENCE_S)
        wait_until("the caller rings", lambda: network.waiting_count("lisbon") == 1)
        kill()
        wait_until("the caller rings again", lambda: network.waiting_count("lisbon") == 1)
        at_home.hang_up()
    return ringing.wait_over()
