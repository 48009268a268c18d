"""Makes what the HTTP API says of one queue: its report, and what a new caller would wait there.

Rule of this file: it reads a report and reckons with the formulas of `routing_policies`, so that
people see the numbers that policies see.
"""

from __future__ import annotations

from math import isfinite, nan

from nrcli.wire.api_models import QueueStatus
from nrcli.wire.messages import QueueReport
from routing_policies.estimates import ESTIMATORS
from routing_policies.kernel import expected_wait

_FROM_REPORT = frozenset(QueueReport.__slots__) & frozenset(QueueStatus.model_fields)


def queue_status(queue: QueueReport, age_s: float | None) -> QueueStatus:
    """A queue in the API's words; `age_s` is how long ago it was reported."""
    ewt_s = new_callers_wait_s(queue, age_s or 0.0)
    low, high = queue.ewt_low_percent / 100, queue.ewt_high_percent / 100
    offered = queue.window_offered_count
    return QueueStatus(
        **{name: getattr(queue, name) for name in _FROM_REPORT},
        age_s=age_s,
        ewt_s=ewt_s,
        ewt_low_s=None if ewt_s is None else ewt_s * low,
        ewt_high_s=None if ewt_s is None else ewt_s * high,
        ewt_by=ESTIMATORS.get(queue.estimator, ""),
        service_level=queue.window_in_time_count / offered if offered else None,
    )


def new_callers_wait_s(queue: QueueReport, age_s: float) -> float | None:
    """Expected wait of a call that comes now; None where nobody is at work or no handle time is
    known."""
    if queue.aht_s <= 0:
        return None
    wait_s = expected_wait(
        queue.estimator,
        queue.waiting_count + queue.places_held_count,
        queue.ready_count,
        queue.staffed_count - queue.not_ready_count,
        queue.aht_s,
        queue.patience_s or nan,
        -queue.oldest_wait_s - age_s if queue.waiting_count else nan,
        queue.last_wait_s,
        0.0,
    )
    return wait_s if isfinite(wait_s) else None
