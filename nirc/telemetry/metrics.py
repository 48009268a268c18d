"""Counts what a node does: plain counters and histograms, cheap enough for every call.

Rule of this file: counting is arithmetic on Python numbers; Prometheus and OpenTelemetry read the
same families, made when they are asked for.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping

from nrcli.telemetry.metric_families import Kind as FamilyKind
from nrcli.telemetry.metric_families import Labels, MetricFamily, Spread, counter, gauge

LATENCY_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
LABEL_VALUES_MAX = 1_000

Read = Callable[[], Iterable[MetricFamily]]


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

    def families(self) -> Iterator[MetricFamily]:
        """The numbers now."""
        yield counter(self.name, self.help, by_label(self.label, self.values))


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

    def families(self) -> Iterator[MetricFamily]:
        """The numbers now."""
        spread = Spread(bounds=self.bounds, counts=tuple(self.counts), total=self.total)
        kind = FamilyKind.HISTOGRAM
        yield MetricFamily(name=self.name, kind=kind, help=self.help, spread=spread)


class Registry:
    """All instruments of one node."""

    def __init__(self) -> None:
        self._reads: list[Read] = []

    def counter(self, name: str, help_: str, label: str = "") -> Counter:
        """A new counter; by custom its name ends in `_total`."""
        made = Counter(name, help_, label)
        self._reads.append(made.families)
        return made

    def family(
        self, name: str, help_: str, label: str, read: Callable[[], Mapping[str, float]]
    ) -> None:
        """Counters that somebody else keeps."""
        self.further(lambda: (counter(name, help_, by_label(label, read())),))

    def gauge(self, name: str, help_: str, read: Callable[[], float]) -> None:
        """A new gauge."""
        self.further(lambda: (gauge(name, help_, (((), read()),)),))

    def histogram(self, name: str, help_: str, bounds: tuple[float, ...] = LATENCY_S) -> Histogram:
        """A new histogram; by custom its name ends in its unit."""
        made = Histogram(name, help_, bounds)
        self._reads.append(made.families)
        return made

    def further(self, read: Read) -> None:
        """Whole families that somebody else makes."""
        self._reads.append(read)

    def families(self) -> list[MetricFamily]:
        """Everything as it stands."""
        return [family for read in self._reads for family in read()]


def by_label(label: str, values: Mapping[str, float]) -> list[tuple[Labels, float]]:
    """Numbers by the value of one label, sorted; without a label the only number there is."""
    if not label:
        return [((), float(number)) for number in values.values()]
    return [(((label, value),), float(number)) for value, number in sorted(values.items())]
