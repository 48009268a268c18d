"""Names of figures and labels in expressions of Prometheus: enough to hold ours to what is told."""

from __future__ import annotations

import re
from collections.abc import Iterator

TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
SERIES = re.compile(r"\b((?:nirc|process|python)_[a-z0-9_]+)\b(\{[^}]*\})?")
LABEL = re.compile(r"([a-z_]+)\s*(?:=~|!~|!=|=)")
SAMPLE = re.compile(r"^([a-z0-9_]+)(?:\{(.*)\})? \S+$", re.MULTILINE)
TYPE = re.compile(r"^# TYPE (\S+) (\S+)$", re.MULTILINE)
BY_PROMETHEUS = {"job", "instance"}


def series_in(expression: str) -> Iterator[tuple[str, set[str]]]:
    """Each figure that an expression reads, with the labels it chooses by."""
    for name, labels in SERIES.findall(expression):
        yield name, set(LABEL.findall(TEXT.sub('""', labels))) - BY_PROMETHEUS


def balanced(expression: str) -> bool:
    """Brackets of all kinds are closed in turn, outside of texts."""
    open_: list[str] = []
    for sign in TEXT.sub("", expression):
        if sign in "([{":
            open_.append({"(": ")", "[": "]", "{": "}"}[sign])
        elif sign in ")]}" and (not open_ or open_.pop() != sign):
            return False
    return not open_


def told(text: str) -> set[str]:
    """Names that `/metrics` announces, with what a histogram makes of its own."""
    names = set()
    for name, kind in TYPE.findall(text):
        ends = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
        names |= {f"{name}{end}" for end in ends}
    return names


def labels_told(text: str) -> dict[str, set[str]]:
    """Labels that the samples of each figure have."""
    found: dict[str, set[str]] = {}
    for name, labels in SAMPLE.findall(text):
        found.setdefault(name, set()).update(LABEL.findall(TEXT.sub('""', labels)))
    return found
