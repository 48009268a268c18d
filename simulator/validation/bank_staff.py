"""Who of a bank's call centre was there, by the services that agents are seen to give.

Rule of this file: from the records alone; what agents did between two services is not recorded, and
what can be said of it is measured here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.model.instants import US
from simulator.model.network import Window
from simulator.records.recorded import RecordedCalls

HOUR_US = 3600 * US


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


def hours(windows: dict[int, list[Window]]) -> float:
    """Of all agents together."""
    return sum(end - begin for all_of in windows.values() for begin, end in all_of) / HOUR_US


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """Time between two services of an agent, where it counts as presence."""

    between_h: float
    called_h: float
    "Of it, while a call of a kind that the agent takes waited: the agent was not ready."
    next_count: int
    "Services whose caller waited already when the agent's service before ended."
    next_mean_s: float
    "How long after that these began."


def gaps_of(calls: RecordedCalls, gap_s: float) -> Gaps:
    """Measured in the records."""
    between = called = 0
    next_s: list[float] = []
    waits: dict[bytes, _Waits] = {}
    for took, end, begin, arrival in _pairs(calls):
        if not 0 <= begin - end <= gap_s * US:
            continue
        if arrival <= end:
            next_s.append((begin - end) / US)
        key = took.tobytes()
        if key not in waits:
            waits[key] = _Waits(calls, took)
        between += begin - end
        called += waits[key].until(begin) - waits[key].until(end)
    return Gaps(
        between_h=between / HOUR_US,
        called_h=called / HOUR_US,
        next_count=len(next_s),
        next_mean_s=float(np.mean(next_s)) if next_s else 0.0,
    )


def _pairs(calls: RecordedCalls) -> Iterator[tuple[NDArray[np.int32], int, int, int]]:
    """(kinds of calls the agent takes, end of a service, begin of the next, its caller's arrival),
    of each agent's services in order."""
    known = np.flatnonzero(calls.served & (calls.agent >= 0))
    begin = calls.arrival_us + calls.wait_us
    end = begin + np.maximum(calls.talk_us, 0)
    for agent in np.unique(calls.agent[known]):
        mine = known[calls.agent[known] == agent]
        mine = mine[np.argsort(begin[mine], kind="stable")]
        took = np.unique(calls.service[mine]).astype(np.int32)
        for one, then in zip(mine[:-1].tolist(), mine[1:].tolist(), strict=True):
            yield took, int(end[one]), int(begin[then]), int(calls.arrival_us[then])


class _Waits:
    """For how long anybody waited for one of some services, since the beginning."""

    def __init__(self, calls: RecordedCalls, services: NDArray[np.int32]) -> None:
        waited = np.isin(calls.service, services) & (calls.wait_us > 0)
        begin, last = calls.arrival_us[waited], (calls.arrival_us + calls.wait_us)[waited]
        at = np.concatenate([begin, last])
        step = np.concatenate([np.ones(len(begin), int), -np.ones(len(last), int)])
        order = np.argsort(at, kind="stable")
        self._at = at[order]
        self._anybody = np.cumsum(step[order]) > 0
        lasted = np.diff(self._at) * self._anybody[:-1]
        self._sum = np.concatenate([[0], np.cumsum(lasted)])

    def until(self, at_us: int) -> int:
        """In microseconds."""
        i = int(np.searchsorted(self._at, at_us, side="right")) - 1
        if i < 0:
            return 0
        return int(self._sum[i] + (at_us - self._at[i]) * self._anybody[i])
