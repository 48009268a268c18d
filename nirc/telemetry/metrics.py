"""Counts what a node does: plain counters and histograms, cheap enough for every call.

Rule of this file: counting is arithmetic on Python numbers; text for Prometheus is made when asked
for, and OpenTelemetry reads the same numbers through observable instruments.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

LATENCY_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
LABEL_VALUES_MAX = 1_000

Points = list[tuple[float, dict[str, str]]]
"Values and their labels."


class Counter:
    """A number that only grows, by the value of at most one label."""

    __slots__ = ("help", "label", "name", "values")

    def __init__(self, name: str, help_: str, label: str = "") -> None:
        self.name = name
        self.help = help_
        self.label = label
        self.values: dict[str, float] = {} if label else {"": 0.0}

    def add(self, amount: float = 1.0, value: str = "") -> None:
        """Count `amount` under the label's `value`; too many values share one named `other`."""
        values = self.values
        if value not in values and len(values) >= LABEL_VALUES_MAX:
            value = "other"
        values[value] = values.get(value, 0.0) + amount


class Family:
    """Counters kept by somebody else, read when they are asked for."""

    __slots__ = ("help", "label", "name", "read")

    def __init__(
        self, name: str, help_: str, label: str, read: Callable[[], Mapping[str, int]]
    ) -> None:
        self.name = name
        self.help = help_
        self.label = label
        self.read = read

    @property
    def values(self) -> dict[str, float]:
        """The numbers now."""
        return {name: float(number) for name, number in self.read().items()}


class Gauge:
    """A number read when it is asked for."""

    __slots__ = ("help", "name", "read")

    def __init__(self, name: str, help_: str, read: Callable[[], float]) -> None:
        self.name = name
        self.help = help_
        self.read = read


class Histogram:
    """How values spread over fixed bounds."""

    __slots__ = ("bounds", "counts", "help", "name", "total")

    def __init__(self, name: str, help_: str, bounds: tuple[float, ...] = LATENCY_S) -> None:
        self.name = name
        self.help = help_
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        """Count one value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    @property
    def count(self) -> int:
        """How many values were counted."""
        return sum(self.counts)


class Registry:
    """All instruments of one node."""

    def __init__(self) -> None:
        self._counters: list[Counter | Family] = []
        self._gauges: list[Gauge] = []
        self._histograms: list[Histogram] = []

    def counter(self, name: str, help_: str, label: str = "") -> Counter:
        """A new counter; by custom its name ends in `_total`."""
        made = Counter(name, help_, label)
        self._counters.append(made)
        return made

    def family(
        self, name: str, help_: str, label: str, read: Callable[[], Mapping[str, int]]
    ) -> None:
        """Counters that somebody else keeps."""
        self._counters.append(Family(name, help_, label, read))

    def gauge(self, name: str, help_: str, read: Callable[[], float]) -> None:
        """A new gauge."""
        self._gauges.append(Gauge(name, help_, read))

    def histogram(self, name: str, help_: str, bounds: tuple[float, ...] = LATENCY_S) -> Histogram:
        """A new histogram; by custom its name ends in its unit."""
        self._histograms.append(Histogram(name, help_, bounds))
        return self._histograms[-1]

    def prometheus_text(self) -> str:
        """Everything in Prometheus' text format, version 0.0.4."""
        return "\n".join(self._lines()) + "\n"

    def observe_with(self, meter: Any) -> None:
        """Let an OpenTelemetry meter read the same numbers. Histograms go as count and sum."""
        from opentelemetry.metrics import Observation

        def observing(read: Callable[[], Points]) -> list[Callable[[Any], list[Any]]]:
            return [lambda options: [Observation(value, labels) for value, labels in read()]]

        for counter in self._counters:
            read = observing(partial(_points, counter))
            meter.create_observable_counter(counter.name, read, description=counter.help)
        for gauge in self._gauges:
            read = observing(partial(_gauge_points, gauge))
            meter.create_observable_gauge(gauge.name, read, description=gauge.help)
        for one in self._histograms:
            for suffix in ("count", "sum"):
                read = observing(partial(_histogram_points, one, suffix))
                meter.create_observable_counter(f"{one.name}_{suffix}", read, description=one.help)

    def _lines(self) -> Iterator[str]:
        for counter in self._counters:
            yield from (f"# HELP {counter.name} {counter.help}", f"# TYPE {counter.name} counter")
            for value, labels in _points(counter):
                yield f"{counter.name}{_braces(labels)} {_number(value)}"
        for gauge in self._gauges:
            yield from (f"# HELP {gauge.name} {gauge.help}", f"# TYPE {gauge.name} gauge")
            yield f"{gauge.name} {_number(gauge.read())}"
        for one in self._histograms:
            yield from (f"# HELP {one.name} {one.help}", f"# TYPE {one.name} histogram")
            below = 0
            for bound, count in zip(one.bounds, one.counts, strict=False):
                below += count
                yield f'{one.name}_bucket{{le="{bound:g}"}} {below}'
            yield f'{one.name}_bucket{{le="+Inf"}} {one.count}'
            yield f"{one.name}_sum {_number(one.total)}"
            yield f"{one.name}_count {one.count}"


def _points(counter: Counter | Family) -> Points:
    if not counter.label:
        return [(counter.values[""], {})]
    return [(number, {counter.label: value}) for value, number in sorted(counter.values.items())]


def _gauge_points(gauge: Gauge) -> Points:
    return [(gauge.read(), {})]


def _histogram_points(histogram: Histogram, suffix: str) -> Points:
    return [(float(histogram.count) if suffix == "count" else histogram.total, {})]


def _braces(labels: dict[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return f"{int(value)}" if value == int(value) else f"{value:.9g}"
