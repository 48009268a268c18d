"""Reads one YAML document into plain values, remembering where each stands.

Rule of this file: a safe, small part of YAML. No aliases, anchors, tags, duplicate keys or second
documents; size, depth and counts are capped before they cost anything; a plain scalar is null, a
boolean, a number in its usual form, or else text as written (`no`, `0123` and `12:30` are text).
Keys are text as written. Sequences become tuples. libyaml parses where it is there, and the same is
read without it.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from routing_policies.errors import DocumentError, Fault
from routing_policies.text_places import BYTES_MAX, Path, Place, Positioned, place_of
from routing_policies.yaml_words import syntax_words

__all__ = ["BYTES_MAX", "Path", "Positioned", "place_of", "read_yaml"]

DEPTH_MAX = 20
"Deepest nesting of mappings and sequences."
NODES_MAX = 100_000
"Most values in one document."
KEYS_MAX = 2_000
"Most keys of one mapping."
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"The parser of events; only its speed differs."

_SCALAR: Any = yaml.ScalarEvent
_ALIAS: Any = yaml.AliasEvent
_SEQUENCE: Any = yaml.SequenceStartEvent
_SEQUENCE_END: Any = yaml.SequenceEndEvent
_MAPPING_END: Any = yaml.MappingEndEvent

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})\Z")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}([eE][-+]?[0-9]{1,2})?\Z")
_CONSTANTS: dict[str, object] = {"": None, "~": None, "null": None, "true": True, "false": False}
_NOT_TEXT = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_BYTE_ORDER_MARK = "\ufeff"


def read_yaml(text: str, *, source: str) -> Positioned:
    """The one document in `text`. Raises DocumentError with source, line, place and remedy."""
    _refuse_size(text, source)
    text = text.removeprefix(_BYTE_ORDER_MARK)
    _refuse_characters(text, source)
    return Positioned(_run(text, source, None), text, lambda: _places(text, source))


def _places(text: str, source: str) -> dict[Path, Place]:
    places: dict[Path, Place] = {}
    _run(text, source, places)
    return places


def _run(text: str, source: str, places: dict[Path, Place] | None) -> object:
    loader = LOADER(text)
    try:
        return _Reader(source, text, loader, places).document()
    except yaml.YAMLError as error:
        raise DocumentError(_syntax_fault(error, text, source)) from error
    finally:
        loader.dispose()


def _refuse_size(text: str, source: str) -> None:
    if len(text) <= BYTES_MAX:
        size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
        if size <= BYTES_MAX:
            return
        problem = f"is {size} bytes long, at most {BYTES_MAX} are read"
    else:
        problem = f"is over {len(text)} bytes long, at most {BYTES_MAX} are read"
    raise DocumentError(Fault(source=source, line=0, place="", problem=problem, remedy="split it"))


def _refuse_characters(text: str, source: str) -> None:
    if text.startswith("%"):
        words = ("begins with a directive", "remove the line that begins with %")
        raise DocumentError(_fault(text, (0, 1), source, "", words))
    found = _NOT_TEXT.search(text)
    if found is None:
        return
    code = ord(found[0])
    what = "half a character," if 0xD800 <= code <= 0xDFFF else "the control character"
    problem = f"not YAML: {what} U+{code:04X}"
    remedy = "remove it, or save the file as UTF-8"
    raise DocumentError(_fault(text, found.span(), source, "", (problem, remedy)))


def _syntax_fault(error: yaml.YAMLError, text: str, source: str) -> Fault:
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    told = getattr(error, "problem", None) or getattr(error, "reason", None) or ""
    index = min(mark.index, len(text)) if mark is not None else 0
    opened = ""
    if context is not None and not text[index:].strip():
        index = context.index
    elif context is not None and mark is not None and context.line < mark.line:
        opened = f" (opened on line {context.line + 1})"
    if "escape" in told and text[index : index + 1] != "\\":
        index -= 1
    problem, remedy = syntax_words(told, text, index)
    if "bracket is missing" in problem:
        problem += opened
    return _fault(text, (index, index + 1), source, "", (f"not YAML: {problem}", remedy))


def _fault(
    text: str, span: tuple[int, int], source: str, place: str, words: tuple[str, str]
) -> Fault:
    """A fault of the characters in `span`; `words` are problem and remedy."""
    start, end = span
    line, column = Positioned(None, text, dict).line_and_column(start)
    width = 0 if "\n" in text[start:end] else max(end - start, 1)
    return Fault(
        source=source,
        line=line,
        place=place,
        problem=words[0],
        remedy=words[1],
        column=column,
        width=width,
    )


class _Reader:
    """One pass over the parser's events; the parser itself does not recurse, we do to a limit."""

    def __init__(
        self, source: str, text: str, loader: Any, places: dict[Path, Place] | None
    ) -> None:
        self._source = source
        self._text = text
        self._next = loader.get_event
        self._places = places
        self._count = 0

    def document(self) -> object:
        self._next()
        first = self._next()
        if not isinstance(first, yaml.DocumentStartEvent):
            raise self._wrong(first, (), "is empty", "write one document")
        event = self._next()
        value = self._value(event, (), None)
        self._next()
        last = self._next()
        if not isinstance(last, yaml.StreamEndEvent):
            raise self._wrong(last, (), "holds a second document", "one file, one document")
        return value

    def _value(self, event: Any, path: Path, key: Any) -> object:
        self._count += 1
        if self._count > NODES_MAX:
            raise self._wrong(event, path, f"has over {NODES_MAX} values", "split it")
        kind = type(event)
        if kind is _ALIAS:
            raise self._wrong(event, path, "is an alias", 'write the value out, or "*" in quotes')
        if event.anchor is not None or event.tag is not None:
            self._refuse_tricks(event, path)
        if kind is _SCALAR:
            if self._places is not None:
                self._places[path] = _place(event, event.end_mark.index, key)
            return event.value if event.style else _scalar(event.value)
        if len(path) > DEPTH_MAX:
            raise self._wrong(event, path[:3], f"is nested deeper than {DEPTH_MAX}", "flatten it")
        if kind is _SEQUENCE:
            return self._sequence(event, path, key)
        return self._mapping(event, path, key)

    def _refuse_tricks(self, event: Any, path: Path) -> None:
        if event.anchor is not None:
            raise self._wrong(event, path, "has an anchor", "aliases are not allowed: remove it")
        remedy = "remove the tag, or put the text in quotes"
        raise self._wrong(event, path, f"has the tag {event.tag}", remedy)

    def _sequence(self, start: Any, path: Path, key: Any) -> tuple[object, ...]:
        values: list[object] = []
        event: Any
        while type(event := self._next()) is not _SEQUENCE_END:
            values.append(self._value(event, (*path, len(values)), None))
        if self._places is not None:
            self._places[path] = _place(start, event.end_mark.index, key)
        return tuple(values)

    def _mapping(self, start: Any, path: Path, key: Any) -> dict[str, object]:
        values: dict[str, object] = {}
        event: Any
        while type(event := self._next()) is not _MAPPING_END:
            if type(event) is not _SCALAR:
                if type(event) is _ALIAS:
                    raise self._wrong(event, path, "has an alias as a key", "write the key out")
                raise self._wrong(event, path, "has a key that is not text", "use a plain name")
            inside = (*path, event.value)
            if event.anchor is not None or event.tag is not None:
                self._refuse_tricks(event, inside)
            if event.value in values:
                raise self._wrong(event, inside, "is given twice", "keep one of the two")
            if len(values) >= KEYS_MAX:
                raise self._wrong(event, path, f"has over {KEYS_MAX} keys", "split it")
            values[event.value] = self._value(self._next(), inside, event)
        if self._places is not None:
            self._places[path] = _place(start, event.end_mark.index, key)
        return values

    def _wrong(self, event: Any, path: Path, problem: str, remedy: str) -> DocumentError:
        start = event.start_mark.index
        end = event.end_mark.index if type(event) is _SCALAR else start + 1
        words = (problem, remedy)
        return DocumentError(_fault(self._text, (start, end), self._source, place_of(path), words))


def _place(event: Any, end: int, key: Any) -> Place:
    scalar = type(event) is _SCALAR
    return Place(
        start=event.start_mark.index,
        end=end,
        key_start=key.start_mark.index if key is not None else -1,
        key_end=key.end_mark.index if key is not None else -1,
        style=(event.style or "") if scalar else None,
    )


def _scalar(text: str) -> object:
    """What a plain scalar is."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] in "-0123456789":
        if _INTEGER.match(text):
            return int(text)
        if _DECIMAL.match(text):
            return float(text)
    return text
