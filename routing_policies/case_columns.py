"""Makes the columns of a test case: what policies would read if the network were as the case says.

Rule of this file: what a case does not say is as in an idle, open, shared queue; nothing depends on
the clock or on chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, nan

from routing_policies import columns as c
from routing_policies.model import QueueColumns
from routing_policies.names import name_id
from routing_policies.policy_kinds import CaseAgent, CaseQueue

NOW_S = 1_000_000.0
"The moment of every case, in the time that columns count in."
UNNAMED_MAX = 50
"Ready agents that a case only counts have slots up to this many."


def case_columns(queues: Sequence[CaseQueue]) -> QueueColumns:
    """One row per queue of the case, in the order of site and queue name."""
    columns = QueueColumns()
    for queue in sorted(queues, key=lambda one: (one.site, one.queue)):
        row = columns.add_row(queue.site, queue.queue)
        agents = _agents(queue)
        _write_queue(columns, row, queue, agents)
        _add_agents(columns, row, queue, agents)
    return columns


def _agents(queue: CaseQueue) -> list[CaseAgent]:
    """Ready agents, longest ready first; those that are only counted are ready since just now."""
    if not queue.open:
        return []
    unnamed = max(ready_count(queue) - len(queue.agents), 0)
    named = sorted(queue.agents, key=lambda one: (-one.ready_s, one.agent))
    made = [CaseAgent(agent=f"agent-{i + 1}") for i in range(min(unnamed, UNNAMED_MAX))]
    return [*named, *made]


def ready_count(queue: CaseQueue) -> int:
    """Agents ready at a queue."""
    return queue.ready_count if queue.ready_count is not None else len(queue.agents)


def _write_queue(
    columns: QueueColumns, row: int, queue: CaseQueue, agents: Sequence[CaseAgent]
) -> None:
    free = ready_count(queue) if queue.open else 0
    loans_left = max(queue.max_loan - queue.loan_count, 0)
    lendable = max(min(free - queue.min_reserve, loans_left), 0) if queue.shared else 0
    staffed = queue.staffed_count if queue.staffed_count is not None else free
    reported_at_s = NOW_S - queue.age_s
    values = {
        c.Q_OPEN: float(queue.open),
        c.Q_SHARED: float(queue.shared),
        c.Q_STAFFED: staffed,
        c.Q_FREE: free,
        c.Q_LENDABLE: lendable,
        c.Q_LONGEST_READY_AT: NOW_S - agents[0].ready_s if agents else inf,
        c.Q_WAITING: queue.waiting_count,
        c.Q_PLACES_FREE: queue.places_free_count if queue.open else 0,
        c.Q_PLACES_MAX: queue.places_free_count + queue.waiting_count,
        c.Q_AHT_S: queue.aht_s,
        c.Q_REPORTED_AT: reported_at_s,
        c.Q_SITE_REPORTED_AT: reported_at_s,
        c.Q_BUSY: max(staffed - free, 0),
        c.Q_LOANS: queue.loan_count,
        c.Q_MAX_LOAN: queue.max_loan,
        c.Q_MIN_RESERVE: queue.min_reserve,
        c.Q_OLDEST_AT: NOW_S - queue.oldest_wait_s if queue.waiting_count else nan,
        c.Q_PATIENCE_S: nan if queue.patience_s is None else queue.patience_s,
        c.Q_SERVICE_LEVEL: nan if queue.service_level is None else queue.service_level,
        c.Q_CLOSES_AT: inf if queue.closes_in_s is None else NOW_S + queue.closes_in_s,
        c.Q_ACCEPTING: float(queue.accepting),
        c.Q_SITE_OPEN: float(queue.site_open),
    }
    for column, value in values.items():
        columns.queues[column][row] = float(value)


def _add_agents(
    columns: QueueColumns, row: int, queue: CaseQueue, agents: Sequence[CaseAgent]
) -> None:
    before = -1
    for agent in agents:
        slot = columns.add_slot()
        columns.agent_names[slot] = agent.agent
        values = {
            c.A_AGENT: name_id(f"{queue.site}/{agent.agent}"),
            c.A_ROW: row,
            c.A_LEVEL: agent.level,
            c.A_READY_AT: NOW_S - agent.ready_s,
            c.A_CALLS: agent.calls_count,
            c.A_READY_S: agent.ready_before_s,
            c.A_READY_PERIODS: agent.ready_periods,
            c.A_OCCUPIED_S: agent.occupied_s,
        }
        for column, value in values.items():
            columns.agents[column][slot] = float(value)
        if before < 0:
            columns.queues[c.Q_FIRST_READY][row] = slot
        else:
            columns.agents[c.A_NEXT][before] = slot
        before = slot
