"""The recorded month of a bank's call centre against the simulator, given its calls and its staff.

Rule of this file: nothing is fitted to the waits that are compared. Arrivals, work and head starts
are those of the records; staff are the agents seen serving; patience is learnt from the records.
There is no verdict: what differs is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.model.calls import CallsTable, calls_table
from simulator.model.engine import Engine
from simulator.model.instants import NEVER_US, US
from simulator.model.network import (
    AgentModel,
    IngressModel,
    NetworkModel,
    QueueModel,
    ServiceModel,
    SiteModel,
    TrunkModel,
    Window,
)
from simulator.model.outcomes import Outcome
from simulator.model.streams import stream
from simulator.records.bank import bank_calls
from simulator.records.recorded import DAY_US, RecordedCalls
from simulator.sampling.from_records import recorded_columns
from simulator.validation.hand_calls import whole_us
from simulator.validation.hand_models import MANY, POLICIES, documents

GAPS_S = (120.0, 240.0, 600.0, 1200.0)
"An agent who serves nobody for longer than this was away."
EXPONENTIAL_GAP_S = 240.0
PATIENCE_MEAN_S = 347.0
"All waiting over all who gave up."
REPLICATIONS = 10


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
    calls_count: int
    days_count: int
    seed: int


def bank_month(engine: Engine, *, seed: int) -> BankMonth:
    """The month as recorded, and as simulated in each variant."""
    calls = bank_calls()
    recorded = figures(calls.wait_us, calls.served, calls.abandoned)
    recorded["agent hours"] = float("nan")
    simulated: dict[str, dict[str, float]] = {}
    for gap_s in GAPS_S:
        name = f"away after {gap_s / 60:g} min"
        simulated[name] = _simulated(engine, calls, gap_s, seed, recorded_patience=True)
    simulated[f"{EXPONENTIAL_GAP_S / 60:g} min, exponential patience"] = _simulated(
        engine, calls, EXPONENTIAL_GAP_S, seed, recorded_patience=False
    )
    return BankMonth(
        rows=tuple(
            BankRow(
                figure=figure,
                recorded=value,
                simulated={name: found[figure] for name, found in simulated.items()},
            )
            for figure, value in recorded.items()
        ),
        calls_count=len(calls),
        days_count=calls.days_count,
        seed=seed,
    )


def figures(
    wait_us: NDArray[np.int64], answered: NDArray[Any], gone: NDArray[Any]
) -> dict[str, float]:
    """What is compared, of all calls."""
    near = wait_us <= 20 * US
    ends = answered | gone
    return {
        "waited": float(((wait_us > 0) & ends).sum() / ends.sum()),
        "gave up": float(gone.sum() / ends.sum()),
        "mean wait of answered, s": float(wait_us[answered].mean() / US),
        "mean wait of those who gave up, s": float(wait_us[gone].mean() / US),
        "answered within 20 s, of all": float((answered & near).sum() / ends.sum()),
        "90 % of answered within, s": float(np.quantile(wait_us[answered], 0.9) / US),
    }


def presence(calls: RecordedCalls, gap_s: float) -> dict[int, list[Window]]:
    """When each agent was there: from service to service, breaks longer than the gap left out."""
    found: dict[int, list[Window]] = {}
    known = calls.served & (calls.agent >= 0)
    begin = (calls.arrival_us + calls.wait_us)[known]
    end = begin + np.maximum(calls.talk_us[known], 0)
    agents = calls.agent[known]
    for agent in np.unique(agents):
        mine = agents == agent
        order = np.argsort(begin[mine], kind="stable")
        windows: list[Window] = []
        for first, last in zip(begin[mine][order].tolist(), end[mine][order].tolist(), strict=True):
            if windows and first - windows[-1][1] <= gap_s * US:
                windows[-1] = (windows[-1][0], max(windows[-1][1], last, windows[-1][0] + 1))
            else:
                windows.append((first, max(last, first + 1)))
        found[int(agent)] = windows
    return found


def bank_model(calls: RecordedCalls, gap_s: float) -> NetworkModel:
    """One site, a queue for each service; agents take what they were seen to take."""
    queues = calls.services
    agents = []
    known = calls.served & (calls.agent >= 0)
    for agent, windows in presence(calls, gap_s).items():
        took = np.unique(calls.service[known & (calls.agent == agent)])
        levels = tuple((int(service), 5) for service in took)
        agents.append(AgentModel(name=f"a{agent}", levels=levels, shifts=tuple(windows)))
    site = SiteModel(
        name="s1",
        queues=tuple(QueueModel(name=name, places_max=MANY) for name in queues),
        agents=tuple(agents),
        trunks=(TrunkModel(name="carrier", channels_max=MANY),),
    )
    return NetworkModel(
        sites=(site,),
        services=tuple(ServiceModel(name=name, queue=name) for name in queues),
        ingresses=tuple(
            IngressModel(name=name, service=number, entries=((0, 0),))
            for number, name in enumerate(queues)
        ),
        moves=(),
        documents=documents(["s1"], POLICIES["stay"]),
        duration_us=calls.days_count * DAY_US,
        drain_us=DAY_US,
        interval_us=DAY_US,
        ideal=True,
    )


def bank_table(
    calls: RecordedCalls, seed: int, replication: int, *, recorded_patience: bool
) -> CallsTable:
    """The month's calls; how long those would wait who were answered is drawn."""
    made = recorded_columns(calls, lambda *cause: stream(seed, "bank", *cause, replication))
    if not recorded_patience:
        dice = stream(seed, "bank", "exponential", replication)
        made["patience_us"] = whole_us(dice.exponential(PATIENCE_MEAN_S, len(calls)))
    made["patience_us"] = np.where(
        made["patience_us"] >= NEVER_US, NEVER_US, np.maximum(made["patience_us"], 1)
    )
    return calls_table(**made, ingress=calls.service)


def _simulated(
    engine: Engine, calls: RecordedCalls, gap_s: float, seed: int, *, recorded_patience: bool
) -> dict[str, float]:
    """Mean over replications of each figure."""
    model = bank_model(calls, gap_s)
    found = []
    for replication in range(REPLICATIONS):
        table = bank_table(calls, seed, replication, recorded_patience=recorded_patience)
        run = engine.start(model)
        parts = [run.feed(table, model.duration_us).outcomes, run.finish().outcomes]
        outcomes = np.concatenate(parts)
        kind = outcomes["outcome"]
        gone = (kind == Outcome.ABANDONED) | (kind == Outcome.BALKED)
        found.append(figures(outcomes["wait_us"], kind == Outcome.ANSWERED, gone))
    means = {figure: float(np.mean([one[figure] for one in found])) for figure in found[0]}
    return means | {"agent hours": _hours(presence(calls, gap_s))}


def _hours(windows: dict[int, list[Window]]) -> float:
    return sum(end - begin for all_of in windows.values() for begin, end in all_of) / 3600 / US
