"""Calls of a scenario that come from records: chosen days, put on the days of the run.

Rule of this file: recorded calls come at their local time of day. Files without dates, and tables
in Parquet, count from the start of the run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from simulator.errors import CallsError
from simulator.model.calls import CallsTable
from simulator.model.instants import US, to_us
from simulator.records.bank import bank_calls
from simulator.records.csv_calls import read_csv
from simulator.records.formats import format_of
from simulator.records.recorded import DAY_US, RecordedCalls
from simulator.sampling.callers import Callers, Columns, classes_at
from simulator.sampling.from_records import recorded_columns
from simulator.sampling.streams_of_run import RunStreams
from simulator.scenarios.arrivals import Arrival, Records
from simulator.scenarios.kind import ScenarioSpec
from simulator.scenarios.local_time import LocalTime, start_unix_s

UNDATED = date(1970, 1, 1)
"Day in the key of dice of calls that count from the start of the run."


class RecordSource:
    """The calls of one arrival, as recorded."""

    __slots__ = ("_columns", "_taken", "expected_count")

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
        assert arrival.records is not None
        records = arrival.records
        dice = _dice(streams)
        callers = Callers(classes_at(spec, arrival.ingress), streams, folder, lucks)
        if _is_table(records, folder):
            columns = _table_columns(folder / str(records.file))
        else:
            calls = _put(_chosen(_read(records, folder), records), spec, arrival)
            columns = callers.columns(UNDATED, len(calls))
            columns |= recorded_columns(calls, dice, talk=records.talk == "recorded")
        self._columns = _kept(columns, spec, arrival, dice)
        self._columns["ingress"] = ingress
        self._taken = 0
        self.expected_count = float(len(self._arrival_us))

    def begin(self) -> None:
        """Tell all calls once more, from the first on."""
        self._taken = 0

    @property
    def _arrival_us(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.asarray(self._columns["arrival_us"])

    def before(self, until_us: int) -> list[Columns]:
        """Calls not told before that come before an instant."""
        end = int(np.searchsorted(self._arrival_us, until_us))
        begin, self._taken = self._taken, max(end, self._taken)
        if end <= begin:
            return []
        return [
            {
                name: value[begin:end] if isinstance(value, np.ndarray) else value
                for name, value in self._columns.items()
            }
        ]


def recorded_on_run(spec: ScenarioSpec, arrival: Arrival, folder: Path) -> RecordedCalls:
    """What a record says of the calls of an arrival, at instants of the run. Raises CallsError,
    also for calls of a table, which says nothing of what became of them."""
    records = arrival.records
    assert records is not None
    if _is_table(records, folder):
        remedy = "give the records themselves, as CSV"
        raise CallsError(str(records.file), "is a table of callers without outcomes", remedy)
    calls = _put(_chosen(_read(records, folder), records), spec, arrival)
    until_us = to_us(min(spec.duration_s, arrival.to_s or spec.duration_s))
    inside = (calls.arrival_us >= to_us(arrival.from_s)) & (calls.arrival_us < until_us)
    return calls.chosen(inside)


def ingresses_recorded(records: Records, folder: Path) -> dict[str, int]:
    """How many calls a record has of each ingress that it names; "": of those without a name.
    Raises CallsError."""
    if _is_table(records, folder):
        return {}
    calls = _read(records, folder)
    counts = np.bincount(calls.ingress + 1, minlength=len(calls.ingresses) + 1)
    names = ("", *calls.ingresses)
    return {name: int(count) for name, count in zip(names, counts, strict=True) if count}


def _dice(streams: RunStreams) -> Callable[..., np.random.Generator]:
    return lambda cause, *node: streams.of(f"recorded-{cause}", UNDATED, *node)


def _is_table(records: Records, folder: Path) -> bool:
    """A table of callers, and not records in Parquet."""
    if records.format == "parquet" or not str(records.file).endswith(".parquet"):
        return records.format == "parquet"
    from simulator.records.parquet import holds_calls

    return holds_calls(folder / str(records.file))


def _table_columns(path: Path) -> Columns:
    from simulator.records.parquet import read_calls

    table = read_calls(path)
    given = {"number", "ingress"}
    return {f.name: getattr(table, f.name) for f in fields(CallsTable) if f.name not in given}


def _read(records: Records, folder: Path) -> RecordedCalls:
    if records.file is None:
        return bank_calls()
    mapped = records.format.endswith((".yaml", ".yml"))
    known = format_of(folder / records.format if mapped else records.format)
    return read_csv(folder / records.file, known)


def _chosen(calls: RecordedCalls, records: Records) -> RecordedCalls:
    """The services and days asked for; chosen days follow one another."""
    place = str(records.file or records.format)
    if records.skills:
        calls = calls.of_services(records.skills, place)
    if records.ingresses:
        calls = calls.of_ingresses(records.ingresses, place)
    if not records.dates:
        return calls
    if not calls.dated:
        raise CallsError(place, "has no dates", "leave out `dates`, or give it a column date")
    number = {
        (date.fromisoformat(d) - calls.first_day).days: i for i, d in enumerate(records.dates)
    }
    found = set(np.unique(calls.day).tolist())
    for day, index in number.items():
        if day not in found:
            last = calls.date_of(max(found, default=0)).isoformat()
            remedy = f"it goes from {calls.first_day.isoformat()} to {last}"
            raise CallsError(place, f"has no calls of {records.dates[index]}", remedy)
    calls = calls.chosen(np.isin(calls.day, list(number)))
    moved = np.asarray([number[day] for day in calls.day.tolist()], dtype=np.int64)
    arrival = calls.arrival_us + (moved - calls.day) * DAY_US
    order = np.argsort(arrival, kind="stable")
    first = date.fromisoformat(records.dates[0])
    return replace(calls.chosen(order), arrival_us=arrival[order], first_day=first)


def _put(calls: RecordedCalls, spec: ScenarioSpec, arrival: Arrival) -> RecordedCalls:
    """Calls at instants of the run; those that come before it are left out."""
    if not calls.dated:
        return calls
    clock = LocalTime(arrival.time_zone or spec.time_zone, start_unix_s(spec.start, spec.time_zone))
    first = clock.day_of(0)
    dates = [first + timedelta(days=day) for day in range(calls.days_count + 1)]
    midnights = np.asarray([clock.us(day, 0) for day in dates], dtype=np.int64)
    put = calls.arrival_us + midnights[calls.day] - calls.day * DAY_US
    for day in np.flatnonzero(np.diff(midnights) != DAY_US):
        rows = np.flatnonzero(calls.day == day)
        times = (calls.arrival_us[rows] - day * DAY_US) / US
        put[rows] = [clock.us(dates[day], at_s) for at_s in times]
    order = np.argsort(put, kind="stable")
    order = order[put[order] >= 0]
    return replace(calls.chosen(order), arrival_us=put[order])


def _kept(
    columns: Columns, spec: ScenarioSpec, arrival: Arrival, dice: Callable[..., np.random.Generator]
) -> Columns:
    """Calls within the arrival's span, or the share of them that is asked for."""
    assert arrival.records is not None
    arrival_us = np.asarray(columns["arrival_us"])
    until_us = to_us(min(spec.duration_s, arrival.to_s or spec.duration_s))
    keep = (arrival_us >= to_us(arrival.from_s)) & (arrival_us < until_us)
    if arrival.records.share < 1:
        keep &= dice("share").random(len(keep)) < arrival.records.share
    return {
        name: value[keep] if isinstance(value, np.ndarray) else value
        for name, value in columns.items()
    }
