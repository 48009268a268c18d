"""Figures that a daemon tells, in one form for Prometheus and OpenTelemetry, and the former's text.

Rule of this file: a family is a picture of numbers that others keep, made when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

Labels = tuple[tuple[str, str], ...]
"(name, value) of each."


class Kind(Enum):
    """What may be done with a figure."""

    COUNTER = "counter"  # only grows while the process lives; its name ends in `_total`
    GAUGE = "gauge"  # stands as it is now
    HISTOGRAM = "histogram"  # how values spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Values counted in buckets."""

    bounds: tuple[float, ...]
    "Upper bounds, rising; values above the last have a bucket of their own."
    counts: tuple[int, ...]
    "Values in each bucket, one more than bounds."
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricFamily:
    """One figure with all its labels. Its name says its unit: `_seconds`, `_bytes`, `_ratio` (from
    0 to 1), else a count."""

    name: str
    kind: Kind
    help: str
    points: tuple[tuple[Labels, float], ...] = ()
    spread: Spread | None = None
    "Of a histogram, which has no points."

    @property
    def unit(self) -> str:
        """The unit as OpenTelemetry writes it (UCUM)."""
        plain = self.name.removesuffix("_total")
        ends = (("_seconds", "s"), ("_bytes", "By"))
        return next((unit for end, unit in ends if plain.endswith(end)), "1")


def counter(name: str, help_: str, points: Iterable[tuple[Labels, float]]) -> MetricFamily:
    """Numbers that only grow."""
    return MetricFamily(name=name, kind=Kind.COUNTER, help=help_, points=tuple(points))


def gauge(name: str, help_: str, points: Iterable[tuple[Labels, float]]) -> MetricFamily:
    """Numbers as they are now."""
    return MetricFamily(name=name, kind=Kind.GAUGE, help=help_, points=tuple(points))


def prometheus_text(families: Iterable[MetricFamily]) -> str:
    """Everything in Prometheus' text format, version 0.0.4."""
    return "".join(f"{line}\n" for family in families for line in _lines(family))


def _lines(family: MetricFamily) -> Iterator[str]:
    yield f"# HELP {family.name} {_escaped(family.help)}"
    yield f"# TYPE {family.name} {family.kind.value}"
    for labels, value in family.points:
        yield f"{family.name}{_braces(labels)} {_number(value)}"
    if family.spread is not None:
        yield from _spread_lines(family.name, family.spread)


def _spread_lines(name: str, spread: Spread) -> Iterator[str]:
    below = 0
    for bound, count in zip(spread.bounds, spread.counts, strict=False):
        below += count
        yield f'{name}_bucket{{le="{bound:g}"}} {below}'
    count = sum(spread.counts)
    yield f'{name}_bucket{{le="+Inf"}} {count}'
    yield f"{name}_sum {_number(spread.total)}"
    yield f"{name}_count {count}"


def _braces(labels: Labels) -> str:
    if not labels:
        return ""
    inner = (f'{name}="{_escaped(value)}"'.replace("\r", " ") for name, value in labels)
    return "{" + ",".join(inner) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return f"{int(value)}" if abs(value) < 2**53 and value == int(value) else f"{value:.9g}"
