"""A call is told in whole sentences, each kind of call as it went."""

from __future__ import annotations

import dataclasses
from typing import Any

from told_calls import AT, CALLER, candidate, decision, known, leg, move, moved, rung, served

from nrcli.explaining.story import explanation_of
from nrcli.wire.api_models import CallInMotion, QueueEntry

RANG = (
    "A caller (+35191.......) rang lisbon by +351210000001 on trunk group carrier and came into"
    " queue sales."
)
ASKED = (
    "At 12:00:01 UTC lisbon, when the caller had waited 1.0 s, asked NIRC where the call could be"
    " served."
)
BY_RULES = (
    "Policy default version 7 was asked.",
    "Rule home did not apply: its condition did not hold.",
    "Rule idle decided.",
)
BEST = "Best was agent elsa at porto: ready for 9 s, by what was known 0.2 s before."
TOLD_TO_MOVE = (
    "porto held agent elsa for the caller, and lisbon was told to move the call to porto, 10 ms"
    " after the question."
)


def story(**known_of: Any) -> tuple[str, ...]:
    return explanation_of(CALLER, known(**known_of)).story


def test_a_moved_call_is_told_from_the_first_ring_to_the_end() -> None:
    there = served()
    answer = explanation_of(
        CALLER,
        known(
            decisions=[decision()],
            legs=[there, moved(), rung(there, "elsa", 0.8)],
            moves=[move()],
            conditions={("default", 7): {"home": "origin.free_count > 0"}},
        ),
    )
    assert answer.story == (
        RANG,
        ASKED,
        BY_RULES[0],
        "Rule home did not apply: its condition `origin.free_count > 0` did not hold.",
        BY_RULES[2],
        BEST,
        TOLD_TO_MOVE,
        "lisbon moved the caller to porto, queue sales by a 302 redirect, before the call was"
        " answered (SIP 302 Moved Temporarily), which took 0.2 s.",
        "porto had the caller for queue sales, the 1.2 s since they first waited kept.",
        "elsa was held for the caller and rung, 0.8 s until the answer.",
        "After 2.0 s in all the caller talked with agent elsa at porto.",
        "After 3.0 s of talk elsa hung up.",
    )
    assert answer.headline == (
        "A caller for sales rang lisbon, was moved to porto by a 302 redirect, waited 2.0 s in all"
        " and talked with agent elsa for 3.0 s."
    )
    assert answer.missing == ()
    kinds = [(one.kind, one.site) for one in answer.moments]
    assert kinds == [
        ("waits", "lisbon"),
        ("asks", "n1"),
        ("moves", "lisbon"),
        ("waits", "porto"),
        ("rings", "porto"),
        ("talks", "porto"),
        ("ends", "porto"),
    ]


def test_a_bridge_is_told_when_the_caller_arrives_and_not_when_it_ends() -> None:
    told = story(decisions=[decision()], legs=[moved("bridge", 5.0), served()], moves=[move()])
    moved_at = next(i for i, one in enumerate(told) if "by a bridge, in whose path" in one)
    assert told[moved_at + 1].startswith("porto had the caller")


def test_an_answer_that_a_bridge_passes_on_is_no_music() -> None:
    through = moved("bridge", 5.0, answered_unix_s=AT + 2.0)
    told = story(decisions=[decision()], legs=[through, served()])
    assert not any("music" in one for one in told)


def test_clocks_that_differ_do_not_put_the_arrival_before_the_question() -> None:
    told = story(decisions=[decision()], legs=[moved(at_s=0.9), served(at_s=0.7)], moves=[])
    assert [one.partition(" ")[0] for one in told][-4:] == ["lisbon", "porto", "After", "After"]


def test_a_move_that_failed_says_how_and_where_the_caller_is() -> None:
    told = story(
        decisions=[decision(), decision("stay", 2.0, about="busy", reason="no target granted")],
        legs=[leg("lisbon", connected_s=6.0, agent="ana")],
        moves=[move("busy", method="refer", sip_status=486)],
    )
    assert (
        "The move to porto, tried by REFER, found the other side busy (SIP 486 Busy Here) after"
        " 0.2 s. The caller kept their place at lisbon." in told
    )
    assert (
        "At 12:00:02 UTC lisbon, when the caller had waited 2.0 s, asked NIRC again, for the move"
        " before had found the other side busy." in told
    )
    assert (
        "The caller stayed at lisbon, for no site that was asked could hold anything for them."
        in told
    )
    assert told[-2] == "After 6.0 s in all the caller talked with agent ana at lisbon."


def test_an_own_agent_who_was_first_calls_the_move_off() -> None:
    answer = explanation_of(
        CALLER,
        known(
            decisions=[decision()],
            legs=[leg("lisbon", connected_s=1.1, agent="ana")],
            moves=[move("served_at_home", method="", took_s=0.0)],
        ),
    )
    assert any("an agent of their own site took the caller first" in one for one in answer.story)
    assert answer.missing == ()


def test_the_same_answer_again_and_again_is_told_once() -> None:
    asked = [decision("stay", at_s, reason="otherwise", rules=()) for at_s in (1.0, 2.0, 3.0, 4.0)]
    told = story(decisions=asked, legs=[leg("lisbon", "abandoned", until_s=9.0)])
    assert told[0] == RANG and told[1] == ASKED
    assert told[-2] == ("NIRC was asked 3 more times, until 12:00:04 UTC, with the same outcome.")
    assert told[-1] == "The caller hung up at lisbon after 9.0 s, before any agent."


def test_a_call_out_of_the_network_queue() -> None:
    queued = decision("network_queue", reason="wait", rules=(("wait", "decided"),), candidates=())
    offer = decision("move", 4.0, about="offer")
    told = story(decisions=[queued, offer], legs=[moved(at_s=4.1), served(4.2, 4.6)])
    assert (
        "The caller waits at lisbon for an agent at any site, in the network queue for sales."
        in told
    )
    assert (
        "At 12:00:04 UTC NIRC looked for an agent for the caller, who had waited 4.0 s in the"
        " network queue for sales." in told
    )


def test_who_waits_or_is_on_the_way_now_is_told_so() -> None:
    entry = QueueEntry(
        entry_id="e", interaction_id=CALLER, service="sales", site="lisbon", queue="sales",
        priority=0, waited_s=61.0, position=2, state="waiting",
    )  # fmt: skip
    call = CallInMotion(
        request_id="r1.0", interaction_id=CALLER, origin_site="lisbon", target_site="porto",
        queue="sales", agent="elsa", state="taken", age_s=0.5,
    )  # fmt: skip
    answer = explanation_of(CALLER, known(decisions=[decision()], waiting=[entry], moving=[call]))
    assert answer.story[-2:] == (
        "The caller is on the way from lisbon to porto now: the other site has accepted the call,"
        " for 0.5 s.",
        "The caller waits in the network queue for sales now, 2. in turn, for 1 min 1 s.",
    )
    assert answer.missing == ()
    assert answer.headline == TOLD_TO_MOVE


def test_a_callback_is_told_from_the_promise_to_the_talk() -> None:
    promise = leg("lisbon", "callback", until_s=1.2)
    kept = dataclasses.replace(promise, leg="callback", leg_id="", end_reason="answered",
                               ended_unix_s=0.0, outcome="")  # fmt: skip
    told = story(
        decisions=[
            decision("callback", reason="later", rules=(("later", "decided"),), candidates=()),
            decision("move", 3.0, about="callback_offer"),
        ],
        legs=[kept, promise, served(3.5, 4.0)],
        moves=[move(at_s=3.4, request_id="r3.0", method="")],
    )
    assert told[4:] == (
        "The caller was to be promised a call back, and let go, 10 ms after the question.",
        "lisbon promised to call the caller back after 1.2 s, and let go.",
        "At 12:00:03 UTC NIRC looked for an agent to call the caller back for sales.",
        *BY_RULES,
        BEST,
        "porto held agent elsa for the caller, to ring the caller back, 10 ms after the question.",
        "The call back from porto reached the caller after 0.2 s.",
        "porto rang the caller back, for queue sales.",
        "After 4.0 s in all the caller talked with agent elsa at porto.",
        "After 1.0 s of talk elsa hung up.",
        "The caller was called back and talked with an agent.",
    )


def test_a_handler() -> None:
    told = story(
        decisions=[decision("to_handler", handler="voicemail", reject_reason="closed")],
        legs=[leg("lisbon", "redirected", until_s=2.0, method="refer", target_site="voicemail")],
        moves=[move(target_site="handler:voicemail", method="refer")],
    )
    assert told[-2:] == (
        "The caller was to be sent to voicemail: the service is closed.",
        "lisbon sent the caller to voicemail by REFER, in the answered call, which took 0.2 s.",
    )


def test_a_call_that_an_edge_asked_about() -> None:
    asked = decision(
        "redirect", origin_site="(sbc)", target_site="porto", queue="sales", agent="", call=()
    )
    came = leg("porto", connected_s=2.0, agent="elsa")
    told = story(decisions=[asked], legs=[dataclasses.replace(came, queued_unix_s=0.0)])
    assert any(
        one == "At 12:00:01 UTC the edge sbc asked NIRC where to send a call for sales."
        for one in told
    )
    assert "The call was sent to queue sales at porto." in told


def test_a_call_that_went_by_the_peer_plan() -> None:
    answer = explanation_of(
        CALLER,
        known(
            legs=[
                moved(left_token="nirc-plan-x", at_s=2.0),
                served(2.1, 2.6, token="nirc-plan-x"),
            ]
        ),
    )
    assert (
        "lisbon moved the caller to porto, queue sales by the peer plan, without NIRC, by a 302"
        " redirect, before the call was answered (SIP 302 Moved Temporarily)." in answer.story
    )
    assert answer.missing == ()


def test_a_shadow_is_told_apart_and_is_no_question_of_its_own() -> None:
    shadow = decision("stay", mode="shadow", live_outcome="move to porto/sales")
    told = story(decisions=[decision(), shadow], legs=[moved(), served()])
    assert told.count(ASKED) == 1
    assert told[-1] == (
        "A shadow version was asked as well and decided nothing. It would say stay; the live"
        " version said: move to porto/sales."
    )


def test_what_is_not_known_is_named() -> None:
    gone = explanation_of(CALLER, known(decisions=[decision()], legs=[moved()]))
    assert gone.missing == (
        "porto has told nothing of the caller yet; a site does when the call has ended there, and"
        " records are kept for a while only.",
    )
    alone = explanation_of(CALLER, known(decisions=[decision()], recorded=False))
    assert len(alone.missing) == 1 and alone.missing[0].startswith("Records cannot be read")
    assert alone.headline == TOLD_TO_MOVE
    home = explanation_of(CALLER, known(legs=[leg("lisbon", connected_s=1.0, agent="ana")]))
    assert home.missing == ("No question to NIRC about this caller is recorded.",)


def test_losers_are_told_with_their_reason() -> None:
    lost = (
        candidate("faro", lost="closed", rule="idle"),
        candidate("porto", "elsa"),
        candidate("braga", "rui", lost="not needed", means="ready for 1 s"),
        candidate("evora", lost="refused: no_agent"),
    )
    told = story(decisions=[decision(candidates=lost, refusals=("evora refused: no_agent",))])
    assert "Not queue sales at faro: its queue was closed, says rule idle." in told
    assert "Not agent rui at braga (ready for 1 s): it was not asked, for porto came first." in told
    assert "evora was asked and holds nothing: no agent was ready any more." in told
