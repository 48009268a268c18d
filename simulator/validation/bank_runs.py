"""The bank's month as a model and as calls, and what comes of a run.

Rule of this file: arrivals, work and head starts are those of the records; what the records do not
say is drawn from them, or an argument.
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
)
from simulator.model.outcomes import Outcome
from simulator.model.streams import stream
from simulator.records.recorded import DAY_US, RecordedCalls
from simulator.sampling.from_records import recorded_columns
from simulator.validation.bank_staff import presence
from simulator.validation.hand_calls import whole_us
from simulator.validation.hand_models import MANY, POLICIES, documents

PATIENCE_MEAN_S = 347.0
"All waiting over all who gave up."
HALVES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """What is assumed of what the records do not say."""

    gap_s: float
    "An agent who serves nobody for longer than this was away."
    recorded_patience: bool = True
    "As the records let see; else exponential for everybody."
    after_us: int = 0
    "After each service the agent is not ready for this long."


def figures(
    wait_us: NDArray[np.int64], answered: NDArray[Any], gone: NDArray[Any]
) -> dict[str, float]:
    """What is compared, of these calls."""
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


def half_of(arrival_us: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 or 1, every other day: weekdays fall into both halves alike."""
    return arrival_us // DAY_US % HALVES


def recorded_figures(calls: RecordedCalls, half: int | None = None) -> dict[str, float]:
    """Of the month, or of a half of it."""
    rows = np.ones(len(calls), bool) if half is None else half_of(calls.arrival_us) == half
    return figures(calls.wait_us[rows], calls.served[rows], calls.abandoned[rows])


def simulated_figures(
    engine: Engine,
    calls: RecordedCalls,
    assumed: Assumed,
    *,
    seed: int,
    runs_count: int,
    half: int | None = None,
) -> dict[str, float]:
    """Means over runs of the month; of a half of its days, if one is named."""
    model = bank_model(calls, assumed.gap_s)
    found = []
    for replication in range(runs_count):
        table = bank_table(calls, seed, replication, assumed)
        run = engine.start(model)
        parts = [run.feed(table, model.duration_us).outcomes, run.finish().outcomes]
        outcomes = np.concatenate(parts)
        if half is not None:
            outcomes = outcomes[half_of(outcomes["arrival_us"]) == half]
        kind = outcomes["outcome"]
        gone = (kind == Outcome.ABANDONED) | (kind == Outcome.BALKED)
        found.append(figures(outcomes["wait_us"], kind == Outcome.ANSWERED, gone))
    return {figure: float(np.mean([one[figure] for one in found])) for figure in found[0]}


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


def bank_table(calls: RecordedCalls, seed: int, replication: int, assumed: Assumed) -> CallsTable:
    """The month's calls; how long those would wait who were answered is drawn."""
    made = recorded_columns(calls, lambda *cause: stream(seed, "bank", *cause, replication))
    if not assumed.recorded_patience:
        dice = stream(seed, "bank", "exponential", replication)
        made["patience_us"] = whole_us(dice.exponential(PATIENCE_MEAN_S, len(calls)))
    made["patience_us"] = np.where(
        made["patience_us"] >= NEVER_US, NEVER_US, np.maximum(made["patience_us"], 1)
    )
    made["acw_us"] = np.full(len(calls), assumed.after_us, dtype=np.int64)
    return calls_table(**made, ingress=calls.service)
