"""Playbooks of moving a call away."""

import pytest
from site_playbook import SitePlay, led, move_answer, moving, offered, sign

from nrcli.wire import messages as msg
from site_agent.adapters import base
from site_agent.adapters.base import MoveSign
from site_agent.core.events import NodeLinkDown

REFER, REDIRECT = msg.TransferMethod.REFER, msg.TransferMethod.REDIRECT_302
BRIDGE = msg.TransferMethod.BRIDGE


def word(kind: type, **fields: object) -> object:
    return kind(token="nirc-target", from_site="porto", to_site="lisbon", **fields)


NEVER = word(msg.CancelAnswer, verdict=msg.CancelVerdict.NEVER)
TAKEN = word(msg.CancelAnswer, verdict=msg.CancelVerdict.TAKEN)
ARRIVED = word(msg.CallArrived)


def test_refer_arrives_and_only_then_the_leg_ends() -> None:
    play = moving(REFER)
    start = play.one(base.StartMove)
    assert start.address == "sip:nirc-target@198.51.100.7:5062;transport=tcp"
    sign(play, MoveSign.ACCEPTED, start.move_id, 202)
    sign(play, MoveSign.NOTIFIED, start.move_id, 200)
    assert not play.all(base.EndMoved)
    play.said(word(msg.CallTaken))
    assert not play.all(base.EndMoved)
    play.said(ARRIVED)
    assert play.one(base.EndMoved).call_id == "c1"
    assert play.sent(msg.MoveSettled)[0].to_site == "porto"
    assert play.sent(msg.TransferOutcome)[0].outcome is msg.MoveOutcome.ARRIVED
    play.said(ARRIVED)
    assert play.sent(msg.MoveSettled) and not play.all(base.EndMoved)


def test_refer_refused_right_after_the_ack_is_tried_once_more_then_the_next_rung() -> None:
    play = moving(REFER, BRIDGE)
    sign(play, MoveSign.REFUSED, play.one(base.StartMove).move_id, 481)
    assert not play.all(base.StartMove)
    again = play.wait(1.0).one(base.StartMove)
    assert again.method is REFER
    sign(play, MoveSign.REFUSED, again.move_id, 481)
    assert play.one(base.StartMove).method is BRIDGE


def test_a_refer_is_not_tried_again_for_a_caller_whom_an_own_agent_has() -> None:
    play = moving(REFER, BRIDGE)
    sign(play, MoveSign.REFUSED, play.one(base.StartMove).move_id, 481)
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"))
    ended = play.wait(1.0).lines("move_ended")
    assert not play.all(base.StartMove)
    assert [line["outcome"] for line in ended] == ["served_at_home"]


def test_silence_asks_by_token_until_never_then_the_caller_is_back_in_place() -> None:
    play = moving(REFER)
    sign(play, MoveSign.ACCEPTED, play.one(base.StartMove).move_id, 202)
    play.wait(1.2)
    assert len(play.sent(msg.Cancel)) == 1
    play.wait(4.0)
    assert len(play.sent(msg.Cancel)) >= 2
    assert not play.all(base.PutBack)
    play.said(NEVER)
    assert play.one(base.PutBack).call_id == "c1"
    assert play.sent(msg.TransferOutcome)[0].outcome is msg.MoveOutcome.TIMEOUT
    request = play.sent(msg.RouteRequest)[0]
    assert (request.reason, request.refused_targets) == (msg.RequeryReason.TIMEOUT, ("porto",))
    assert not play.wait(10.0).sent(msg.Cancel)


def test_taken_after_a_cancel_waits_for_the_arrival() -> None:
    play = moving(REFER)
    sign(play, MoveSign.SILENT, play.one(base.StartMove).move_id)
    play.said(TAKEN)
    assert not play.all(base.PutBack) and not play.all(base.EndMoved)
    assert play.said(ARRIVED).one(base.EndMoved)


def test_the_carriers_own_bye_counts_as_moved_if_the_target_took() -> None:
    play = moving(REFER)
    sign(play, MoveSign.CALLER_GONE, play.one(base.StartMove).move_id)
    assert not play.sent(msg.Cancel)
    play.said(word(msg.CallTaken))
    assert play.sent(msg.TransferOutcome)[0].outcome is msg.MoveOutcome.ARRIVED


def test_a_caller_who_left_is_asked_about_and_counted() -> None:
    play = moving(REFER)
    play.event(base.CallEnded(call_id="c1", released_by="caller"))
    assert play.wait(1.1).sent(msg.Cancel)
    play.said(NEVER)
    assert play.sent(msg.TransferOutcome)[0].outcome is msg.MoveOutcome.CALLER_GONE
    assert not play.all(base.PutBack)


@pytest.mark.parametrize("alive", [True, False])
def test_an_unreachable_target_after_35_s_asks_the_callers_device(alive: bool) -> None:
    play = moving(REFER)
    sign(play, MoveSign.ACCEPTED, play.one(base.StartMove).move_id, 202)
    play.event(NodeLinkDown(node="n1", reason="x")).event(NodeLinkDown(node="n2", reason="x"))
    play.wait(35.0)
    assert play.one(base.ProbeCaller).call_id == "c1"
    play.event(base.CallerProbed(call_id="c1", alive=alive))
    assert bool(play.all(base.PutBack)) is alive
    assert bool(play.all(base.EndMoved)) is not alive
    assert play.lines("move_ended")[0]["outcome"] == "unresolved"
    assert play.daemon.view(play.now_s).alarms[-1].code == "unresolved_move"


def test_302_has_two_contacts_and_keeps_the_place() -> None:
    play = moving(REDIRECT, answered=False)
    start = play.one(base.StartMove)
    assert start.return_address.startswith("sip:nirc-") and "192.0.2.1:5060" in start.return_address
    token = start.return_address.removeprefix("sip:").partition("@")[0]
    sign(play, MoveSign.REDIRECTED, start.move_id, 302)
    play.event(base.CallEnded(call_id="c1", released_by="redirected"))
    assert not play.sent(msg.Cancel)
    play.wait(9.0)
    play.event(base.CallArriving(call_id="c2", token=token, invite_key="k", trunk_group="carrier"))
    accept = play.one(base.AcceptArrival)
    assert accept.hold_id == "" and accept.interaction_id == "i-c1"
    assert accept.waited_s == pytest.approx(9.0)
    assert play.lines("call_arriving")[0]["verdict"] == "returned"
    assert play.sent(msg.TransferOutcome)[0].outcome is msg.MoveOutcome.REFUSED


def test_302_taken_is_moved() -> None:
    play = moving(REDIRECT, answered=False)
    sign(play, MoveSign.REDIRECTED, play.one(base.StartMove).move_id, 302)
    play.said(word(msg.CallTaken))
    assert play.lines("move_ended")[0]["outcome"] == "arrived"


def test_a_late_bridge_is_aborted_and_the_caller_is_back() -> None:
    play = moving(BRIDGE)
    play.wait(1.1)
    assert play.one(base.AbortMove) and play.one(base.PutBack)
    assert play.sent(msg.Cancel)


def test_a_bridge_that_had_been_answered_when_it_was_given_up_stands() -> None:
    play = moving(BRIDGE)
    move_id = play.one(base.StartMove).move_id
    play.wait(1.1)
    assert play.one(base.AbortMove)
    sign(play, MoveSign.BRIDGED, move_id, 200)
    assert play.daemon.view(play.now_s).calls[0].state == "left"
    assert not play.wait(20.0).sent(msg.RouteRequest), "nobody asks about them any more"
    sign(play, MoveSign.REFUSED, move_id, 487)
    assert play.daemon.view(play.now_s).calls[0].state == "left"


def ringing() -> SitePlay:
    play = moving(BRIDGE)
    play.said(word(msg.CallTaken))
    play.wait(36.0)
    return play


def test_a_bridge_that_rings_for_long_is_asked_about_and_rings_on() -> None:
    play = ringing()
    assert play.sent(msg.Cancel)
    play.said(TAKEN)
    assert not play.wait(11.0).all(base.AbortMove)
    play.wait(30.0)
    assert play.sent(msg.Cancel)
    assert not play.all(base.PutBack)


def test_a_bridge_whose_target_died_while_it_rang_is_given_up() -> None:
    play = ringing()
    play.wait(10.1)
    assert play.one(base.AbortMove) and play.one(base.PutBack)
    assert play.sent(msg.TransferOutcome)[0].outcome is msg.MoveOutcome.TIMEOUT


def test_a_bridge_rings_on_where_nobody_can_be_asked() -> None:
    play = moving(BRIDGE)
    play.said(word(msg.CallTaken))
    for node in ("n1", "n2"):
        play.event(NodeLinkDown(node=node, reason="killed"))
    assert not play.wait(100.0).all(base.AbortMove)


def test_signs_of_an_older_rung_change_nothing() -> None:
    play = moving(BRIDGE)
    sign(play, MoveSign.REFUSED, "older", 486)
    assert not play.all(base.PutBack)


def test_a_call_that_no_rung_fits_stays_and_its_token_is_cancelled() -> None:
    play = moving(REDIRECT, answered=True)
    assert not play.all(base.StartMove)
    assert play.sent(msg.Cancel)[0].token == "nirc-target"
    assert play.sent(msg.TransferOutcome)[0].outcome is msg.MoveOutcome.ERROR


def test_a_target_without_an_address_is_not_dialed() -> None:
    play = led()
    play.event(offered())
    request = play.sent(msg.RouteRequest)[0]
    play.event(base.CallAnswered(call_id="c1"))
    play.said(move_answer(request.request_id, REFER, target_site="nowhere"))
    assert not play.all(base.StartMove)


def test_finished_moves_are_forgotten() -> None:
    play = moving(REFER)
    play.said(ARRIVED)
    play.event(base.CallEnded(call_id="c1", released_by="moved"))
    play.wait(120.0)
    assert not [name for name in play.timers if name.startswith("move")]
    assert "forget-moves" not in play.timers


def test_a_target_is_not_to_blame_where_the_caller_was_answered_meanwhile() -> None:
    play = led().event(offered())
    request = play.sent(msg.RouteRequest)[0]
    play.event(base.CallAnswered(call_id="c1"))
    play.said(move_answer(request.request_id, REDIRECT))
    again = play.sent(msg.RouteRequest)[0]
    assert again.answered and again.refused_targets == ()
    play.said(move_answer(again.request_id, REDIRECT, token="nirc-second"))
    assert play.sent(msg.RouteRequest)[0].refused_targets == ("porto",)


def test_a_rung_that_fits_since_the_answer_follows_one_that_came_too_late() -> None:
    play = moving(REDIRECT, REFER, answered=False)
    start = play.one(base.StartMove)
    assert start.method is REDIRECT
    play.event(base.CallAnswered(call_id="c1"))
    sign(play, MoveSign.REFUSED, start.move_id, 491)
    assert play.one(base.StartMove).method is REFER


def test_a_bridge_does_not_ring_for_ever() -> None:
    play = ringing()
    aborted = []
    for _ in range(10):
        play.said(TAKEN)
        aborted += play.wait(20.0).all(base.AbortMove)
    assert len(aborted) == 1
