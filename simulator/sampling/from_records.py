"""Makes callers of recorded calls: what a record does not say is drawn, and told here how.

Rule of this file: what is recorded stays. Patience of a caller who gave up is the recorded wait; of
one who was answered it is only known to be longer, and the rest is drawn from the survival of
patience of the same service (Kaplan and Meier 1958), given the recorded wait. Who hung up at once
is taken as one who balks; callers who met no queue balk with the share of those who did. Talk of
calls that nobody answered is one of the recorded talks of the service.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simulator.model.calls import Whole
from simulator.model.instants import NEVER_US
from simulator.records.recorded import UNKNOWN, RecordedCalls
from simulator.sampling.callers import Columns
from simulator.sampling.survival import kaplan_meier

Dice = Callable[..., np.random.Generator]
FEW = 20
"With fewer who gave up in a service, patience is that of all services together."


def recorded_columns(calls: RecordedCalls, dice: Dice, *, talk: bool = True) -> Columns:
    """Columns that records say, or from which they can be drawn; the others are the scenario's.
    With `talk` false talk times are the scenario's too."""
    made: Columns = {"arrival_us": calls.arrival_us}
    if calls.priority.any():
        made["priority"] = calls.priority
    if calls.ahead_us.any():
        made["ahead_us"] = calls.ahead_us
    if (calls.caller != UNKNOWN).any():
        made["caller"] = calls.caller
    if (calls.abandoned & (calls.wait_us > 0)).any():
        made["patience_us"], made["balks"] = _patience(calls, dice)
    if talk and (calls.served & (calls.talk_us >= 0)).any():
        made["talk_us"] = _filled(calls, calls.talk_us, dice("talk"))
    if talk and (calls.served & (calls.acw_us >= 0)).any():
        made["acw_us"] = _filled(calls, calls.acw_us, dice("acw"))
    return made


def met_a_queue(calls: RecordedCalls) -> NDArray[np.bool_]:
    """Calls that are known to have met no ready agent."""
    return np.asarray((calls.wait_us > 0) | calls.abandoned)


def hung_up_at_once(calls: RecordedCalls) -> NDArray[np.bool_]:
    """Callers who gave up without waiting."""
    return np.asarray(calls.abandoned & (calls.wait_us == 0))


def _patience(calls: RecordedCalls, dice: Dice) -> tuple[Whole, NDArray[np.int32]]:
    at_once = hung_up_at_once(calls)
    told = (calls.wait_us >= 0) & (calls.served | calls.abandoned) & ~at_once
    patience = np.full(len(calls), NEVER_US, dtype=np.int64)
    groups = _groups(calls, told)
    drawn = dice("patience")
    for rows, of in groups:
        known = of[told[of]]
        survival = kaplan_meier(calls.wait_us[known], calls.abandoned[known])
        waited = np.where(told[rows], calls.wait_us[rows], 0)
        patience[rows] = survival.beyond(waited, drawn)
    gave_up = calls.abandoned & ~at_once
    patience[gave_up] = calls.wait_us[gave_up]
    queue = met_a_queue(calls)
    share = at_once.sum() / max(1, queue.sum())
    balks = np.where(queue, at_once, dice("balk").random(len(calls)) < share)
    return patience, balks.astype(np.int32)


def _groups(
    calls: RecordedCalls, told: NDArray[np.bool_]
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Rows of each service, and the rows from which their patience is learnt."""
    everyone = np.arange(len(calls))
    made = []
    for service in np.unique(calls.service):
        rows = np.flatnonzero(calls.service == service)
        enough = (calls.abandoned & told)[rows].sum() >= FEW
        made.append((rows, rows if enough else everyone))
    return made


def _filled(calls: RecordedCalls, times: Whole, dice: np.random.Generator) -> Whole:
    """Recorded times; where there is none, one of the service's, or of any."""
    made = times.copy()
    known = calls.served & (times >= 0)
    for service in np.unique(calls.service[~known]):
        rows = np.flatnonzero(~known & (calls.service == service))
        like = times[known & (calls.service == service)]
        values = like if len(like) else times[known]
        made[rows] = values[(dice.random(len(rows)) * len(values)).astype(np.int64)]
    return made
