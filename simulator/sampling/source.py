"""The calls of a scenario, part by part, in order of arrival through all ingresses.

Rule of this file: a part holds exactly the calls before its instant and after the part before; how
a run is cut into parts never changes a call. Only one part stands in memory, and what records hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.model.calls import INITIAL, TYPES, CallsTable
from simulator.model.instants import US
from simulator.model.network import NetworkModel
from simulator.sampling.arrivals import DrawnArrivals
from simulator.sampling.callers import LUCKS, Callers, Columns, classes_at, scattered
from simulator.sampling.record_source import RecordSource
from simulator.sampling.streams_of_run import RunStreams
from simulator.scenarios.arrivals import Arrival
from simulator.scenarios.kind import ScenarioSpec
from simulator.scenarios.loading import Scenario
from simulator.scenarios.rates import pieces_of

PART_CALLS = 200_000
"A part is as long as brings so many calls, were they spread evenly."
PART_CALLS_MAX = 250_000
SURVEYED_US = 14 * 86_400 * US
"Expected calls are counted so far into a run, and taken in proportion beyond."


class CallSource(Protocol):
    """Where an engine's calls come from."""

    @property
    def expected_count(self) -> float:
        """About how many calls will come, for progress."""

    def parts(self) -> Iterator[tuple[CallsTable, int]]:
        """Calls, and the instant before which they are all that come."""


class _Arrivals(Protocol):
    """Calls of one arrival of a scenario, as columns with `arrival_us` in order."""

    expected_count: float

    def before(self, until_us: int) -> list[Columns]:
        """Calls not told before that come before an instant."""

    def begin(self) -> None:
        """Tell all calls once more, from the first on."""


class _Drawn:
    """Calls of one arrival, drawn by chance."""

    __slots__ = ("_arrivals", "_callers", "_ingress", "_lucks", "_written", "expected_count")

    def __init__(
        self,
        spec: ScenarioSpec,
        arrival: Arrival,
        folder: Path,
        streams: RunStreams,
        ingress: int,
        *,
        lucks: tuple[str, ...],
    ) -> None:
        self._written = (spec, arrival, folder, streams)
        self._lucks = lucks
        self._ingress = ingress
        self.expected_count = _expected(spec, arrival, folder)
        self.begin()

    def begin(self) -> None:
        """Tell all calls once more, from the first on."""
        spec, arrival, folder, streams = self._written
        classes = classes_at(spec, arrival.ingress)
        busy = arrival.busyness
        self._arrivals = DrawnArrivals(
            pieces_of(spec, arrival, folder),
            streams,
            busy.gamma_shape if busy is not None else None,
            shared=busy is not None and busy.shared,
        )
        self._callers = Callers(classes, streams, folder, self._lucks)

    def before(self, until_us: int) -> list[Columns]:
        """Calls not told before that come before an instant."""
        made = []
        for batch in self._arrivals.before(until_us):
            columns = self._callers.columns(batch.day, len(batch.arrival_us))
            columns["arrival_us"] = batch.arrival_us
            columns["ingress"] = self._ingress
            made.append(columns)
        return made


class ScenarioCalls:
    """All calls of one replication of a scenario; `parts` may be asked for again and again, and
    gives the same."""

    __slots__ = ("_arrivals", "_duration_us", "expected_count")

    def __init__(self, scenario: Scenario, model: NetworkModel, replication: int) -> None:
        self._duration_us = model.duration_us
        self._arrivals = _arrivals(scenario, model, replication)
        self.expected_count = sum(one.expected_count for one in self._arrivals)

    def parts(self) -> Iterator[tuple[CallsTable, int]]:
        """Calls, and the instant before which they are all that come. Raises CallsError and
        DocumentError if a file of records or numbers has gone wrong since it was looked at."""
        for one in self._arrivals:
            one.begin()
        step_us = self._step_us()
        first, begin_us, even = 0, 0, Even()
        while begin_us < self._duration_us:
            until_us = min(begin_us + step_us, self._duration_us)
            columns = [part for one in self._arrivals for part in one.before(until_us)]
            table = together(columns, first, even)
            first += len(table)
            yield from _cut(table, until_us)
            begin_us = until_us

    def _step_us(self) -> int:
        calls = max(self.expected_count, 1.0)
        return max(US, min(self._duration_us, int(self._duration_us / calls * PART_CALLS)))


def source_of(scenario: Scenario, model: NetworkModel, *, replication: int = 0) -> CallSource:
    """The calls of a replication, drawn or from records as the scenario says; the same whatever
    policy or staff the model has. Raises CallsError and DocumentError."""
    return ScenarioCalls(scenario, model, replication)


def _arrivals(scenario: Scenario, model: NetworkModel, replication: int) -> list[_Arrivals]:
    made: list[_Arrivals] = []
    nth: Counter[str] = Counter()
    ingresses = {one.name: i for i, one in enumerate(model.ingresses)}
    spec = scenario.doc.spec
    lucks = lucks_of(spec, model)
    for arrival in spec.arrivals:
        streams = RunStreams(
            seed=scenario.seed,
            replication=replication,
            ingress=arrival.ingress,
            nth=nth[arrival.ingress],
        )
        nth[arrival.ingress] += 1
        kind = _Drawn if arrival.records is None else RecordSource
        index = ingresses[arrival.ingress]
        made.append(kind(spec, arrival, scenario.folder, streams, index, lucks=lucks))
    return made


def lucks_of(spec: ScenarioSpec, model: NetworkModel) -> tuple[str, ...]:
    """Columns of luck that anything in a scenario or its model asks for. The others are not drawn,
    which changes no other column, as every cause has dice of its own."""
    written = any(group.no_answer_share > 0 for site in spec.sites for group in site.agents)
    rings = any(agent.no_answer_share > 0 for site in model.sites for agent in site.agents)
    back = spec.callbacks is not None or model.callbacks is not None
    asked = (written or rings, bool(spec.faults or model.faults), back)
    return tuple(name for name, drawn in zip(LUCKS, asked, strict=True) if drawn)


class Even:
    """Columns that are the same for every call. Parts share them, so that memory is not filled anew
    for each; whoever takes calls does not write into them."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[str, NDArray[Any]] = {}

    def column(self, name: str, value: float, count: int) -> NDArray[Any]:
        """So many times the value."""
        known = self._known.get(name)
        if known is None or len(known) < count or known[0] != value:
            known = np.full(max(count, 1), value, TYPES[name])
            self._known[name] = known
        return known[:count]


def together(parts: list[Columns], first: int, even: Even) -> CallsTable:
    """One table in order of arrival, numbered from `first`; equal instants as given."""
    arrivals = [np.asarray(part["arrival_us"]) for part in parts]
    count = sum(map(len, arrivals))
    whole: Columns = {}
    if len(parts) == 1:
        whole = parts[0]
    elif parts:
        order = np.argsort(np.concatenate(arrivals), kind="stable")
        places = np.empty(count, dtype=np.int64)
        places[order] = np.arange(count)
        ends = np.cumsum([len(one) for one in arrivals])
        names = dict.fromkeys(name for part in parts for name in part)
        filled = [{name: part.get(name, INITIAL.get(name, 0)) for name in names} for part in parts]
        whole = scattered(filled, np.split(places, ends[:-1]), count)
    whole["number"] = np.arange(first, first + count, dtype=np.int64)
    made = {}
    for name, kind in TYPES.items():
        value = whole.get(name, INITIAL.get(name, 0))
        if isinstance(value, np.ndarray):
            made[name] = value.astype(kind, copy=False)
        else:
            made[name] = even.column(name, value, count)
    return CallsTable(**made)


def _cut(table: CallsTable, until_us: int) -> Iterator[tuple[CallsTable, int]]:
    """Parts of at most PART_CALLS_MAX calls, unless more come at one instant."""
    begin = 0
    while len(table) - begin > PART_CALLS_MAX:
        at_us = int(table.arrival_us[begin + PART_CALLS_MAX])
        end = table.until(at_us)
        if end <= begin:
            end = table.until(at_us + 1)
            at_us += 1
        yield table.part(begin, end), at_us
        begin = end
    yield table.part(begin, len(table)), until_us


def _expected(spec: ScenarioSpec, arrival: Arrival, folder: Path) -> float:
    calls = 0.0
    for piece in pieces_of(spec, arrival, folder):
        if piece.from_us >= SURVEYED_US:
            return calls * spec.duration_s * US / SURVEYED_US
        calls += piece.calls
    return calls
