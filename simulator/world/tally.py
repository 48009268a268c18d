"""Where time went: agents by state, calls waiting, channels in use, by interval of the model.

Rule of this file: whole microseconds, counted where they pass; a span that crosses the edge of an
interval is cut there. Plain lists until somebody asks for the sums.
"""

from __future__ import annotations

import numpy as np

from simulator.model.network import NetworkModel
from simulator.model.outcomes import AGENT_STATES, Sums, intervals_of

STATES = len(AGENT_STATES)


class Gauge:
    """How many there are of something, over time."""

    __slots__ = ("_interval_us", "_last", "count", "most", "since_us", "spent_us")

    def __init__(self, interval_us: int, intervals: int) -> None:
        self._interval_us = interval_us
        self._last = intervals - 1
        self.count = 0
        self.since_us = 0
        self.spent_us = [0] * intervals
        self.most = [0] * intervals

    def change(self, now_us: int, step: int) -> None:
        """More or fewer of it from now on."""
        self.pass_to(now_us)
        self.count += step
        interval = min(now_us // self._interval_us, self._last)
        self.most[interval] = max(self.most[interval], self.count)

    def pass_to(self, now_us: int) -> None:
        """Count the time until now."""
        count, since_us = self.count, self.since_us
        self.since_us = now_us
        if not count or now_us <= since_us:
            return
        width = self._interval_us
        interval = since_us // width
        while since_us < now_us and interval <= self._last:
            until_us = min((interval + 1) * width, now_us)
            self.spent_us[interval] += count * (until_us - since_us)
            self.most[interval] = max(self.most[interval], count)
            since_us = until_us
            interval += 1


class AgentClock:
    """Time of one site's agents by state."""

    __slots__ = ("_interval_us", "_last", "spent_us")

    def __init__(self, interval_us: int, intervals: int) -> None:
        self._interval_us = interval_us
        self._last = intervals - 1
        self.spent_us = [[0] * STATES for _ in range(intervals)]

    def add(self, state: int, since_us: int, now_us: int) -> None:
        """An agent was in `state` from then to now."""
        width = self._interval_us
        interval = since_us // width
        while since_us < now_us and interval <= self._last:
            until_us = min((interval + 1) * width, now_us)
            self.spent_us[interval][state] += until_us - since_us
            since_us = until_us
            interval += 1


class Tally:
    """All gauges of a run."""

    def __init__(self, model: NetworkModel) -> None:
        self._model = model
        width, count = model.interval_us, intervals_of(model)
        self._last = count - 1
        self.agents = [AgentClock(width, count) for _ in model.sites]
        self.waiting = [Gauge(width, count) for _ in model.rows]
        self.trunks = [Gauge(width, count) for _ in model.trunks]
        self._blocked = [[0] * len(model.trunks) for _ in range(count)]

    def blocked(self, trunk: int, now_us: int) -> None:
        """Somebody met no free channel."""
        self._blocked[min(now_us // self._model.interval_us, self._last)][trunk] += 1

    def sums(self, now_us: int) -> Sums:
        """As arrays, up to now. Time of agents counts as their states end: see `Floor.pass_to`."""
        for gauge in (*self.waiting, *self.trunks):
            gauge.pass_to(now_us)
        return Sums(
            agents_us=np.array([clock.spent_us for clock in self.agents], dtype=np.int64)
            .transpose(1, 0, 2)
            .copy(),
            waiting_us=_columns([gauge.spent_us for gauge in self.waiting]),
            waiting_most=_columns([gauge.most for gauge in self.waiting]),
            trunks_us=_columns([gauge.spent_us for gauge in self.trunks]),
            trunks_most=_columns([gauge.most for gauge in self.trunks]),
            blocked=np.array(self._blocked, dtype=np.int64),
        )


def _columns(rows: list[list[int]]) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    return np.ascontiguousarray(np.array(rows, dtype=np.int64).T)
