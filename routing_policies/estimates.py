"""Predicts how long a call would wait, by four ways of looking at its queue.

Rule of this file: formulas with their source, over plain numbers. Nothing here knows of sites.
Compiled policies use the same ones through `kernel.expected_wait`.
"""

from __future__ import annotations

from math import inf, nan

from routing_policies import kernel
from routing_policies.kernel import (
    HEAD_OF_LINE,
    LAST_TO_ENTER,
    QUEUE_LENGTH,
    QUEUE_LENGTH_ABANDONMENT,
)

ESTIMATORS: dict[int, str] = {
    QUEUE_LENGTH: "queue length",
    QUEUE_LENGTH_ABANDONMENT: "queue length with abandonment",
    HEAD_OF_LINE: "head of line",
    LAST_TO_ENTER: "last to enter",
}
"Number (reports, column `Q_ESTIMATOR`) to what people call it."


def expected_wait_s(ahead_count: int, staffed_count: int, aht_s: float) -> float:
    """Queue length: mean wait, in seconds, of a call with `ahead_count` calls before it and no
    agent idle.

    With s busy servers the call starts after ahead + 1 departures, each aht / s apart on average:
    Whitt 1999, "Predicting response times in telephone call centers", Management Science 45(6),
    the estimator called QL in Ibrahim and Whitt 2009 (M&SOM 11(3)). It takes exponential handling
    and no abandonment, so it errs high where callers give up. Infinite without staff.

    >>> expected_wait_s(3, 4, 120.0)
    120.0
    """
    if staffed_count <= 0:
        return inf
    return (max(ahead_count, 0) + 1) * aht_s / staffed_count


def wait_with_abandonment_s(
    ahead_count: int, staffed_count: int, aht_s: float, patience_s: float
) -> float:
    """Queue length with abandonment: the mean wait of a caller who does not give up.

    With i calls still before it, the next one leaves by service (rate s / aht) or by giving up
    (rate i / patience): the sum of 1 / (s / aht + i / patience) over i = 0..ahead. Whitt 1999 (as
    above), section 3; QL_m in Ibrahim and Whitt 2009, "Real-time delay estimation in overloaded
    multiserver queues with abandonments", Management Science 55(10). Exponential handling and
    patience. Without a known patience (0) it is `expected_wait_s`.

    >>> wait_with_abandonment_s(1, 2, 60.0, 30.0)
    45.0
    """
    if staffed_count <= 0:
        return inf
    if patience_s <= 0:
        return expected_wait_s(ahead_count, staffed_count, aht_s)
    rates = (staffed_count / aht_s + i / patience_s for i in range(max(ahead_count, 0) + 1))
    return sum(1.0 / rate for rate in rates)


def head_of_line_s(oldest_at_s: float | None, now_s: float) -> float:
    """Head of line: how long the call at the head has waited; NaN where none waits.

    HOL in Ibrahim and Whitt 2009, "Real-time delay estimation based on delay history", M&SOM
    11(3). It needs neither handle time nor staff, and lags behind a queue that grows or drains.

    >>> head_of_line_s(100.0, 130.0)
    30.0
    """
    return nan if oldest_at_s is None else max(now_s - oldest_at_s, 0.0)


def last_to_enter_s(last_wait_s: float) -> float:
    """Last to enter service: the wait of the call that last went to an agent; NaN where it had
    none.

    LES in Ibrahim and Whitt 2009 (M&SOM 11(3)): like HOL, one departure older.

    >>> last_to_enter_s(25.0)
    25.0
    """
    return last_wait_s if last_wait_s > 0 else nan


def all_estimates(  # noqa: PLR0917 - the same order as `kernel.expected_wait`
    ahead: float,
    free: float,
    staffed: float,
    aht_s: float,
    patience_s: float,
    oldest_at_s: float | None,
    last_wait_s: float,
    now_s: float,
) -> tuple[float, ...]:
    """What a policy would read as expected wait with each of ESTIMATORS, in their order.

    An estimator that lacks what it needs (nobody waits, patience not known) falls back to queue
    length there, and so it does here: an error measured on these is the error of what is used.
    """
    oldest_s = nan if oldest_at_s is None else oldest_at_s
    return tuple(
        kernel.expected_wait(
            number, ahead, free, staffed, aht_s, patience_s, oldest_s, last_wait_s, now_s
        )
        for number in ESTIMATORS
    )
