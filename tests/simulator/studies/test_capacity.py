"""Slots, their judges, and what a plan becomes; the search itself is tried in tests of measures."""

import numpy as np
import pytest
from sim_morning import MORNING

from simulator.measures.targets import Target
from simulator.scenarios.lowering import model_of
from simulator.studies.capacity import (
    CapacityAsked,
    capacity_found,
    capacity_of,
    judge_key,
    slots_of,
    table_of,
)
from simulator.studies.capacity import _Load as Load
from simulator.studies.cases import case_of
from simulator.studies.staffing import Capacity
from simulator.studies.workers import LocalCrew

CASE = case_of(MORNING, ["duration_s=600", "network.ideal=true"])
MODEL = model_of(CASE.scenario)
LOAD = Load(
    erlangs=np.array([[40.0, 44.0], [30.0, 31.0], [20.0, 19.0]]), aht_s=180.0, patience_s=120.0
)
TARGET = Target(figure="service_level_negative", value=0.8)


def asked(**changes: object) -> CapacityAsked:
    return CapacityAsked(**({"case": CASE, "target": TARGET} | changes))  # type: ignore[arg-type]


def test_a_slot_a_site() -> None:
    one = asked()
    slots = slots_of(one, MODEL, LOAD)
    assert [(slot.key, slot.start, slot.judge) for slot in slots] == [
        ("lisbon", 44, 0), ("porto", 42, 1), ("faro", 28, 2)
    ]  # fmt: skip
    assert table_of(one) == "site"
    assert capacity_of(one, MODEL, [5, 6, 7]) == Capacity(agents=((5,), (6,), (7,)))


def test_a_slot_a_site_and_interval() -> None:
    one = asked(by_interval=True, sites=("porto",))
    slots = slots_of(one, MODEL, LOAD)
    assert [slot.key for slot in slots] == [("porto", 0), ("porto", 1)]
    assert 28 <= slots[0].start <= slots[1].start <= 40
    assert table_of(one) == "site_interval"
    assert capacity_of(one, MODEL, [5, 6]) == Capacity(agents=((), (5, 6), ()))


def test_the_network_is_one_judge() -> None:
    one = asked(by_network=True)
    slots = slots_of(one, MODEL, LOAD)
    assert {slot.judge for slot in slots} == {0}
    assert judge_key(one, slots[2]) == "network"
    by_interval = asked(by_network=True, by_interval=True)
    slots = slots_of(by_interval, MODEL, LOAD)
    assert [judge_key(by_interval, slot) for slot in slots] == [0, 1] * 3
    assert table_of(by_interval) == "interval"


def test_channels() -> None:
    one = asked(of="trunks", target=Target(figure="trunk_blocking", value=0.01), sites=("faro",))
    slots = slots_of(one, MODEL, LOAD)
    assert [slot.key for slot in slots] == [("faro", "carrier")]  # on the other no caller comes in
    assert slots[0].start == 30  # Erlang B, 20 erlangs, 1 %
    assert capacity_of(one, MODEL, [3]).channels == ((150, 60), (120, 60), (3, 40))


def test_a_warm_up_gets_no_numbers_and_the_staff_of_what_follows() -> None:
    case = case_of(MORNING, ["duration_s=1200", "warm_up_s=600", "network.ideal=true"])
    model = model_of(case.scenario)
    load = Load(erlangs=np.full((3, 4), 20.0), aht_s=180.0, patience_s=120.0)
    one = asked(case=case, by_interval=True, sites=("porto",))
    slots = slots_of(one, model, load)
    assert [(slot.key, slot.judge) for slot in slots] == [(("porto", 2), 0), (("porto", 3), 1)]
    assert capacity_of(one, model, [5, 6]).agents == ((), (5, 5, 5, 6), ())
    network = asked(case=case, by_interval=True, by_network=True)
    slots = slots_of(network, model, load)
    assert [(slot.judge, judge_key(network, slot)) for slot in slots] == [(0, 2), (1, 3)] * 3


def test_a_search_ends_with_a_plan_that_was_checked() -> None:
    words: list[str] = []
    one = asked(policy="stay", sites=("faro",), replications_count=8)
    found = capacity_found(one, LocalCrew(1), lambda _: None, words.append)
    [staffed] = found.answer.staffed
    assert found.answer.reached
    assert staffed.low is not None
    assert 10 < staffed.low <= staffed.needed < 40
    assert found.now == (28,)
    assert [run.replication for run in found.checked] == list(range(1_000_000, 1_000_008))
    assert words[-1] == "capacity: the plan with callers that it was not made for"


@pytest.mark.parametrize("plans_max", [1, 2])
def test_a_search_that_is_cut_short_says_so(plans_max: int) -> None:
    one = asked(policy="stay", sites=("faro",), replications_count=8, plans_max=plans_max)
    found = capacity_found(one, LocalCrew(1), lambda _: None)
    assert not found.answer.finished
    assert found.answer.plans_tried == plans_max
