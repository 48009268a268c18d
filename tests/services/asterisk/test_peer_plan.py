"""Every node is gone: callers go by the peer plan to a real Asterisk, and from it, data intact."""

from __future__ import annotations

import json

import pytest
from asterisk_network import AGENTS, SHAPE, SITE, AsteriskNetwork
from network import assert_clean, wait_until

from site_agent.core.plan_tokens import SHORT_START, USER_PART_CHARS

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(180)]

DATA = {"customer": "C0815", "name": "Zoë Łukasz", "note": 'quote " and \\ and ${EXTEN}'}


@pytest.fixture(scope="module", autouse=True)
def alone(network: AsteriskNetwork) -> None:
    """No node runs, and every site has the plan."""
    plans = [network.folder / site.name / "state.json.peer_plan.yaml" for site in SHAPE.sites]
    wait_until("every site has the plan on disk", lambda: all(p.exists() for p in plans))
    for node in network.layout.nodes:
        network.processes.kill(node.name)
    wait_until(
        "every site acts by the plan",
        lambda: {one["tier"] for one in network.site_statuses().values()} == {2},
    )


def counters(network: AsteriskNetwork, site: str) -> dict[str, int]:
    return dict(network.site_status(site)["counters"])


def _token(network: AsteriskNetwork, interaction: str) -> str:
    """By which a caller came to the Asterisk."""
    lines = [
        json.loads(line)
        for path in network.histories()
        for line in path.read_text(encoding="utf-8").splitlines()
        if interaction in line
    ]
    (arrived,) = [one for one in lines if one["kind"] == "call_arrived" and one["site"] == SITE]
    return str(arrived["token"])


@pytest.mark.parametrize("trunk", ["carrier", "pbx"])
def test_a_caller_goes_to_the_asterisk_with_data(network: AsteriskNetwork, trunk: str) -> None:
    """Before and after the answer; the token fits an extension, or it would be refused."""
    for agent in AGENTS:
        network.wait_ready(SITE, agent)
    with network.busy_all("porto"):
        story = network.place("porto", trunk, data=DATA).wait_over()
    assert (story["outcome"], story["agent_site"], story["moved"]) == ("served", SITE, "bridge")
    assert story["data_intact"] and story["interaction_received"] == story["interaction_id"]
    assert counters(network, SITE)["plan_calls_taken"] > 0
    token = _token(network, story["interaction_id"])
    assert token.startswith(SHORT_START) and len(token) <= USER_PART_CHARS
    assert_clean(network)


def test_the_asterisk_refuses_before_any_ringing_where_nobody_is_ready(
    network: AsteriskNetwork,
) -> None:
    before = counters(network, SITE).get("plan_calls_refused", 0)
    with network.busy_all(SITE):
        with network.busy_all("porto"):
            waiting = network.place("porto", "pbx", data=DATA)
            wait_until(
                "the Asterisk refused",
                lambda: counters(network, SITE).get("plan_calls_refused", 0) > before,
            )
        story = waiting.wait_over()
    assert (story["outcome"], story["agent_site"]) == ("served", "porto")
    assert_clean(network)


def test_a_caller_of_the_asterisk_goes_by_the_plan_with_data(network: AsteriskNetwork) -> None:
    with network.busy_all(SITE):
        story = network.place(SITE, "carrier", data=DATA).wait_over()
    assert (story["outcome"], story["agent_site"], story["moved"]) == ("served", "porto", "bridge")
    assert story["data_intact"]
    assert_clean(network)
