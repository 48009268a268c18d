"""What does not fit is told, all at once."""

from __future__ import annotations

import pytest
from scenario_texts import scenario, spec_of

from routing_policies.errors import DocumentError
from simulator.scenarios.checks import check_faults


def test_a_sound_scenario_has_no_faults() -> None:
    assert check_faults(spec_of(), "small.yaml") == []


def test_many_faults_are_told_at_once() -> None:
    with pytest.raises(DocumentError) as caught:
        scenario(
            "warm_up_s: 4000\n"
            "patience: {sales: {uniform: {from_s: 9, to_s: 3}}}\n"
            "faults: [{kind: site, site: lisbn, from_s: 0, lasts_s: 1}]\n"
            "arrivals: [{ingress: lin}]\n"
        )
    places = [fault.place for fault in caught.value.faults]
    assert places == [
        "spec.arrivals[0].ingress",
        "spec.faults[0].site",
        "spec.warm_up_s",
        "spec.patience.sales.uniform.from_s",
        "spec.arrivals[0]",
    ]
    assert [fault.line for fault in caught.value.faults] == [8, 7, 5, 6, 8]


def test_a_peer_plan_goes_by_ways_that_are_there() -> None:
    with pytest.raises(DocumentError) as caught:
        scenario("network: {peer_plan: {methods: [redirect_302, bridge]}}\n")
    [fault] = caught.value.faults
    assert (fault.place, fault.problem) == (
        "spec.network.peer_plan.methods",
        "no path goes by bridge",
    )
