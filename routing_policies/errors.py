"""The errors of documents and policies.

Rule of this file: one base; an error about a document names the document, the line, the path inside
it and the remedy, and one error carries every fault that was found.
"""

from __future__ import annotations

from dataclasses import dataclass


class PolicyError(Exception):
    """Base of every error this package raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong in a document."""

    source: str
    "File name or `kind/name`."
    line: int
    "Counted from 1; 0 when the whole document is meant."
    place: str
    "Path inside the document, such as `spec.rules[1].select`; empty for the whole."
    problem: str
    remedy: str = ""
    column: int = 0
    """Counted from 1; 0: not known. In a fault without a line: inside the text that stands at
    `place` (an expression), until `located` finds the place in the file."""
    width: int = 0
    "Characters that are wrong from `column` on; 0: the rest of the line."

    def __str__(self) -> str:
        where = f"{self.source}:{self.line}" if self.line else self.source
        inside = f" {self.place}" if self.place else ""
        return f"{where}:{inside} {self.problem}" + (f" ({self.remedy})" if self.remedy else "")


class DocumentError(PolicyError):
    """A document, or a set of them, is wrong. The fields name the first fault; `faults` all."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
        self.source = faults[0].source
        self.line = faults[0].line
        self.place = faults[0].place
        self.problem = faults[0].problem
        self.remedy = faults[0].remedy


def told(fault: Fault) -> str:
    """One mistake as one line."""
    remedy = f" ({fault.remedy})" if fault.remedy else ""
    return f"{where(fault.source, fault.line, fault.place)}: {fault.problem}{remedy}"


def where(source: str, line: int, place: str) -> str:
    """`site.yaml:12: acd.queues[0].name`, with as much of it as is known."""
    text = f"{source}:{line}" if line else source
    return f"{text}: {place}" if place else text
