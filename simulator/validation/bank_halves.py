"""One quantity calibrated on half of the bank's days, and tested on the other half.

Rule of this file: what a planner would do: the time after each service for which agents are not
ready is chosen so that the mean wait of the answered is that of the days to learn from; the other
days have no part in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.model.engine import Engine
from simulator.model.instants import US
from simulator.records.recorded import RecordedCalls
from simulator.validation.bank_runs import Assumed, recorded_figures, simulated_figures

LEARN, TEST = 0, 1
GAP_S = 240.0
AFTER_S_MAX = 64
TRIES = 3
"Runs for each time that is tried."
MATCHED = "mean wait of answered, s"


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfRow:
    """One figure of one half of the days."""

    figure: str
    recorded: float
    before: float
    "Simulated, with agents ready right after each service."
    after: float
    "Simulated with what was chosen."


@dataclass(frozen=True, slots=True, kw_only=True)
class Halves:
    """What was chosen, and both halves with it."""

    after_s: int
    learnt: tuple[HalfRow, ...]
    tested: tuple[HalfRow, ...]


def halves(engine: Engine, calls: RecordedCalls, *, seed: int, runs_count: int) -> Halves:
    """Choose on one half, look at both."""
    after_s = chosen_s(engine, calls, seed=seed)
    found = []
    for half in (LEARN, TEST):
        before, after = (
            simulated_figures(
                engine,
                calls,
                Assumed(gap_s=GAP_S, after_us=us),
                seed=seed,
                runs_count=runs_count,
                half=half,
            )
            for us in (0, after_s * US)
        )
        recorded = recorded_figures(calls, half)
        found.append(
            tuple(
                HalfRow(figure=name, recorded=value, before=before[name], after=after[name])
                for name, value in recorded.items()
            )
        )
    return Halves(after_s=after_s, learnt=found[0], tested=found[1])


def chosen_s(engine: Engine, calls: RecordedCalls, *, seed: int) -> int:
    """The most whole seconds after each service with which callers do not wait longer, on the days
    to learn from, than was recorded."""
    aim = recorded_figures(calls, LEARN)[MATCHED]
    low, high = 0, AFTER_S_MAX
    while high - low > 1:
        middle = (low + high) // 2
        found = simulated_figures(
            engine,
            calls,
            Assumed(gap_s=GAP_S, after_us=middle * US),
            seed=seed,
            runs_count=TRIES,
            half=LEARN,
        )
        low, high = (middle, high) if found[MATCHED] <= aim else (low, middle)
    return low
