"""Every node is gone, and the plan says 302: who rings at a full site is sent to a peer.

Real sites, SIP callers (sipp among them) and agents; the histories of all are checked. Without a
link nobody can tell the origin that a redirected caller arrived: it keeps their place until the
move's limit, so only the last scene waits until every site is quiet.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from network import TRUNKS, TestNetwork, assert_clean, build, wait_until
from sipp import Sipp

from nirc.demo import observe
from nirc.demo.layout import NetworkShape, SiteShape
from nirc.demo.ports import PortTaker
from site_agent.core.plan_tokens import SHORT_START

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]
SHAPE = NetworkShape(
    sites=(
        SiteShape(name="lisbon", agents=("anna",)),
        SiteShape(name="porto", agents=("diogo",)),
        SiteShape(name="faro", agents=("katia",)),
    ),
    trunks=TRUNKS,
    acw_s=0.2,
    ring_s=2.0,
    rona_rest_s=0.5,
    ask_after_s=0.2,
    requery_s=0.5,
    plan_methods=("redirect_302", "bridge"),
    router={"hole_outcomes_min": 1_000},
)
MOVES_MAX = 2
"Of a call without a person's answer."


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestNetwork]:
    found = build(tmp_path_factory.mktemp("plan302"), SHAPE)
    try:
        found.start()
        plans = [found.folder / site.name / "state.json.peer_plan.yaml" for site in SHAPE.sites]
        wait_until("every site has the plan on disk", lambda: all(p.exists() for p in plans))
        for node in found.layout.nodes:
            found.processes.kill(node.name)
        wait_until("every site acts by the plan", lambda: _tiers(found) == {2})
        yield found
    finally:
        found.stop()


def _tiers(network: TestNetwork) -> set[int]:
    return {status["tier"] for status in network.site_statuses().values()}


def _lines(network: TestNetwork, kind: str, interaction: str) -> list[dict[str, Any]]:
    """Lines of one call at all sites."""
    return [
        line
        for path in network.histories()
        for line in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        if line["kind"] == kind and line.get("interaction") == interaction
    ]


def test_a_ringing_caller_is_redirected_and_answered_at_the_peer(network: TestNetwork) -> None:
    with network.busy("lisbon", "anna"):
        network.wait_ready("porto", "diogo")
        network.wait_ready("faro", "katia")
        story = network.place("lisbon", "carrier").wait_over()
    assert (story["outcome"], story["moved"], story["redirects"]) == ("served", "302", 1), story
    assert story["agent_site"] in {"porto", "faro"}
    (started,) = _lines(network, "move_started", story["interaction_id"])
    assert started["token"].startswith(SHORT_START) and started["target"] == story["agent_site"]
    (arriving,) = _lines(network, "call_arriving", story["interaction_id"])
    assert arriving["token"] == started["token"]


def test_a_trunk_that_may_not_be_redirected_is_bridged_by_the_same_plan(
    network: TestNetwork,
) -> None:
    with network.busy("lisbon", "anna"):
        network.wait_ready("porto", "diogo")
        network.wait_ready("faro", "katia")
        story = network.place("lisbon", "pbx").wait_over()
    assert (story["outcome"], story["moved"]) == ("served", "bridge"), story


@pytest.mark.skipif(shutil.which("sipp") is None, reason="sipp is not installed")
def test_a_sipp_caller_follows_the_redirect_of_the_plan(
    network: TestNetwork, tmp_path: Path
) -> None:
    with network.busy("lisbon", "anna"):
        network.wait_ready("porto", "diogo")
        network.wait_ready("faro", "katia")
        remote = network.layout.site("lisbon").trunk("carrier").address
        local = ("127.0.0.1", PortTaker()())
        scenario = "caller_follows_302.xml"
        with Sipp(tmp_path, name="plan", scenario=scenario, local=local, remote=remote) as caller:
            caller.finish().assert_passed()


def test_refused_by_one_peer_the_caller_comes_home_and_goes_to_the_next(
    network: TestNetwork,
) -> None:
    with network.busy("lisbon", "anna"), network.busy("porto", "diogo"):
        network.wait_ready("faro", "katia")
        stories = [network.place("lisbon", "carrier").wait_over() for _ in range(2)]
    assert [one["agent_site"] for one in stories] == ["faro"] * 2, stories
    for story in stories:
        arrived = _lines(network, "call_arriving", story["interaction_id"])
        assert len(arrived) <= MOVES_MAX


def test_an_agent_who_does_not_answer_costs_no_further_hop(network: TestNetwork) -> None:
    """The redirected caller rings at the peer and stays there, within the hop budget."""
    with network.busy("lisbon", "anna"), network.busy("faro", "katia"):
        network.wait_ready("porto", "diogo")
        network.set_agent("porto", "diogo", behaviour="refuse")
        try:
            ringing = network.place("lisbon", "carrier")
            wait_until("porto's agent was rung", lambda: network.rung_count("porto", "diogo") > 0)
        finally:
            network.set_agent("porto", "diogo")
        story = ringing.wait_over()
    assert story["outcome"] == "served", story
    moves = _lines(network, "move_started", story["interaction_id"])
    assert len({one["target"] for one in moves}) <= MOVES_MAX
    assert len(_lines(network, "call_arriving", story["interaction_id"])) <= MOVES_MAX


def test_in_the_end_every_place_is_given_back_and_no_caller_was_lost(
    network: TestNetwork,
) -> None:
    wait_until(
        "every site is quiet",
        lambda: not observe.left_over(network.site_statuses()),
        within_s=150.0,
    )
    assert_clean(network)
