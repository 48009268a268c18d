"""The last decisions are kept, no more."""

from __future__ import annotations

from nirc.core.actions import DecisionRecord
from nirc.core.decision_log import DecisionLog
from nirc.core.settings import RouterSettings
from nrcli.wire.messages import NO_EPOCH


def record(decision_id: str) -> DecisionRecord:
    return DecisionRecord(
        decision_id=decision_id,
        request_id="r",
        interaction_id="i",
        origin_site="lisbon",
        service="sales",
        domain="default",
        epoch=NO_EPOCH,
        policy="default",
        policy_version=0,
        rules_tried=(),
        candidates=(),
        outcome="stay",
        target_site="",
        queue="",
        agent="",
        took_s=0.0,
    )


def test_the_oldest_falls_out() -> None:
    log = DecisionLog(RouterSettings(decisions_shown_max=2))
    for decision_id in "abc":
        log.add(record(decision_id))
    assert [kept.decision_id for kept in log.recent()] == ["b", "c"]
