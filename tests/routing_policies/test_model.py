"""Rows of all columns belong together."""

from __future__ import annotations

from math import inf

from routing_policies import reasons as r
from routing_policies.columns import Q_LONGEST_READY_AT
from routing_policies.model import Lost, LostRows, QueueColumns


def test_a_new_row_is_closed_and_all_columns_grow() -> None:
    columns = QueueColumns()
    assert [columns.add_row("porto", "sales"), columns.add_row("faro", "sales")] == [1, 2]
    assert {len(column) for column in columns.queues} == {len(columns.site)} == {3}
    assert not columns.open[1]
    assert columns.queues[Q_LONGEST_READY_AT][1] == inf


def test_why_rows_lost_is_read_as_a_list() -> None:
    found = LostRows([4, 5, 6], [r.CLOSED, 0.0, r.DONOR_GUARD], [9.0, 1.0, 0.5], [2.0, 0.0, 1.0])
    closed, guarded = Lost(4, r.CLOSED, 0.0, 2), Lost(6, r.DONOR_GUARD, 0.5, 1)
    assert found == [closed, guarded]
    assert (len(found), found[1], found[:1]) == (2, guarded, [closed])
    assert repr(found) == repr([closed, guarded])
    assert LostRows([], [], [], []) == []
