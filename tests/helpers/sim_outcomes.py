"""Outcomes and moves for tests of measures, made by hand: only what differs is said."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.model.instants import US
from simulator.model.outcomes import MOVE_TYPE, OUTCOME_TYPE, MoveEnd, Outcome, Part


def call(outcome: Outcome, *, at_s: float = 0.0, wait_s: float = 0.0, **fields: Any) -> Any:
    """One outcome: of ingress i at row i, answered calls talk 100 s with 20 s of work after."""
    one = np.zeros(1, OUTCOME_TYPE)[0]
    ingress = fields.get("ingress", 0)
    answered = outcome is Outcome.ANSWERED
    own = {
        "outcome": outcome,
        "arrival_us": round(at_s * US),
        "wait_us": round(wait_s * US),
        "entry_row": ingress,
        "row": fields.get("entry_row", ingress),
        "agent": 0 if answered else -1,
        "talk_us": 100 * US if answered else 0,
        "acw_us": 20 * US if answered else 0,
        "expected_us": -1,
    }
    for name, value in (own | fields).items():
        one[name] = value
    return one


def move(from_row: int, to_row: int, ended: MoveEnd = MoveEnd.ARRIVED, **fields: Any) -> Any:
    """One move by 302 that took 2 s."""
    one = np.zeros(1, MOVE_TYPE)[0]
    own = {"from_row": from_row, "to_row": to_row, "ended": ended, "method": 1, "ended_us": 2 * US}
    for name, value in (own | fields).items():
        one[name] = value
    return one


def part(calls: list[Any], moves: list[Any] | None = None) -> Part:
    """A part of these."""
    return Part(
        outcomes=np.array(calls, dtype=OUTCOME_TYPE),
        moves=np.array(moves or [], dtype=MOVE_TYPE),
    )


def random_outcomes(seed: int, count: int, sites: int, duration_us: int) -> NDArray[Any]:
    """Anything that could happen, in no order of sense."""
    dice = np.random.default_rng(seed)
    found = np.zeros(count, OUTCOME_TYPE)
    found["number"] = np.arange(count)
    found["attempt"] = dice.integers(0, 3, count)
    found["ingress"] = dice.integers(0, sites, count)
    found["entry_row"] = np.where(dice.random(count) < 0.1, -1, found["ingress"])
    found["row"] = np.where(found["entry_row"] < 0, -1, dice.integers(0, sites, count))
    found["outcome"] = np.where(
        found["row"] < 0,
        dice.choice([Outcome.NO_CHANNEL, Outcome.SITE_LOST, Outcome.BALKED], count),
        dice.integers(1, len(Outcome) + 1, count),
    )
    found["moves"] = (found["row"] != found["entry_row"]) * dice.integers(1, 3, count)
    found["arrival_us"] = dice.integers(0, round(duration_us * 1.1), count)
    found["wait_us"] = np.maximum(dice.normal(5, 30, count), 0) * US
    found["talk_us"] = dice.exponential(180, count) * US
    found["acw_us"] = dice.exponential(20, count) * US
    found["expected_us"] = dice.integers(-1, 30, count) * US
    for name in ("asked", "refused", "rings"):
        found[name] = dice.integers(0, 2, count)
    found["held_us"] = dice.integers(0, 3, count) * US
    return found
