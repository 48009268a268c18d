"""Reads tests/scenario_corpus: texts of scenarios with the expected mistakes beside their lines.

A file is one topic; chunks are separated by a line `---`. A line that is wrong ends with `### words
of the expected fault`, several times for several faults; a chunk without such a mark must pass. A
file whose first line is `# spec` has chunks of what stands under `spec:`, completed by
`scenario_texts`; else a chunk is a whole document. Files that chunks name lie in `files/`. What is
wrong inside one of those is marked on any line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from scenario_texts import HEAD, completed

from routing_policies.errors import DocumentError, Fault
from simulator.scenarios.loading import scenario_of

CORPUS = Path(__file__).resolve().parents[1] / "scenario_corpus"
_MARK = re.compile(r"[ \t]*###")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One chunk, completed."""

    name: str
    text: str
    expected: tuple[tuple[int, str], ...]
    "(line of `text`, words)."


def cases() -> list[Case]:
    """All cases of all topics."""
    return [case for path in sorted(CORPUS.glob("*.yaml")) for case in _cases_of(path)]


def _cases_of(path: Path) -> list[Case]:
    whole = path.read_text(encoding="utf-8")
    spec_only, line, found = whole.startswith("# spec\n"), 1, []
    for chunk in re.split(r"(?m)^---\n", whole):
        if any(one.strip() and not one.startswith("#") for one in chunk.splitlines()):
            found.append(_case(f"{path.stem}:{line}", chunk, spec_only))
        line += chunk.count("\n") + 1
    return found


def _case(name: str, chunk: str, spec_only: bool) -> Case:
    before = HEAD.count("\n") if spec_only else 0
    written, expected = [], []
    for number, line in enumerate(chunk.splitlines(), before + 1):
        text, *marks = _MARK.split(line)
        written.append(text)
        expected += [(number, words.strip()) for words in marks]
    text = "\n".join(written) + "\n"
    return Case(name=name, text=completed(text) if spec_only else text, expected=tuple(expected))


def faults_of(case: Case) -> list[Fault]:
    """What reading says about it."""
    try:
        scenario_of(case.text, source=case.name, folder=CORPUS / "files")
    except DocumentError as error:
        return list(error.faults)
    return []


def compared(case: Case, faults: list[Fault]) -> list[str]:
    """What was expected and not found, and the other way round; empty when all is as expected."""
    told = [
        (fault.line if fault.source == case.name else 0, f"{fault.problem} ({fault.remedy})")
        for fault in faults
    ]

    def fits(at: int, text: str, line: int, words: str) -> bool:
        return words in text and at in (0, line)

    wrong = [
        f"line {line}: expected {words!r}"
        for line, words in case.expected
        if not any(fits(at, text, line, words) for at, text in told)
    ]
    wrong += [
        f"line {at}: unexpected {text!r}"
        for at, text in told
        if not any(fits(at, text, line, words) for line, words in case.expected)
    ]
    return wrong
