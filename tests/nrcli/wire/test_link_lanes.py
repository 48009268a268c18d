"""What goes out first, and what is left out."""

from __future__ import annotations

from nrcli.wire.link_lanes import Lanes, LaneSettings
from nrcli.wire.messages import (
    CallLegRecord,
    DataStored,
    Heartbeat,
    RouteRequestCancel,
    StateAck,
    StateDelta,
    StateResync,
    StateSnapshot,
)

DECISION = RouteRequestCancel(request_id="r")
SNAPSHOT = StateSnapshot(incarnation=1, version=1, checksum=0, entities=())
LEG = CallLegRecord(
    interaction_id="",
    call_id="",
    sip_call_id="",
    site="",
    leg="caller",
    trunk_group="",
    queue="",
    agent="",
    ani="",
    dialed_number="",
    method="",
    token="",
    started_unix_s=0.0,
    waited_s=0.0,
    talked_s=0.0,
    released_by="site",
    sip_status=200,
)


def delta(base: int, version: int) -> StateDelta:
    return StateDelta(incarnation=1, base_version=base, version=version, checksum=0, entities=())


def test_decisions_before_state_before_history() -> None:
    lanes = Lanes(LaneSettings())
    lanes.put(LEG, b"history")
    lanes.put(SNAPSHOT, b"state")
    lanes.put(DECISION, b"decision 1")
    lanes.put(DECISION, b"decision 2")
    assert lanes.take(0.0) == [b"decision 1", b"decision 2", b"state", b"history"]
    assert len(lanes) == 0
    assert lanes.counts.sent_count == 4


def test_a_decision_without_room_is_told() -> None:
    lanes = Lanes(LaneSettings(decision_messages_max=2))
    assert [lanes.put(DECISION, b"x") for _ in range(3)] == [True, True, False]
    lanes = Lanes(LaneSettings(decision_bytes_max=5))
    assert [lanes.put(DECISION, b"xxx") for _ in range(2)] == [True, False]
    assert lanes.take(0.0) == [b"xxx"]
    assert lanes.put(DECISION, b"xxxxx")


def test_history_sheds_its_oldest() -> None:
    lanes = Lanes(LaneSettings(history_messages_max=2))
    for n in range(4):
        assert lanes.put(LEG, b"%d" % n)
    assert lanes.take(0.0) == [b"2", b"3"]
    assert lanes.counts.shed_history_count == 2
    lanes = Lanes(LaneSettings(history_bytes_max=4))
    for n in range(3):
        lanes.put(LEG, b"%d--" % n)
    assert lanes.take(0.0) == [b"2--"]


def test_newer_state_replaces_older() -> None:
    lanes = Lanes(LaneSettings())
    lanes.put(delta(1, 2), b"1 to 2")
    lanes.put(StateAck(incarnation=1, version=5), b"ack 5")
    lanes.put(delta(1, 3), b"1 to 3")
    lanes.put(StateAck(incarnation=1, version=6), b"ack 6")
    lanes.put(delta(3, 4), b"3 to 4")
    assert lanes.take(0.0) == [b"1 to 3", b"ack 6", b"3 to 4"]
    assert lanes.counts.replaced_count == 2


def test_a_snapshot_replaces_all_deltas_but_no_answers() -> None:
    lanes = Lanes(LaneSettings())
    lanes.put(delta(1, 2), b"1 to 2")
    lanes.put(delta(2, 3), b"2 to 3")
    lanes.put(StateResync(reason="gap"), b"resync")
    lanes.put(SNAPSHOT, b"snapshot")
    lanes.put(delta(3, 4), b"3 to 4")
    assert lanes.take(0.0) == [b"resync", b"snapshot", b"3 to 4"]


def test_answers_about_different_calls_are_all_kept() -> None:
    lanes = Lanes(LaneSettings(state_messages_max=2))
    for call in ("a", "b", "c"):
        lanes.put(DataStored(interaction_id=call, version=1), call.encode())
    assert lanes.take(0.0) == [b"b", b"c"]
    assert lanes.counts.shed_state_count == 1


def test_what_is_too_late_is_dropped_and_counted() -> None:
    lanes = Lanes(LaneSettings())
    lanes.put(DECISION, b"late", not_after_s=10.0)
    lanes.put(DECISION, b"in time", not_after_s=10.2)
    assert lanes.take(10.1) == [b"in time"]
    assert lanes.counts.too_late_count == 1


def test_batches_are_bounded_and_a_large_message_goes_alone() -> None:
    lanes = Lanes(LaneSettings(batch_messages_max=2, batch_bytes_max=10))
    for data in (b"a", b"b", b"c"):
        lanes.put(DECISION, data)
    assert lanes.is_batch_full
    lanes.put(SNAPSHOT, b"x" * 50)
    assert lanes.take(0.0) == [b"a", b"b"]
    assert lanes.take(0.0) == [b"c"]
    assert lanes.take(0.0) == [b"x" * 50]
    assert lanes.take(0.0) == []
    lanes.put(Heartbeat(), b"d")
    assert not lanes.is_batch_full
