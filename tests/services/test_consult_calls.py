"""Agents consult somebody at another site and join the caller with them, or not: real processes,
with and without an edge between that makes its own ids of every dialog."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hiding_edge import can_hide, running_behind_edge
from network import SMALL, PlacedCall, TestNetwork, assert_clean, running, wait_until
from phones_of_agents import Desks

from nirc.demo.layout import SiteShape

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]

DATA = {"customer": "C0815", "ivr_path": ["1", "4"]}
TWO = replace(
    SMALL,
    sites=(
        SiteShape(name="lisbon", agents=("anna",)),
        SiteShape(name="porto", agents=("diogo",)),
    ),
)
AGENTS = {"lisbon": "anna", "porto": "diogo"}


@pytest.fixture(scope="module", params=["straight", "behind an edge"])
def network(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestNetwork]:
    folder = tmp_path_factory.mktemp("consults")
    if request.param == "straight":
        with running(folder, TWO) as found:
            yield found
    elif not can_hide():
        pytest.skip("Kamailio with its module topoh is not installed")
    else:
        with running_behind_edge(folder, TWO) as found:
            yield found


@pytest.fixture
def desks(network: TestNetwork) -> Iterator[Desks]:
    for site, agent in AGENTS.items():
        network.wait_ready(site, agent)
        network.set_agent(site, agent, talk_s=600.0)
    yield Desks(network)
    assert_clean(network)


def talks_with_anna(network: TestNetwork, desks: Desks, trunk: str) -> PlacedCall:
    """A caller with data, who has reached anna."""
    call = network.place("lisbon", trunk, data=DATA, talk_s=600.0)
    assert call.wait_connected()["agent"] == "anna"
    desks.wait_talk("anna", f"call {call.number}")
    return call


def consulted(network: TestNetwork, desks: Desks, trunk: str) -> PlacedCall:
    """Anna talks with diogo about a caller, who waits."""
    call = talks_with_anna(network, desks, trunk)
    desks.order("anna", "consult", "service-sales")
    desks.wait_talk("diogo", "agent anna@lisbon")
    return call


def over(network: TestNetwork, call: PlacedCall) -> None:
    """The caller hangs up, and was served."""
    call.hang_up()
    assert call.wait_over()["outcome"] == "served"


@pytest.mark.parametrize("trunk", ["pbx", "legacy"])
def test_a_caller_is_joined_with_whom_their_agent_consulted(
    network: TestNetwork, desks: Desks, trunk: str
) -> None:
    call = consulted(network, desks, trunk)
    assert json.loads(desks.of("diogo")["data"]) == DATA
    assert desks.of("diogo")["interaction"].startswith(call.result["interaction_id"])
    desks.order("anna", "join", "service-sales")
    desks.wait_talk("diogo", f"call {call.number}")
    assert desks.refer_over("anna")[-1] == 200
    wait_until("anna has hung up", lambda: not desks.of("anna")["in_call"])
    assert not desks.of("anna")["second"]["stands"]
    network.wait_ready("lisbon", "anna")
    left_lisbon = trunk == "pbx"
    wait_until("lisbon holds a bridge or nothing", lambda: _left(network) == left_lisbon)
    over(network, call)


def test_a_join_before_the_other_answers_is_a_transfer_to_the_service(
    network: TestNetwork, desks: Desks
) -> None:
    call = talks_with_anna(network, desks, "pbx")
    network.set_agent("porto", "diogo", behaviour="silent", talk_s=600.0)
    rung = network.rung_count("porto", "diogo")
    desks.order("anna", "consult", "service-sales")
    wait_until("diogo rings", lambda: network.rung_count("porto", "diogo") > rung)
    network.set_agent("porto", "diogo", talk_s=600.0)
    desks.order("anna", "join", "service-sales")
    desks.wait_talk("diogo", f"call {call.number}")
    assert desks.refer_over("anna")[-1] == 200
    assert not desks.of("anna")["second"]["stands"]
    over(network, call)


def test_an_agent_gives_the_consult_call_up_and_has_the_caller(
    network: TestNetwork, desks: Desks
) -> None:
    call = consulted(network, desks, "pbx")
    desks.order("anna", "drop_second")
    wait_until("diogo is free", lambda: not desks.of("diogo")["in_call"])
    desks.wait_talk("anna", f"call {call.number}")
    assert network.agent_state("lisbon", "anna") == "busy"
    over(network, call)


def test_the_consulted_agent_hangs_up_and_the_caller_is_the_first_agents(
    network: TestNetwork, desks: Desks
) -> None:
    call = consulted(network, desks, "legacy")
    desks.order("diogo", "hang_up")
    wait_until("the second call is over", lambda: not desks.of("anna")["second"]["stands"])
    desks.wait_talk("anna", f"call {call.number}")
    over(network, call)


@pytest.mark.parametrize("trunk", ["pbx", "legacy"])
def test_an_agent_goes_back_and_forth_and_joins_the_two_in_the_end(
    network: TestNetwork, desks: Desks, trunk: str
) -> None:
    call = talks_with_anna(network, desks, trunk)
    desks.order("anna", "hold")
    desks.order("anna", "consult", "service-sales")
    desks.wait_talk("diogo", "agent anna@lisbon")
    for _ in range(2):
        desks.order("anna", "hold_second")
        desks.order("anna", "resume")
        desks.wait_talk("anna", f"call {call.number}")
        desks.order("anna", "hold")
        desks.wait_talk("anna", "-")
        desks.order("anna", "resume_second")
    desks.order("anna", "join", "service-sales")
    desks.wait_talk("diogo", f"call {call.number}")
    assert desks.refer_over("anna")[-1] == 200
    over(network, call)


def test_a_caller_who_hangs_up_ends_the_consult_call_too(
    network: TestNetwork, desks: Desks
) -> None:
    call = consulted(network, desks, "pbx")
    over(network, call)
    wait_until("both agents are free", lambda: not _busy(desks))


def _left(network: TestNetwork) -> bool:
    return network.calls_at("lisbon") == 0


def _busy(desks: Desks) -> list[str]:
    phones = {agent: desks.of(agent) for agent in AGENTS.values()}
    return [agent for agent, one in phones.items() if one["in_call"] or one["second"]["stands"]]
