"""Queues are open as the calendar that holds for them says."""

from __future__ import annotations

from math import inf

from nirc.core.opening_hours import OpeningHours
from nirc.core.queue_table import QueueTable
from nrcli.wire.messages import QueueReport
from routing_policies import columns as c
from routing_policies.calendars import unix_s_of
from routing_policies.document import NetworkDocuments, assemble

HEAD = "apiVersion: nirc/v1\n"
CALENDAR = (
    "kind: Calendar\nmetadata: {name: %s}\nspec: {time_zone: Europe/Lisbon, hours: [{days: "
    "[mon, tue, wed, thu, fri], from: '%s', to: '%s'}]}\n"
)
MONDAY = "2026-11-23T"


def documents(site: str = "calendar: office") -> NetworkDocuments:
    texts = {
        "Calendar/office": CALENDAR % ("office", "08:00", "20:00"),
        "Calendar/late": CALENDAR % ("late", "12:00", "23:00"),
        "Site/porto": f"kind: Site\nmetadata: {{name: porto}}\nspec: {{{site}, queues: "
        "[{name: sales}, {name: night, calendar: late}]}\n",
        "NetworkService/sales": "kind: NetworkService\nmetadata: {name: sales}\n"
        "spec: {queue: sales}\n",
    }
    return assemble({key: (HEAD + text, 1) for key, text in texts.items()}, 1)


def at(time: str) -> float:
    return unix_s_of(MONDAY + time, "Europe/Lisbon")


def opened(table: QueueTable, *rows: int) -> list[float]:
    return [table.columns.queues[c.Q_SITE_OPEN][row] for row in rows]


def test_a_queue_follows_its_own_calendar_else_its_sites() -> None:
    table = QueueTable()
    hours = OpeningHours(table)
    sales, night = table.row("porto", "sales"), table.row("porto", "night")
    other = table.row("faro", "sales")
    table.set_report(sales, QueueReport(queue="sales", ready_count=2, staffed_count=2), 1.0)
    hours.change(documents(), 10.0)
    assert opened(table, sales, night, other) == [1, 1, 1], "the time is not known yet"
    hours.read(at("09:00"), 10.0)
    assert opened(table, sales, night, other) == [1, 0, 1]
    assert table.columns.queues[c.Q_CLOSES_AT][sales] == 10.0 + 11 * 3600
    assert table.columns.queues[c.Q_CLOSES_AT][other] == inf
    hours.read(at("21:00"), 20.0)
    assert opened(table, sales, night) == [0, 1]
    assert table.columns.queues[c.Q_FREE][sales] == 0
    hours.change(documents("tenant: default"), 21.0)
    assert opened(table, sales, night) == [1, 1]
    assert table.columns.queues[c.Q_FREE][sales] == 2


def test_new_rows_are_judged_and_time_runs_between_readings() -> None:
    table = QueueTable()
    hours = OpeningHours(table)
    hours.change(documents(), 0.0)
    hours.read(at("07:59"), 100.0)
    row = table.row("porto", "sales")
    hours.rows_grew(100.0)
    assert opened(table, row) == [0]
    before, after = hours.state("office", 159.0), hours.state("office", 161.0)
    assert before and after
    assert (before.open, before.opens_in_s, after.open) == (False, 1.0, True)
    assert hours.state("nothing", 1.0) is None
