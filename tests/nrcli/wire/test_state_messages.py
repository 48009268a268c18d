"""State is told with what both ends need to notice that they disagree; silence lends nothing."""

import typing

import pytest
from contract_samples import classes_in, needed_in

from nrcli.wire import state_messages
from nrcli.wire.state_messages import (
    Entity,
    QueueReport,
    StateAck,
    StateDelta,
    StateSnapshot,
    TrunkReport,
)


def test_every_report_is_an_entity() -> None:
    reports = {kind for kind in classes_in(state_messages) if kind.__name__.endswith("Report")}
    assert set(typing.get_args(Entity)) == reports


def test_a_queue_of_which_nothing_is_told_lends_nothing_and_has_no_room() -> None:
    queue = QueueReport(queue="sales")
    assert (queue.max_loan, queue.ready_count, queue.places_max) == (0, 0, 0)


def test_counts_and_durations_of_a_queue_begin_at_nothing() -> None:
    counts = {f for f in QueueReport.__annotations__ if f.endswith(("_count", "_s"))}
    assert {getattr(QueueReport(queue="sales"), name) for name in counts} == {0}


def test_a_trunk_group_states_its_size() -> None:
    assert needed_in(TrunkReport) == {"trunk_group", "channels_max"}


@pytest.mark.parametrize("message", [StateSnapshot, StateDelta, StateAck])
def test_a_version_is_told_with_the_incarnation_it_belongs_to(message: type) -> None:
    assert {"incarnation", "version"} <= needed_in(message)


def test_a_delta_says_from_where_and_carries_the_checksum_of_the_whole() -> None:
    assert needed_in(StateDelta) == needed_in(StateSnapshot) | {"base_version"}
