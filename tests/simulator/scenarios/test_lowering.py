"""Names become numbers, seconds microseconds, and the same scenario the same model."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from scenario_texts import scenario

from routing_policies.loading import load_document
from routing_policies.peer_plan_kinds import PeerPlanDoc
from simulator.model.instants import NEVER_US, US
from simulator.scenarios.loading import load_scenario, ready_scenarios
from simulator.scenarios.lowering import model_of

FULL = """
start: "2026-03-02T08:00:00"
time_zone: Europe/Lisbon
duration_s: 7200
drain_s: 600
warm_up_s: 60
interval_s: 300
network: {ideal: true, nodes: 1}
limits: {waiting_max: 50}
services:
  - {name: sales, priority: 2, aht_s: 100, service_level: {threshold_s: 15, target: 0.9}}
  - {name: vip, queue: sales}
sites:
  - name: lisbon
    queues:
      - {name: other, agent_choice: least_occupied, answer_after_s: 4, places_max: 7}
      - {name: sales, max_loan: 3, min_reserve: 1, service_level_floor: 0.8, shared: false}
    agents:
      - {group: a, count: 2, skills: {sales: 5, other: 3}, ring_s: 2.5, no_answer_share: 0.1}
    trunks:
      - {name: carrier, channels: 9, min_free: 2, no_answer_s: 60, set_up_s: 0.25}
      - {name: network, channels: 5, kind: network}
    asks: {ask_after_s: 1, requery_s: 4, deadline_s: 2, act_locally_pause_s: 6}
    link: {delay_s: 0.02}
    reports: {coalesce_s: 0.2}
    foreign_aht_factor: 1.2
  - {name: porto, queues: [{name: sales}]}
ingresses:
  - name: line
    service: vip
    entry_sites: [{site: porto, trunk: network}, {site: lisbon}]
    dialed_number: "+351210000001"
    switch_over_s: 10
    lost_share: 0.5
faults: [{kind: link, site: porto, from_s: 10, lasts_s: 5}]
"""


PLANNED = """
network: {peer_plan: {methods: [redirect_302], calls_max: 3, leaderless_s: 4}}
services: [{name: sales}, {name: vip, queue: other}]
sites:
  - {name: lisbon, queues: [{name: sales}, {name: other}]}
  - {name: porto, queues: [{name: sales}]}
paths: [{from_site: "*", to_site: "*", methods: [redirect_302], arrives_on: network}]
ingresses: [{name: line, service: sales, entry_sites: [{site: porto}]}]
"""


def test_a_peer_plan_names_who_has_the_queue() -> None:
    plan = model_of(scenario(PLANNED)).peer_plan
    assert plan is not None and plan.leaderless_s == 4.0
    document = load_document(plan.text, source="plan")
    assert isinstance(document, PeerPlanDoc)
    assert document.spec.methods == ("redirect_302",)
    peers = {one.service: [p.site for p in one.peers] for one in document.spec.services}
    assert peers == {"sales": ["lisbon", "porto"], "vip": ["lisbon"]}
    assert model_of(scenario(FULL)).peer_plan is None


def test_everything_written_arrives_in_the_model() -> None:
    model = model_of(scenario(FULL))
    lisbon = model.sites[0]
    assert [agent.name for agent in lisbon.agents] == ["lisbon-a-1", "lisbon-a-2"]
    assert lisbon.agents[0].levels == ((0, 3), (1, 5)) and lisbon.agents[0].ring_us == 2_500_000
    assert (lisbon.queues[0].answer_after_us, lisbon.queues[1].answer_after_us) == (
        4 * US,
        NEVER_US,
    )
    assert (lisbon.queues[1].max_loan, lisbon.queues[1].min_reserve) == (3, 1)
    assert (lisbon.trunks[0].no_answer_us, lisbon.trunks[0].set_up_us) == (60 * US, US // 4)
    assert (lisbon.ask_after_us, lisbon.requery_us, lisbon.deadline_us) == (US, 4 * US, 2 * US)
    assert (lisbon.link_delay_us, lisbon.coalesce_us) == (20_000, 200_000)
    assert model.ingresses[0].entries == ((1, 1), (0, 0)) and model.ingresses[0].service == 1
    assert model.home_row(0, 0) == 1 and model.services[1].aht_s == 180
    assert (model.faults[0].site, model.faults[0].window) == (1, (10 * US, 15 * US))
    assert (model.duration_us, model.drain_us, model.interval_us) == (7200 * US, 600 * US, 300 * US)
    assert model.ideal and model.waiting_max == 50 and model.start_unix_s == 1_772_438_400.0


def test_a_floor_becomes_a_rule_of_the_site() -> None:
    rules = model_of(scenario(FULL)).sites[0].rules
    assert "OverflowRules" in rules and "service_level_floor: 0.8" in rules
    assert "shared: false, max_loan: 3, min_reserve: 1" in rules
    assert model_of(scenario(FULL)).sites[1].rules == ""


def test_documents_say_the_same() -> None:
    documents = model_of(scenario(FULL)).documents
    sales, vip = documents.services["sales"].spec, documents.services["vip"].spec
    assert (sales.priority, sales.aht_s, sales.service_level.target) == (2, 100, 0.9)
    assert vip.numbers == ("+351210000001",) and vip.queue == "sales"
    assert documents.sites["lisbon"].spec.time_zone == "Europe/Lisbon"
    assert documents.policy_of("vip").live is documents.policies["default"].live


def test_another_policy_stands_in_place(tmp_path: Path) -> None:
    assert list(model_of(scenario(), policy="stay").documents.policies) == ["stay"]
    found = model_of(scenario(), policy="catalogue:shortest-wait").documents
    assert found.services["sales"].spec.policy == "shortest-wait"
    path = tmp_path / "own.yaml"
    path.write_text(
        "apiVersion: nirc/v1\nkind: RoutingPolicy\nmetadata: {name: own}\n"
        "spec: {rules: [{name: stay, action: queue_at_origin}]}\n"
    )
    assert list(model_of(scenario(), policy=path).documents.policies) == ["own"]


@pytest.mark.parametrize("name", ready_scenarios())
def test_ready_scenarios_are_lowered_alike_each_time(name: str) -> None:
    ready = load_scenario(name)
    one, again = model_of(ready), model_of(ready)
    assert one == again and one.agents and one.moves
    assert all(site.queues[0].name for site in one.sites)


def test_the_benchmarks_are_what_they_say() -> None:
    w1, w2 = (model_of(load_scenario(name)) for name in ("w1", "w2"))
    assert [len(site.agents) for site in w1.sites] == [100, 80, 60, 40] and w1.ideal
    assert len(w2.agents) == 10_000 and len(w2.rows) == 60 and w2.ideal
    skills = [len(agent.levels) for agent in w2.sites[0].agents]
    assert [skills.count(k) for k in (1, 2, 3)] == [375, 75, 50]


def test_a_benchmark_moves_a_call_once() -> None:
    model = model_of(load_scenario("w1"))
    assert model.services[0].aht_s == 180 and list(model.documents.policies) == ["least-delay"]
    assert {site.requery_us for site in model.sites} == {3600 * US}


def test_ten_thousand_agents_are_soon_lowered() -> None:
    ready = load_scenario("w2")
    model_of(ready)
    begun_s = time.perf_counter()
    model_of(ready, replication=1)
    assert time.perf_counter() - begun_s < 5


def test_callbacks_are_as_written_or_none() -> None:
    assert model_of(scenario()).callbacks is None
    offered = model_of(scenario("callbacks: {after_s: 60, take_share: 0.4, ring_s: 20}")).callbacks
    assert offered is not None and offered.after_us == 60 * US
    assert (offered.take_share, offered.ring_us, offered.attempts_max) == (0.4, 20 * US, 3)
    unasked = model_of(scenario("callbacks: {}")).callbacks
    assert unasked is not None and unasked.after_us == NEVER_US
