"""The errors of documents and policies, and how a person sees them.

Rule of this file: one base; an error about a document names the document, the line, the path inside
it and the remedy, and one error carries every fault that was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

SHOWN_WIDTH_MAX = 100
"Most characters of a line that are shown around a fault."
FAULTS_SHOWN_MAX = 50
"Most faults of one document that are shown."
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"What ends a line in YAML."


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


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant; empty if none is near."""
    close = get_close_matches(name, sorted(known), n=1)
    return close[0] if close else ""


def shown(error: DocumentError, text: str) -> str:
    """Every fault of the document `text`, each with its line and a caret under what is wrong."""
    lines = _LINE_END.split(text)
    told_lines: list[str] = []
    for fault in error.faults[:FAULTS_SHOWN_MAX]:
        told_lines.append(str(fault))
        if 0 < fault.line <= len(lines):
            told_lines += _picture(lines[fault.line - 1], fault)
    if (left_count := len(error.faults) - FAULTS_SHOWN_MAX) > 0:
        told_lines.append(f"and {left_count} more")
    return "\n".join(told_lines)


def _picture(line: str, fault: Fault) -> list[str]:
    """The line, cut around the fault when it is long, and carets under the wrong part."""
    visible = "".join(letter if letter.isprintable() else " " for letter in line).rstrip()
    if not visible.strip():
        return []
    begin = fault.column - 1 if fault.column else len(visible) - len(visible.lstrip())
    begin = min(begin, len(visible))
    width = fault.width if fault.column and fault.width else len(visible) - begin
    width = max(1, min(width, len(visible) - begin))
    cut = max(0, begin - SHOWN_WIDTH_MAX // 2) if len(visible) > SHOWN_WIDTH_MAX else 0
    window = visible[cut : cut + SHOWN_WIDTH_MAX]
    left, right = "..." if cut else "", "..." if cut + SHOWN_WIDTH_MAX < len(visible) else ""
    carets = "^" * max(1, min(width, len(window) - (begin - cut)))
    return [
        f"    {left}{window}{right}",
        f"    {' ' * (len(left) + begin - cut)}{carets}",
    ]
