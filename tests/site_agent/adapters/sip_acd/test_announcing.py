"""Announcements to waiting callers, and calls that are rejected, on the wire."""

import pytest
from acd_bench import Bench

from site_agent.adapters import base
from site_agent.sip.signals import InviteFailed


def bench(**how):
    made = Bench(anna_ready=False, **how)
    made.acd.acd.media_bound(("127.0.0.1", 9000), {"late": 3.0})
    return made


def over(made):
    return [(e.name, e.played) for e in made.told(base.AnnouncementOver)]


def test_a_ringing_caller_is_answered_for_it_and_hears_music_again():
    made = bench()
    call_id = made.call()
    made.acd.command(base.PlayAnnouncement(call_id=call_id, name="late"))
    made.wire.settle()
    assert made.caller.finals == [200] and made.told(base.CallAnswered)
    assert made.acd.sources == {call_id: "late"} and over(made) == []
    made.wire.advance(4.0)
    assert over(made) == [("late", True)] and made.acd.sources == {call_id: ""}
    made.ready(True)
    made.wire.advance(1.0)
    assert made.told(base.CallConnected)
    made.finish()


def test_an_own_agent_may_take_the_call_meanwhile():
    made = bench()
    call_id = made.call()
    made.acd.command(base.PlayAnnouncement(call_id=call_id, name="late"))
    made.wire.advance(1.0)
    made.ready(True)
    made.wire.advance(1.0)
    assert made.told(base.CallConnected) and made.acd.playing == {}
    made.wire.advance(5.0)
    assert over(made) == []
    made.finish()


def test_a_missing_announcement_is_told_with_the_remedy_and_the_music_goes_on():
    made = bench()
    call_id = made.call()
    made.wire.advance(2.0)
    made.acd.command(base.PlayAnnouncement(call_id=call_id, name="lost"))
    found = made.told(base.AnnouncementOver)[0]
    assert not found.played and "lost.wav" in found.problem
    assert made.acd.playing
    made.finish()


def test_who_is_being_rung_comes_first():
    made = Bench()
    made.anna.answer_after_s = None
    call_id = made.call()
    made.acd.acd.media_bound(("127.0.0.1", 9000), {"late": 3.0})
    made.acd.command(base.PlayAnnouncement(call_id=call_id, name="late"))
    made.acd.command(base.RejectCall(call_id=call_id, reason="busy"))
    assert [(e.played, e.problem) for e in made.told(base.AnnouncementOver)] == [(False, "")]
    assert not made.told(base.CallEnded)
    made.finish()


@pytest.mark.parametrize(("reason", "status"), list(base.REJECT_STATUS.items()))
def test_before_the_answer_a_rejection_is_a_final_status(reason, status):
    made = bench()
    call_id = made.call()
    made.acd.command(base.RejectCall(call_id=call_id, reason=reason))
    made.wire.settle()
    assert made.caller.finals == [status]
    response = made.caller.told(InviteFailed)[0].response
    assert response.headers.get("Retry-After") == ("5" if status == 503 else None)
    ended = made.told(base.CallEnded)[0]
    assert (ended.released_by, ended.sip_status) == ("site", status)
    made.finish()


def test_after_the_answer_it_is_bye_with_the_reason():
    made = bench()
    call_id = made.call()
    made.wire.advance(2.0)
    made.acd.command(base.RejectCall(call_id=call_id, reason="closed"))
    made.wire.settle()
    bye = next(data for data in made.caller.got if data.startswith(b"BYE "))
    assert b'Reason: SIP;cause=480;text="Temporarily Unavailable"\r\n' in bye
    assert made.acd.ended() == ["site"]
    made.finish()


def test_unknown_calls_change_nothing():
    made = bench()
    made.acd.command(base.PlayAnnouncement(call_id="gone", name="late"))
    made.acd.command(base.RejectCall(call_id="gone", reason="busy"))
    assert not made.told(base.AnnouncementOver, base.CallEnded)


def told_position(made, call_id, position):
    made.acd.command(
        base.Announce(call_id=call_id, position=position, ewt_s_min=0.0, ewt_s_max=0.0)
    )
    made.wire.settle()


def test_an_answered_caller_hears_their_position_at_a_bounded_rate():
    made = bench()
    made.acd.acd.media_bound(("127.0.0.1", 9000), {"position-1": 1.0, "position-2": 1.0})
    call_id = made.call()
    told_position(made, call_id, 2)
    assert not made.acd.sources.get(call_id), "a ringing caller is not answered for it"
    made.wire.advance(2.0)
    told_position(made, call_id, 2)
    assert made.acd.sources == {call_id: "position-2"}
    made.wire.advance(5.0)
    assert made.acd.sources == {call_id: ""}, "music again"
    told_position(made, call_id, 1)
    assert made.acd.sources == {call_id: ""}, "not so soon"
    made.wire.advance(30.0)
    told_position(made, call_id, 1)
    assert made.acd.sources == {call_id: "position-1"}
    made.ready(True)
    made.wire.advance(1.0)
    assert made.told(base.CallConnected)
    made.finish()


def test_a_missing_position_is_told_once_and_none_at_all_is_no_matter():
    made = bench()
    call_id = made.call()
    made.wire.advance(2.0)
    told_position(made, call_id, 3)
    assert over(made) == [], "the site says no positions"
    made.acd.acd.media_bound(("127.0.0.1", 9000), {"position-1": 1.0})
    told_position(made, call_id, 3)
    told_position(made, call_id, 3)
    (found,) = made.told(base.AnnouncementOver)
    assert not found.played and "position-3.wav" in found.problem
    made.finish()
