"""One thing stays broken: callers of the others are answered as if it were not."""

from dataclasses import replace

import numpy as np

from simulator.model.instants import US
from simulator.model.outcomes import OUTCOME_TYPE, Outcome
from simulator.world.dice import Dice
from simulator.world.drawn_case import drawn_case
from simulator.world.fault_case import FaultCase
from simulator.world.fault_search import kind_of, tried
from simulator.world.liveness import lasting, starved

FOR_S = 30.0


def lasting_case(seed: int, **fault: object) -> FaultCase:
    case = drawn_case(seed, FOR_S)
    stays = {"from_s": 2.0, "lasts_s": FOR_S + 3.0} | fault
    return replace(case, nodes=3, liveness=True, failsafe=False, faults=(stays,))


def outcomes(count: int, at_s: float = 20.0, ingress: int = 0) -> object:
    made = np.zeros(count, dtype=OUTCOME_TYPE)
    made["outcome"], made["arrival_us"], made["ingress"] = Outcome.ANSWERED, at_s * US, ingress
    return made


def test_a_fault_stays_until_after_the_last_call() -> None:
    kinds = set()
    for seed in range(60):
        fault = lasting(Dice(seed), ("lisbon", "porto"), 3, FOR_S)
        kinds.add((fault["kind"], fault.get("way", "")))
        assert fault["from_s"] + fault["lasts_s"] > FOR_S
    assert len(kinds) >= 8


def test_callers_of_spared_sites_are_compared() -> None:
    case = lasting_case(3, kind="link", site=drawn_case(3, FOR_S).sites[1].name, way="in")
    assert starved(case, outcomes(20), outcomes(25)) == ()
    [text] = starved(case, outcomes(5), outcomes(25))
    assert kind_of(text) == "liveness"
    assert starved(case, outcomes(0, ingress=1), outcomes(25, ingress=1)) == (), "not spared"
    assert starved(case, outcomes(0, at_s=5.0), outcomes(25, at_s=5.0)) == (), "before it settled"


def test_a_run_without_its_leader_goes_on() -> None:
    found = tried(lasting_case(8, kind="node", node=0))
    assert found.good, found.problems
    assert found.answered > 0
