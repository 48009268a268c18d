"""The caller hangs up at the worst moments of a move: nothing is lost, held or rung for long."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from network import TestNetwork, assert_clean, running, wait_until
from sipp import Sipp

from nirc.demo.ports import PortTaker

pytestmark = [pytest.mark.services, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestNetwork]:
    with running(tmp_path_factory.mktemp("leaves")) as found:
        yield found


@pytest.fixture(autouse=True)
def clean(network: TestNetwork) -> Iterator[None]:
    yield
    assert_clean(network)


@pytest.mark.parametrize("trunk", ["carrier", "pbx", "legacy"])
@pytest.mark.parametrize("after_s", [0.0, 0.004, 0.01, 0.05])
def test_a_caller_hangs_up_around_the_instant_of_the_move(
    network: TestNetwork, trunk: str, after_s: float
) -> None:
    """The site asks after `ask_after_s`; each case leaves a little later in what follows."""
    story = _leave(network, trunk, network.layout.shape.ask_after_s + after_s)
    assert story["outcome"] == "abandoned"


@pytest.mark.parametrize(
    ("trunk", "sign"), [("carrier", "redirects"), ("pbx", "refers"), ("legacy", "refers_refused")]
)
def test_a_caller_hangs_up_while_the_targets_agent_rings(
    network: TestNetwork, trunk: str, sign: str
) -> None:
    story = _leave(network, trunk, network.layout.shape.ask_after_s + 1.0)
    assert story["outcome"] == "abandoned"
    assert story[sign] == 1, "the move had begun"


def _leave(network: TestNetwork, trunk: str, patience_s: float) -> dict[str, Any]:
    for agent in ("diogo", "elsa"):
        network.wait_ready("porto", agent)
        network.set_agent("porto", agent, behaviour="silent")
    with network.busy("lisbon", "anna"):
        story = network.place("lisbon", trunk, patience_s=patience_s).wait_over()
    for agent in ("diogo", "elsa"):
        network.set_agent("porto", agent)
    return story


def test_a_sipp_caller_cancels_while_it_rings(network: TestNetwork, tmp_path: Path) -> None:
    for agent in ("diogo", "elsa"):
        network.set_agent("porto", agent, behaviour="silent")
    network.set_agent("lisbon", "anna", behaviour="silent")
    network.wait_ready("lisbon", "anna")
    remote = network.layout.site("lisbon").trunk("carrier").address
    local = ("127.0.0.1", PortTaker()())
    with Sipp(
        tmp_path,
        name="cancel",
        scenario="caller_gives_up.xml",
        local=local,
        remote=remote,
        pause_ms=300,
    ) as caller:
        caller.finish().assert_passed()
    for site, agent in (("lisbon", "anna"), ("porto", "diogo"), ("porto", "elsa")):
        network.set_agent(site, agent)
    wait_until("nobody rings any more", lambda: network.calls_at("lisbon") == 0)
