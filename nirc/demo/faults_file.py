"""Writes down what was broken and mended: a history beside the sites' own.

Rule of this file: what was done, to processes by name, and nothing of what it led to. The checkers
read it with the histories of the sites; its words are theirs (docs/history.md).
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from nirc.demo.layout import Layout

NAME = "faults.history.jsonl"


class FaultsFile:
    """One network's file; it is made with the first fault."""

    def __init__(self, path: Path, layout: Layout) -> None:
        self.path = path
        self._nodes = [node.name for node in layout.nodes]
        self._site_of = {
            member.process: site.name for site in layout.sites for member in site.members
        }
        self._etcd = [member.name for member in layout.etcd]
        self._down: dict[str, str] = {}
        "Fault by the name of the process that does not run."
        self._count = 0

    def runs(self, name: str, is_running: bool) -> None:
        """A process runs from now on, or does not; what is known already is not told again."""
        if is_running == (name not in self._down):
            return
        if is_running:
            self.ended(self._down.pop(name))
            return
        self._down[name] = self.begun(
            f"{name} does not run",
            self._effect(name),
            node=name if name in self._nodes else "",
            site=self._site_of.get(name, ""),
        )

    def begun(self, what: str, effect: str, *, node: str = "", site: str = "") -> str:
        """Something is broken from now on; its name, for `ended`."""
        self._count += 1
        fault = f"{what.split(maxsplit=1)[0]}.{self._count}"
        self._write(
            "fault_begun",
            fault=fault,
            what=what,
            effect=effect,
            nodes=node,
            sites=site,
            nodes_count=len(self._nodes),
        )
        return fault

    def ended(self, fault: str) -> None:
        """It is mended."""
        self._write("fault_ended", fault=fault)

    def _effect(self, name: str) -> str:
        if name in self._nodes:
            return "gone"
        if name in self._site_of:
            return "site_stopped"
        if name in self._etcd:
            return "store" if len(self._etcd) == 1 else "slow"
        return "harmless"

    def _write(self, kind: str, **fields: str | int) -> None:
        at_s = round(time.clock_gettime(time.CLOCK_BOOTTIME), 6)
        line = {"at_s": at_s, "site": "", "kind": kind} | fields
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, separators=(",", ":")) + "\n")
