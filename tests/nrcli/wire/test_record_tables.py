"""Rows and records say the same, and a file of before can be read."""

from typing import Any

import pytest
from contract_samples import sample, told_apart

from nrcli.wire.history_messages import AgentStateRecord, CallLegRecord, TrunkBusyRecord
from nrcli.wire.record_tables import (
    AGENT_STATES,
    DECISIONS,
    LEGS,
    TABLES,
    DecisionRow,
    Table,
    record_of,
    row_from,
    row_of,
    source_of,
    table_of,
)

RECORDS = (DecisionRow, CallLegRecord, AgentStateRecord, TrunkBusyRecord)


def test_each_kind_of_record_has_a_table() -> None:
    assert {table.record for table in TABLES.values()} == set(RECORDS)
    assert [table_of(sample(kind)).record for kind in RECORDS] == list(RECORDS)


@pytest.mark.parametrize("kind", RECORDS)
def test_a_row_makes_the_same_record_again(kind: type[Any]) -> None:
    record = sample(kind)
    assert record_of(table_of(record), row_of(record)) == record


@pytest.mark.parametrize("kind", RECORDS)
def test_every_field_has_a_cell_of_its_own(kind: type[Any]) -> None:
    for column in table_of(sample(kind)).columns:
        one, other = (row_of(record) for record in told_apart(kind, column.name))
        assert {name for name in one if one[name] != other[name]} == {column.name}


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_cells_are_of_the_kind_of_their_column(table: Table) -> None:
    row = row_of(sample(table.record))
    types = {"text": str, "texts": str, "whole": int, "number": float, "truth": bool}
    assert {column.name: types[column.kind] for column in table.columns} == {
        name: type(cell) for name, cell in row.items()
    }
    assert table.at in row and table.at.endswith("_unix_s")


def test_what_an_older_file_lacks_has_its_default() -> None:
    row = row_of(sample(AgentStateRecord))
    del row["continues"]
    row["queues"] = ""
    record = record_of(AGENT_STATES, row)
    assert (record.continues, record.queues) == (False, ())
    assert record_of(DECISIONS, {"decision_id": "d", "at_unix_s": 7, "mode": None}) == DecisionRow(
        decision_id="d", at_unix_s=7.0
    )
    assert record_of(LEGS, {}).leg == ""


@pytest.mark.parametrize("kind", RECORDS)
def test_json_of_a_record_gives_the_same_row(kind: type[Any]) -> None:
    record = sample(kind)
    table, row = table_of(record), row_of(record)
    said: dict[str, Any] = dict(row)
    if "queues" in said:
        said["queues"] = ["x"]
    assert row_from(table, said) == row
    assert source_of(table, row) == ("x/7", 7)
    assert row_from(table, {})[table.at] == 0.0


def test_a_cell_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="soon"):
        record_of(LEGS, {"ended_unix_s": "soon"})
