"""The last decisions, found by any of their ids."""

from nirc.core.actions import DecisionRecord
from nirc.telemetry.decision_log import DecisionLog
from nrcli.wire.messages import Epoch


def record(number: int, interaction: str = "i") -> DecisionRecord:
    return DecisionRecord(
        decision_id=f"d{number}",
        request_id=f"r{number}",
        interaction_id=interaction,
        origin_site="lisbon",
        service="sales",
        domain="default",
        epoch=Epoch(generation=1, revision=2),
        policy="default",
        policy_version=3,
        rules_tried=("own-agent",),
        candidates=(),
        outcome="stay",
        target_site="",
        queue="",
        agent="",
        took_s=0.001,
    )


def test_found_by_any_id_newest_kept() -> None:
    log = DecisionLog(decisions_max=3)
    for number in range(5):
        log.add(record(number, "even" if number % 2 == 0 else "odd"), float(number))
    assert [one.record.request_id for one in log.find("", 10)] == ["r2", "r3", "r4"]
    assert [one.record.request_id for one in log.find("even", 10)] == ["r2", "r4"]
    assert [one.record.request_id for one in log.find("r3", 10)] == ["r3"]
    assert [one.at_unix_s for one in log.find("d4", 10)] == [4.0]
    assert [one.record.request_id for one in log.find("", 1)] == ["r4"]
    assert log.find("r0", 10) == []


def test_older_ones_page_by_page_and_only_those_that_are_wanted() -> None:
    log = DecisionLog(decisions_max=4)
    for number in range(6):
        log.add(record(number, "even" if number % 2 == 0 else "odd"), float(number))
    assert log.added_count == 6
    assert [one.record.decision_id for one in log.find("", 2, before="d4")] == ["d2", "d3"]
    assert log.find("", 2, before="d1") == [], "it is no longer kept, and so is none before it"
    even = log.find("", 9, lambda one: one.interaction_id == "even")
    assert [one.record.decision_id for one in even] == ["d2", "d4"]
