"""What a site agent keeps over restarts: incarnation, epochs, site table, documents.

Rule of this file: the file on disk is whole at every moment (written beside, synced, renamed), and
an epoch is on disk before `save_epoch` returns. Of a pair only who may act writes it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from nrcli.wire.messages import Epoch
from site_agent.errors import StartError
from site_agent.fence import Fence


class StateFile:
    """One JSON file; read once at the start."""

    def __init__(self, path: Path, fence: Fence | None = None) -> None:
        self._path = path
        self._fence = fence or Fence()
        self.incarnation = 0
        self.epochs: dict[str, Epoch] = {}
        self.claimed_by: dict[str, str] = {}
        "Per domain, the node that claimed the epoch."
        self.site_table_revision = -1
        self.site_table = b""
        self.documents = b""
        if path.exists():
            self._read()

    def begin(self, at_least: int) -> int:
        """Start a new incarnation, above the last one and not under `at_least`.

        Raises `StartError` if it cannot be written.
        """
        self.incarnation = max(self.incarnation + 1, at_least)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._write()
        except OSError as error:
            raise StartError(f"{self._path}: cannot be written: {error}") from error
        return self.incarnation

    def save_epoch(self, domain: str, epoch: Epoch, node: str) -> None:
        """Keep a domain's highest epoch and who claimed it; a lower one changes nothing.

        Raises OSError.
        """
        if domain not in self.epochs or epoch > self.epochs[domain]:
            self.epochs[domain], self.claimed_by[domain] = epoch, node
            self._write()

    def save_site_table(self, revision: int, site_table: bytes) -> None:
        """Keep the operator's site table. Raises OSError."""
        self.site_table_revision, self.site_table = revision, site_table
        self._write()

    def save_documents(self, documents: bytes) -> None:
        """Keep the documents that the site works with. Raises OSError."""
        self.documents = documents
        self._write()

    def _read(self) -> None:
        try:
            data: Any = json.loads(self._path.read_text(encoding="utf-8"))
            self.incarnation = int(data["incarnation"])
            self.epochs = {
                str(domain): Epoch(generation=int(pair[0]), revision=int(pair[1]))
                for domain, pair in data["epochs"].items()
            }
            self.claimed_by = {str(k): str(v) for k, v in data.get("claimed_by", {}).items()}
            self.site_table_revision = int(data["site_table_revision"])
            self.site_table = str(data["site_table"]).encode("utf-8")
            self.documents = str(data.get("documents", "")).encode("utf-8")
        except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise StartError(
                f"{self._path}: is not a site agent's state ({error!r}); restore it from a copy, or"
                " remove it if no NIRC node of an older leadership can still be running"
            ) from error

    def _write(self) -> None:
        if not self._fence.holds():
            raise OSError("this process may not act for its site any more")
        text = json.dumps(
            {
                "incarnation": self.incarnation,
                "epochs": {
                    domain: [epoch.generation, epoch.revision]
                    for domain, epoch in self.epochs.items()
                },
                "claimed_by": self.claimed_by,
                "site_table_revision": self.site_table_revision,
                "site_table": self.site_table.decode("utf-8"),
                "documents": self.documents.decode("utf-8"),
            }
        )
        beside = self._path.with_name(self._path.name + ".new")
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
