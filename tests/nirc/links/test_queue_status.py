"""People see of a queue what policies see."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nirc.links.queue_status import new_callers_wait_s, queue_status
from nrcli.wire.messages import QueueReport

QUEUE = QueueReport(
    queue="sales",
    staffed_count=6,
    not_ready_count=2,
    busy_count=4,
    waiting_count=2,
    places_held_count=1,
    oldest_wait_s=50.0,
    last_wait_s=44.0,
    patience_s=240.0,
    aht_s=120.0,
    ewt_low_percent=60,
    ewt_high_percent=150,
    window_offered_count=20,
    window_in_time_count=17,
)


def test_a_queue_with_its_expected_wait() -> None:
    told = queue_status(QUEUE, 3.0)
    assert (told.ewt_s, told.ewt_low_s, told.ewt_high_s) == (120.0, 72.0, 180.0)
    assert (told.ewt_by, told.service_level, told.age_s) == ("queue length", 0.85, 3.0)
    assert (told.patience_s, told.waiting_count) == (240.0, 2)


@pytest.mark.parametrize(("estimator", "wait_s"), [(1, 120.0), (2, 102.48), (3, 53.0), (4, 44.0)])
def test_by_each_estimator(estimator: int, wait_s: float) -> None:
    found = new_callers_wait_s(replace(QUEUE, estimator=estimator), 3.0)
    assert found == pytest.approx(wait_s, abs=0.01)


def test_what_cannot_be_told_is_not_told() -> None:
    nobody = queue_status(replace(QUEUE, not_ready_count=6), None)
    assert (nobody.ewt_s, nobody.ewt_low_s, nobody.ewt_high_s) == (None, None, None)
    assert new_callers_wait_s(replace(QUEUE, aht_s=0.0), 0.0) is None
    assert queue_status(QueueReport(queue="new"), None).service_level is None


def test_where_an_agent_is_free_nobody_waits() -> None:
    assert queue_status(replace(QUEUE, ready_count=1), 1.0).ewt_s == 0.0
