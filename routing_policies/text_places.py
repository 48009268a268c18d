"""Finds the line and column of a value, a key, or a part of a text, in the file it was written in.

Rule of this file: places are worked out when a person must be shown one, never while documents are
read that are in order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Path = tuple[str | int, ...]

BYTES_MAX = 1_048_576
"Largest document, in bytes."
UNWRITTEN = frozenset({"regimes"})
"Steps of a model that a document leaves out."
_LINE_ENDS = "\n\r\x85\u2028\u2029"
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_FOLD = re.compile("[ \t]*(?:\r\n|[\n\r\x85\u2028\u2029])[ \t\r\n\x85\u2028\u2029]*")
_ESCAPE_LENGTHS = {"x": 4, "u": 6, "U": 10}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value and its key stand: characters from the beginning of the text."""

    start: int
    end: int
    key_start: int
    "-1: an entry of a list, or the whole."
    key_end: int
    style: str | None
    "None: a mapping or sequence; else how a scalar is written: nothing, a quote, | or >."


@dataclass(frozen=True, slots=True)
class Spot:
    """What a caret is put under. Counted from 1; width 0 is the rest of the line."""

    line: int
    column: int
    width: int


class Positioned:
    """A document's value, and where everything inside it stands."""

    __slots__ = ("_find", "_places", "text", "value")

    def __init__(self, value: object, text: str, find: Callable[[], dict[Path, Place]]) -> None:
        self.value = value
        self.text = text
        self._find = find
        self._places: dict[Path, Place] | None = None

    @property
    def places(self) -> dict[Path, Place]:
        """Every value's place, found when first asked for."""
        if self._places is None:
            self._places = self._find()
        return self._places

    @property
    def lines(self) -> dict[Path, int]:
        """The line of everything."""
        return {path: self.line_of(path) for path in self.places}

    def line_of(self, path: Path) -> int:
        """Line of `path` (of its key), or of the nearest thing around it."""
        found = self._around(path)
        if found is None:
            return 0
        return self.line_and_column(found.key_start if found.key_start >= 0 else found.start)[0]

    def line_and_column(self, index: int) -> tuple[int, int]:
        """Of a character, both counted from 1."""
        text = self.text
        ends_count = sum(text.count(end, 0, index) for end in _LINE_ENDS)
        ends_count -= text.count("\r\n", 0, index)
        line_start = max(text.rfind(end, 0, index) for end in _LINE_ENDS) + 1
        return ends_count + 1, index - line_start + 1

    def key_spot(self, path: Path) -> Spot | None:
        """The key of `path`, or what is nearest around it."""
        found = self._around(path)
        if found is None:
            return None
        if found.key_start < 0:
            return self._spot(found.start, found.end)
        return self._spot(found.key_start, found.key_end)

    def spot(self, path: Path) -> Spot | None:
        """The value at `path` as far as it stands on one line, else its key."""
        found = self._around(path)
        if found is None:
            return None
        is_text = found.style is not None and found.style not in ("|", ">")
        if found.key_start < 0 or (found.end > found.start and is_text):
            return self._spot(found.start, found.end)
        return self._spot(found.key_start, found.key_end)

    def spot_inside(self, path: Path, column: int, width: int) -> Spot | None:
        """A part of the text that stands at `path`; all of it where that cannot be told."""
        found = self.places.get(path)
        if found is None or found.style is None or column < 1:
            return self.spot(path)
        offsets = _offsets(self.text[found.start : found.end], found.style)
        if column > len(offsets):
            return self.spot(path)
        last = min(column - 1 + max(width, 1), len(offsets)) - 1
        return self._spot(found.start + offsets[column - 1], found.start + offsets[last] + 1)

    def path_of(self, place: str) -> Path:
        """`spec.rules[1].select` as steps, as far as they are there. Keys may hold dots."""
        path: list[str | int] = []
        value = self.value
        while place:
            if place[0] == "[" and isinstance(value, tuple):
                index = int(place[1:].partition("]")[0] or 0)
                if index >= len(value):
                    break
                value, place = value[index], place.partition("]")[2]
                path.append(index)
            elif isinstance(value, dict):
                place = place.removeprefix(".")
                fits = [k for k in value if k and re.match(rf"{re.escape(k)}([.\[]|$)", place)]
                if not fits:
                    step = re.split(r"[.\[]", place, maxsplit=1)[0]
                    if step not in UNWRITTEN:
                        break
                    place = place[len(step) :]
                    continue
                key = max(fits, key=len)
                value, place = value[key], place[len(key) :]
                path.append(key)
            else:
                break
        return tuple(path)

    def _around(self, path: Path) -> Place | None:
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path)

    def _spot(self, start: int, end: int) -> Spot:
        line, column = self.line_and_column(start)
        same_line = self.line_and_column(max(end - 1, start))[0] == line
        return Spot(line, column, max(end - start, 1) if same_line else 0)


def place_of(path: Path) -> str:
    """`('spec', 'rules', 1, 'select')` as `spec.rules[1].select`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else ("." if text else "") + str(step)
    return text


def _offsets(raw: str, style: str) -> list[int]:
    """For each character of a scalar's text, where it stands in `raw`; empty for blocks."""
    if style in ("|", ">"):
        return []
    offsets: list[int] = []
    index, end = (1, len(raw) - 1) if style else (0, len(raw))
    while index < end:
        fold = _FOLD.match(raw, index, end)
        if fold is not None:
            breaks = len(_LINE_END.findall(fold[0]))
            offsets += [index] * max(breaks - 1, 1)
            index = fold.end()
            continue
        offsets.append(index)
        if style == "'" and raw.startswith("''", index):
            index += 2
        elif style == '"' and raw[index] == "\\":
            index += _ESCAPE_LENGTHS.get(raw[index + 1 : index + 2], 2)
        else:
            index += 1
    return offsets
