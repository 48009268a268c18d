"""Names the numbers that a decision record keeps of each candidate, and makes instants durations.

Rule of this file: a record is read on other machines and much later, so no instant of a node's own
clock goes into it; names are those of the vocabulary, with their unit behind them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import isfinite

from routing_policies import columns as c

_SINCE = {
    c.Q_LONGEST_READY_AT: "longest_ready_s",
    c.Q_REPORTED_AT: "age_s",
    c.Q_OLDEST_AT: "oldest_wait_s",
    c.Q_SITE_REPORTED_AT: "site_age_s",
}
_UNTIL = {c.Q_CLOSES_AT: "closes_in_s"}
_PLAIN = {
    c.Q_OPEN: "open",
    c.Q_SHARED: "shared",
    c.Q_STAFFED: "staffed_count",
    c.Q_FREE: "free_count",
    c.Q_LENDABLE: "lendable_count",
    c.Q_WAITING: "waiting_count",
    c.Q_PLACES_FREE: "places_free_count",
    c.Q_AHT_S: "aht_s",
    c.Q_BUSY: "busy_count",
    c.Q_ACW: "acw_count",
    c.Q_NOT_READY: "not_ready_count",
    c.Q_RESERVED: "reserved_count",
    c.Q_LOANS: "loan_count",
    c.Q_MAX_LOAN: "max_loan",
    c.Q_MIN_RESERVE: "min_reserve",
    c.Q_LAST_WAIT_S: "last_wait_s",
    c.Q_PATIENCE_S: "patience_s",
    c.Q_ESTIMATOR: "estimator",
    c.Q_EWT_LOW: "ewt_low_factor",
    c.Q_EWT_HIGH: "ewt_high_factor",
    c.Q_SERVICE_LEVEL: "service_level",
    c.Q_ANSWERED: "answered_count",
    c.Q_ABANDONED: "abandoned_count",
    c.Q_PLACES_MAX: "places_max",
    c.Q_ACCEPTING: "accepting",
    c.Q_SITE_OPEN: "site_open",
}
_NAMES = _SINCE | _UNTIL | _PLAIN
"Names of sites and queues, and slots, say nothing as numbers: they are left out."
_MAY_MISS = frozenset({c.Q_PATIENCE_S, c.Q_SERVICE_LEVEL})


@lru_cache(maxsize=2_000)
def recorded(columns: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Those of `columns` that a record keeps, and their names.

    >>> recorded((0, 8, 19))
    ((8, 19), ('waiting_count', 'oldest_wait_s'))
    """
    kept = tuple(one for one in columns if one in _NAMES)
    return kept, tuple(_NAMES[one] for one in kept)


def durations(column: int, values: Sequence[float], at_s: float) -> Sequence[float | None]:
    """The values of one column as a record keeps them, read at `at_s`; None where there is none."""
    if column in _SINCE:
        return [at_s - value if isfinite(value) else None for value in values]
    if column in _UNTIL:
        return [value - at_s if isfinite(value) else None for value in values]
    if column in _MAY_MISS:
        return [value if isfinite(value) else None for value in values]
    return values
