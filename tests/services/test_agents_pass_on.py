"""Agents pass callers on from real phones: out by a number, an emergency, taken back, refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from desk_network import DeskNetwork, running_desks
from network import SMALL, PlacedCall, assert_clean, wait_until
from phones_of_agents import Desks

from nirc.demo.layout import SiteLayout, SiteShape

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]

OUTSIDE, EMERGENCY = "+351210009999", "112"
TWO = replace(
    SMALL,
    sites=(
        SiteShape(name="lisbon", agents=("anna", "bruno")),
        SiteShape(name="porto", agents=("diogo",)),
    ),
    ring_s=10.0,
)
AGENTS = {"lisbon": "anna", "porto": "diogo"}


def dials_out(site: SiteLayout, found: dict[str, Any], outside: str) -> None:
    """Anna may dial numbers of the country, and one trunk group of lisbon dials."""
    acd = found["acd"]
    if site.name == "lisbon":
        acd["trunk_groups"][0] |= {"dial_to": outside, "emergency_numbers": [EMERGENCY]}
        own = {"name": "own", "agents": ["*"], "services": ["sales", "support"]}
        acd["transfers"] = {"classes": [own, {"name": "o", "agents": ["*"], "numbers": ["+351*"]}]}


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskNetwork]:
    folder: Path = tmp_path_factory.mktemp("pass_on")
    with running_desks(folder, TWO, dials_out, (OUTSIDE, EMERGENCY)) as found:
        yield found


@pytest.fixture
def desks(network: DeskNetwork) -> Iterator[Desks]:
    assert network.say("lisbon", "bruno", state="not_ready", reason="later") == 202
    network.set_agent("lisbon", "bruno", talk_s=600.0)
    for site, agent in AGENTS.items():
        network.wait_ready(site, agent)
        network.set_agent(site, agent, talk_s=600.0)
    yield Desks(network)
    assert_clean(network)


def talks(
    network: DeskNetwork, desks: Desks, trunk: str = "pbx", site: str = "lisbon"
) -> PlacedCall:
    """A caller who has reached the agent of a site."""
    call = network.place(site, trunk, talk_s=600.0)
    assert call.wait_connected()["agent"] == AGENTS[site]
    desks.wait_talk(AGENTS[site], f"call {call.number}")
    return call


def over(call: PlacedCall) -> None:
    call.hang_up()
    assert call.wait_over()["outcome"] == "served"


@pytest.mark.parametrize("number", [OUTSIDE, EMERGENCY])
def test_a_caller_goes_out_by_a_number(network: DeskNetwork, desks: Desks, number: str) -> None:
    call = talks(network, desks)
    assert desks.pass_on("anna", number)[-1] == 200
    desks.wait_talk(number, f"call {call.number}")
    wait_until("anna is free", lambda: not desks.of("anna")["in_call"])
    network.wait_ready("lisbon", "anna")
    over(call)
    wait_until("the other has nobody", lambda: not desks.of(number)["in_call"])


def test_a_number_that_nobody_answers_gives_the_caller_back(
    network: DeskNetwork, desks: Desks
) -> None:
    call = talks(network, desks)
    network.set_agent("outside", OUTSIDE, behaviour="refuse", talk_s=600.0)
    assert desks.pass_on("anna", OUTSIDE)[-1] == 480
    desks.wait_talk("anna", f"call {call.number}")
    network.set_agent("outside", OUTSIDE, talk_s=600.0)
    over(call)


@pytest.mark.parametrize("to", ["service-sales", OUTSIDE])
@pytest.mark.parametrize("trunk", ["pbx", "legacy"])
def test_an_agent_takes_the_caller_back_while_the_target_rings(
    network: DeskNetwork, desks: Desks, trunk: str, to: str
) -> None:
    call = talks(network, desks, trunk)
    site, target = ("lisbon", "bruno") if to != OUTSIDE else ("outside", OUTSIDE)
    network.set_agent(site, target, behaviour="silent", talk_s=600.0)
    network.say("lisbon", "bruno", state="ready")
    network.wait_ready("lisbon", "bruno")
    rung = network.rung_count(site, target)
    desks.begin_to_pass_on("anna", to)
    wait_until("the target rings", lambda: network.rung_count(site, target) > rung)
    desks.order("anna", "resume")
    assert desks.refer_over("anna")[-1] >= 300
    desks.wait_talk("anna", f"call {call.number}")
    wait_until("the target rings no more", lambda: not desks.of(target)["in_call"])
    assert network.agent_state("lisbon", "anna") == "busy"
    network.set_agent(site, target, talk_s=600.0)
    over(call)


@pytest.mark.parametrize("trunk", ["pbx", "legacy"])
def test_a_caller_wanted_back_from_another_site_has_one_agent_in_the_end(
    network: DeskNetwork, desks: Desks, trunk: str
) -> None:
    """The other site answers within a second: whoever has the caller then keeps them."""
    call = talks(network, desks, trunk)
    desks.begin_to_pass_on("anna", "service-sales")
    desks.order("anna", "resume")
    back = desks.refer_over("anna")[-1] >= 300
    who, other = ("anna", "diogo") if back else ("diogo", "anna")
    desks.wait_talk(who, f"call {call.number}")
    wait_until(f"{other} is free", lambda: not desks.of(other)["in_call"])
    over(call)


def test_a_refused_transfer_leaves_the_caller_with_the_agent(
    network: DeskNetwork, desks: Desks
) -> None:
    call = talks(network, desks)
    assert desks.pass_on("anna", "+441234567") == [403]
    assert desks.pass_on("anna", "service-nowhere") == [404]
    assert desks.talks_with("anna") == f"call {call.number}"
    network.set_agent("lisbon", "bruno", behaviour="silent", talk_s=600.0)
    network.say("lisbon", "bruno", state="ready")
    network.wait_ready("lisbon", "bruno")
    rung = network.rung_count("lisbon", "bruno")
    desks.begin_to_pass_on("anna", "service-sales")
    wait_until("bruno rings", lambda: network.rung_count("lisbon", "bruno") > rung)
    desks.begin_to_pass_on("anna", "service-sales")
    wait_until("the second is refused", lambda: 491 in desks.of("anna")["refer_statuses"])
    desks.order("anna", "resume")
    desks.wait_talk("anna", f"call {call.number}")
    network.set_agent("lisbon", "bruno", talk_s=600.0)
    over(call)


def test_a_site_that_dials_nobody_refuses_a_number(network: DeskNetwork, desks: Desks) -> None:
    call = talks(network, desks, site="porto")
    assert desks.pass_on("diogo", OUTSIDE) in ([403], [503])
    assert desks.talks_with("diogo") == f"call {call.number}"
    over(call)
