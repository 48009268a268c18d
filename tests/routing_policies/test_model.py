"""Rows of all columns belong together."""

from __future__ import annotations

from math import inf

from routing_policies.model import QueueColumns


def test_a_new_row_is_closed_and_all_columns_grow() -> None:
    columns = QueueColumns()
    assert [columns.add_row("porto", "sales"), columns.add_row("faro", "sales")] == [0, 1]
    assert {len(getattr(columns, name)) for name in QueueColumns.__slots__} == {2}
    assert not columns.open[1]
    assert columns.longest_ready_at_s[1] == inf
