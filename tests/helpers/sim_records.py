"""Records made by chance, of which the truth is known, for tests of calibration."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numpy as np

from simulator.model.instants import US
from simulator.model.streams import stream
from simulator.records.bank import bank_calls
from simulator.records.recorded import DAY_US, UNKNOWN, Ended, RecordedCalls, recorded_calls


@cache
def month() -> RecordedCalls:
    """The month of the bank, read once."""
    return bank_calls()


MONDAY = date(2026, 3, 2)
DAY_CALLS = 600


def record(
    days: int = 28,
    *,
    shape: float | None = None,
    patience_s: float = 100.0,
    offered_s: float = 80.0,
    at_once: float = 0.1,
    seed: int = 1,
    **changes: Any,
) -> RecordedCalls:
    """Days of calls from 8 to 18 h, half of which meet a queue; patience exponential, a share of
    those who meet a queue hangs up at once; talk lognormal with a mean of 180 s."""
    dice = stream(seed, "record")
    busy = dice.standard_gamma(shape, days) / shape if shape else np.ones(days)
    counts = dice.poisson(DAY_CALLS * busy)
    count = int(counts.sum())
    second = 28_800 + np.floor(dice.random(count) * 36_000)
    queue = dice.random(count) < 0.5
    hangs = queue & (dice.random(count) < at_once)
    offered = np.where(queue, dice.exponential(offered_s, count), 0)
    patience = dice.exponential(patience_s, count)
    gone = hangs | (patience < offered)
    waits = np.where(hangs, 0, np.ceil(np.minimum(patience, offered) * US)).astype(np.int64)
    talk = np.exp(dice.normal(np.log(180) - 0.32, 0.8, count)) * US
    columns = {
        "arrival_us": np.repeat(np.arange(days), counts) * DAY_US + (second * US).astype(np.int64),
        "wait_us": waits,
        "outcome": np.where(gone, Ended.ABANDONED, Ended.SERVED),
        "talk_us": np.where(gone, UNKNOWN, talk.astype(np.int64)),
    }
    return recorded_calls(MONDAY, **(columns | changes))
