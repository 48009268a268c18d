"""What an engine is: calls go in, part by part, outcomes come out.

Rule of this file: interfaces only. An engine keeps bounded memory however many parts it is fed:
what has ended is handed out and forgotten.
"""

from __future__ import annotations

from typing import Protocol

from simulator.model.calls import CallsTable
from simulator.model.network import NetworkModel
from simulator.model.outcomes import Part, Sums


class EngineRun(Protocol):
    """One run under way."""

    @property
    def sums(self) -> Sums:
        """Time spent so far."""

    @property
    def counters(self) -> dict[str, int]:
        """`decisions`, `events`, and what else an engine counts."""

    def feed(self, calls: CallsTable, until_us: int) -> Part:
        """Take these calls, which arrive before `until_us` and after all before, and run to that
        instant (exclusive). Raises OverloadedError."""

    def finish(self) -> Part:
        """Run on until all calls have ended, at most `drain_us` after the duration; what stands
        then ends as UNFINISHED."""


class Engine(Protocol):
    """A way to carry out a model."""

    name: str

    def problem(self, model: NetworkModel) -> str:
        """Empty if this engine models all that the scenario says, else what it does not."""

    def start(self, model: NetworkModel) -> EngineRun:
        """A new run. Raises NotModelledError."""
