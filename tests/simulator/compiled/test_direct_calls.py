"""Slots are used again, and an attempt writes what became of it."""

from __future__ import annotations

import sim_models

from simulator.compiled.desk import Desk
from simulator.compiled.desk_tables import desk_of
from simulator.compiled.direct_calls import (
    OUTCOME_ABANDONED,
    OUTCOME_ANSWERED,
    end_attempt,
    new_call,
)
from simulator.compiled.direct_run import given_of
from simulator.compiled.floor import use_channels
from simulator.compiled.layout import (
    CALL_AGENT,
    CALL_ROW,
    CALL_STATE,
    CALL_TRUNK,
    CALL_WAIT_US,
    CALL_WAITING,
    NUMBER_AGAIN,
    NUMBER_FREE_SLOTS,
    NUMBER_OUTCOMES,
    NUMBER_STANDING,
    TRUNK_USED,
    Floor,
)
from simulator.compiled.policies import policies_of
from simulator.compiled.tables import floor_of, with_tries
from simulator.model.calls import CallsTable, calls_table
from simulator.model.outcomes import OUTCOME_TYPE


def begun(calls: CallsTable) -> tuple[Floor, Desk, int]:
    model = sim_models.network((1,))
    floor = with_tries(floor_of(model), 2)
    desk, _ = desk_of(model, policies_of(model))
    import numpy as np

    desk = desk._replace(outcomes=np.zeros(4, dtype=OUTCOME_TYPE))
    slot = new_call(floor, desk, given_of(calls, shares=False), 0)
    floor.calls[slot, (CALL_TRUNK, CALL_ROW)] = 0
    floor.calls[slot, CALL_STATE] = CALL_WAITING
    use_channels(floor, 0, 1, 10)
    return floor, desk, slot


def test_an_answered_call_is_told_and_its_slot_is_free() -> None:
    floor, desk, slot = begun(calls_table(arrival_us=[10], talk_us=[50], number=[7]))
    floor.calls[slot, CALL_WAIT_US] = 5
    floor.calls[slot, CALL_AGENT] = 0
    end_attempt(floor, desk, slot, OUTCOME_ANSWERED, 65)
    told = desk.outcomes[0]
    assert (told["number"], told["wait_us"], told["talk_us"], told["agent"]) == (7, 5, 50, 0)
    assert floor.numbers[NUMBER_STANDING] == 0
    assert floor.numbers[NUMBER_FREE_SLOTS] == len(floor.calls)
    assert floor.trunks[0, TRUNK_USED] == 0


def test_who_redials_keeps_the_slot() -> None:
    calls = calls_table(arrival_us=[10], redials_max=[1], redial_after_us=[30])
    floor, desk, slot = begun(calls)
    end_attempt(floor, desk, slot, OUTCOME_ABANDONED, 20)
    assert floor.numbers[NUMBER_AGAIN] == 1
    assert desk.heaps[3, 0].tolist() == [50, 0, slot]
    assert floor.numbers[NUMBER_STANDING] == 1
    floor.calls[slot, (CALL_TRUNK, CALL_ROW)] = 0
    use_channels(floor, 0, 1, 50)
    end_attempt(floor, desk, slot, OUTCOME_ABANDONED, 60)
    assert desk.outcomes["attempt"][: floor.numbers[NUMBER_OUTCOMES]].tolist() == [0, 1]
    assert floor.numbers[NUMBER_STANDING] == 0
