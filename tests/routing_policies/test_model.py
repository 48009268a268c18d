"""Rows of all columns belong together."""

from __future__ import annotations

from math import inf

from routing_policies.columns import Q_LONGEST_READY_AT
from routing_policies.model import QueueColumns


def test_a_new_row_is_closed_and_all_columns_grow() -> None:
    columns = QueueColumns()
    assert [columns.add_row("porto", "sales"), columns.add_row("faro", "sales")] == [1, 2]
    assert {len(column) for column in columns.queues} == {len(columns.site)} == {3}
    assert not columns.open[1]
    assert columns.queues[Q_LONGEST_READY_AT][1] == inf
