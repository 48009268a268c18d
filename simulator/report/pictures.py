"""What a picture shows, before it is drawn.

Rule of this file: data only. Missing values are None; shares run from 0 to 1 and are drawn as per
cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Values = Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line, or one colour of bars."""

    name: str
    mean: Values
    low: Values = ()
    "Lower ends of intervals; empty: none."
    high: Values = ()
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Values over time, or over a quantity that was varied."""

    x: Sequence[float]
    "Hours since midnight of the first day, or the quantity."
    series: tuple[Series, ...]
    y_label: str
    x_label: str = ""
    clock: bool = True
    "`x` is hours, told as time of day."
    first_day: str = ""
    "Date from which `x` counts, told as days; empty: as time of day."
    share: bool = False
    steps: bool = False
    target: float | None = None
    "A level to be reached, drawn across."


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Values of named things, side by side."""

    labels: tuple[str, ...]
    series: tuple[Series, ...]
    y_label: str
    share: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """A number for each pair of names, darker where it is larger."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    row_label: str
    column_label: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Differences with their intervals, one under another, each in units of its own."""

    labels: tuple[str, ...]
    mean: tuple[float, ...]
    low: Values
    high: Values
    told: tuple[str, ...]
    "Each as a person reads it."
    better: tuple[str, ...]
    "Name of the better one, or empty."
    names: tuple[str, str]


Content = Lines | Bars | Matrix | Differences


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture with what is said of it."""

    name: str
    "Of its file."
    title: str
    caption: str
    content: Content
