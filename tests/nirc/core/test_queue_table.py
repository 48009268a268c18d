"""Columns show what a queue has, minus what was promised of it."""

from __future__ import annotations

from math import inf, isnan

from nirc.core.queue_table import AHT_S_UNKNOWN, QueueTable
from nrcli.wire.messages import AgentReport, AgentState, QueueReport
from routing_policies import columns as c


def report(**fields: object) -> QueueReport:
    values: dict[str, object] = {
        "queue": "sales",
        "ready_count": 3,
        "staffed_count": 4,
        "max_loan": 2,
        "places_max": 5,
        "waiting_count": 1,
        "places_held_count": 1,
    } | fields
    return QueueReport(**values)  # type: ignore[arg-type]


def table_with_agents() -> tuple[QueueTable, int]:
    table = QueueTable()
    row = table.row("porto", "sales")
    table.set_report(row, report(), 10.0)
    for since_s, agent in ((5.0, "elsa"), (4.0, "diogo"), (5.0, "anna")):
        slot = table.slots.take("porto", agent, row)
        said = AgentReport(agent=agent, state=AgentState.READY, in_state_s=0.0)
        table.slots.write(slot, said, 5, since_s)
        table.add_ready([slot])
    return table, row


def test_the_longest_available_agent_leads_and_ties_go_by_name() -> None:
    table, row = table_with_agents()
    columns = table.columns
    assert (table.longest_agent(row), columns.queues[c.Q_LONGEST_READY_AT][row]) == ("diogo", 4.0)
    table.remove_ready([1])
    assert table.longest_agent(row) == "anna"


def test_what_may_be_lent_is_bounded_by_agents_reserve_and_loans() -> None:
    table, row = table_with_agents()
    columns = table.columns
    assert (columns.free_count[row], columns.lendable_count[row]) == (3, 2)
    table.set_report(row, report(min_reserve=2), 11.0)
    assert columns.lendable_count[row] == 1
    table.set_report(row, report(loan_count=2), 11.0)
    assert (columns.lendable_count[row], columns.places_free_count[row]) == (0, 0)


def test_promises_are_taken_off_and_given_back() -> None:
    table, row = table_with_agents()
    columns = table.columns
    table.promise(row, withheld=1, places=1, loans=1)
    assert (columns.free_count[row], columns.lendable_count[row]) == (2, 1)
    assert (columns.waiting_count[row], columns.places_free_count[row]) == (3, 2)
    table.promise(row, withheld=-1, places=-1, loans=-1)
    assert table.promised(row) == (0, 0, 0)
    assert columns.places_free_count[row] == 3


def test_a_queue_that_is_gone_is_closed_and_empty() -> None:
    table, row = table_with_agents()
    table.set_report(row, None, 12.0)
    columns = table.columns
    assert not columns.open[row]
    assert (columns.free_count[row], columns.lendable_count[row]) == (0, 0)
    assert table.report(row) is None


def test_handle_time_comes_from_the_site_else_the_documents() -> None:
    table, row = table_with_agents()
    assert table.columns.queues[c.Q_AHT_S][row] == AHT_S_UNKNOWN
    table.set_default_aht({"sales": 60.0})
    assert table.columns.queues[c.Q_AHT_S][row] == 60.0
    table.set_report(row, report(aht_s=42.0), 12.0)
    assert table.columns.queues[c.Q_AHT_S][row] == 42.0


def test_rows_are_found_by_site_and_queue() -> None:
    table, row = table_with_agents()
    assert table.find("porto", "sales") == row
    assert table.find("faro", "sales") == 0
    other = table.row("faro", "sales")
    assert table.rows_of_queue("sales") == [row, other]
    assert table.columns.queues[c.Q_LONGEST_READY_AT][other] == inf


def test_every_figure_of_a_report_has_its_column() -> None:
    table, row = table_with_agents()
    said = report(
        busy_count=2,
        acw_count=1,
        reserved_count=1,
        not_ready_count=3,
        loan_count=1,
        max_loan=9,
        oldest_wait_s=4.0,
        last_wait_s=12.0,
        patience_s=90.0,
        estimator=3,
        ewt_low_percent=80,
        ewt_high_percent=150,
        window_offered_count=10,
        window_in_time_count=7,
        answered_count=100,
        abandoned_count=8,
        accepting=False,
        min_reserve=1,
    )
    table.set_report(row, said, 20.0)
    table.promise(row, withheld=1, loans=1)
    q = table.columns.queues
    values = {
        c.Q_BUSY: 2,
        c.Q_ACW: 1,
        c.Q_RESERVED: 2,
        c.Q_NOT_READY: 3,
        c.Q_LOANS: 2,
        c.Q_MAX_LOAN: 9,
        c.Q_MIN_RESERVE: 1,
        c.Q_OLDEST_AT: 16.0,
        c.Q_LAST_WAIT_S: 12.0,
        c.Q_PATIENCE_S: 90.0,
        c.Q_ESTIMATOR: 3,
        c.Q_EWT_LOW: 0.8,
        c.Q_EWT_HIGH: 1.5,
        c.Q_SERVICE_LEVEL: 0.7,
        c.Q_ANSWERED: 100,
        c.Q_ABANDONED: 8,
        c.Q_PLACES_MAX: 5,
        c.Q_ACCEPTING: 0,
        c.Q_SITE_REPORTED_AT: 20.0,
    }
    assert {column: q[column][row] for column in values} == values
    table.set_report(row, report(waiting_count=0), 21.0)
    unknown = (c.Q_OLDEST_AT, c.Q_PATIENCE_S, c.Q_SERVICE_LEVEL)
    assert all(isnan(q[column][row]) for column in unknown)
    table.heard("porto", 25.0)
    assert (q[c.Q_SITE_REPORTED_AT][row], q[c.Q_REPORTED_AT][row]) == (25.0, 25.0)


def test_a_queue_closed_by_its_calendar_has_nobody_who_could_serve() -> None:
    table, row = table_with_agents()
    q = table.columns.queues
    table.set_open(row, is_open=True, closes_at_s=90.0)
    assert (q[c.Q_CLOSES_AT][row], q[c.Q_FREE][row]) == (90.0, 3)
    table.set_open(row, is_open=False, closes_at_s=90.0)
    emptied = (c.Q_FREE, c.Q_LENDABLE, c.Q_STAFFED, c.Q_PLACES_FREE)
    assert [q[column][row] for column in emptied] == [0, 0, 0, 0]
    table.set_open(row, is_open=True, closes_at_s=inf)
    assert (q[c.Q_FREE][row], q[c.Q_STAFFED][row]) == (3, 4)
