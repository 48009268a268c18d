"""Reads one YAML document into plain values, remembering the line of each.

Rule of this file: a safe, small part of YAML. No aliases, anchors, tags, duplicate keys or second
documents; size and depth are capped; a plain scalar is null, a boolean, a number in its usual form,
or else text as written (`no`, `0123` and `12:30` are text). Keys are text as written. Sequences
become tuples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from routing_policies.errors import DocumentError, Fault

BYTES_MAX = 1_048_576
"Largest document, in bytes."
DEPTH_MAX = 20
"Deepest nesting of mappings and sequences."
NODES_MAX = 100_000
"Most values in one document."

Path = tuple[str | int, ...]

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})\Z")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}([eE][-+]?[0-9]{1,2})?\Z")
_CONSTANTS: dict[str, object] = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Positioned:
    """The document's value, and the line of everything inside it."""

    value: object
    lines: dict[Path, int]

    def line_of(self, path: Path) -> int:
        """Line of `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)


def place_of(path: Path) -> str:
    """`('spec', 'rules', 1, 'select')` as `spec.rules[1].select`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else ("." if text else "") + str(step)
    return text


def read_yaml(text: str, *, source: str) -> Positioned:
    """The one document in `text`. Raises DocumentError with source, line, place and remedy."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > BYTES_MAX:
        problem = f"is {size} bytes long, at most {BYTES_MAX} are read"
        raise DocumentError(
            Fault(source=source, line=0, place="", problem=problem, remedy="split it")
        )
    try:
        return _Reader(source, yaml.parse(text, Loader=yaml.SafeLoader)).document()
    except yaml.YAMLError as error:
        raise DocumentError(_syntax_fault(error, source)) from error


def _syntax_fault(error: yaml.YAMLError, source: str) -> Fault:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    line = mark.line + 1 if mark else 0
    remedy = "check indentation, brackets and quotes there"
    return Fault(source=source, line=line, place="", problem=f"not YAML: {problem}", remedy=remedy)


class _Reader:
    """One pass over the parser's events; the parser itself does not recurse, we do to a limit."""

    def __init__(self, source: str, events: Iterator[yaml.Event]) -> None:
        self._source = source
        self._events = events
        self._lines: dict[Path, int] = {}

    def document(self) -> Positioned:
        next(self._events)
        first = next(self._events)
        if not isinstance(first, yaml.DocumentStartEvent):
            raise self._wrong(first, (), "is empty", "write one document")
        value = self._value(next(self._events), ())
        next(self._events)
        last = next(self._events)
        if not isinstance(last, yaml.StreamEndEvent):
            raise self._wrong(last, (), "holds a second document", "one file, one document")
        return Positioned(value=value, lines=self._lines)

    def _value(self, event: yaml.Event, path: Path) -> object:
        if len(path) > DEPTH_MAX:
            raise self._wrong(event, path[:3], f"is nested deeper than {DEPTH_MAX}", "flatten it")
        if len(self._lines) >= NODES_MAX:
            raise self._wrong(event, path, f"has over {NODES_MAX} values", "split it")
        self._refuse_tricks(event, path)
        self._lines.setdefault(path, _line(event))
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _refuse_tricks(self, event: yaml.Event, path: Path) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise self._wrong(event, path, "is an alias", "write the value out")
        if getattr(event, "anchor", None):
            raise self._wrong(event, path, "has an anchor", "aliases are not allowed: remove it")
        if tag := getattr(event, "tag", None):
            raise self._wrong(event, path, f"has the tag {tag}", "remove the tag")

    def _sequence(self, path: Path) -> tuple[object, ...]:
        values: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            values.append(self._value(event, (*path, len(values))))
        return tuple(values)

    def _mapping(self, path: Path) -> dict[str, object]:
        values: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            self._refuse_tricks(event, path)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._wrong(event, path, "has a key that is not text", "use a plain name")
            key = event.value
            inside = (*path, key)
            if key in values:
                raise self._wrong(event, inside, "is given twice", "keep one of the two")
            self._lines[inside] = _line(event)
            values[key] = self._value(next(self._events), inside)
        return values

    def _wrong(self, event: yaml.Event, path: Path, problem: str, remedy: str) -> DocumentError:
        line = _line(event)
        place = place_of(path)
        return DocumentError(
            Fault(source=self._source, line=line, place=place, problem=problem, remedy=remedy)
        )


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _scalar(event: yaml.ScalarEvent) -> object:
    text: str = event.value
    if event.style is not None:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.match(text):
        return int(text)
    if _DECIMAL.match(text):
        return float(text)
    return text
