"""The recorded month of a bank's call centre against the simulator, given its calls and its staff.

Rule of this file: nothing is fitted to the waits that are compared, but for the one quantity of
`bank_halves`, and that on other days. There is no verdict: what differs is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.model.engine import Engine
from simulator.records.bank import bank_calls
from simulator.records.recorded import RecordedCalls
from simulator.validation.bank_halves import Halves, halves
from simulator.validation.bank_runs import Assumed, recorded_figures, simulated_figures
from simulator.validation.bank_staff import Gaps, gaps_of, hours, presence

GAPS_S = (120.0, 240.0, 600.0, 1200.0)
"An agent who serves nobody for longer than this was away."
EXPONENTIAL_GAP_S = 240.0
REPLICATIONS = 10
AGENT_HOURS = "agent hours"
HALVES_SHARE = 5
"The halves take about as long as so many columns."


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRow:
    """One figure, recorded and simulated."""

    figure: str
    recorded: float
    simulated: dict[str, float]
    "By variant."


@dataclass(frozen=True, slots=True, kw_only=True)
class BankMonth:
    """All figures, and how much staff each variant has, in agent hours."""

    rows: tuple[BankRow, ...]
    gaps: Gaps
    "With the shortest of GAPS_S."
    halves: Halves
    calls_count: int
    days_count: int
    seed: int


def bank_month(
    engine: Engine,
    *,
    seed: int,
    calls: RecordedCalls | None = None,
    runs_count: int = REPLICATIONS,
    progress: Callable[[float], None] = lambda share: None,
) -> BankMonth:
    """The month as recorded, and as simulated in each variant; `progress` gets the share done."""
    calls = bank_calls() if calls is None else calls
    recorded = recorded_figures(calls) | {AGENT_HOURS: float("nan")}
    simulated = {}
    for done, (name, assumed) in enumerate(variants().items()):
        progress(done / (len(variants()) + HALVES_SHARE))
        simulated[name] = simulated_figures(
            engine, calls, assumed, seed=seed, runs_count=runs_count
        ) | {AGENT_HOURS: hours(presence(calls, assumed.gap_s))}
    progress(len(variants()) / (len(variants()) + HALVES_SHARE))
    return BankMonth(
        rows=tuple(
            BankRow(
                figure=figure,
                recorded=value,
                simulated={name: found[figure] for name, found in simulated.items()},
            )
            for figure, value in recorded.items()
        ),
        gaps=gaps_of(calls, GAPS_S[0]),
        halves=halves(engine, calls, seed=seed, runs_count=runs_count),
        calls_count=len(calls),
        days_count=calls.days_count,
        seed=seed,
    )


def variants() -> dict[str, Assumed]:
    """What is assumed in each column."""
    found = {f"away after {gap_s / 60:g} min": Assumed(gap_s=gap_s) for gap_s in GAPS_S}
    name = f"{EXPONENTIAL_GAP_S / 60:g} min, exponential patience"
    return found | {name: Assumed(gap_s=EXPONENTIAL_GAP_S, recorded_patience=False)}
