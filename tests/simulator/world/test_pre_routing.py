"""Edges of a simulated network are answered once and in time, and deliver where they are told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sim_passed import passed_case, told

from nrcli.sip.redirect_words import PreRouteTold
from simulator.world.engine import WorldEngine, WorldRun
from simulator.world.fault_case import FaultCase

NOBODY_AT_HOME = (0, 3)
"Agents of lisbon, where everybody calls, and of porto."


def asking(by: str, **changes: Any) -> FaultCase:
    case = replace(passed_case(agents=NOBODY_AT_HOME), transfers=None)
    return replace(case, pre_route={"by": by, "share": 1.0}, **changes)


def started(case: FaultCase) -> WorldRun:
    model = case.model()
    run = WorldEngine(seed=case.seed).start(model)
    run.feed(case.table(), model.duration_us)
    return run


@pytest.mark.parametrize("by", ["nodes", "sites"])
def test_a_call_goes_where_somebody_has_time_and_never_sees_its_usual_site(by: str) -> None:
    run = started(asking(by))
    run.finish()
    edges = run.world.edges
    assert run.problems == () and edges.asked_count > 2
    assert {line.site for line in told(run, "call_offered")} == {"porto"}
    assert edges.chosen_count == edges.asked_count == len(told(run, "call_connected"))


@pytest.mark.parametrize("by", ["nodes", "sites"])
def test_without_nirc_a_call_goes_where_its_number_says(by: str) -> None:
    away = {"kind": "etcd", "from_s": 0.0, "lasts_s": 25.0, "way": "down"}
    run = started(asking(by, faults=(away,)))
    run.finish()
    assert run.problems == ()
    assert {line.site for line in told(run, "call_offered")} == {"lisbon"}
    assert run.world.edges.asked_count > 2 and run.world.edges.chosen_count == 0


def test_edges_of_a_stopped_site_wait_no_longer_than_they_may() -> None:
    stopped = {"kind": "pause", "from_s": 3.0, "lasts_s": 4.0, "site": "lisbon"}
    run = started(asking("sites", faults=(stopped,)))
    run.finish()
    assert run.problems == () and len(run.world.edges) == 0


def test_a_second_answer_is_told() -> None:
    run = started(asking("sites"))
    run.world.edges.told(PreRouteTold(id="edge-47.0"))
    run.finish()
    assert "edge: question edge-47.0 was answered twice" in run.problems[0]


def test_no_answer_is_told() -> None:
    case = asking("sites")
    run = WorldEngine(seed=case.seed).start(case.model())
    lisbon = run.world.sites[0]
    lisbon.take = lambda events, now_s=0.0: None  # type: ignore[method-assign]
    run.feed(case.table(), case.model().duration_us)
    assert "edge: lisbon has not answered question" in run.problems[0]
