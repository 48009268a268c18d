"""The router's events: every one can be handled, and each fact comes with what makes it safe."""

import typing

import pytest
from contract_samples import classes_in, kinds_of, needed_in, sample

from nirc.core import actions, events
from nirc.core.events import (
    CampaignWon,
    DataWasFetched,
    DataWasStored,
    DocumentsChanged,
    DryRun,
    Event,
    KeepaliveConfirmed,
    PeerDown,
    PeerSaid,
    SiteSaid,
    TimerFired,
)
from nrcli.sip.redirect_words import PreRouteAsked
from nrcli.wire.messages import PeerMessage, SiteMessage

DEFINED = classes_in(events)
HOLDS_A_POLICY = (DocumentsChanged, DryRun)


def test_the_union_is_complete() -> None:
    assert set(typing.get_args(Event)) == {*DEFINED, PreRouteAsked}


@pytest.mark.parametrize("kind", [kind for kind in DEFINED if kind not in HOLDS_A_POLICY])
def test_an_event_is_a_value(kind: type) -> None:
    assert len({sample(kind), sample(kind)}) == 1


@pytest.mark.parametrize("event", [CampaignWon, KeepaliveConfirmed])
def test_a_lease_is_counted_from_when_its_keepalive_was_sent(event: type) -> None:
    """Counted from the answer, a slow one would let two nodes lead at once."""
    assert {"domain", "sent_at_s", "ttl_s"} <= needed_in(event)
    assert [name for name in kinds_of(event) if name.endswith("_at_s")] == ["sent_at_s"]


def test_a_lost_peer_always_says_whether_its_process_is_known_to_be_gone() -> None:
    assert "refused" in needed_in(PeerDown)


def test_what_others_said_is_what_they_may_say() -> None:
    assert kinds_of(SiteSaid)["message"] == SiteMessage
    assert kinds_of(PeerSaid)["message"] == PeerMessage


@pytest.mark.parametrize(
    ("asked", "answer", "same"),
    [
        (actions.StoreData, DataWasStored, {"site", "interaction_id", "version"}),
        (actions.FetchData, DataWasFetched, {"site", "token", "version"}),
        (actions.StartTimer, TimerFired, {"name"}),
    ],
)
def test_an_answer_finds_what_it_answers(asked: type, answer: type, same: set[str]) -> None:
    """By the same fields, of the same types."""
    assert same <= needed_in(asked) & needed_in(answer)
    assert {kinds_of(asked)[n] for n in same} == {kinds_of(answer)[n] for n in same}


def test_no_reason_means_stored() -> None:
    assert DataWasStored(site="lisbon", interaction_id="i1", version=1).reason == ""
