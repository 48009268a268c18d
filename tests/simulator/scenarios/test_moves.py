"""The ladders that NIRC makes of the documents come to the moves that are made."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario_texts import scenario

from nirc.core.paths import PathTable
from nirc.core.settings import RouterSettings
from simulator.model.instants import US
from simulator.model.network import NetworkModel
from simulator.scenarios.loading import load_scenario, ready_scenarios
from simulator.scenarios.lowering import model_of
from simulator.scenarios.moves import chosen_paths, moves_of

THREE = (
    "sites:\n"
    + "".join(
        f"  - {{name: {name}, queues: [{{name: sales}}], agents: [{{group: a, count: 1,"
        " skills: {sales: 5}}]}\n"
        for name in ("lisbon", "porto", "faro")
    )
    + "ingresses: [{name: line, service: sales, entry_sites: [{site: lisbon}]}]\n"
)
MIXED = THREE + (
    "paths:\n"
    "  - {methods: [redirect_302, refer], set_up_s: 1}\n"
    "  - {from_site: faro, methods: [redirect_302], set_up_s: 2}\n"
    "  - {to_site: porto, methods: [bridge, refer], set_up_s: 3, channels_s: 0.5}\n"
    "  - {from_site: lisbon, trunk_group: network, methods: [refer], set_up_s: 4}\n"
    "  - {methods: [redirect_302], set_up_s: 9}\n"
)


def moves_by_ladders(model: NetworkModel) -> set[tuple[int, int, int, str, int]]:
    """(origin, trunk group, target, method, arrives on) of all ladders of the router."""
    table = PathTable(RouterSettings(), model.documents.paths)
    found = set()
    for f, origin in enumerate(model.sites):
        for t, trunk in enumerate(origin.trunks):
            for g, target in enumerate(model.sites):
                for answered in (False, True) if g != f else ():
                    ladder = table.ladder(origin.name, trunk.name, target.name, answered)
                    for rung in ladder.rungs:
                        groups = [one.name for one in target.trunks]
                        arrives_on = groups.index(rung.arrives_on)
                        found.add((f, t, g, rung.method.value, arrives_on))
    return found


def moves_made(model: NetworkModel) -> set[tuple[int, int, int, str, int]]:
    return {(m.from_site, m.trunk, m.to_site, m.method, m.arrives_on) for m in model.moves}


@pytest.mark.parametrize("name", ready_scenarios())
def test_ready_scenarios_have_a_ladder_for_each_move(name: str) -> None:
    model = model_of(load_scenario(name))
    assert moves_made(model) and moves_made(model) == moves_by_ladders(model)


def test_what_names_its_target_counts_then_what_names_its_origin() -> None:
    model = model_of(scenario(MIXED))
    assert moves_made(model) == moves_by_ladders(model)
    found = {(m.from_site, m.trunk, m.to_site, m.method): m.set_up_us / US for m in model.moves}
    lisbon, porto, faro = range(3)
    assert found[(lisbon, 0, faro, "redirect_302")] == 1
    assert found[(faro, 0, lisbon, "redirect_302")] == 2
    assert found[(faro, 0, porto, "refer")] == 3
    assert found[(faro, 0, lisbon, "refer")] == 1
    assert found[(lisbon, 1, faro, "refer")] == 4
    assert (lisbon, 0, faro, "bridge") not in found
    assert found[(lisbon, 1, porto, "bridge")] == 3


def test_the_router_believes_the_set_up_time_of_the_same_entry() -> None:
    model = model_of(scenario(MIXED))
    table = PathTable(RouterSettings(), model.documents.paths)
    real = {(m.from_site, m.trunk, m.to_site, m.method): m.set_up_us / US for m in model.moves}
    names = [site.name for site in model.sites]
    for (f, t, g, method), set_up_s in real.items():
        trunk = model.sites[f].trunks[t].name
        ladder = table.ladder(names[f], trunk, names[g], method == "refer")
        rung = next(r for r in ladder.rungs if r.method.value == method)
        assert rung.set_up_p99_s == set_up_s


def test_channels_belong_to_their_methods() -> None:
    spec = scenario(MIXED).doc.spec
    by_method = {m.method: m for m in moves_of(spec) if m.from_site == 0 and m.to_site == 1}
    assert by_method["refer"].channels_us == US // 2
    assert by_method["bridge"].origin_channels == 1
    assert by_method["redirect_302"].origin_channels == by_method["bridge"].channels_us == 0
    assert len(chosen_paths(spec)) > 6


def test_paths_from_files_stand_for_all_that_nirc_knows(tmp_path: Path) -> None:
    (tmp_path / "paths.yaml").write_text(
        "apiVersion: nirc/v1\nkind: Path\nmetadata: {name: only}\n"
        "spec: {from_site: lisbon, trunk_group: carrier, to_site: porto, methods: [refer],"
        " arrives_on: network, proven: true}\n"
    )
    model = model_of(scenario("documents: [paths.yaml]\n", tmp_path))
    assert [path.name for path in model.documents.paths] == ["only"]
    assert len(model.moves) == 4
