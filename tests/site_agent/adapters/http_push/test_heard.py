"""What a CTI says is taken once; what is late, repeated or contradictory is noted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pushing_cti import SETTINGS, Pushing, agent_is, enters, figures

from site_agent.adapters import base
from site_agent.adapters.http_push.heard import AFTER, NOTES_MAX


def begun() -> Pushing:
    cti = Pushing()
    cti.begins("anna")
    cti.says(enters())
    cti.take()
    return cti


def test_a_call_that_begins_has_an_interaction_and_a_service() -> None:
    cti = Pushing()
    cti.begins()
    cti.take()
    cti.says(enters(ani="+44", waited_ms=4000, data={"k": 1}))
    call = cti.take()[0]
    assert isinstance(call, base.CallOffered)
    assert (call.service, call.waited_s, call.data) == ("sales", 4.0, b'{"k":1}')
    assert call.interaction_id
    cti.says(enters("c2", interaction_id="i9", service="vip"))
    assert (cti.take()[0].interaction_id) == "i9"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (enters(), "this id was used before"),
        (enters("c2", queue="nowhere"), "no queue nowhere"),
        (enters("c2", trunk_group="nowhere"), "no trunk group nowhere"),
        ({"type": "call_answered", "call_id": "c9"}, "no such call"),
        ({"type": "call_ended", "call_id": "c9", "released_by": "site"}, "no such call"),
        ({"type": "callback_wanted", "call_id": "c9"}, "no such call"),
        (
            {"type": "announcement_over", "call_id": "c1", "name": "x", "played": True},
            "nothing was played",
        ),
        (figures("nowhere", type="queue_changed"), "no queue nowhere"),
        (
            {
                "type": "trunk_changed",
                "trunk_group": "x",
                "channels_max": 1,
                "channels_used_count": 0,
            },
            "no trunk group x",
        ),
        (
            {
                "type": "call_blocked",
                "reason": "channels",
                "trunk_group": "x",
                "sip_status": 503,
                "queue": "",
            },
            "no trunk group x",
        ),
    ],
)
def test_what_cannot_be_is_left_out_and_noted(message: dict[str, Any], why: str) -> None:
    cti = begun()
    answer = cti.says(message)
    assert why in answer.notes[0]
    assert cti.take() == []


def test_who_was_turned_away_before_any_queue_is_told_for_the_records() -> None:
    cti = begun()
    cti.says(
        {"type": "call_blocked", "reason": "load", "trunk_group": "carrier", "sip_status": 480}
    )
    assert cti.take() == [base.CallBlocked(reason="load", trunk_group="carrier", sip_status=480)]


def test_an_agent_in_an_unknown_queue_is_taken_without_it() -> None:
    cti = begun()
    said = agent_is("rita", "ready") | {"queues": [{"queue": "sales"}, {"queue": "x"}]}
    assert cti.says(said).notes == ("agent rita: the site has no queue x",)
    assert isinstance(cti.take()[0], base.AgentChanged)


def test_more_than_the_limits_is_left_out() -> None:
    cti = Pushing(replace(SETTINGS, agents_max=1, calls_max=1))
    cti.begins("anna")
    answer = cti.says(agent_is("rita", "ready"), enters("c1"), enters("c2"))
    assert answer.notes == ("agent rita: over agents_max", "call c2: over calls_max")


def test_notes_are_bounded() -> None:
    cti = begun()
    answer = cti.says(*[{"type": "call_answered", "call_id": "c9"}] * 100)
    assert len(answer.notes) == NOTES_MAX


def test_words_that_are_repeated_are_told_once() -> None:
    cti = begun()
    talks = {"type": "call_connected", "call_id": "c1", "agent": "anna", "queue": "sales"}
    answered = {"type": "call_answered", "call_id": "c1"}
    end = {"type": "call_ended", "call_id": "c1", "released_by": "agent", "talked_ms": 1500}
    cti.says(answered, answered, talks, talks, end, end)
    told = cti.take()
    assert [type(one) for one in told] == [base.CallAnswered, base.CallConnected, base.CallEnded]
    assert told[-1].talked_s == 1.5  # type: ignore[union-attr]


def test_a_lost_hold_is_told_as_lost() -> None:
    cti = begun()
    cti.asks(base.HoldAgent(hold_id="h1", agent="anna", queue="sales"))
    cti.says({"type": "hold_granted", "hold_id": "h1", "agent": "anna", "queue": "sales"})
    cti.take()
    cti.says({"type": "hold_lost", "hold_id": "h1", "reason": "supervisor"})
    assert cti.take()[0] == base.HoldLost(hold_id="h1", reason="supervisor")
    cti.says({"type": "hold_lost", "hold_id": "h1", "reason": "supervisor"})
    assert cti.take() == []


def test_every_sign_of_a_move_has_its_row() -> None:
    assert set(AFTER) == {None, *base.MoveSign}
