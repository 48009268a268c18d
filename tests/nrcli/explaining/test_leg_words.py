"""What became of a caller at one site."""

import dataclasses

import pytest
from told_calls import AT, leg, moved, rung, served

from nrcli.explaining.leg_words import came_told, ended_told, parts_of, promise_told, served_told
from nrcli.wire.history_messages import LegOutcome


def test_who_withheld_the_number_and_who_was_turned_away_at_the_edge() -> None:
    hidden = leg("lisbon", ani="")
    assert came_told(hidden, None).text.startswith("A caller who withheld the number rang lisbon")
    blocked = leg("lisbon", "refused", queued_unix_s=0.0, end_reason="channels", sip_status=503)
    assert came_told(blocked, None).text.endswith("and was turned away.")
    ended = ended_told(blocked)
    assert ended is not None
    assert ended.text == (
        "lisbon turned the caller away: no channel was free (SIP 503 Service Unavailable)."
    )


def test_agents_who_did_not_answer_and_who_did() -> None:
    stay = leg("lisbon", connected_s=6.0, agent="ana")
    parts = parts_of([rung(stay, "ana", 1.0), rung(stay, "rui", 5.0, "unanswered"), stay])
    assert [one.text for one in served_told(stay, parts[stay.leg_id])] == [
        "ana was rung, 1.0 s until the answer.",
        "rui was rung for 5.0 s at lisbon, and did not answer.",
        "After 6.0 s in all the caller talked with agent ana at lisbon.",
    ]


def test_music_before_an_agent_is_told() -> None:
    stay = dataclasses.replace(leg("lisbon", connected_s=6.0), answered_unix_s=AT + 1.0)
    assert served_told(stay, ())[0].text == (
        "lisbon answered the caller, who heard music or an announcement."
    )


@pytest.mark.parametrize(
    "outcome", [one.value for one in LegOutcome if "callback_" not in one.value]
)
def test_every_outcome_of_a_caller_is_told_or_left_to_the_next_leg(outcome: str) -> None:
    ended = ended_told(leg("lisbon", outcome, end_reason="closed", target_site="porto"))
    assert (ended is None) == (outcome == "continued")


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"released_by": "caller"}, "After 3.0 s of talk the caller hung up."),
        ({"released_by": "site", "agent": ""}, "After 3.0 s of talk the site ended it."),
        (
            {"released_by": "moved", "target_site": "faro", "method": "refer"},
            "After 3.0 s of talk the caller was passed on to faro by REFER, in the answered call.",
        ),
    ],
)
def test_the_end_of_a_talk(how: dict[str, str], words: str) -> None:
    ended = ended_told(served(**how))
    assert ended is not None and ended.text == words


def test_passed_on_the_next_leg_says_so() -> None:
    assert ended_told(served(end_reason="passed_on")) is None
    again = came_told(served(parent_leg_id="porto/1/1.2"), None)
    assert again.text == "At porto an agent passed the caller on to queue sales."


def test_a_public_number_with_neither_nirc_nor_a_plan() -> None:
    ended = ended_told(moved("bridge", target_site="blind:sales", target_queue="", left_token="b"))
    assert ended is not None
    assert ended.text == (
        "lisbon moved the caller to another centre's public number with neither NIRC nor a plan by"
        " a bridge, in whose path it stays."
    )


def test_how_a_promise_ended() -> None:
    for reason in ("answered", "attempts_over", "window_over", "taken_out"):
        assert reason not in promise_told(leg("lisbon", end_reason=reason)).text
    assert promise_told(leg("lisbon", end_reason="x y")).text.endswith("ended: x y.")
