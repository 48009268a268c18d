"""Writes the site's history: one JSON object a line, handed to the system at the end of a turn.

Rule of this file: a full disk costs history, never a call; the fact is told once.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TextIO

from site_agent.core.actions import WriteHistory
from site_agent.errors import StartError

log = logging.getLogger(__name__)


class HistoryFile:
    """Appends lines to one file, or does nothing where no file is configured."""

    def __init__(self, path: Path | None, site: str) -> None:
        self._site = site
        self._lines: list[str] = []
        self._file: TextIO | None = None
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise StartError(f"history_file {path}: cannot be opened: {error}") from error

    def write(self, action: WriteHistory, now_s: float) -> None:
        """Add one line to this turn."""
        if self._file is not None:
            line = {"at_s": round(now_s, 6), "site": self._site, "kind": action.kind}
            self._lines.append(json.dumps(line | action.fields, separators=(",", ":")) + "\n")

    def flush(self) -> None:
        """Hand the lines of this turn to the system."""
        if self._file is None or not self._lines:
            return
        lines, self._lines = self._lines, []
        try:
            self._file.write("".join(lines))
            self._file.flush()
        except OSError as error:
            log.error("history is no longer written: %s; free the disk and restart", error)
            self._file = None

    def close(self) -> None:
        """Write what is left."""
        self.flush()
        if self._file is not None:
            self._file.close()
            self._file = None
