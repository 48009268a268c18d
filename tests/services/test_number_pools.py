"""Callers whose carrier takes telephone numbers alone come by a lent one, with their data."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from network import SMALL, TestNetwork, assert_clean, wait_until
from nrcli_process import nrcli

from nirc.demo.documents import documents
from nirc.demo.layout import build_layout
from nirc.demo.phones_file import Load
from nirc.demo.ports import PortTaker
from nirc.demo.site_files import site_yaml

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]
DATA = {"customer": "C0815", "name": "Zoë Łukasz", "verified": True}
PREFIX = "+35122000"
POOL = {
    "site": "porto",
    "trunk_group": "pbx",
    "numbers": [f"{PREFIX}{n:04}" for n in range(6)],
    "hold_s": 20,
    "quarantine_s": 32,
}
WAYS = {"carrier": "redirect_302", "pbx": "refer", "legacy": "translation_route"}
QUICK = Load(calls=0, answer_after_s=(0.05, 0.1), talk_s=(0.8, 1.2))


class NumbersNetwork(TestNetwork):
    """Lisbon's carriers take numbers alone; porto lends them."""

    def start_sites(self) -> None:
        for site in self.layout.sites:
            folder = self._subfolder(site.name)
            found = yaml.safe_load(
                site_yaml(self.layout, site, folder, self._tls("site", site.name))
            )
            for group in found["acd"]["trunk_groups"]:
                if group["name"] in ("carrier", "pbx"):
                    group["number_domains"] = ["edge.example"]
                if group["name"] == "legacy":
                    group["dial_to"] = self.door
            settings = folder / "site.yaml"
            settings.write_text(yaml.safe_dump(found))
            command = [sys.executable, "-m", "site_agent", "run", "--config", str(settings)]
            self.processes.start(site.name, command)

    @property
    def door(self) -> str:
        return self.layout.site("porto").trunk("pbx").address

    def _put_documents(self) -> bool:
        leader = self.leader()
        if leader is None:
            return False
        self.admin(leader).put_documents(self._documents())
        return True

    def _documents(self) -> dict[str, str]:
        found = documents(self.layout)
        for trunk, method in WAYS.items():
            path = yaml.safe_load(found[f"Path/lisbon-{trunk}"])
            path["spec"] |= {
                "to_site": "porto",
                "methods": [method],
                "address": "e164_pool@trunk_domain",
                "arrives_on": "pbx",
                "user_part_max": 20,
                "follows_contacts": method == "redirect_302",
            }
            found[f"Path/lisbon-{trunk}"] = yaml.safe_dump(path)
        table = yaml.safe_load(found["SiteTable/network"])
        for row in table["spec"]["addresses"]:
            if (row["site"], row["trunk_group"]) == ("porto", "pbx"):
                row["numbers"] = [f"{PREFIX}*"]
        found["SiteTable/network"] = yaml.safe_dump(table)
        tokens = yaml.safe_load(found["Path/porto-carrier"])
        tokens["spec"] |= {"to_site": "lisbon", "proven": False}
        found["Path/porto-carrier"] = yaml.safe_dump(tokens)
        head = {"apiVersion": "nirc/v1", "kind": "NumberPool", "metadata": {"name": "porto"}}
        found["NumberPool/porto"] = yaml.safe_dump(head | {"spec": POOL})
        return found

    def lines(self, site: str, kind: str) -> list[dict[str, Any]]:
        text = (self.folder / site / "history.jsonl").read_text()
        return [line for line in map(json.loads, text.splitlines()) if line["kind"] == kind]

    def lent(self) -> list[str]:
        return [line["number"] for line in self.lines("porto", "hold") if line.get("number")]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NumbersNetwork]:
    layout = build_layout(SMALL, PortTaker())
    network = NumbersNetwork(tmp_path_factory.mktemp("numbers"), layout, QUICK)
    try:
        network.start()
        yield network
    finally:
        network.stop()


@pytest.mark.parametrize(
    ("trunk", "moved"), [("carrier", "302"), ("pbx", "refer"), ("legacy", "bridge")]
)
def test_a_caller_arrives_by_a_lent_number_with_data_intact(
    network: NumbersNetwork, trunk: str, moved: str
) -> None:
    before = len(network.lent())
    with network.busy("lisbon", "anna"):
        story = network.place("lisbon", trunk, data=DATA, reaches={PREFIX: network.door})
        told = story.wait_over()
    assert (told["outcome"], told["agent_site"], told["moved"]) == ("served", "porto", moved)
    assert told["data_intact"]
    assert told["interaction_received"] == told["interaction_id"]
    assert len(network.lent()) == before + 1
    (ended,) = [
        line
        for line in network.lines("lisbon", "move_ended")
        if line["interaction"] == told["interaction_id"]
    ]
    assert (ended["outcome"], ended["method"]) == ("arrived", WAYS[trunk])
    assert_clean(network)


def test_a_straggler_on_a_number_that_rests_is_an_ordinary_call_without_data(
    network: NumbersNetwork,
) -> None:
    with network.busy("lisbon", "anna"):
        story = network.place("lisbon", "pbx", data=DATA, reaches={PREFIX: network.door})
        assert story.wait_over()["agent_site"] == "porto"
    network.wait_quiet()
    number, taken = network.lent()[-1], len(network.lines("porto", "call_arriving"))
    straggler = network.place("porto", "pbx", dialed=number).wait_over()
    assert (straggler["outcome"], straggler["agent_site"]) == ("served", "porto")
    assert straggler["moved"] == "no" and not straggler.get("data_received")
    assert len(network.lines("porto", "call_arriving")) == taken
    status = network.site_status("porto")
    assert status["counters"]["numbers_stragglers"] == 1
    (pool,) = status["number_pools"]
    assert (pool["pool"], pool["numbers_count"], pool["refused_count"]) == ("porto", 6, 0)
    interaction = story.result["interaction_id"]
    resting = [one for one in pool["numbers"] if one["interaction_id"] == interaction]
    assert [(one["number"], one["resting"], one["lent_to"]) for one in resting] == [
        (number, True, "lisbon")
    ]
    wait_until("the node tells the same", lambda: shows(network, number, interaction))
    assert number in nrcli(network, network.leader(), "pool", "list").stdout
    assert_clean(network)


def shows(network: NumbersNetwork, number: str, interaction: str) -> bool:
    """Does the leader tell of this number as resting after this interaction?"""
    (pool,) = told(network, "pool", "list")["pools"]
    return (number, "resting", "lisbon", interaction) in {
        (one["number"], one["state"], one["lent_to"], one["interaction_id"])
        for one in pool["numbers"]
    }


@pytest.mark.parametrize("path", ["lisbon-legacy", "porto-carrier"])
def test_a_probe_proves_a_path_by_a_real_call_and_rings_nobody(
    network: NumbersNetwork, path: str
) -> None:
    before = {one["path"]: one for one in told(network, "paths")["paths"]}
    assert before[path]["proved_s_ago"] is None
    assert before["porto-carrier"]["state"] == "unproved" and not before["porto-carrier"]["used"]
    rung = [network.rung_count("porto", one) for one in ("diogo", "elsa")]
    answer = told(network, "probe", path)
    assert answer["state"] == "good" and 0 < answer["took_s"] < 5
    after = {one["path"]: one for one in told(network, "paths")["paths"]}
    assert after[path]["state"] in ("vouched", "proved") and after[path]["used"]
    assert after[path]["p99_measured_s"] == answer["took_s"]
    assert [network.rung_count("porto", one) for one in ("diogo", "elsa")] == rung
    assert_clean(network)


def test_a_probe_that_cannot_be_placed_says_why(network: NumbersNetwork) -> None:
    leader = network.leader()
    for words, why in (
        (("probe", "nowhere"), "there is no path nowhere"),
        (("probe", "lisbon-carrier"), "of lisbon has no `dial_to`"),
    ):
        ended = nrcli(network, leader, *words)
        assert ended.returncode == 1, ended
        assert why in ended.stdout


def told(network: NumbersNetwork, *words: str) -> Any:
    ended = nrcli(network, network.leader(), "--json", *words)
    assert ended.returncode == 0, (ended.stdout, ended.stderr)
    return json.loads(ended.stdout)


def test_an_edge_that_takes_no_numbers_of_the_pool_leaves_the_caller_at_home(
    network: NumbersNetwork, tmp_path: Path
) -> None:
    with network.busy("lisbon", "anna"):
        story = network.place("lisbon", "pbx", data=DATA, reaches={"+44": network.door})
        wait_until("the edge has refused", lambda: story.result.get("refers_refused", 0) > 0)
    told = story.wait_over()
    assert (told["outcome"], told["agent_site"]) == ("served", "lisbon")
    assert_clean(network)
