"""The errors of the simulator.

Rule of this file: one base; each error carries the fields that a program would ask for beside the
text that a person reads. Faults in documents are `routing_policies.errors.DocumentError`.
"""

from __future__ import annotations


class SimulatorError(Exception):
    """Base of every error this package raises."""


class CallsError(SimulatorError):
    """A file of calls is not what it should be; nothing of it was used."""

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        super().__init__(f"{place}: {problem}; {remedy}")
        self.place = place
        self.problem = problem
        self.remedy = remedy


class OverloadedError(SimulatorError):
    """More calls wait than the scenario allows: the staff can never serve the load."""

    def __init__(self, at_s: float, place: str, waiting_count: int) -> None:
        super().__init__(
            f"overloaded: {waiting_count} calls wait in {place} at {at_s:.0f} s; add agents, lower"
            " the arrivals, give callers patience, or raise spec.limits.waiting_max"
        )
        self.at_s = at_s
        self.place = place
        self.waiting_count = waiting_count


class NotModelledError(SimulatorError):
    """An engine cannot carry out a scenario as written; it did not begin."""

    def __init__(self, engine: str, what: str, remedy: str) -> None:
        super().__init__(f"the {engine} engine does not model {what}; {remedy}")
        self.engine = engine
        self.what = what
        self.remedy = remedy


class StudyError(SimulatorError):
    """A command cannot be carried out with what it was given."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}; {remedy}")
        self.problem = problem
        self.remedy = remedy
