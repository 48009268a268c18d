"""The site daemon's events: its own and the ACD's, all in one union."""

import typing

import pytest
from contract_samples import classes_in, kinds_of, needed_in, sample

from nrcli.wire.messages import NodeMessage
from site_agent.adapters.base import AcdEvent
from site_agent.core import actions, events
from site_agent.core.events import EpochSaved, Event, NodeSaid, TimerFired

DEFINED = classes_in(events)


def test_the_union_is_what_is_defined_here_and_all_that_an_acd_tells() -> None:
    assert set(typing.get_args(Event)) == set(DEFINED) | set(typing.get_args(AcdEvent))


@pytest.mark.parametrize("kind", DEFINED)
def test_an_event_is_a_value(kind: type) -> None:
    assert len({sample(kind), sample(kind)}) == 1


def test_a_node_said_what_a_node_may_say() -> None:
    assert kinds_of(NodeSaid)["message"] == NodeMessage


def test_an_epoch_is_acknowledged_as_it_was_saved() -> None:
    """The acknowledgement goes to the node and with the epoch that are on disk, no newer ones."""
    assert kinds_of(EpochSaved) == kinds_of(actions.SaveEpoch)
    assert needed_in(EpochSaved) == {"domain", "epoch", "node"}


def test_a_timer_fires_under_the_name_it_was_started_with() -> None:
    assert needed_in(TimerFired) == {"name"} <= needed_in(actions.StartTimer)
