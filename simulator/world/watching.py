"""Watches a run: the history that sites and nodes write, judged by the checkers.

Rule of this file: it looks and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.checkers.verdict import verdict
from simulator.history import Line, Violation


class Watch:
    """The history of a run."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def line(self, at_s: float, site: str, kind: str, fields: Mapping[str, Any]) -> None:
        """One more line."""
        self.lines.append(Line(at_s=at_s, site=site, kind=kind, fields=dict(fields)))

    def violations(self) -> tuple[Violation, ...]:
        """What the checkers find."""
        return verdict(self.lines).violations
