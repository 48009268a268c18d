"""What a CTI may say covers every event of the contract, and its own three messages."""

from __future__ import annotations

from site_agent.adapters.base import HoldLevel
from site_agent.adapters.http_push.offered import EVENTS
from site_agent.adapters.http_push.said_by_cti import (
    EVENT_KINDS,
    Batch,
    Hello,
    Snapshot,
    SnapshotCall,
)


def test_every_event_of_the_contract_can_be_said() -> None:
    assert set(EVENT_KINDS.values()) == set(EVENTS)
    types = {"snapshot", "ack", "command_failed", *EVENT_KINDS}
    schema = Batch.model_json_schema()["properties"]["messages"]["items"]
    assert set(schema["discriminator"]["mapping"]) == types


def test_who_says_nothing_of_holding_can_hold_nothing() -> None:
    can = Hello(protocol=1).capabilities
    assert (can.hold_agent, can.hold_place, can.methods) == (HoldLevel.NONE, False, ())


def test_a_call_of_a_snapshot_is_as_it_was_offered_and_as_it_is() -> None:
    call = SnapshotCall.model_validate(
        {"call_id": "c", "queue": "q", "trunk_group": "t", "agent": "anna", "answered": True}
    )
    assert (call.agent, call.answered, call.token) == ("anna", True, "")
    assert Snapshot().calls == ()
