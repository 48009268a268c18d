"""Keeps every shared agent, and puts the ready ones where they may be chosen.

Rule of this file: a ready agent stands either in the ready lists of all their queues, or, promised,
is counted as withheld there; never both, never neither.
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
    listed: bool = False
    "Stands in the ready lists of `rows`."
    withheld: bool = False
    "Ready, but promised: taken off the free agents of `rows`."


class AgentTable:
    """Agents by (site, name)."""

    __slots__ = ("_agents", "_promises", "_table")

    def __init__(self, table: QueueTable, promises: Promises) -> None:
        self._table = table
        self._promises = promises
        self._agents: dict[tuple[str, str], AgentBelief] = {}

    def set(self, site: str, name: str, report: AgentReport | None, now_s: float) -> None:
        """The site said this of an agent; None when they are gone."""
        belief = self._agents.pop((site, name), None)
        if belief is not None:
            self._unlist(name, belief)
        if report is None:
            return
        queues = (queue.queue for queue in report.queues)
        rows = tuple(dict.fromkeys(self._table.row(site, queue) for queue in queues))
        belief = AgentBelief(report.state, now_s - report.in_state_s, rows)
        self._agents[(site, name)] = belief
        self._list(site, name, belief)

    def promise_changed(self, site: str, name: str) -> None:
        """A promise of this agent was made or given back."""
        belief = self._agents.get((site, name))
        if belief is not None:
            self._unlist(name, belief)
            self._list(site, name, belief)

    def of(self, site: str, name: str) -> AgentBelief | None:
        """What is believed of an agent."""
        return self._agents.get((site, name))

    def _list(self, site: str, name: str, belief: AgentBelief) -> None:
        if belief.state is not AgentState.READY:
            return
        if self._promises.agent_promised(site, name):
            belief.withheld = True
            for row in belief.rows:
                self._table.promise(row, withheld=1)
        else:
            belief.listed = True
            for row in belief.rows:
                self._table.add_ready(row, belief.since_s, name)

    def _unlist(self, name: str, belief: AgentBelief) -> None:
        if belief.listed:
            for row in belief.rows:
                self._table.remove_ready(row, belief.since_s, name)
        if belief.withheld:
            for row in belief.rows:
                self._table.promise(row, withheld=-1)
        belief.listed = belief.withheld = False
