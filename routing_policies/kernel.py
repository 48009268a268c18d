"""The arithmetic that compiled policies call: plain numbers in, a plain number out.

Rule of this file: a small part of Python that CPython and Numba compute alike: no strings, objects
or exceptions; missing is NaN, division by zero is missing, float operations in one order.
"""

from __future__ import annotations

from math import exp, inf, isnan, log, nan

QUEUE_LENGTH = 1
QUEUE_LENGTH_ABANDONMENT = 2
HEAD_OF_LINE = 3
LAST_TO_ENTER = 4
AHEAD_MAX = 10_000.0
"Callers ahead beyond which sums are not carried on: every function ends soon."


def ratio(a: float, b: float) -> float:
    """a / b; missing where b is 0."""
    if b == 0.0:
        return nan
    return a / b


def differs(a: float, b: float) -> bool:
    """Is a another number than b? False where one is missing."""
    return a < b or a > b


def is_known(a: float) -> bool:
    """Is there a value?"""
    return not isnan(a)


def default_to(a: float, instead: float) -> float:
    """a, or `instead` where it is missing."""
    if isnan(a):
        return instead
    return a


def least(a: float, b: float) -> float:
    """The smaller of two; missing where one is missing."""
    if a < b:
        return a
    if b <= a:
        return b
    return nan


def greatest(a: float, b: float) -> float:
    """The larger of two; missing where one is missing."""
    if a > b:
        return a
    if b >= a:
        return b
    return nan


def since(now_s: float, at_s: float) -> float:
    """Seconds since an instant, at least 0; 0 where there is none (NaN or infinite)."""
    if at_s < now_s:
        return now_s - at_s
    return 0.0


def occupancy(busy: float, acw: float, reserved: float, staffed: float, not_ready: float) -> float:
    """Agents at work among those signed in and not in a break; 0 where there are none."""
    present = staffed - not_ready
    if present <= 0.0:
        return 0.0
    return min((busy + acw + reserved) / present, 1.0)


def agent_occupancy(occupied_s: float, ready_s: float, idle_s: float) -> float:
    """Share of an agent's time at work, breaks apart; 0 before there is any."""
    total_s = occupied_s + ready_s + idle_s
    if total_s <= 0.0:
        return 0.0
    return occupied_s / total_s


def average_idle(ready_s: float, periods: float, idle_s: float) -> float:
    """Mean length of the ready periods, the present one included, in seconds."""
    return ratio(ready_s + idle_s, periods + 1.0)


def calls_per_hour(calls: float, occupied_s: float, ready_s: float, idle_s: float) -> float:
    """Calls per hour not in a break; 0 before there is any."""
    total_s = occupied_s + ready_s + idle_s
    if total_s <= 0.0:
        return 0.0
    return calls * 3600.0 / total_s


def expected_wait(  # noqa: PLR0917 - called by position from generated code
    estimator: float,
    ahead: float,
    free: float,
    staffed: float,
    aht_s: float,
    patience_s: float,
    oldest_at_s: float,
    last_wait_s: float,
    now_s: float,
) -> float:
    """Expected wait, in seconds, of a call with `ahead` calls before it, by the estimator that has
    been best at this queue; 0 where an agent is free, infinite without staff.

    Sources stand at the estimators of `estimates`, which computes each of them alone.
    """
    if free > 0.0:
        return 0.0
    if staffed <= 0.0:
        return inf
    count = max(ahead, 0.0)
    if estimator == HEAD_OF_LINE and not isnan(oldest_at_s) and count > 0.0:
        return max(now_s - oldest_at_s, 0.0)
    if estimator == LAST_TO_ENTER and last_wait_s > 0.0 and count > 0.0:
        return last_wait_s
    if estimator == QUEUE_LENGTH_ABANDONMENT and patience_s > 0.0:
        return queue_length_abandonment(count, staffed, aht_s, patience_s)
    return (count + 1.0) * aht_s / staffed


def queue_length_abandonment(
    ahead: float, staffed: float, aht_s: float, patience_s: float
) -> float:
    """Sum over i = 0..ahead of 1 / (staffed / aht + i / patience), in seconds: departures come by
    service and by abandonment of those still waiting (Whitt 1999, Management Science 45(6));
    missing without patience or a known handle time, infinite without staff.

    Eight terms one by one, the others as an integral by the midpoint rule (off by under 0.1 % in
    all), so that a queue of thousands costs no more than one of ten.
    """
    if not (aht_s >= 0.0 and patience_s > 0.0):
        return nan
    if staffed <= 0.0 or aht_s == inf:
        return inf
    if aht_s == 0.0:
        return 0.0
    step = aht_s / patience_s
    total = 0.0
    i = 0.0
    while i <= ahead and i < 8.0:
        total += 1.0 / (staffed + i * step)
        i += 1.0
    if i <= ahead:
        if step > 0.0:
            upper = staffed + (ahead + 0.5) * step
            total += log(upper / (staffed + 7.5 * step)) / step
        else:
            total += (ahead - 7.0) / staffed
    return total * aht_s


def risk_of_late(ahead: float, staffed: float, aht_s: float, left_s: float) -> float:
    """Chance that a call with `ahead` calls before it is not answered within `left_s`: fewer than
    ahead + 1 of Poisson(staffed * left / aht) departures; 1 without staff or time."""
    if staffed <= 0.0 or left_s <= 0.0:
        return 1.0
    if aht_s == 0.0:
        return 0.0
    mean = ratio(staffed * left_s, aht_s)
    if not mean >= 0.0:
        return nan
    if mean > 700.0:
        return 0.0 if mean > ahead else 1.0
    term = exp(-mean)
    total = term
    i = 1.0
    while i <= ahead and i < AHEAD_MAX:
        term = term * mean / i
        total += term
        i += 1.0
    return min(total, 1.0)
