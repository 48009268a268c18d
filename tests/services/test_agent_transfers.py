"""Agents pass callers on, by phones of real processes: to other sites, twice and three times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from network import SMALL, PlacedCall, TestNetwork, assert_clean, running, wait_until

from nirc.demo.layout import SiteShape

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]

DATA = {"customer": "C0815", "ivr_path": ["1", "4"]}
THREE = replace(
    SMALL,
    onward=True,
    sites=(
        SiteShape(name="lisbon", agents=("anna",)),
        SiteShape(name="porto", agents=("diogo",)),
        SiteShape(name="faro", agents=("gil",)),
    ),
)
AGENTS = {"lisbon": "anna", "porto": "diogo", "faro": "gil"}


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestNetwork]:
    with running(tmp_path_factory.mktemp("transfers"), THREE) as found:
        yield found


@pytest.fixture(autouse=True)
def clean(network: TestNetwork) -> Iterator[None]:
    for site, agent in AGENTS.items():
        network.wait_ready(site, agent)
        network.set_agent(site, agent, talk_s=600.0)
    yield
    assert_clean(network)


def talks(network: TestNetwork) -> str:
    """The site whose agent talks with this caller."""
    wait_until("an agent talks", lambda: bool(_talking(network)))
    return _talking(network)[0]


def _talking(network: TestNetwork) -> list[str]:
    return [one["site"] for one in network.phones_status()["agents"] if one["in_call"]]


def _intact(call: PlacedCall) -> bool:
    """Has the agent who talks got the caller's data, and the same interaction?"""
    story = call.result
    same = story["interaction_received"] == story["interaction_id"]
    return same and story["data_received"] == story["data_sent"]


def pass_on(network: TestNetwork, site: str, to: str = "service-sales") -> list[int]:
    """The agent of a site passes their caller on; what the phone was told, when it is over."""
    agent = AGENTS[site]
    network.phones_order("POST", f"/agents/{site}/{agent}/transfer", {"to": to})

    def told() -> list[int]:
        agents = network.phones_status()["agents"]
        return next(a["refer_statuses"] for a in agents if a["agent"] == agent)

    wait_until(
        "the transfer is over",
        lambda: (
            bool(told())
            and told()[-1] >= 200
            and (len(told()) > 1 or told()[-1] >= 300)
            and (told()[-1] != 202)
        ),
    )
    return told()


@pytest.mark.parametrize("trunk", ["pbx", "legacy"])
def test_a_caller_goes_from_agent_to_agent_through_three_sites_with_data(
    network: TestNetwork, trunk: str
) -> None:
    call = network.place("lisbon", trunk, data=DATA, talk_s=600.0)
    assert call.wait_connected()["agent"] == "anna"
    assert pass_on(network, "lisbon") == [202, 100, 200]
    wait_until("one agent talks", lambda: len(_talking(network)) == 1)
    second = talks(network)
    assert second in ("porto", "faro")
    wait_until("the data is there", lambda: _intact(call))
    assert pass_on(network, second) == [202, 100, 200]
    wait_until("one agent talks", lambda: len(_talking(network)) == 1)
    third = talks(network)
    assert {second, third} == {"porto", "faro"}
    wait_until("the data is there", lambda: _intact(call))
    call.hang_up()
    story = call.wait_over()
    assert story["outcome"] == "served" and story["data_intact"]


def test_an_agent_may_not_dial_out(network: TestNetwork) -> None:
    call = network.place("lisbon", "pbx", talk_s=600.0)
    call.wait_connected()
    assert pass_on(network, "lisbon", "+441234567") == [403]
    assert pass_on(network, "lisbon", "service-nowhere") == [404]
    assert _talking(network) == ["lisbon"]
    call.hang_up()
    call.wait_over()


@pytest.mark.parametrize("trunk", ["pbx", "legacy"])
def test_an_agent_sends_a_caller_back_to_the_site_that_they_came_from(
    network: TestNetwork, trunk: str
) -> None:
    """An agent's talk begins the hops anew: the caller may be served where they called first."""
    call = network.place("lisbon", trunk, data=DATA, talk_s=600.0)
    assert call.wait_connected()["agent"] == "anna"
    with network.busy("faro", "gil"):
        assert pass_on(network, "lisbon")[-1] == 200
        wait_until("porto has the caller", lambda: "porto" in _talking(network))
        wait_until("the data is there", lambda: _intact(call))
        network.wait_ready("lisbon", "anna")
        assert pass_on(network, "porto")[-1] == 200
        wait_until("lisbon has the caller", lambda: "lisbon" in _talking(network))
        wait_until("the data is there", lambda: _intact(call))
        wait_until("porto is free", lambda: "porto" not in _talking(network))
    call.hang_up()
    assert call.wait_over()["outcome"] == "served"
