"""Predicts how long a call would wait.

Rule of this file: formulas with their source, over plain numbers. Nothing here knows of sites.
"""

from __future__ import annotations

from math import inf


def expected_wait_s(ahead_count: int, staffed_count: int, aht_s: float) -> float:
    """Mean wait, in seconds, of a call with `ahead_count` calls before it and no agent idle.

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
