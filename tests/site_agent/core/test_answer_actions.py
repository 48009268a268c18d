"""Announce, retry after, reject: what NIRC may say about a call that stays."""

import pytest
from site_playbook import EPOCH, agent_of, led, offered

from nrcli.wire import messages as msg
from nrcli.wire.messages import RouteOutcome
from site_agent.adapters import base
from site_agent.core.actions import ClearAlarm, RaiseAlarm
from site_agent.core.answer_actions import ANNOUNCE_S_MAX


def answer(play, outcome: RouteOutcome, **fields: object):
    request = play.sent(msg.RouteRequest)[0]
    return play.said(
        msg.RouteAnswer(
            domain="default", epoch=EPOCH, request_id=request.request_id, outcome=outcome, **fields
        )
    )


def asked(**fields: object):
    return led().event(offered(**fields))


def test_announce_plays_and_the_caller_goes_on_waiting() -> None:
    play = answer(asked(), RouteOutcome.ANNOUNCE, announcement="busy")
    assert play.one(base.PlayAnnouncement) == base.PlayAnnouncement(call_id="c1", name="busy")
    assert play.lines("announcement")[0]["name"] == "busy"
    assert play.daemon.view(play.now_s).calls[0].state == "waiting"
    play.event(base.AnnouncementOver(call_id="c1", name="busy", played=True))
    assert not play.all(base.RejectCall)
    assert play.wait(5.0).sent(msg.RouteRequest), "asked again after requery_s"


def test_the_same_announcement_is_not_begun_again_at_every_question() -> None:
    play = answer(asked(), RouteOutcome.ANNOUNCE, announcement="busy")
    answer(play.wait(5.0), RouteOutcome.ANNOUNCE, announcement="busy")
    assert not play.all(base.PlayAnnouncement)
    answer(play.wait(5.0), RouteOutcome.ANNOUNCE, announcement="other")
    assert play.one(base.PlayAnnouncement).name == "other"


def test_a_missing_announcement_is_told_and_skipped() -> None:
    play = answer(asked(), RouteOutcome.ANNOUNCE, announcement="busy")
    over = base.AnnouncementOver(call_id="c1", name="busy", played=False, problem="put it there")
    alarm = play.event(over).one(RaiseAlarm)
    assert (alarm.code, alarm.place) == ("announcement_not_played", "busy")
    assert "put it there" in alarm.text
    over = base.AnnouncementOver(call_id="c1", name="busy", played=True)
    assert play.event(over).one(ClearAlarm).place == "busy"


def test_retry_after_is_asked_again_then_and_not_before() -> None:
    play = answer(asked(), RouteOutcome.RETRY_AFTER, retry_after_s=20.0)
    play.event(base.CallAnswered(call_id="c1"))
    assert not play.sent(msg.RouteRequest) and not play.wait(19.9).sent(msg.RouteRequest)
    assert play.wait(0.2).sent(msg.RouteRequest)


@pytest.mark.parametrize("reason", list(base.REJECT_STATUS))
def test_reject_ends_the_call_with_its_reason(reason: str) -> None:
    play = answer(asked(), RouteOutcome.REJECT, reject_reason=reason)
    assert play.one(base.RejectCall) == base.RejectCall(call_id="c1", reason=reason)
    assert play.lines("call_rejected")[0]["reason"] == reason


def test_an_unknown_reason_is_the_mildest() -> None:
    play = answer(asked(), RouteOutcome.REJECT, reject_reason="because")
    assert play.one(base.RejectCall).reason == "try_later"


def test_after_the_answer_the_announcement_comes_before_the_end() -> None:
    play = asked()
    asked_about = play.sent(msg.RouteRequest)[0]
    play.event(base.CallAnswered(call_id="c1"))
    play.said(
        msg.RouteAnswer(
            domain="default",
            epoch=EPOCH,
            request_id=asked_about.request_id,
            outcome=RouteOutcome.REJECT,
            reject_reason="closed",
            announcement="goodbye",
        )
    )
    assert play.one(base.PlayAnnouncement).name == "goodbye" and not play.all(base.RejectCall)
    assert not play.wait(30.0).sent(msg.RouteRequest), "nobody is asked during a goodbye"
    assert play.wait(ANNOUNCE_S_MAX).one(base.RejectCall).reason == "closed", "the ACD was silent"


def test_an_own_agent_who_has_the_call_keeps_it() -> None:
    play = asked()
    request = play.sent(msg.RouteRequest)[0]
    play.event(agent_of("berta"))
    play.event(base.CallConnected(call_id="c1", agent="berta", queue="sales"))
    play.said(
        msg.RouteAnswer(
            domain="default",
            epoch=EPOCH,
            request_id=request.request_id,
            outcome=RouteOutcome.REJECT,
            reject_reason="busy",
        )
    )
    assert not play.all(base.RejectCall)


def test_an_agent_who_takes_the_call_during_the_goodbye_keeps_it() -> None:
    play = asked()
    asked_about = play.sent(msg.RouteRequest)[0]
    play.event(base.CallAnswered(call_id="c1"))
    play.said(
        msg.RouteAnswer(
            domain="default",
            epoch=EPOCH,
            request_id=asked_about.request_id,
            outcome=RouteOutcome.REJECT,
            reject_reason="closed",
            announcement="goodbye",
        )
    )
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"))
    play.event(base.AnnouncementOver(call_id="c1", name="goodbye", played=True))
    assert not play.all(base.RejectCall) and not play.wait(ANNOUNCE_S_MAX).all(base.RejectCall)
