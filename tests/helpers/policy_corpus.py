"""Reads tests/policy_corpus: texts of documents with the expected mistakes beside their lines.

A file is one topic. Chunks are separated by a line `---`. A line that is wrong ends with
`### words of the expected fault`, several times for several faults. A chunk without such a mark
must pass. The first line of a file may say how its chunks are completed:

- nothing: a chunk is a whole document, read and, if it is a policy, compiled;
- `# network`: the same, and it is joined with the documents of network.yaml;
- `# fragment: spec KIND`: a chunk is what stands under `spec:` of a document of this kind;
- `# fragment: rule`: a chunk is one rule of a RoutingPolicy (`name: ...` and what follows);
- `# fragment: expression SCOPE`: a chunk is an expression where `expressions.Scope` says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from routing_policies.assembly import assemble
from routing_policies.errors import DocumentError, Fault
from routing_policies.loading import load_document
from routing_policies.policy_text import compile_text

CORPUS = Path(__file__).resolve().parents[1] / "policy_corpus"
NETWORK = CORPUS / "network.yaml"
_MARK = re.compile(r"[ \t]*###")
_HEADER = re.compile(r"# (network|fragment: .+)\n")
_DOCUMENT = "apiVersion: nirc/v1\nkind: {}\nmetadata: {{name: fragment}}\nspec:\n"
_ROUTE = "  rules:\n    - name: it\n      action: route\n"
_TEMPLATES = {
    "rule": (_DOCUMENT.format("RoutingPolicy") + "  rules:\n    -\n", 6),
    "WHEN": (_ROUTE + "      select: min_expected_delay\n      when:\n", 8),
    "CANDIDATES": (_ROUTE + "      select: min_expected_delay\n      candidates:\n", 8),
    "ADJUST": (_ROUTE + "      select: min_expected_delay\n      adjust:\n", 8),
    "WEIGHT": (_ROUTE + "      select:\n        by: proportional\n        weight:\n", 10),
    "HYSTERESIS": (
        _ROUTE
        + "      select: min_expected_delay\n"
        + "      hysteresis:\n        on_above: 30\n        off_below: 20\n        value:\n",
        10,
    ),
    "ASK": ("  queues:\n    - queue: sales\n      ask:\n        - name: it\n          when:\n", 12),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One chunk, completed."""

    topic: str
    line: int
    "Line of the file at which the chunk begins."
    text: str
    "Without the marks."
    first: int
    "Line of `text` at which the chunk begins; what stands before it is no mistake of its own."
    joined: bool
    "With network.yaml."
    expected: tuple[tuple[int, str], ...]
    "(line of `text`, words)."

    @property
    def name(self) -> str:
        """What a test is called."""
        return f"{self.topic}:{self.line}"


def cases() -> list[Case]:
    """All cases of all topics."""
    return [case for path in sorted(CORPUS.glob("*.yaml")) for case in cases_of(path)]


def cases_of(path: Path) -> list[Case]:
    """The cases of one topic."""
    text = path.read_text(encoding="utf-8")
    header = _HEADER.match(text)
    form = header[1] if header else ""
    found: list[Case] = []
    begins = 1
    for chunk in re.split(r"(?m)^---\n", text):
        if _says_something(chunk):
            found.append(_case(path.stem, begins, chunk, form))
        begins += chunk.count("\n") + 1
    return found


def faults_of(case: Case) -> list[Fault]:
    """What reading, compiling and joining say about it."""
    try:
        document = load_document(case.text, source=case.name)
        if case.joined:
            texts = {f"{document.kind}/{document.name}": (case.text, 2)}
            assemble(network() | texts, 2)
        elif document.kind == "RoutingPolicy":
            compile_text(case.text, source=case.name)
    except DocumentError as error:
        return list(error.faults)
    return []


def network() -> dict[str, tuple[str, int]]:
    """The documents of network.yaml, by kind and name."""
    found: dict[str, tuple[str, int]] = {}
    for case in cases_of(NETWORK):
        document = load_document(case.text, source=case.name)
        found[f"{document.kind}/{document.name}"] = (case.text, 1)
    return found


def compared(case: Case, faults: list[Fault]) -> list[str]:
    """What was expected and not found, and the other way round; empty when all is as expected."""
    told = [(max(fault.line, case.first), f"{fault.problem} ({fault.remedy})") for fault in faults]
    wrong = [
        f"line {line}: expected {words!r}"
        for line, words in case.expected
        if not any(line == at and words in text for at, text in told)
    ]
    wrong += [
        f"line {at}: unexpected {text!r} at {fault.place}"
        for fault, (at, text) in zip(faults, told, strict=True)
        if not any(line == at and words in text for line, words in case.expected)
    ]
    return wrong


def _template(form: str) -> tuple[str, int]:
    """What stands before a chunk, and how far the chunk is indented."""
    words = form.removeprefix("fragment: ").split()
    if not form.startswith("fragment: "):
        return "", 0
    if words[0] == "spec":
        return _DOCUMENT.format(words[1]), 2
    if words[0] == "rule":
        return _TEMPLATES["rule"]
    text, indent = _TEMPLATES[words[1]]
    kind = "OverflowRules" if words[1] == "ASK" else "RoutingPolicy"
    return _DOCUMENT.format(kind) + text, indent


def _says_something(chunk: str) -> bool:
    return any(line.strip() and not line.startswith("#") for line in chunk.splitlines())


def _case(topic: str, begins: int, chunk: str, form: str) -> Case:
    before, indent = _template(form)
    first = before.count("\n") + 1
    lines: list[str] = []
    expected: list[tuple[int, str]] = []
    for number, line in enumerate(chunk.splitlines(), first):
        written, *marks = _MARK.split(line)
        says = written.strip() and not written.startswith("#")
        lines.append(" " * indent + written if says else written)
        expected += [(number, words.strip()) for words in marks]
    while lines[first - before.count("\n") - 1].startswith("#"):
        first += 1
    text = before + "\n".join(lines) + "\n"
    return Case(
        topic=topic,
        line=begins,
        text=text,
        first=first,
        joined=form == "network",
        expected=tuple(expected),
    )
