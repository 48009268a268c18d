"""Keeps one slot of the agent columns per agent and queue, and each queue's ready agents in order.

Rule of this file: `Q_FIRST_READY` and `A_NEXT` always lead through the ready slots of a row by
(ready since, name), and through no others. A slot given back is used again.
"""

from __future__ import annotations

from bisect import bisect_left

from nrcli.wire.messages import AgentReport
from routing_policies import columns as c
from routing_policies.model import QueueColumns
from routing_policies.names import name_id

Ready = tuple[float, str, int]
"(ready since, agent, slot)"


class AgentSlots:
    """Slots, the free ones, and per row the ready ones in order."""

    __slots__ = ("_columns", "_free", "_ready")

    def __init__(self, columns: QueueColumns) -> None:
        self._columns = columns
        self._free: list[int] = []
        self._ready: dict[int, list[Ready]] = {}

    def take(self, site: str, agent: str, row: int) -> int:
        """A slot for an agent's membership of the queue of `row`, not ready yet."""
        columns = self._columns
        slot = self._free.pop() if self._free else columns.add_slot()
        columns.agent_names[slot] = agent
        agents = columns.agents
        agents[c.A_AGENT][slot] = name_id(f"{site}/{agent}")
        agents[c.A_ROW][slot] = row
        agents[c.A_NEXT][slot] = -1
        return slot

    def write(self, slot: int, report: AgentReport, level: int, ready_at_s: float) -> None:
        """What the site said of the agent; only while the slot is not in its row's ready list."""
        agents = self._columns.agents
        agents[c.A_LEVEL][slot] = level
        agents[c.A_READY_AT][slot] = ready_at_s
        agents[c.A_CALLS][slot] = report.calls_count
        agents[c.A_READY_S][slot] = report.ready_s
        agents[c.A_READY_PERIODS][slot] = report.ready_periods_count
        agents[c.A_OCCUPIED_S][slot] = report.occupied_s

    def give_back(self, slot: int) -> None:
        """The membership is gone; the slot must not be in a ready list any more."""
        self._columns.agent_names[slot] = ""
        self._columns.agents[c.A_AGENT][slot] = 0.0
        self._columns.agents[c.A_ROW][slot] = 0
        self._free.append(slot)

    def add_ready(self, slot: int) -> int:
        """The slot's agent may be chosen; returns the row."""
        agents = self._columns.agents
        row = int(agents[c.A_ROW][slot])
        key = (agents[c.A_READY_AT][slot], self._columns.agent_names[slot], slot)
        ready = self._ready.setdefault(row, [])
        index = bisect_left(ready, key)
        agents[c.A_NEXT][slot] = ready[index][2] if index < len(ready) else -1
        ready.insert(index, key)
        self._point(row, ready, index, slot)
        return row

    def remove_ready(self, slot: int) -> int:
        """The slot's agent may not be chosen any more; returns the row."""
        agents = self._columns.agents
        row = int(agents[c.A_ROW][slot])
        key = (agents[c.A_READY_AT][slot], self._columns.agent_names[slot], slot)
        ready = self._ready[row]
        index = bisect_left(ready, key)
        assert ready[index] == key, "a slot's values stay as they are while it is ready"
        del ready[index]
        self._point(row, ready, index, int(agents[c.A_NEXT][slot]))
        agents[c.A_NEXT][slot] = -1
        return row

    def ready_count(self, row: int) -> int:
        """How many may be chosen from this row."""
        return len(self._ready.get(row, ()))

    def _point(self, row: int, ready: list[Ready], index: int, slot: int) -> None:
        """Whoever stands before `index` in the row's list is followed by `slot`."""
        if index:
            self._columns.agents[c.A_NEXT][ready[index - 1][2]] = slot
        else:
            self._columns.queues[c.Q_FIRST_READY][row] = slot
