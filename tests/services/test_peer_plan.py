"""Every node is gone: sites overflow to one another by their signed plan, and go back to NIRC.

Three real sites with SIP callers and agents; the histories of all are checked at the end.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator

import pytest
from network import TRUNKS, TestNetwork, assert_clean, build, wait_until
from nrcli_process import nrcli

from nirc.demo.layout import NetworkShape, SiteShape

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
    router={"hole_outcomes_min": 1_000},
)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestNetwork]:
    """No node runs but in the last test."""
    found = build(tmp_path_factory.mktemp("plan"), SHAPE)
    try:
        found.start()
        plans = [found.folder / site.name / "state.json.peer_plan.yaml" for site in SHAPE.sites]
        wait_until("every site has the plan on disk", lambda: all(p.exists() for p in plans))
        for node in found.layout.nodes:
            found.processes.kill(node.name)
        wait_until("every site acts by the plan", lambda: tiers(found) == [2, 2, 2])
        yield found
    finally:
        found.stop()


def tiers(network: TestNetwork) -> list[int]:
    """The tier of every site."""
    return [status["tier"] for status in network.site_statuses().values()]


def counter(network: TestNetwork, site: str, name: str) -> int:
    """A counter of a site agent."""
    return int(network.site_status(site)["counters"].get(name, 0))


@pytest.mark.parametrize("trunk", ["carrier", "pbx", "legacy"])
def test_a_caller_without_an_agent_at_home_is_served_by_a_peer(
    network: TestNetwork, trunk: str
) -> None:
    with network.busy("lisbon", "anna"):
        network.wait_ready("porto", "diogo")
        story = network.place("lisbon", trunk, data={"customer": 7}).wait_over()
    assert story["outcome"] == "served", story
    assert story["agent_site"] in ("porto", "faro")
    assert_clean(network)


def test_the_next_peer_is_asked_when_the_first_has_nobody(network: TestNetwork) -> None:
    with network.busy("lisbon", "anna"), network.busy("porto", "diogo"):
        network.wait_ready("faro", "katia")
        stories = [network.place("lisbon", "pbx").wait_over() for _ in range(3)]
    assert [one["agent_site"] for one in stories] == ["faro"] * 3
    assert counter(network, "porto", "plan_calls_refused") > 0
    assert_clean(network)


def test_nobody_is_free_anywhere_and_home_serves_in_the_end(network: TestNetwork) -> None:
    with network.busy("porto", "diogo"), network.busy("faro", "katia"):
        with network.busy("lisbon", "anna"):
            waiting = network.place("lisbon", "pbx")
            wait_until("both refused", lambda: counter(network, "faro", "plan_calls_refused") > 1)
        story = waiting.wait_over()
    assert (story["outcome"], story["agent_site"]) == ("served", "lisbon")
    assert_clean(network)


def test_a_silent_peer_is_left_out_and_the_caller_is_served_elsewhere(
    network: TestNetwork,
) -> None:
    with network.busy("lisbon", "anna"):
        network.wait_ready("porto", "diogo")
        network.wait_ready("faro", "katia")
        network.processes.signal("porto", signal.SIGSTOP)
        try:
            for _ in range(2):
                story = network.place("lisbon", "pbx").wait_over()
                assert (story["outcome"], story["agent_site"]) == ("served", "faro")
                network.wait_ready("faro", "katia")
        finally:
            network.processes.signal("porto", signal.SIGCONT)
    assert_clean(network)


def test_a_site_agent_that_starts_without_nirc_has_the_plan(network: TestNetwork) -> None:
    network.processes.restart("lisbon")
    wait_until("lisbon acts by the plan", lambda: tiers(network) == [2, 2, 2])
    with network.busy("lisbon", "anna"):
        network.wait_ready("porto", "diogo")
        network.wait_ready("faro", "katia")
        story = network.place("lisbon", "carrier").wait_over()
    assert story["outcome"] == "served" and story["agent_site"] in ("porto", "faro")
    assert_clean(network)


def test_the_nodes_are_back_and_calls_go_by_nirc_again(network: TestNetwork) -> None:
    for node in network.layout.nodes:
        network.processes.restart(node.name)
    wait_until("every site is back", lambda: tiers(network) == [0, 0, 0])
    before = counter(network, "lisbon", "plan_calls_sent")
    answered = counter(network, "lisbon", "answers_move")
    with network.busy("lisbon", "anna"):
        network.wait_ready("porto", "diogo")

        def by_nirc() -> bool:
            assert network.place("lisbon", "pbx").wait_over()["outcome"] == "served"
            return counter(network, "lisbon", "answers_move") > answered

        wait_until("a call goes by NIRC", by_nirc)
    alarms = [one["code"] for one in network.site_status("lisbon")["alarms"]]
    assert "peer_plan_in_use" not in alarms
    assert counter(network, "lisbon", "plan_calls_sent") - before < 10
    assert_clean(network)


def test_nrcli_shows_at_which_tier_sites_are_and_what_has_been(network: TestNetwork) -> None:
    """After the nodes were away: how long, and how many callers went by the plan meanwhile."""
    node = network.layout.nodes[0].name

    def told() -> dict[str, dict[str, object]]:
        found = json.loads(nrcli(network, node, "--json", "sites").stdout)["sites"]
        return {one["site"]: one for one in found}

    wait_until("every site tells tier 0", lambda: {one["tier"] for one in told().values()} == {0})
    lisbon = told()["lisbon"]
    past = lisbon["outages"][0]  # type: ignore[index]
    assert past["over"] and past["peer_plan_s"] > 1.0 and past["lasted_s"] >= past["peer_plan_s"]
    assert past["plan_calls_count"] >= 1, "those since its site agent was started again"
    assert lisbon["plan_serial"] == 1 and lisbon["plan_usable"]
    shown = nrcli(network, node, "sites").stdout
    assert "last without NIRC" in shown and "by the peer plan until" in shown, shown
    assert "without NIRC: " in nrcli(network, node, "sites", "lisbon").stdout
