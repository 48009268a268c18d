"""What a person should look at before they believe the results."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario_texts import BASE, scenario

from simulator.scenarios.lint import loads_of, total_load, warnings
from simulator.scenarios.loading import load_scenario, ready_scenarios

LINE = "{name: line, service: sales, entry_sites: [{site: lisbon}]}"
ANSWERED = BASE["sites"].replace("{name: sales}]", "{name: sales, answer_after_s: 0}]")


def test_a_sound_scenario_has_no_warnings() -> None:
    assert warnings(scenario()) == []


@pytest.mark.parametrize(
    ("chunk", "words"),
    [
        (f"ingresses: [{LINE}, {LINE.replace('line', 'idle')}]", "ingress idle has no arrivals"),
        (
            "arrivals: [{ingress: line, per_s: 1, days: [sun]}]",
            "arrivals[0] of line bring no call between",
        ),
        ("services: [{name: sales}, {name: vip, queue: sales}]", "service vip has no ingress"),
        ("arrivals: [{ingress: line, per_s: 0.02}]", "overloaded: lisbon sales is offered 3.6"),
        ("arrivals: [{ingress: line, per_s: 0.03}]", "the network as a whole is offered 5.4"),
        (
            "arrivals: [{ingress: line, per_s: 0.03}]\npatience: {}",
            "callers of sales wait for ever and the network is overloaded",
        ),
        ("paths: []", "there are no paths"),
        ("paths: [{methods: [refer]}]", "write answer_after_s"),
        (ANSWERED.replace("\n  ", "\n")[2:], "raise answer_after_s"),
        (
            "paths: [{methods: [bridge], set_up_s: 5, set_up_p99_s: 1}]",
            "paths[0] takes 5 s and NIRC believes 1 s",
        ),
        (
            "sites: [{name: lisbon, queues: [{name: sales}],"
            " trunks: [{name: carrier, channels: 1}],"
            " agents: [{group: a, count: 2, skills: {sales: 5}}]}]\npaths: []",
            "lisbon has 1 channels for 2 agents",
        ),
        (
            "sites: [{name: lisbon, queues: [{name: sales}], link: {delay_s: 2}}]",
            "no answer can come before asks.deadline_s",
        ),
        (
            "sites: [{name: lisbon, queues: [{name: sales}], link: {delay_s: 0.3}}]",
            "no call can be moved to it: a node waits 0.6 s for a reservation",
        ),
        (
            "sites: [{name: lisbon, queues: [{name: sales}]}]",
            "nobody at lisbon serves queue sales in this run",
        ),
    ],
)
def test_warnings(chunk: str, words: str) -> None:
    assert [one for one in warnings(scenario(chunk)) if words in one]


def test_a_service_of_a_file_may_miss_the_policy(tmp_path: Path) -> None:
    text = "apiVersion: nirc/v1\nkind: NetworkService\nmetadata: {name: sales}\nspec: {queue: sales"
    (tmp_path / "own.yaml").write_text(text + "}\n")
    (found,) = warnings(scenario("documents: [own.yaml]", tmp_path))
    assert "names no policy" in found
    (tmp_path / "own.yaml").write_text(text + ", policy: default}\n")
    assert warnings(scenario("documents: [own.yaml]", tmp_path)) == []


def test_loads_are_means_over_the_run() -> None:
    one = scenario(
        "duration_s: 86400\n"
        "sites:\n"
        "  - name: lisbon\n"
        "    queues: [{name: sales}]\n"
        "    agents: [{group: a, count: 3, skills: {sales: 5},"
        " shifts: [{from: '08:00', to: '16:00'}]}]\n"
        "arrivals: [{ingress: line, per_s: 0.005}]\n"
    )
    (load,) = loads_of(one)
    assert (load.offered, load.agents) == (pytest.approx(0.9), pytest.approx(1.0))
    assert total_load(one) == (pytest.approx(0.9), pytest.approx(1.0))


@pytest.mark.parametrize("name", ready_scenarios())
def test_ready_scenarios_are_overloaded_at_most_at_single_sites(name: str) -> None:
    found = [one for one in warnings(load_scenario(name)) if not one.startswith("overloaded")]
    assert found == []
    found = warnings(load_scenario(name))
    assert not [one for one in found if one.startswith("overloaded: the network")]
