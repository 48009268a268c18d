"""The site daemon's actions: its own and the ACD's commands, all in one union."""

import typing

import pytest
from contract_samples import classes_in, kinds_of, needed_in, sample

from nrcli.wire.messages import SiteMessage
from site_agent.adapters.base import AcdCommand
from site_agent.core import actions
from site_agent.core.actions import (
    Action,
    ClearAlarm,
    RaiseAlarm,
    SendToNode,
    StartTimer,
    StopTimer,
    TellCti,
    WriteHistory,
)
from site_agent.core.events import Event

DEFINED = classes_in(actions)


def test_the_union_is_what_is_defined_here_and_all_that_an_acd_is_told() -> None:
    assert set(typing.get_args(Action)) == set(DEFINED) | set(typing.get_args(AcdCommand))


def test_nothing_is_both_event_and_action() -> None:
    names = {kind.__name__ for kind in typing.get_args(Event)}
    assert names & {kind.__name__ for kind in typing.get_args(Action)} == set()


@pytest.mark.parametrize("kind", [kind for kind in DEFINED if kind is not WriteHistory])
def test_an_action_is_a_value(kind: type) -> None:
    assert len({sample(kind), sample(kind)}) == 1


def test_two_lines_of_history_never_share_their_fields() -> None:
    one, other = WriteHistory(kind="data"), WriteHistory(kind="data")
    assert one == other
    assert one.fields is not other.fields


def test_a_site_sends_only_what_a_site_may_say() -> None:
    assert kinds_of(SendToNode)["message"] == SiteMessage


def test_a_screen_pop_always_says_whose_call_it_is() -> None:
    assert {"call_id", "agent", "interaction_id", "data"} <= needed_in(TellCti)


@pytest.mark.parametrize(
    ("start", "stop", "key"),
    [(RaiseAlarm, ClearAlarm, {"code", "place"}), (StartTimer, StopTimer, {"name"})],
)
def test_what_is_started_can_be_stopped(start: type, stop: type, key: set[str]) -> None:
    assert needed_in(stop) == key <= needed_in(start)
