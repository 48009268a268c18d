"""Draws what there is to know of each caller: class, patience, talk, redials, luck.

Rule of this file: a column that is the same for every call stays one number until the calls of all
ingresses are put together; each cause has its own dice, those of patience, talk, after-call work
and redial one for each class.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.model.instants import to_us
from simulator.sampling.distributions import Drawer, drawer_of, in_us
from simulator.sampling.streams_of_run import RunStreams
from simulator.scenarios.callers import CallerClass
from simulator.scenarios.distributions import NO_TIME, Distribution
from simulator.scenarios.draws import acw_of, classes_of, patience_of, shares_of, talk_of
from simulator.scenarios.kind import ScenarioSpec

Column = int | float | NDArray[Any]
"One number if it is the same for every call."
Columns = dict[str, Column]
LUCKS = ("ring_luck", "luck", "callback_luck")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassOfCallers:
    """A class as it calls at one ingress."""

    index: int
    share: float
    asked: CallerClass
    times: Mapping[str, Distribution]
    "`patience`, `talk`, `acw`, `redial`."


def classes_at(spec: ScenarioSpec, ingress: str) -> tuple[ClassOfCallers, ...]:
    """The classes that call at an ingress."""
    service = next(one.service for one in spec.ingresses if one.name == ingress)
    made = []
    shares = shares_of(spec, ingress)
    for index, (one, share) in enumerate(zip(classes_of(spec), shares, strict=True)):
        times = {
            "patience": patience_of(spec, service, one),
            "talk": talk_of(spec, service, one),
            "acw": acw_of(spec, service, one),
            "redial": one.redial.after if one.redial is not None else NO_TIME,
        }
        if share > 0:
            made.append(ClassOfCallers(index=index, share=share, asked=one, times=times))
    return tuple(made)


class Callers:
    """The callers of one arrival; every day has new dice."""

    __slots__ = (
        "_bounds",
        "_classes",
        "_day",
        "_dice",
        "_drawers",
        "_folder",
        "_lucks",
        "_streams",
    )

    def __init__(
        self,
        classes: tuple[ClassOfCallers, ...],
        streams: RunStreams,
        folder: Path,
        lucks: tuple[str, ...] = LUCKS,
    ) -> None:
        self._classes = classes
        self._lucks = lucks
        self._bounds = np.cumsum([one.share for one in classes])[:-1]
        self._streams = streams
        self._folder = folder
        self._day: date | None = None
        self._dice: dict[tuple[str, ...], np.random.Generator] = {}
        self._drawers: dict[tuple[str, int], Drawer] = {}

    def columns(self, day: date, count: int) -> Columns:
        """Columns of the next calls of a day."""
        if day != self._day:
            self._day = day
            self._dice.clear()
            self._drawers.clear()
        made: Columns = {name: self._luck(name).random(count) for name in self._lucks}
        if len(self._classes) == 1:
            return made | self._of_class(self._classes[0], count)
        which = np.searchsorted(self._bounds, self._luck("class").random(count), side="right")
        rows = [np.flatnonzero(which == i) for i in range(len(self._classes))]
        parts = [
            self._of_class(one, len(row)) for one, row in zip(self._classes, rows, strict=True)
        ]
        return made | scattered(parts, rows, count)

    def _luck(self, *cause: str) -> np.random.Generator:
        if cause not in self._dice:
            assert self._day is not None
            self._dice[cause] = self._streams.of(cause[0], self._day, *cause[1:])
        return self._dice[cause]

    def _of_class(self, one: ClassOfCallers, count: int) -> Columns:
        asked = one.asked
        made: Columns = {
            "caller_class": one.index,
            "priority": asked.priority,
            "ahead_us": to_us(asked.ahead_s),
            "patience_us": self._time("patience", one, count),
            "talk_us": self._time("talk", one, count),
            "acw_us": self._time("acw", one, count),
            "balks": 0,
            "redials_max": 0,
            "redial_after_us": 0,
        }
        if asked.balk_share > 0:
            dice = self._luck("balk", asked.name)
            made["balks"] = (dice.random(count) < asked.balk_share).astype(np.int32)
        if asked.redial is not None:
            again = self._luck("redials", asked.name).random(count) < asked.redial.share
            made["redials_max"] = again.astype(np.int32) * asked.redial.times_max
            made["redial_after_us"] = self._time("redial", one, count)
        return made

    def _time(self, cause: str, one: ClassOfCallers, count: int) -> Column:
        key = (cause, one.index)
        drawer = self._drawers.get(key)
        if drawer is None:
            drawer = self._drawers[key] = drawer_of(
                one.times[cause], self._node(cause, one.asked.name), self._folder
            )
        if drawer.constant_s is not None:
            return to_us(drawer.constant_s)
        return in_us(drawer.draw(count))

    def _node(self, cause: str, of_class: str) -> Callable[..., np.random.Generator]:
        day = self._day
        assert day is not None
        return lambda *node: self._streams.of(cause, day, of_class, *node)


def scattered(parts: list[Columns], rows: list[NDArray[np.int64]], count: int) -> Columns:
    """Columns of the whole, from columns of parts and the rows where each part's calls stand."""
    made: Columns = {}
    for name in parts[0]:
        values = [part[name] for part in parts]
        if all(not isinstance(v, np.ndarray) and v == values[0] for v in values):
            made[name] = values[0]
            continue
        whole = np.empty(count, dtype=np.result_type(*values))
        for value, row in zip(values, rows, strict=True):
            whole[row] = value
        made[name] = whole
    return made
