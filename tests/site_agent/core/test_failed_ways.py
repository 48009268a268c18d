"""A way that failed a call is not tried for it again, as long as another may be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from site_playbook import EPOCH, SitePlay, move_answer, moving, sign

from nrcli.wire import messages as msg
from site_agent.adapters import base
from site_agent.adapters.base import MoveSign
from site_agent.core.calls import Call
from site_agent.core.failed_ways import WAYS_MAX, note
from site_agent.core.moves import Move

REFER, BRIDGE = msg.TransferMethod.REFER, msg.TransferMethod.BRIDGE
NEVER = msg.CancelAnswer(
    token="nirc-target", from_site="porto", to_site="lisbon", verdict=msg.CancelVerdict.NEVER
)


def told_in_vain(play: SitePlay, sip_status: int) -> msg.RouteRequest:
    """The REFER was accepted, and came to nothing; the question after it."""
    move_id = play.one(base.StartMove).move_id
    sign(play, MoveSign.ACCEPTED, move_id, 202)
    sign(play, MoveSign.NOTIFIED, move_id, sip_status)
    play.said(NEVER)
    found: msg.RouteRequest = play.sent(msg.RouteRequest)[0]
    return found


def ways(request: msg.RouteRequest) -> list[msg.TransferMethod]:
    return [one.method for one in request.failed_ways]


@pytest.mark.parametrize("sip_status", [400, 404, 503, 603])
def test_after_a_refer_that_came_to_nothing_the_same_target_is_tried_by_the_next_rung(
    sip_status: int,
) -> None:
    play = moving(REFER, BRIDGE)
    again = told_in_vain(play, sip_status)
    assert ways(again) == [REFER] and again.refused_targets == ()
    play.said(replace(move_answer(again.request_id, REFER, BRIDGE), token="nirc-next"))
    assert play.one(base.StartMove).method is BRIDGE


def test_without_a_further_rung_the_target_is_left_out_too() -> None:
    again = told_in_vain(moving(REFER), 404)
    assert ways(again) == [REFER] and again.refused_targets == ("porto",)


def test_that_the_target_cannot_now_says_nothing_of_the_way() -> None:
    again = told_in_vain(moving(REFER, BRIDGE), 480)
    assert ways(again) == [] and again.refused_targets == ("porto",)


def test_silence_says_nothing_of_the_way() -> None:
    play = moving(REFER, BRIDGE)
    sign(play, MoveSign.SILENT, play.one(base.StartMove).move_id)
    again = play.said(NEVER).sent(msg.RouteRequest)[0]
    assert ways(again) == [] and again.refused_targets == ("porto",)


def test_a_refer_that_is_refused_for_good_is_named_too() -> None:
    play = moving(REFER, BRIDGE)
    sign(play, MoveSign.REFUSED, play.one(base.StartMove).move_id, 405)
    again = play.wait(1.0).one(base.StartMove)
    assert again.method is REFER, "once more, for it came right after the ACK"
    sign(play, MoveSign.REFUSED, again.move_id, 405)
    bridge = play.one(base.StartMove)
    sign(play, MoveSign.REFUSED, bridge.move_id, 404)
    request = play.sent(msg.RouteRequest)[0]
    assert ways(request) == [REFER, BRIDGE] and request.refused_targets == ("porto",)


def test_a_way_is_tried_again_after_its_time() -> None:
    play = moving(REFER)
    again = told_in_vain(play, 404)
    for for_s, known in ((6.0, [REFER]), (6.0, [REFER]), (60.0, [])):
        play.said(stay(again))
        again = play.wait(for_s).sent(msg.RouteRequest)[-1]
        assert ways(again) == known and again.refused_targets == ()


def test_of_one_call_the_newest_are_kept() -> None:
    call = Call(call_id="c", interaction_id="i", service="s", queue="q", offered_at_s=0.0)
    for number in range(WAYS_MAX + 3):
        rung = msg.Rung(method=REFER, path=f"p{number}", arrives_on="network")
        answer = replace(move_answer("r", REFER), rungs=(rung,))
        move = Move(call, answer, 0.0)
        move.rung = rung
        note(move, MoveSign.REFUSED, 404, 60.0)
    assert [one.path for one in call.failed_ways] == [f"p{n}" for n in range(3, WAYS_MAX + 3)]


def stay(request: msg.RouteRequest) -> msg.RouteAnswer:
    return msg.RouteAnswer(
        domain="default",
        epoch=EPOCH,
        request_id=request.request_id,
        outcome=msg.RouteOutcome.STAY,
    )
