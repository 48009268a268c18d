"""Changes of a scenario from the command line: `sites.lisbon.agents.a.count=45`.

Rule of this file: it changes the plain data of a scenario before it is typed, so that what a
change makes is checked as the file itself is. A step of the path is a key, the `name`, `group` or
`ingress` of a list's item, its number, or `*` for all. A value is written as in YAML; `x1.2`
multiplies the number, or the list of numbers, that stands there. `arrivals.factor=1.2` multiplies
all traffic.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from routing_policies.errors import DocumentError, nearest
from simulator.errors import StudyError
from simulator.studies.plain_data import plain_value

TITLES = ("name", "group", "ingress", "date", "kind")
"Keys by which an item of a list is known."
FACTOR = ("arrivals", "factor")
EXAMPLE = "write it as in `--set sites.lisbon.agents.a.count=45`"
STEPS_MAX = 20
TOLD_MAX = 200
"Characters of a change that are told again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change, as it was written."""

    text: str
    steps: tuple[str, ...]
    value: str

    @property
    def path(self) -> str:
        """What is changed."""
        return ".".join(self.steps)


def change_of(text: str) -> Change:
    """Read `path=value`. Raises StudyError."""
    path, equals, value = text.partition("=")
    steps = tuple(step.strip() for step in path.strip().removeprefix("spec.").split("."))
    if not equals or not all(steps) or len(steps) > STEPS_MAX:
        raise StudyError(f"--set {text}: this is no path=value", EXAMPLE)
    return Change(text=text, steps=steps, value=value.strip())


def changed(document: dict[str, Any], changes: Sequence[Change]) -> dict[str, Any]:
    """The scenario's plain data with the changes made, one after the other; the given data stays
    as it was. Raises StudyError with the place of a path that leads nowhere."""
    made = copy.deepcopy(document)
    spec: Any = made.get("spec")
    if changes and not isinstance(spec, dict):
        raise StudyError("the scenario has no spec to change", "write one; see docs/scenarios.md")
    for change in changes:
        if change.steps == FACTOR:
            _scale_arrivals(spec, change)
        else:
            _change(spec, change)
    return made


def _change(spec: Any, change: Change) -> None:
    places = [spec]
    for depth, step in enumerate(change.steps[:-1]):
        where = ".".join(change.steps[:depth]) or "spec"
        places = [found for place in places for found in _inside(place, step, where, change)]
    where = ".".join(change.steps[:-1]) or "spec"
    make = _maker(change)
    for place in places:
        for key in _keys(place, change.steps[-1], where, change):
            old = place.get(key) if isinstance(place, dict) else place[key]
            place[key] = make(old)


def _inside(place: Any, step: str, where: str, change: Change) -> Iterator[Any]:
    for key in _keys(place, step, where, change):
        if isinstance(place, dict) and place.get(key) is None:
            place[key] = {}
        yield place[key]


def _keys(place: Any, step: str, where: str, change: Change) -> list[Any]:
    """The keys or numbers that a step means."""
    if isinstance(place, dict):
        return list(place) if step == "*" else [step]
    if not isinstance(place, list):
        raise StudyError(
            f"--set {change.text}: {where} is {place!r}, there is nothing inside it",
            "end the path there",
        )
    if step == "*":
        return list(range(len(place)))
    titles = [_title(item) for item in place]
    if step in titles:
        return [number for number, title in enumerate(titles) if title == step]
    if step.isdecimal() and int(step) < len(place):
        return [int(step)]
    known = [title for title in titles if title] or [str(n) for n in range(len(place))]
    meant = nearest(step, known)
    remedy = f"did you mean {meant}?" if meant else f"there are: {', '.join(known) or 'none'}"
    raise StudyError(f"--set {change.text}: {where} has no {step}", remedy)


def _title(item: Any) -> str:
    if not isinstance(item, dict):
        return ""
    return next((str(item[key]) for key in TITLES if key in item), "")


def _maker(change: Change) -> Callable[[Any], Any]:
    """What turns the old value into the new one."""
    if change.value[:1] == "x" and (factor := _number(change.value[1:])) is not None:
        return lambda old: _times(old, factor, change)
    try:
        value = plain_value(change.value, "the value")
    except DocumentError as error:
        told = f"--set {change.text[:TOLD_MAX]}: {error.faults[0].problem}"
        raise StudyError(f"{told}: the value is not read", error.faults[0].remedy) from error
    return lambda _old: copy.deepcopy(value)


def _times(old: Any, factor: float, change: Change) -> Any:
    if isinstance(old, list):
        return [_times(item, factor, change) for item in old]
    if isinstance(old, bool) or not isinstance(old, int | float):
        raise StudyError(
            f"--set {change.text}: {old!r} stands there, which cannot be multiplied",
            "write the value itself" if old is None else "name a number, or a list of numbers",
        )
    new = old * factor
    if not math.isfinite(new):
        raise StudyError(f"--set {change.text}: {old} times {factor:g} is too large", "write less")
    return int(new + 0.5) if isinstance(old, int) else float(f"{new:.15g}")


def _scale_arrivals(spec: dict[str, Any], change: Change) -> None:
    factor = _number(change.value.removeprefix("x"))
    if factor is None or factor < 0:
        raise StudyError(
            f"--set {change.text}: the factor is no number", "write 1.2, for 20 % more"
        )
    for number, source in enumerate(spec.get("arrivals") or ()):
        if not isinstance(source, dict):
            continue
        if "records" in source:
            raise StudyError(
                f"--set {change.text}: arrivals[{number}] is read from records, which stay as they "
                "were",
                "`nirc-sim calibrate` makes arrivals of them that can be multiplied",
            )
        if "per_s" in source:
            source["per_s"] = _times(source["per_s"], factor, change)
        if isinstance(profile := source.get("profile"), dict):
            profile["factor"] = _times(float(profile.get("factor") or 1.0), factor, change)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
