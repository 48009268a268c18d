"""Columns show what a queue has, minus what was promised of it."""

from __future__ import annotations

from math import inf

from nirc.core.queue_table import AHT_S_UNKNOWN, QueueTable
from nrcli.wire.messages import QueueReport
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
        table.add_ready(row, since_s, agent)
    return table, row


def test_the_longest_available_agent_leads_and_ties_go_by_name() -> None:
    table, row = table_with_agents()
    columns = table.columns
    assert (table.longest_agent(row), columns.queues[c.Q_LONGEST_READY_AT][row]) == ("diogo", 4.0)
    table.remove_ready(row, 4.0, "diogo")
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
    assert table.find("faro", "sales") == -1
    other = table.row("faro", "sales")
    assert table.rows_of_queue("sales") == [row, other]
    assert table.columns.queues[c.Q_LONGEST_READY_AT][other] == inf
