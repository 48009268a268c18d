"""What must be overloaded is told before it is run, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sim_models
from sim_commands import said, told
from sim_morning import MORNING

from simulator.model.calls import calls_table
from simulator.model.instants import NEVER_US, US
from simulator.model.network import NetworkModel
from simulator.studies.overload import Work, sure_overload

ROOM = (
    "--set", "sites.*.trunks.*.channels=5000",
    "--set", "sites.*.queues.sales.places_max=5000",
)  # fmt: skip
FOR_EVER = (*ROOM, "--set", "patience.sales=never", "--set", "duration_s=28800")
WHERE = "lisbon/sales is offered 46."


def model(agents: int = 2, places: int = 10_000, channels: int = 10_000) -> NetworkModel:
    found = sim_models.network((agents,), duration_s=7200.0)
    [site] = found.sites
    queues = tuple(replace(queue, places_max=places) for queue in site.queues)
    trunks = (replace(site.trunks[0], channels_max=channels),)
    return replace(found, sites=(replace(site, queues=queues, trunks=trunks),))


def overload(network: NetworkModel, work_s: float, *, patience_us: int = NEVER_US) -> str:
    """A call each second for two hours."""
    count = 7200
    calls = calls_table(
        arrival_us=[US * n for n in range(count)],
        talk_us=[int(work_s * US)] * count,
        acw_us=[0] * count,
        patience_us=[patience_us] * count,
    )
    return sure_overload(network, [(calls, 7200 * US)], 600.0)


def test_the_load_that_can_be_served_is_not_told() -> None:
    assert overload(model(2), 1.9) == ""
    assert overload(model(2), 2.1) == ""  # 5 % too much for two hours: six minutes


def test_more_than_can_be_served_is_told_with_place_load_and_remedy() -> None:
    text = overload(model(2), 3.0)
    assert "lisbon/sales is offered 3.0 erlangs and has 2.0 agents" in text
    # behind by one second and a half of wait in three: ten minutes after twenty
    assert "from 1198 s on" in text or "from 1199 s on" in text or "from 1197 s on" in text
    assert "spec.limits.wait_s_max" in text and "add agents" in text


def test_who_gives_up_is_not_counted() -> None:
    assert overload(model(2), 3.0, patience_us=3600 * US) == ""


@pytest.mark.parametrize(("places", "channels"), [(20, 10_000), (10_000, 20)])
def test_what_is_full_turns_away_and_does_not_grow(places: int, channels: int) -> None:
    assert overload(model(2, places, channels), 3.0) == ""


def test_parts_add_up_as_the_whole() -> None:
    whole = calls_table(arrival_us=[US * n for n in range(3000)], talk_us=[3 * US] * 3000)
    cut = [(whole.part(0, 700), 700 * US), (whole.part(700, 3000), 3000 * US)]
    found = sure_overload(model(2), cut, 60.0)
    assert found == sure_overload(model(2), [(whole, 3000 * US)], 60.0) != ""


def test_the_load_of_a_place_until_an_instant() -> None:
    work = Work(model(2))
    work.add(calls_table(arrival_us=[0, US], talk_us=[60 * US, 60 * US]))
    load = work.load_at("lisbon/sales", 40 * US)
    assert load is not None and (load.offered, load.agents) == (3.0, 2.0)
    assert work.load_at("nowhere/q", US) is None


@pytest.mark.parametrize("engine", ["world", "compiled"])
def test_run_says_so_at_once_in_both_engines(engine: str) -> None:
    changes = (*FOR_EVER, "--set", "sites.*.agents.*.count=x0.5", "--workers", "1")
    found = said("run", MORNING, "--engine", engine, "-n", "2", *changes, code=3)
    assert f"{WHERE}" in found.stderr and "erlangs and has 22.0 agents" in found.stderr
    assert "add agents" in found.stderr and "2 of 2 replications" in found.stderr


def test_compare_and_sweep_name_the_variant_and_keep_the_others() -> None:
    half = (*FOR_EVER, "--set", "sites.*.agents.*.count=x0.5", "--workers", "1", "-n", "2")
    found = said("compare", MORNING, "-p", "stay", "-p", "catalogue:shortest-wait", *half,
                 "--engine", "world", code=3)  # fmt: skip
    assert f"stay: overloaded: {WHERE}" in found.stderr
    assert "nothing can be compared" in found.stdout
    kept = ("--vary", "arrivals.factor=0.01,1", "-n", "1", *half[:-2], "--engine", "world")
    found = said("sweep", MORNING, *kept, code=3)
    assert f"overloaded: {WHERE}" in found.stderr
    assert "overloaded" in found.stdout and "100.0 %" in found.stdout


def test_capacity_takes_an_overloaded_plan_for_a_missed_one_and_says_so() -> None:
    words = ("capacity", MORNING, "-t", "asa<=20", "-n", "2", *FOR_EVER, "--workers", "1")
    words += ("--set", "sites.*.agents.*.count=x0.5", "--plans-max", "1")
    found = said(*words, code=3)
    assert "lisbon/sales is offered 47.3 erlangs and has 25.0 agents" in found.stderr
    assert "2 of 2 replications of callers that the plan was not made for end overloaded" in (
        found.stdout
    )
    assert not told(*words, code=3)["reached"]
