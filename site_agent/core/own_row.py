"""A queue's own figures as one row of policy columns.

Rule of this file: numbers are laid out as `routing_policies.columns` says, from what the queue
reports; nothing is decided here.
"""

from __future__ import annotations

from math import inf, nan

from nrcli.wire.messages import QueueReport
from routing_policies import columns as c
from routing_policies.kernel import expected_wait
from routing_policies.names import name_id
from site_agent.core.site_model import SiteModel


def row_of(site: str, report: QueueReport, oldest_at_s: float | None, now_s: float) -> list[float]:
    """One row: `row[Q_...]`. Closing time and the site's calendar are the caller's to set."""
    row = [0.0] * c.QUEUE_COLUMNS
    free = float(report.ready_count)
    row[c.Q_SITE] = name_id(site)
    row[c.Q_QUEUE] = name_id(report.queue)
    row[c.Q_OPEN] = report.open
    row[c.Q_SHARED] = report.shared
    row[c.Q_STAFFED] = report.staffed_count
    row[c.Q_FREE] = free
    row[c.Q_LENDABLE] = max(0, min(free - report.min_reserve, report.max_loan - report.loan_count))
    row[c.Q_LONGEST_READY_AT] = inf
    row[c.Q_WAITING] = report.waiting_count
    row[c.Q_PLACES_FREE] = report.places_max - report.waiting_count - report.places_held_count
    row[c.Q_AHT_S] = report.aht_s
    row[c.Q_REPORTED_AT] = row[c.Q_SITE_REPORTED_AT] = now_s
    row[c.Q_BUSY] = report.busy_count
    row[c.Q_ACW] = report.acw_count
    row[c.Q_NOT_READY] = report.not_ready_count
    row[c.Q_RESERVED] = report.reserved_count
    row[c.Q_LOANS] = report.loan_count
    row[c.Q_MAX_LOAN] = report.max_loan
    row[c.Q_MIN_RESERVE] = report.min_reserve
    row[c.Q_OLDEST_AT] = nan if oldest_at_s is None else oldest_at_s
    row[c.Q_LAST_WAIT_S] = report.last_wait_s
    row[c.Q_PATIENCE_S] = report.patience_s or nan
    row[c.Q_ESTIMATOR] = report.estimator
    row[c.Q_EWT_LOW] = report.ewt_low_percent / 100
    row[c.Q_EWT_HIGH] = report.ewt_high_percent / 100
    offered = report.window_offered_count
    row[c.Q_SERVICE_LEVEL] = report.window_in_time_count / offered if offered else nan
    row[c.Q_ANSWERED] = report.answered_count
    row[c.Q_ABANDONED] = report.abandoned_count
    row[c.Q_PLACES_MAX] = report.places_max
    row[c.Q_CLOSES_AT] = inf
    row[c.Q_ACCEPTING] = report.accepting
    row[c.Q_FIRST_READY] = -1
    row[c.Q_SITE_OPEN] = 1
    return row


def expected_wait_s(model: SiteModel, queue: str, now_s: float) -> float:
    """Expected wait of a new caller of a queue, by the estimator that has been best there."""
    found = model.queue_report(queue)
    if found is None:
        return 0.0
    row = row_of("", *found, now_s)
    return expected_wait(
        row[c.Q_ESTIMATOR],
        row[c.Q_WAITING],
        row[c.Q_FREE],
        row[c.Q_STAFFED] - row[c.Q_NOT_READY],
        row[c.Q_AHT_S],
        row[c.Q_PATIENCE_S],
        row[c.Q_OLDEST_AT],
        row[c.Q_LAST_WAIT_S],
        now_s,
    )
