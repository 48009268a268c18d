"""Works out figures from time spent: agents, queues and trunk groups.

Rule of this file: `Sums` of an engine in, columns of figures out. Only time between warm-up and
duration counts; of an interval that lies partly in it, that share (engines sum whole intervals).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nrcli.reports.service_levels import occupied
from simulator.measures.call_figures import Numbers, ratio
from simulator.measures.places import Columns
from simulator.model.instants import US
from simulator.model.network import NetworkModel
from simulator.model.outcomes import ACW, BUSY, HELD, NOT_READY, RINGING


def interval_lengths(model: NetworkModel, intervals: int) -> NDArray[np.float64]:
    """Measured microseconds of each interval."""
    begin = np.arange(intervals, dtype=np.int64) * model.interval_us
    until = np.minimum(begin + model.interval_us, model.duration_us)
    lengths: NDArray[np.int64] = np.maximum(until - np.maximum(begin, model.warm_up_us), 0)
    return lengths.astype(np.float64)


def grouped(
    values: NDArray[np.float64],
    groups: NDArray[np.int64],
    count: int,
    *,
    by_interval: bool,
    most: bool = False,
) -> Numbers:
    """Cells joined to places. `values` is [cell, interval, ...]; the result is [place, ...], or
    [place and interval, ...] with intervals of a place side by side. `most`: the largest instead of
    the sum."""
    if not by_interval:
        over_time = values.max(axis=1) if most and values.shape[1] else values.sum(axis=1)
        values = over_time[:, None]
    result = np.zeros((count, *values.shape[1:]))
    known = groups >= 0
    (np.maximum if most else np.add).at(result, groups[known], values[known])
    return result.reshape(-1, *values.shape[2:])


def agent_columns(spent: Numbers, lengths: Numbers) -> Columns:
    """`spent` is [place, AGENT_STATES] in microseconds, `lengths` the time of each place."""
    signed_in = spent.sum(axis=1)
    working = spent[:, [BUSY, ACW]].sum(axis=1)
    promised = spent[:, [HELD, RINGING]].sum(axis=1)
    return {
        "agents_mean": ratio(signed_in, lengths),
        "occupancy": ratio(*occupied(working, promised, signed_in, spent[:, NOT_READY])),
        "utilisation": ratio(working, signed_in),
        "held_s": np.where(lengths > 0, spent[:, HELD] / US, np.nan),
    }


def waiting_columns(spent: Numbers, most: Numbers, lengths: Numbers) -> Columns:
    """`spent`: calls waiting times microseconds."""
    return {
        "waiting_mean": ratio(spent, lengths),
        "waiting_most": np.where(lengths > 0, most, np.nan),
    }


def trunk_columns(
    *,
    spent: Numbers,
    most: Numbers,
    blocked: Numbers,
    seized: Numbers,
    channels: Numbers,
    lengths: Numbers,
) -> Columns:
    """`spent`: channels in use times microseconds; `channels` there are."""
    used = ratio(spent, lengths)
    offered = blocked + seized
    return {
        "trunk_offered": offered,
        "trunk_blocked": blocked,
        "trunk_blocking": ratio(blocked, offered),
        "trunk_used_mean": used,
        "trunk_used_most": np.where(lengths > 0, most, np.nan),
        "trunk_occupancy": ratio(used, channels),
    }
