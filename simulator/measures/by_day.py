"""A long run's measures by day instead of by interval: what a picture of a month can show.

Rule of this file: shares and means of a day are those of its intervals, weighed by what they are
shares and means of, hence exact but for occupancy (weighed by agents signed in, those on a break
too). Days are those of the clock at the start of the run, 24 hours each.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simulator.measures.places import Key, Places
from simulator.measures.runs import RunMeasures

DAY_US = 86_400_000_000
WEIGHTS = {
    "service_level_negative": "entered",
    "abandonment": "entered",
    "asa_s": "answered",
    "occupancy": "agents_mean",
}
"By what the intervals of a figure are weighed."
SUMS = ("offered", "entered", "answered", "abandoned")
MEANS = ("agents_mean",)
"Over time, all intervals being equally long."


def by_day(run: RunMeasures, start_hour: float) -> RunMeasures:
    """The run with days for intervals, those of single sites too; `start_hour` is the hour of day
    at which it begins."""
    first_us = round(start_hour * 3_600_000_000)
    tables = dict(run.tables)
    for kind in ("interval", "site_interval"):
        if kind in tables:
            tables[kind] = _joined(tables[kind], first_us, run.interval_us)
    return replace(run, tables=tables, interval_us=DAY_US)


def _joined(places: Places, first_us: int, interval_us: int) -> Places:
    keys = [_day_of(key, first_us, interval_us) for key in places.keys_in_order]
    days = list(dict.fromkeys(keys))
    index = {key: number for number, key in enumerate(days)}
    at = np.array([index[key] for key in keys], dtype=np.int64)
    columns: dict[str, NDArray[np.float64]] = {}
    for figure in (*SUMS, *MEANS, *WEIGHTS):
        if figure not in places.columns:
            continue
        values = np.asarray(places.column(figure), dtype=np.float64)
        weights = np.ones(len(values))
        if figure in WEIGHTS:
            if WEIGHTS[figure] not in places.columns:
                continue
            weights = np.nan_to_num(np.asarray(places.column(WEIGHTS[figure]), dtype=np.float64))
        there = ~np.isnan(values)
        upper = _added(at[there], (values * weights)[there], len(days))
        lower = _added(at[there], weights[there], len(days))
        if figure in SUMS:
            columns[figure] = upper
        else:
            columns[figure] = np.divide(
                upper, lower, out=np.full(len(days), np.nan), where=lower > 0
            )
    return Places(places.kind, places.names, tuple(days), columns)


def _day_of(key: Key, first_us: int, interval_us: int) -> Key:
    """The same place with the number of the day for that of the interval."""
    if isinstance(key, tuple):
        day = (first_us + int(key[-1]) * interval_us) // DAY_US
        return (str(key[0]), day)
    return (first_us + int(key) * interval_us) // DAY_US


def _added(at: NDArray[np.int64], values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    return np.bincount(at, values, count).astype(np.float64)
