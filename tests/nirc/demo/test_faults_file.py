"""What was done to processes is told once, in words that the checkers know."""

import json
from pathlib import Path
from typing import Any

from nirc.demo.faults_file import NAME, FaultsFile
from nirc.demo.layout import NetworkShape, SiteShape, build_layout
from nirc.demo.ports import PortTaker
from simulator.checkers.faults_told import EFFECTS, faults_of
from simulator.history import read_history


def told(folder: Path) -> list[dict[str, Any]]:
    path = folder / NAME
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_each_process_has_its_effect(tmp_path: Path) -> None:
    layout = build_layout(NetworkShape(), PortTaker())
    node, site = layout.nodes[0].name, layout.sites[0].name
    file = FaultsFile(tmp_path / NAME, layout)
    file.runs(node, True)
    assert told(tmp_path) == []
    for name in (node, site, layout.etcd[0].name, "valkey"):
        file.runs(name, False)
        file.runs(name, False)
    file.runs(node, True)
    found = faults_of(read_history([tmp_path / NAME]))
    assert [one.effect for one in found] == ["gone", "site_stopped", "store", "harmless"]
    assert {one.effect for one in found} <= set(EFFECTS)
    assert (found[0].nodes, found[1].sites) == ({node}, {site})
    assert found[0].until_s < found[1].until_s and found[0].nodes_count == len(layout.nodes)


def test_each_process_of_a_pair_is_its_sites(tmp_path: Path) -> None:
    shape = NetworkShape(sites=(SiteShape(name="lisbon", agents=("anna",), is_pair=True),))
    layout = build_layout(shape, PortTaker())
    file = FaultsFile(tmp_path / NAME, layout)
    for member in layout.sites[0].members:
        file.runs(member.process, False)
        file.runs(member.process, True)
    found = faults_of(read_history([tmp_path / NAME]))
    assert [(one.effect, one.sites) for one in found] == [("site_stopped", {"lisbon"})] * 2


def test_what_no_process_was_ended_by_is_told_too(tmp_path: Path) -> None:
    file = FaultsFile(tmp_path / NAME, build_layout(NetworkShape(), PortTaker()))
    cut, starved = file.begun("cut", "slow"), file.begun("starved", "slow")
    file.ended(cut)
    first, second = faults_of(read_history([tmp_path / NAME]))
    assert cut != starved and (first.what, second.what) == ("cut", "starved")
    assert first.until_s < float("inf") == second.until_s
