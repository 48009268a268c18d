"""The one number that stands for a site's state: blind to running time, to nothing else."""

from __future__ import annotations

import typing
from dataclasses import replace

import pytest
from contract_samples import field_names, told_apart

from nrcli.wire.state_checksum import entity_hash, entity_key, state_checksum
from nrcli.wire.state_messages import (
    AgentQueue,
    AgentReport,
    Entity,
    QueueReport,
    ReservationReport,
    TrunkReport,
    WaitingCallReport,
)
from nrcli.wire.words import AgentState

ANNA = AgentReport(
    agent="anna",
    state=AgentState.READY,
    in_state_s=3.0,
    queues=(AgentQueue(queue="sales"),),
)
QUEUE = QueueReport(queue="sales", ready_count=1, aht_s=61.25, oldest_wait_s=4.0)
TRUNK = TrunkReport(trunk_group="carrier", channels_max=30)
HELD = ReservationReport(
    token="nirc-a",
    request_id="r1",
    queue="sales",
    agent="anna",
    origin_site="porto",
    taken=False,
    expires_in_s=4.0,
)
WAITING = WaitingCallReport(
    call_id="c1",
    interaction_id="i1",
    queue="sales",
    service="sales",
    priority=0,
    waited_s=2.0,
)
WHOLE: tuple[Entity, ...] = (ANNA, QUEUE, TRUNK, HELD, WAITING)


def test_checksum_does_not_depend_on_order() -> None:
    assert state_checksum(WHOLE) == state_checksum(reversed(WHOLE))


def test_checksum_can_be_kept_as_it_goes() -> None:
    busy = replace(ANNA, state=AgentState.BUSY)
    kept = (state_checksum(WHOLE) - entity_hash(ANNA) + entity_hash(busy)) % 2**64
    assert kept == state_checksum((busy, *WHOLE[1:]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (ANNA, replace(ANNA, in_state_s=99.0)),
        (QUEUE, replace(QUEUE, oldest_wait_s=99.0)),
        (HELD, replace(HELD, expires_in_s=0.5)),
        (WAITING, replace(WAITING, waited_s=50.0)),
        (QUEUE, replace(QUEUE, aht_s=61.250_01)),
        (QUEUE, replace(QUEUE, last_wait_s=0.000_1)),
        (ANNA, replace(ANNA, ready_s=0.000_1)),
    ],
)
def test_running_durations_are_no_change(old: Entity, new: Entity) -> None:
    assert entity_hash(old) == entity_hash(new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (ANNA, replace(ANNA, state=AgentState.BUSY)),
        (ANNA, replace(ANNA, queues=(AgentQueue(queue="sales", level=6),))),
        (QUEUE, replace(QUEUE, aht_s=61.26)),
        (QUEUE, replace(QUEUE, open=False)),
        (QUEUE, replace(QUEUE, accepting=False)),
        (QUEUE, replace(QUEUE, last_wait_s=1.5)),
        (QUEUE, replace(QUEUE, patience_s=90.0)),
        (QUEUE, replace(QUEUE, estimator=3)),
        (QUEUE, replace(QUEUE, ewt_low_percent=51)),
        (QUEUE, replace(QUEUE, ewt_high_percent=201)),
        (QUEUE, replace(QUEUE, window_offered_count=1)),
        (QUEUE, replace(QUEUE, window_in_time_count=1)),
        (ANNA, replace(ANNA, calls_count=1)),
        (ANNA, replace(ANNA, ready_s=1.5)),
        (ANNA, replace(ANNA, ready_periods_count=1)),
        (ANNA, replace(ANNA, occupied_s=1.5)),
        (TRUNK, replace(TRUNK, channels_used_count=1)),
        (HELD, replace(HELD, taken=True)),
        (WAITING, replace(WAITING, priority=1)),
    ],
)
def test_everything_else_is_a_change(old: Entity, new: Entity) -> None:
    assert entity_hash(old) != entity_hash(new)


def test_two_equal_changes_do_not_cancel_out() -> None:
    ready = [replace(ANNA, agent=name) for name in ("a1", "a2", "a3", "a4")]
    busy = [replace(agent, state=AgentState.BUSY) for agent in ready]
    assert state_checksum([*busy[:2], *ready[2:]]) != state_checksum(ready)
    assert state_checksum(busy) != state_checksum(ready)


def test_entity_keys_name_kind_and_name() -> None:
    assert [entity_key(entity) for entity in WHOLE] == [
        ("agent", "anna"),
        ("queue", "sales"),
        ("trunk", "carrier"),
        ("reservation", "nirc-a"),
        ("waiting", "c1"),
    ]


RUNNING = {"in_state_s", "oldest_wait_s", "expires_in_s", "waited_s"}
OUTCOMES = {
    *("lasted_count", "short_count", "network_lasted_count", "network_short_count"),
    *("network_short_by_caller_count", "network_unanswered_count", "dials"),
    *("left_count", "in_time_count"),
}
"Older nodes do not know them, and compare the same number."
PEOPLE = {"network_id", "logged_in_before_s", "reason"}
"The same, of agents."
OF_VERSION_3 = field_names(WaitingCallReport) - {
    *("call_id", "interaction_id", "queue", "service", "priority", "waited_s"),
}
"The network queue's: nodes of version 2 of the link do not know them, and compare the same number."
FIELDS = [
    (kind, name)
    for kind in typing.get_args(Entity)
    for name in sorted(field_names(kind) - RUNNING - OUTCOMES - PEOPLE)
    if kind is not WaitingCallReport or name not in OF_VERSION_3
]


@pytest.mark.parametrize(("kind", "name"), FIELDS, ids=lambda v: getattr(v, "__name__", v))
def test_no_field_is_forgotten(kind: type, name: str) -> None:
    one, other = told_apart(kind, name)
    assert entity_hash(one) != entity_hash(other)


def test_outcomes_are_not_counted() -> None:
    for name in sorted(OUTCOMES):
        one, other = told_apart(QueueReport, name)
        assert entity_hash(one) == entity_hash(other)
    for name in sorted(PEOPLE):
        one, other = told_apart(AgentReport, name)
        assert entity_hash(one) == entity_hash(other)


@pytest.mark.parametrize("name", sorted(OF_VERSION_3))
def test_what_older_nodes_ignore_is_not_counted(name: str) -> None:
    one, other = told_apart(WaitingCallReport, name)
    assert entity_hash(one) == entity_hash(other)


def test_the_number_is_the_same_on_every_machine() -> None:
    """Sites and nodes of different releases compare it; a new form needs a new link version."""
    assert entity_hash(TRUNK) == 0xA7AFDC9A6F5354E2
    assert state_checksum([]) == 0
