"""Turns the cells of one column of a file of calls into numbers, chunk by chunk.

Rule of this file: a cell is good or its line and column are told; an empty cell is UNKNOWN where a
record need not say it. Bounds stand here, with their units.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import CallsError
from simulator.model.instants import US
from simulator.records.formats import NAMES, TIMES, CallsFormat
from simulator.records.recorded import DAY_US, UNKNOWN, Ended

DAY_S = 86_400.0
LASTS_S_MAX = 7 * DAY_S
"A wait, a talk, after-call work, a head start."
ARRIVAL_S_MAX = 100 * 366 * DAY_S
PRIORITY_MAX = 10
NAME_MAX = 200
NAMES_MAX = 100_000
"Different names in one column."
SHAPES = {"YYYY": r"(?P<y>\d{4})", "MM": r"(?P<m>\d{2})", "DD": r"(?P<d>\d{2})"}
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,6})?))?")


class Cells:
    """What the columns of one file share: its place, its format, the line a chunk begins on."""

    __slots__ = ("_dates", "dated", "known", "line", "place")

    def __init__(self, *, place: str, known: CallsFormat, dated: bool) -> None:
        self.place = place
        self.known = known
        self.dated = dated
        self.line = 2
        text = re.escape(known.date)
        for letters, shape in SHAPES.items():
            text = text.replace(letters, shape)
        self._dates = re.compile(text)

    def begin(self, line: int) -> None:
        """The next cells are of a chunk that begins on this line."""
        self.line = line

    def wrong(self, line: int, said: str, problem: str, remedy: str) -> CallsError:
        """A mistake in a cell."""
        column = self.known.columns[said]
        return CallsError(f"{self.place}:{line}: column `{column}`", problem, remedy)

    def day(self, text: str) -> int:
        """Ordinal of a date. Raises ValueError."""
        found = self._dates.fullmatch(text.strip())
        if found is None:
            raise ValueError(text)
        return date(int(found["y"]), int(found["m"]), int(found["d"])).toordinal()

    def clock_us(self, text: str) -> int:
        """Time of day in microseconds. Raises ValueError."""
        found = CLOCK.fullmatch(text.strip())
        if found is None:
            raise ValueError(text)
        hours, minutes, seconds = int(found[1]), int(found[2]), float(found[3] or 0)
        if hours > 23 or minutes > 59 or seconds >= 60:
            raise ValueError(text)
        return (hours * 3600 + minutes * 60) * US + round(seconds * US)

    def mended(self, made: dict[str, Any]) -> tuple[str, ...]:
        """Mends, in place, what others' records say against sense, and tells it; in our own format
        it is a mistake. Raises CallsError."""
        talk, outcome = made.get("talk_us"), made.get("outcome")
        if talk is None:
            return ()
        if outcome is None:
            made["outcome"] = np.where(talk > 0, int(Ended.SERVED), int(Ended.OTHER))
            return ("no outcome was recorded: calls with talk count as served",)
        nobody = (outcome == Ended.ABANDONED) | (outcome == Ended.BUSY)
        strange = np.flatnonzero((talk > 0) & nobody)
        if self.known.exact and len(strange):
            problem = "talk, though the outcome says that nobody answered"
            remedy = "empty the cell, or mend the outcome"
            raise self.wrong(int(strange[0]) + 2, "talk", problem, remedy)
        talk[nobody] = UNKNOWN
        if not len(strange):
            return ()
        return (f"{len(strange)} calls that nobody answered had talk: passed over",)


class ColumnReader:
    """One column: takes chunks of cells, gives the whole as numbers."""

    __slots__ = ("_cells", "_codes", "_known_texts", "_read", "_said", "_taken")

    def __init__(self, said: str, cells: Cells) -> None:
        self._said = said
        self._cells = cells
        self._taken: list[NDArray[Any]] = []
        self._codes: dict[str, int] = {"": UNKNOWN}
        self._known_texts: dict[str, int] = {}
        self._read = self._reader()

    @property
    def names(self) -> tuple[str, ...]:
        """Names found, in the order of their numbers."""
        return tuple(self._codes)[1:]

    def take(self, texts: Sequence[str]) -> None:
        """Read the next cells. Raises CallsError."""
        self._taken.append(self._read(texts))

    def column(self) -> NDArray[Any]:
        """All cells taken."""
        return np.concatenate(self._taken) if self._taken else np.empty(0, dtype=np.int64)

    def _reader(self) -> Callable[[Sequence[str]], NDArray[Any]]:
        said, known = self._said, self._cells.known
        if said in NAMES or said == "caller":
            return self._named
        if said == "outcome":
            return self._outcomes
        if said == "date":
            return lambda texts: self._cached(texts, self._cells.day, f"is no date {known.date}")
        if said == "arrival" and known.arrival == "clock":
            return lambda texts: self._cached(texts, self._cells.clock_us, "is no time HH:MM:SS")
        if said == "arrival" and known.arrival == "instant":
            return self._instants
        return self._numbers

    def _wrong(self, index: int, problem: str, remedy: str) -> CallsError:
        return self._cells.wrong(self._cells.line + index, self._said, problem, remedy)

    def _named(self, texts: Sequence[str]) -> NDArray[Any]:
        codes = self._codes
        size_max = NAMES_MAX if self._said != "caller" else 1 << 31
        made = np.empty(len(texts), dtype=np.int64)
        for index, text in enumerate(texts):
            code = codes.get(text)
            if code is None:
                name = text.strip()
                if len(name) > NAME_MAX:
                    problem = f"a name of {len(name)} characters"
                    raise self._wrong(index, problem, f"at most {NAME_MAX} are taken")
                code = codes.setdefault(name, len(codes) - 1)
                if len(codes) > size_max:
                    problem = f"more than {NAMES_MAX:,} different names"
                    raise self._wrong(index, problem, "is this the right column?")
            made[index] = code
        return made

    def _outcomes(self, texts: Sequence[str]) -> NDArray[Any]:
        words = self._cells.known.outcomes
        known = {text: words.get(text.strip()) for text in set(texts)}
        if "" not in words:
            known[""] = int(Ended.OTHER)
        made = [known[text] for text in texts]
        if None in made:
            index = made.index(None)
            remedy = f"use one of: {', '.join(words)}"
            raise self._wrong(index, f"does not know {texts[index][:40]!r}", remedy)
        return np.asarray(made, dtype=np.int32)

    def _cached(
        self, texts: Sequence[str], read: Callable[[str], int], problem: str
    ) -> NDArray[Any]:
        known = self._known_texts
        made = np.empty(len(texts), dtype=np.int64)
        for index, text in enumerate(texts):
            value = known.get(text)
            if value is None:
                try:
                    value = known[text] = read(text)
                except ValueError as error:
                    shown = f"{text[:40]!r} {problem}" if text else "is empty"
                    remedy = "mend the cell, or say in the format how times are written"
                    raise self._wrong(index, shown, remedy) from error
            made[index] = value
        return made

    def _instants(self, texts: Sequence[str]) -> NDArray[Any]:
        halves = [text.strip().replace("T", " ").partition(" ") for text in texts]
        problem = f"is no instant `{self._cells.known.date}T08:15:00`"
        days = self._cached([half[0] for half in halves], self._cells.day, problem)
        clocks = self._cached([half[2] for half in halves], self._cells.clock_us, problem)
        return np.asarray(days * DAY_US + clocks)

    def _numbers(self, texts: Sequence[str]) -> NDArray[Any]:
        said, known = self._said, self._cells.known
        if known.decimal == ",":
            texts = [text.replace(",", ".") for text in texts]
        empty: NDArray[np.bool_] | None = None
        try:
            values = np.fromiter(map(float, texts), dtype=np.float64, count=len(texts))
        except ValueError:
            empty = np.asarray([not text.strip() for text in texts])
            values = self._slow(texts, empty)
        if any("_" in text for text in texts):
            index = next(i for i, text in enumerate(texts) if "_" in text)
            raise self._not_a_number(index, texts[index])
        low, high, unit = self._bounds()
        good = (values >= low) & (values <= high)
        if empty is not None:
            good |= empty
        if not good.all():
            index = int(np.flatnonzero(~good)[0])
            raise self._out_of_bounds(index, texts[index], low, high)
        if said == "priority":
            self._whole(values, texts)
        made = np.rint(values * unit).astype(np.int64)
        if empty is not None and said not in ("priority", "ahead"):
            made[empty] = UNKNOWN
        return made

    def _bounds(self) -> tuple[float, float, float]:
        """Least, most, and what one is in microseconds (1 for a priority)."""
        if self._said == "priority":
            return 0.0, float(PRIORITY_MAX), 1.0
        assert self._said in TIMES
        unit_s = self._cells.known.unit_s(self._said)
        most_s = LASTS_S_MAX
        if self._said == "arrival":
            most_s = DAY_S - 1e-6 if self._cells.dated else ARRIVAL_S_MAX
        return 0.0, most_s / unit_s, unit_s * US

    def _slow(self, texts: Sequence[str], empty: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Numbers one by one: 0 where a cell is empty."""
        values = np.zeros(len(texts))
        for index, text in enumerate(texts):
            if empty[index] and self._said != "arrival":
                continue
            try:
                values[index] = float(text)
            except ValueError as error:
                raise self._not_a_number(index, text) from error
        return values

    def _not_a_number(self, index: int, text: str) -> CallsError:
        if not text.strip():
            return self._wrong(index, "is empty", "every call needs its arrival")
        remedy = "write digits and a point alone"
        if re.fullmatch(r"\s*\d+,\d+\s*", text):
            remedy = 'write a point, or say `decimal: ","` in a format of your own'
        elif re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", text):
            remedy = "write seconds, or say `arrival: clock` in a format of your own"
        return self._wrong(index, f"{text[:40]!r} is not a number", remedy)

    def _out_of_bounds(self, index: int, text: str, low: float, high: float) -> CallsError:
        problem = f"{text[:40]!r} is not between {low:g} and {high:.10g}"
        remedy = "mend the line"
        if self._said == "arrival" and high < 2e8 and re.fullmatch(r"[0-9.]+", text):
            remedy = "beside a date it is the time of day in seconds"
        return self._wrong(index, problem, remedy)

    def _whole(self, values: NDArray[np.float64], texts: Sequence[str]) -> None:
        broken = np.flatnonzero(values != np.rint(values))
        if len(broken):
            index = int(broken[0])
            raise self._wrong(index, f"{texts[index]!r} is not whole", "write 0 to 10")
