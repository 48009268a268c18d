"""A folder of records, as a keeper writes it."""

from pathlib import Path
from typing import Any

from nrcli.records.record_files import write_file
from nrcli.wire.record_tables import row_of, table_of


def write_records(folder: Path, *records: Any, first_ms: int = 1_700_000_000_000) -> Path:
    """One file of records of one kind; the folder."""
    rows = [row_of(record) for record in records]
    span = ((first_ms, 0), (first_ms, len(records)))
    write_file(folder, table_of(records[0]), rows, span, {})
    return folder
