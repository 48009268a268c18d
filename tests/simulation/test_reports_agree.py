"""What reports say of a simulated network is what the simulator measures itself.

The simulator counts what callers and agents did; reports count what sites told of it, over the
wire, in records. Waits differ by the time that words take between a site and its callers.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from sim_models import calls, network
from sim_reports import recorded_run

from nrcli.reports.balance import BalanceRules, Fault, Finding, out_of_balance
from nrcli.reports.calls import CallRules, View
from nrcli.reports.facts import Facts
from nrcli.reports.periods import US, Every, Periods
from nrcli.reports.places import By, Place
from nrcli.reports.report import Question, report
from simulator.measures.runs import RunMeasures

SITES = ("lisbon", "porto", "faro")
ON_THE_WIRE_S = 0.1
SEEDS = (3, 4)
Values = dict[Place, dict[str, float | None]]


@cache
def run(seed: int) -> tuple[Facts, Periods, RunMeasures]:
    model = network((3, 4, 6), duration_s=3600.0)
    table = calls(model, seed=seed, per_s=[0.03, 0.02, 0.005])
    return recorded_run(model, table, seed)


def told(seed: int, view: View, by: By = By.SITE, more_s: float = 0.0) -> Values:
    facts, periods, _ = run(seed)
    edges = (periods.edges_us[0], periods.edges_us[1] + round(more_s * US))
    asked = Question(
        by=by,
        periods=Periods(edges_us=edges, time_zone="UTC", every=Every.WHOLE),
        view=view,
        rules=CallRules(short_abandon_us=0),
    )
    found = report(facts, asked)
    names = [one.name for one in found.figures]
    return {row.place: dict(zip(names, row.values, strict=True)) for row in found.totals}


def measured(seed: int, figure: str) -> dict[str, float]:
    table = run(seed)[2].tables["site"]
    names = (key[0] if isinstance(key, tuple) else key for key in table.keys_in_order)
    return dict(zip(names, table.columns[figure].tolist(), strict=True))


def never_arrived(seed: int) -> list[Finding]:
    facts = run(seed)[0]
    known_until_us = max(one.decided_us for one in facts.stays) + 600 * US
    return list(out_of_balance(facts, BalanceRules(known_until_us=known_until_us)))


@pytest.mark.parametrize("seed", SEEDS)
def test_calls_by_entry_are_those_of_the_simulator(seed: int) -> None:
    found = told(seed, View.ENTRY)
    for name in SITES:
        ours = found[(name,)]
        assert ours["offered"] == measured(seed, "offered")[name]
        assert ours["answered"] == measured(seed, "answered")[name]
        gone = (ours["abandoned"] or 0) + (ours["still_waiting"] or 0)
        assert gone == measured(seed, "abandoned")[name], "or gave up on the way"
        for figure in ("asa_s", "ewt_error_mean_s", "ewt_error_abs_s"):
            theirs = measured(seed, figure)[name]
            if np.isnan(theirs):
                assert ours[figure] is None
            else:
                assert ours[figure] == pytest.approx(theirs, abs=ON_THE_WIRE_S), figure


@pytest.mark.parametrize("seed", SEEDS)
def test_moves_are_out_at_one_site_and_in_at_the_other(seed: int) -> None:
    found, lost = told(seed, View.DECIDED, more_s=3600.0), never_arrived(seed)
    assert {one.fault for one in lost} <= {Fault.NEVER_ARRIVED}, "who hung up after a 302"
    for name in SITES:
        left = sum(one.site == name for one in lost)
        assert found[(name,)]["moved_out"] == measured(seed, "moves")[name] + left
        assert found[(name,)]["moved_in"] == measured(seed, "moved_in")[name]
        assert found[(name,)]["out_of_balance"] == 0
    network_told = told(seed, View.DECIDED, By.NETWORK, more_s=3600.0)[()]
    assert network_told["offered"] == sum(measured(seed, "offered").values())
    assert network_told["moved_in"] == 0
    assert network_told["moved_out"] == len(lost)


@pytest.mark.parametrize("seed", SEEDS)
def test_agents_work_is_that_of_the_simulator(seed: int) -> None:
    found = told(seed, View.DECIDED, more_s=3600.0)
    for name in SITES:
        ours = found[(name,)]
        assert ours["handled"] == measured(seed, "handled")[name]
        assert ours["handled_foreign"] == measured(seed, "handled_foreign")[name]
        assert ours["talk_s"] == pytest.approx(measured(seed, "talk_s")[name], abs=ON_THE_WIRE_S)


@pytest.mark.parametrize("seed", SEEDS)
def test_time_is_that_of_the_simulator(seed: int) -> None:
    """A site tells of agents when its first node is there; the simulator counts from the start."""
    found = told(seed, View.DECIDED)
    for name in SITES:
        ours = found[(name,)]
        for figure, within in (
            ("occupancy", 0.02),
            ("agents_mean", 0.1),
            ("trunk_used_mean", 0.01),
        ):
            assert ours[figure] == pytest.approx(measured(seed, figure)[name], abs=within), figure
