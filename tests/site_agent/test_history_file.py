"""History: one line each, handed over at the end of a turn."""

import json
from pathlib import Path

import pytest

from site_agent.core.actions import WriteHistory
from site_agent.errors import StartError
from site_agent.history_file import HistoryFile


def test_lines_appear_when_the_turn_ends(tmp_path: Path) -> None:
    path = tmp_path / "new" / "h.jsonl"
    history = HistoryFile(path, "lisbon")
    history.write(WriteHistory(kind="hold", fields={"token": "t"}), 1.5)
    assert path.read_text() == ""
    history.flush()
    line = json.loads(path.read_text())
    assert line == {"at_s": 1.5, "site": "lisbon", "kind": "hold", "token": "t"}
    history.close()


def test_no_file_is_no_history() -> None:
    history = HistoryFile(None, "lisbon")
    history.write(WriteHistory(kind="hold"), 1.0)
    history.close()


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="history_file"):
        HistoryFile(tmp_path, "lisbon")


def test_a_full_disk_costs_history_only() -> None:
    history = HistoryFile(Path("/dev/full"), "lisbon")
    history.write(WriteHistory(kind="hold"), 1.0)
    history.flush()
    history.write(WriteHistory(kind="hold"), 2.0)
    history.flush()
