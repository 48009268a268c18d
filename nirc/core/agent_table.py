"""Keeps every shared agent, and puts the ready ones where they may be chosen.

Rule of this file: a ready agent stands either in the ready lists of all their queues, or, promised,
suspended or logged in elsewhere, is counted as withheld there; never both, never neither.
"""

from __future__ import annotations

from dataclasses import dataclass

from nirc.core.promises import Promises
from nirc.core.queue_table import QueueTable
from nrcli.wire.messages import AgentReport, AgentState


@dataclass(slots=True)
class AgentBelief:
    """One shared agent."""

    state: AgentState
    since_s: float
    "Instant, this node's clock."
    rows: tuple[int, ...]
    slots: tuple[int, ...]
    "One for each of `rows`."
    listed: bool = False
    "Stands in the ready lists of `rows`."
    withheld: bool = False
    "Ready, but promised or suspended: taken off the free agents of `rows`."


class AgentTable:
    """Agents by (site, name)."""

    __slots__ = ("_agents", "_promises", "_shadowed", "_suspended", "_table")

    def __init__(self, table: QueueTable, promises: Promises) -> None:
        self._table = table
        self._promises = promises
        self._agents: dict[tuple[str, str], AgentBelief] = {}
        self._suspended: set[tuple[str, str]] = set()
        "Nobody who routes for the network may choose them."
        self._shadowed: set[tuple[str, str]] = set()
        "The same person is logged in elsewhere."

    def set(self, site: str, name: str, report: AgentReport | None, now_s: float) -> None:
        """The site said this of an agent; None when they are gone."""
        table, key = self._table, (site, name)
        belief = self._agents.get(key)
        if belief is not None:
            self._unlist(belief)
        levels = {table.row(site, one.queue): one.level for one in report.queues} if report else {}
        rows = tuple(levels)
        if belief is not None and (report is None or belief.rows != rows):
            for slot in belief.slots:
                table.slots.give_back(slot)
            del self._agents[key]
            belief = None
        if report is None:
            return
        since_s = now_s - report.in_state_s
        if belief is None:
            slots = tuple(table.slots.take(site, name, row) for row in rows)
            belief = self._agents[key] = AgentBelief(report.state, since_s, rows, slots)
        belief.state, belief.since_s = report.state, since_s
        for slot, level in zip(belief.slots, levels.values(), strict=True):
            table.slots.write(slot, report, level, since_s)
        self._list(site, name, belief)

    def promise_changed(self, site: str, name: str) -> None:
        """A promise of this agent was made or given back."""
        belief = self._agents.get((site, name))
        if belief is not None:
            self._unlist(belief)
            self._list(site, name, belief)

    def suspend(self, site: str, name: str, *, suspended: bool) -> None:
        """May an agent be chosen for calls of other sites, or not."""
        key = (site, name)
        if suspended == (key in self._suspended):
            return
        if suspended:
            self._suspended.add(key)
        else:
            self._suspended.discard(key)
        self.promise_changed(site, name)

    def shadow(self, site: str, name: str, *, shadowed: bool) -> None:
        """Is the person logged in elsewhere, and this agent nobody to choose."""
        key = (site, name)
        if shadowed == (key in self._shadowed):
            return
        if shadowed:
            self._shadowed.add(key)
        else:
            self._shadowed.discard(key)
        self.promise_changed(site, name)

    def count_of(self, site: str) -> int:
        """How many agents a site shares. Looks through all: not per call."""
        return sum(1 for one, _ in self._agents if one == site)

    def of(self, site: str, name: str) -> AgentBelief | None:
        """What is believed of an agent."""
        return self._agents.get((site, name))

    def may_be_chosen(self, site: str, name: str) -> bool:
        """Is the agent ready and promised to nobody."""
        belief = self._agents.get((site, name))
        return belief is not None and belief.listed

    def _list(self, site: str, name: str, belief: AgentBelief) -> None:
        if belief.state is not AgentState.READY:
            return
        apart = (site, name) in self._suspended or (site, name) in self._shadowed
        if apart or self._promises.agent_promised(site, name):
            belief.withheld = True
            for row in belief.rows:
                self._table.promise(row, withheld=1)
        else:
            belief.listed = True
            self._table.add_ready(belief.slots)

    def _unlist(self, belief: AgentBelief) -> None:
        if belief.listed:
            self._table.remove_ready(belief.slots)
        if belief.withheld:
            for row in belief.rows:
                self._table.promise(row, withheld=-1)
        belief.listed = belief.withheld = False
