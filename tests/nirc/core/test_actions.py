"""The router's actions: all in the union, and none that a shell could carry out by mistake."""

import typing

import pytest
from contract_samples import classes_in, field_names, kinds_of, needed_in, sample

from nirc.core import actions
from nirc.core.actions import (
    Action,
    BindToken,
    CandidateRecord,
    ClearAlarm,
    DecisionRecord,
    MoveRecord,
    RaiseAlarm,
    ReplayNote,
    SendToPeer,
    SendToSite,
    StartTimer,
    StopTimer,
    StoreData,
)
from nirc.core.events import Event
from nrcli.sip.redirect_words import PreRouteTold
from nrcli.wire.messages import NodeMessage, PeerMessage

DEFINED = set(classes_in(actions))
RECORDS = {DecisionRecord, CandidateRecord, MoveRecord, ReplayNote}
ELSEWHERE = {PreRouteTold}
"Defined where the site agent finds it too."


def test_the_union_is_complete() -> None:
    assert set(typing.get_args(Action)) == DEFINED - RECORDS | ELSEWHERE


def test_nothing_is_both_event_and_action() -> None:
    names = {kind.__name__ for kind in typing.get_args(Event)}
    assert names & {kind.__name__ for kind in DEFINED} == set()


@pytest.mark.parametrize("kind", sorted(DEFINED, key=lambda kind: kind.__name__))
def test_an_action_is_a_value(kind: type) -> None:
    assert len({sample(kind), sample(kind)}) == 1


def test_a_node_sends_only_what_a_node_may_say() -> None:
    assert kinds_of(SendToSite)["message"] == NodeMessage
    assert kinds_of(SendToPeer)["message"] == PeerMessage


@pytest.mark.parametrize("action", [StoreData, BindToken])
def test_nothing_is_kept_in_the_store_for_ever(action: type) -> None:
    assert "ttl_s" in needed_in(action)


@pytest.mark.parametrize("record", sorted(RECORDS, key=lambda kind: kind.__name__))
def test_a_decision_is_logged_without_caller_and_attached_data(record: type) -> None:
    assert bytes not in kinds_of(record).values()
    assert not field_names(record) & {"ani", "data", "token"}


def test_a_decision_tells_by_which_leadership_and_policy_it_was_made() -> None:
    assert {"domain", "epoch", "policy", "policy_version"} <= needed_in(DecisionRecord)


@pytest.mark.parametrize(
    ("start", "stop", "key"),
    [(RaiseAlarm, ClearAlarm, {"code", "place"}), (StartTimer, StopTimer, {"name"})],
)
def test_what_is_started_can_be_stopped(start: type, stop: type, key: set[str]) -> None:
    assert needed_in(stop) == key <= needed_in(start)
