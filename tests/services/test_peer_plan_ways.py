"""Every node is gone, and the plan says by which trunk group a peer is reached, and how.

Real sites with SIP callers and agents: by token from one trunk group, by 302 alone from another, by
a telephone number from a third whose carrier takes no tokens, not at all from the last.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from copy import deepcopy

import pytest
import yaml
from network import TRUNKS, TestNetwork, assert_clean, wait_until

from nirc.demo.layout import NetworkShape, SiteShape, TrunkShape, build_layout
from nirc.demo.network import PEER_PLAN
from nirc.demo.peer_plan import peer_plan
from nirc.demo.phones_file import Load
from nirc.demo.ports import PortTaker
from nirc.demo.site_files import site_yaml
from nirc.runtime.clock import wall_unix_s

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]
NUMBER = "+351220000001"
CLOSED = TrunkShape(name="isdn", answer_after_s=0.0, redirect_302=False, takes_refer=False)
SHAPE = NetworkShape(
    sites=(
        SiteShape(name="lisbon", agents=("anna",)),
        SiteShape(name="porto", agents=("diogo", "elsa")),
    ),
    trunks=(*TRUNKS, CLOSED),
    acw_s=0.2,
    ring_s=2.0,
    rona_rest_s=0.5,
    ask_after_s=0.2,
    requery_s=0.5,
)
WAYS = [
    {"from_site": "lisbon", "trunk_group": "carrier", "methods": ["redirect_302"]},
    {"from_site": "lisbon", "trunk_group": "pbx", "methods": ["bridge"]},
    {"from_site": "lisbon", "trunk_group": "legacy", "number": NUMBER},
]


class WaysNetwork(TestNetwork):
    """Lisbon's `legacy` dials by a carrier that reaches porto's public number."""

    def start_sites(self) -> None:
        for site in self.layout.sites:
            folder = self._subfolder(site.name)
            tls = self._tls("site", site.name)
            found = yaml.safe_load(site_yaml(self.layout, site, folder, tls))
            keys = self.plan_keys()
            assert keys is not None
            found["peer_plan"] = found.get("peer_plan") or keys.as_setting()
            for group in found["acd"]["trunk_groups"]:
                if (site.name, group["name"]) == ("lisbon", "legacy"):
                    group["dial_to"] = self.layout.site("porto").trunk("pbx").address
            settings = folder / "site.yaml"
            settings.write_text(yaml.safe_dump(found))
            command = [sys.executable, "-m", "site_agent", "run", "--config", str(settings)]
            self.processes.start(site.name, command)

    def _put_documents(self) -> bool:
        leader, keys = self.leader(), self.plan_keys()
        if leader is None or keys is None:
            return False
        plan = yaml.safe_load(peer_plan(self.layout, now_unix_s=wall_unix_s()))
        for service in plan["spec"]["services"]:
            for peer in service["peers"]:
                if peer["site"] == "porto":
                    peer["ways"] = deepcopy(WAYS)
        texts = self.document_texts()
        texts[PEER_PLAN] = keys.sign(yaml.safe_dump(plan, sort_keys=False))
        self.admin(leader).put_documents(texts)
        return True


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WaysNetwork]:
    layout = build_layout(SHAPE, PortTaker())
    load = Load(calls=0, answer_after_s=(0.05, 0.1), talk_s=(0.8, 1.2))
    found = WaysNetwork(tmp_path_factory.mktemp("ways"), layout, load)
    try:
        found.start()
        plans = [found.folder / site.name / "state.json.peer_plan.yaml" for site in SHAPE.sites]
        wait_until("every site has the plan on disk", lambda: all(p.exists() for p in plans))
        for node in found.layout.nodes:
            found.processes.kill(node.name)
        statuses = found.site_statuses
        wait_until("tier 2", lambda: {one["tier"] for one in statuses().values()} == {2})
        yield found
    finally:
        found.stop()


@pytest.mark.parametrize("trunk", ["pbx", "legacy"])
def test_a_caller_is_bridged_by_the_way_that_the_plan_names(
    network: WaysNetwork, trunk: str
) -> None:
    with network.busy("lisbon", "anna"):
        network.wait_ready("porto", "diogo")
        story = network.place("lisbon", trunk, data={"customer": 7}).wait_over()
    assert (story["outcome"], story["agent_site"]) == ("served", "porto"), story
    assert story["moved"] == "bridge"
    if trunk == "legacy":
        text = (network.folder / "lisbon" / "history.jsonl").read_text()
        assert "blind:sales@porto/legacy" in text
        assert not story.get("data_received"), "no data goes to a public number"
    assert_clean(network)


def test_from_a_trunk_group_that_no_way_names_the_caller_is_served_at_home(
    network: WaysNetwork,
) -> None:
    with network.busy("lisbon", "anna"):
        sent = network.site_status("lisbon")["counters"].get("plan_calls_sent", 0)
        waiting = network.place("lisbon", "isdn")
        network.wait_ready("porto", "diogo")
        wait_until("it waits", lambda: network.site_status("lisbon")["calls"] != [])
    story = waiting.wait_over()
    assert (story["outcome"], story["agent_site"]) == ("served", "lisbon")
    assert network.site_status("lisbon")["counters"].get("plan_calls_sent", 0) == sent
    assert_clean(network)


def test_a_caller_goes_by_302_where_the_plan_says_so(network: WaysNetwork) -> None:
    """The last: without a node nobody tells lisbon that they arrived, so they come back."""
    with network.busy("lisbon", "anna"):
        network.wait_ready("porto", "diogo")
        story = network.place("lisbon", "carrier").wait_over()
    assert (story["outcome"], story["agent_site"]) == ("served", "porto"), story
    assert story["moved"] == "302"
    for node in network.layout.nodes:
        network.processes.restart(node.name)
    assert_clean(network)
