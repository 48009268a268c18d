"""Columns made of what a case says."""

from math import inf, isnan

from routing_policies import columns as c
from routing_policies.case_columns import NOW_S, UNNAMED_MAX, case_columns, ready_count
from routing_policies.policy_kinds import CaseAgent, CaseQueue


def test_rows_stand_in_tie_order_behind_nobodys() -> None:
    queues = [
        CaseQueue(site=s, queue=q) for s, q in (("porto", "b"), ("faro", "z"), ("porto", "a"))
    ]
    columns = case_columns(queues)
    assert list(zip(columns.site, columns.queue, strict=True)) == [
        *(("", ""), ("faro", "z")),
        *(("porto", "a"), ("porto", "b")),
    ]


def test_what_is_not_said_is_as_in_an_idle_queue() -> None:
    q = case_columns([CaseQueue(site="a", queue="b")]).queues
    assert q[c.Q_OPEN][1] == q[c.Q_SHARED][1] == q[c.Q_ACCEPTING][1] == q[c.Q_SITE_OPEN][1] == 1
    assert q[c.Q_FREE][1] == q[c.Q_WAITING][1] == 0 and isnan(q[c.Q_OLDEST_AT][1])
    assert q[c.Q_LONGEST_READY_AT][1] == inf and q[c.Q_FIRST_READY][1] == -1
    assert q[c.Q_CLOSES_AT][1] == inf and isnan(q[c.Q_SERVICE_LEVEL][1])


def test_lendable_agents_are_what_reserve_and_loans_leave() -> None:
    queue = CaseQueue(site="a", queue="b", ready_count=5, min_reserve=2, max_loan=4, loan_count=2)
    columns = case_columns([queue])
    assert columns.lendable_count[1] == 2 and columns.free_count[1] == 5
    closed = queue.model_copy(update={"open": False})
    assert case_columns([closed]).lendable_count[1] == 0
    kept = queue.model_copy(update={"shared": False})
    assert case_columns([kept]).lendable_count[1] == 0


def test_ready_agents_are_linked_longest_ready_first() -> None:
    agents = (CaseAgent(agent="x", ready_s=1), CaseAgent(agent="y", ready_s=9))
    columns = case_columns([CaseQueue(site="a", queue="b", agents=agents, ready_count=3)])
    slot, names = int(columns.queues[c.Q_FIRST_READY][1]), []
    while slot >= 0:
        names.append(columns.agent_names[slot])
        slot = int(columns.agents[c.A_NEXT][slot])
    assert names == ["y", "x", "agent-1"]
    assert columns.queues[c.Q_LONGEST_READY_AT][1] == NOW_S - 9


def test_a_crowd_that_is_only_counted_stays_small() -> None:
    queue = CaseQueue(site="a", queue="b", ready_count=10_000)
    assert ready_count(queue) == 10_000
    assert len(case_columns([queue]).agent_names) == UNNAMED_MAX
