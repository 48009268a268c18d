"""The file in which the site's own people say that nothing is lent.

Rule of this file: it lies beside the state of the site agent, is whole at every moment, and needs
no process to be written: a site agent reads it at its start, and when it changes. An empty file,
and none, mean: lend.
"""

from __future__ import annotations

import os
from pathlib import Path

from site_agent.core.events import LendingRead
from site_agent.core.lending_order import Order, order_of
from site_agent.rules_file import PlainFile

NAME = "lending.json"


def lending_path(incarnation_file: Path) -> Path:
    """Where it lies; two processes of a pair see the same."""
    return incarnation_file.with_name(NAME)


class LendingFile:
    """One file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = PlainFile(path)

    def read(self) -> LendingRead:
        """The order as it stands."""
        text, problem = self._file.read()
        if problem and not self._path.exists():
            problem = ""
        return LendingRead(source=str(self._path), text=text, problem=problem)

    def changed(self) -> LendingRead | None:
        """The order, if the file is not as it was when it was read; else nothing."""
        return self.read() if self._file.differs() else None

    def order(self) -> Order | None:
        """What it says. Raises ValueError where it cannot be understood."""
        read = self.read()
        if read.problem:
            raise ValueError(read.problem)
        return order_of(read.text)

    def write(self, order: Order | None) -> None:
        """Say it. Raises OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as file:
            file.write(order.text() if order is not None else "")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
