"""Moves are counted by row, by flow and at the trunk group they arrive on."""

from __future__ import annotations

import sim_models
from sim_outcomes import move, part

from simulator.measures.move_tally import MoveTally
from simulator.measures.places import cells_of
from simulator.model.instants import US
from simulator.model.outcomes import MoveEnd

MODEL = sim_models.network((2, 2), duration_s=1800.0, warm_up_us=100 * US)


def at(seconds: float) -> dict[str, int]:
    return {"began_us": round(seconds * US), "ended_us": round((seconds + 2) * US)}


def test_moves_count_where_they_leave_and_arrive() -> None:
    tally = MoveTally(cells_of(MODEL), 2)
    tally.add(
        part(
            [],
            [
                move(0, 1, **at(50)),
                move(0, 1, **at(899)),
                move(0, 1, **at(900)),
                move(0, 1, MoveEnd.PUT_BACK, **at(901)),
                move(0, 1, MoveEnd.RETURNED, **at(901)),
                move(1, 0, MoveEnd.CALLER_GONE, **at(901)),
            ],
        ).moves
    )
    assert tally.rows.astype(int).tolist() == [
        [1, 0, 0, 0, 2 * US],
        [1, 0, 2, 0, 2 * US],
        [0, 1, 0, 0, 0],
        [0, 1, 0, 1, 0],
    ]
    assert tally.seized.tolist() == [0, 0, 0, 0, 0, 0, 1, 1], "porto's network group"
    flows = tally.flows.reshape(2, 2, 4, -1)
    assert flows[0, 1, 1].tolist() == [2, 2, 0, 4 * US]
    assert flows[1, 0, 1].tolist() == [0, 0, 1, 0]
    assert flows.sum() == 2 + 2 + 4 * US + 1
