"""Figures as plain data for programs: JSON objects with stable keys, and rows for CSV.

Rule of this file: shapes and names only, as docs/measures.md tells them; a figure that was not
measured is null in JSON and empty in CSV, shares run from 0 to 1, times are seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from simulator.measures.comparisons import Comparison
from simulator.measures.estimates import Estimate
from simulator.measures.figures import FIGURES
from simulator.measures.places import Key, Places
from simulator.measures.replications import EstimatedPlaces, Summary
from simulator.measures.runs import RunMeasures
from simulator.measures.targets import CapacityAnswer
from simulator.model.instants import US

KINDS = ("site", "row", "service", "trunk", "flow", "interval")
"What stands in JSON beside `network` unless other kinds are asked for."
Json = dict[str, Any]
Row = list[str | int | float | None]


def key_parts(key: Key) -> tuple[str | int, ...]:
    """A key as its parts."""
    return key if isinstance(key, tuple) else (key,)


def estimate_json(found: Estimate | None) -> Json | None:
    """`{mean, low, high, count}`; low and high are null with one replication."""
    if found is None:
        return None
    return {"mean": found.mean, "low": found.low, "high": found.high, "count": found.count}


def run_json(run: RunMeasures, kinds: Sequence[str] = KINDS) -> Json:
    """One run: each figure a number or null."""
    return (
        _head(run)
        | {"not_measured": run.not_measured, "network": _object(run.tables["network"], 0)}
        | {kind: _objects(run.tables[kind], run.interval_us) for kind in kinds}
    )


def summary_json(summary: Summary, kinds: Sequence[str] = KINDS) -> Json:
    """Several runs: each figure an estimate or null."""
    return (
        _head(summary)
        | {"replications": summary.count, "level": summary.level}
        | {"network": _object(summary.tables["network"], 0)}
        | {kind: _objects(summary.tables[kind], summary.interval_us) for kind in kinds}
    )


def comparison_json(one: Comparison) -> Json:
    """One figure of A and B."""
    return {
        "figure": one.figure,
        "title": FIGURES[one.figure].title,
        "unit": FIGURES[one.figure].unit,
        "kind": one.kind,
        "place": list(key_parts(one.key)),
        "a": estimate_json(one.a),
        "b": estimate_json(one.b),
        "difference": estimate_json(one.difference),
        "p_value": one.p_value,
        "p_holm": one.p_holm,
        "better": one.better,
        "variance_reduction": one.variance_reduction,
        "verdict": one.verdict,
    }


def capacity_json(answer: CapacityAnswer) -> Json:
    """A capacity search's answer, slot by slot."""
    return {
        "target": {
            "figure": answer.target.figure,
            "value": answer.target.value,
            "confidence": answer.target.confidence,
        },
        "reached": answer.reached,
        "finished": answer.finished,
        "plans_tried": answer.plans_tried,
        "notes": list(answer.notes),
        "slots": [
            {
                "place": list(key_parts(one.slot.key)),
                "needed": one.needed,
                "likely": one.likely,
                "low": one.low,
                "reached": one.reached,
                "value": estimate_json(one.value),
            }
            for one in answer.staffed
        ],
    }


def _head(found: RunMeasures | Summary) -> Json:
    return {
        "measured": {
            "from_s": found.measured_from_us / US,
            "until_s": found.measured_until_us / US,
            "interval_s": found.interval_us / US,
        },
        "counters": dict(found.counters),
        "notes": list(found.notes),
    }


def _object(places: Places | EstimatedPlaces, at: int) -> Json:
    """Figures of place number `at`, those that its kind has, in the order of reports."""
    names = [name for name in FIGURES if name in places.columns]
    if isinstance(places, Places):
        return {name: places.value(name, at) for name in names}
    return {name: estimate_json(places.value(name, at)) for name in names}


def _objects(places: Places | EstimatedPlaces, interval_us: int) -> list[Json]:
    objects = []
    for at, key in enumerate(places.keys_in_order):
        named: Json = dict(zip(places.names, key_parts(key), strict=True))
        if "interval" in named:
            named["start_s"] = named["interval"] * interval_us / US
        objects.append(named | _object(places, at))
    return objects


def csv_rows(places: Places | EstimatedPlaces) -> Iterator[Row]:
    """A head, then one row a place. Of estimates each figure has three columns: `x`, `x_low` and
    `x_high`."""
    figures = [name for name in FIGURES if name in places.columns]
    if isinstance(places, Places):
        yield [*places.names, *figures]
        for at, key in enumerate(places.keys_in_order):
            yield [*key_parts(key), *(places.value(name, at) for name in figures)]
        return
    yield [
        *places.names,
        *(f"{name}{end}" for name in figures for end in ("", "_low", "_high")),
    ]
    for at, key in enumerate(places.keys_in_order):
        found = [places.value(name, at) for name in figures]
        yield [*key_parts(key), *(x for one in found for x in _three(one))]


def _three(found: Estimate | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if found is None else (found.mean, found.low, found.high)


def planning_rows(
    answer: CapacityAnswer, *, group: str, start_unix_s: float, interval_us: int, time_zone: str
) -> Iterator[Row]:
    """Rows for workforce planning: site, group, when the interval begins in local time, agents
    needed, between what the true number lies, and the figure reached. Slots have keys
    (site, interval), or (site, group, interval), which then names the group.

    Raises zoneinfo.ZoneInfoNotFoundError for an unknown time zone.
    """
    zone = ZoneInfo(time_zone)
    figure = answer.target.figure
    yield [
        "site", "group", "interval_start", "needed", "low", "likely", "reached",
        figure, f"{figure}_low", f"{figure}_high",
    ]  # fmt: skip
    start = datetime.fromtimestamp(start_unix_s, UTC)
    for one in answer.staffed:
        site, *middle, interval = key_parts(one.slot.key)
        begins = start + timedelta(microseconds=int(interval) * interval_us)
        yield [
            site,
            middle[0] if middle else group,
            begins.astimezone(zone).isoformat(timespec="minutes"),
            one.needed,
            one.low,
            one.likely,
            "yes" if one.reached else "no",
            *_three(one.value),
        ]
