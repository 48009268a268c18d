"""Playbooks of an operator who takes an entry out of the network queue: nobody is dropped."""

from __future__ import annotations

from callback_playbook import promised, waiting
from site_playbook import EPOCH, SitePlay, led, offered

from nrcli.wire import messages as msg
from site_agent.adapters import base


def taken_out(play: SitePlay, entry: str, announcement: str = "", revision: int = 0) -> SitePlay:
    epoch = EPOCH if not revision else msg.Epoch(generation=EPOCH.generation, revision=revision)
    return play.said(
        msg.RouteAnswer(
            domain="default",
            epoch=epoch,
            request_id=entry,
            outcome=msg.RouteOutcome.STAY,
            reason="ana: test call",
            announcement=announcement,
            entry_id=entry,
            taken_out=True,
        )
    )


def queued() -> tuple[SitePlay, str]:
    play = led().event(offered("c1"))
    (request,) = play.sent(msg.RouteRequest, "n1")
    play.said(
        msg.RouteAnswer(
            domain="default",
            epoch=EPOCH,
            request_id=request.request_id,
            outcome=msg.RouteOutcome.NETWORK_QUEUE,
            entry_id=request.request_id,
        )
    )
    return play, request.request_id


def test_the_caller_hears_it_waits_on_at_home_and_is_asked_about_no_more() -> None:
    play, entry = queued()
    play.event(base.CallAnswered(call_id="c1"))
    taken_out(play, entry, "wait-here")
    assert play.one(base.PlayAnnouncement).name == "wait-here"
    assert not play.all(base.RejectCall)
    (withdrawn,) = play.sent(msg.RouteRequestCancel, "n1")
    assert (withdrawn.request_id, withdrawn.reason) == (entry, "taken_out")
    (call,) = play.daemon.view(play.now_s).calls
    assert (call.entry_id, call.state) == ("", "waiting")
    assert [line["by"] for line in play.lines("entry_taken_out")] == ["ana: test call"]
    assert not play.wait(200.0).sent(msg.RouteRequest), "an operator decided for good"


def test_a_promise_to_call_back_ends() -> None:
    play = waiting()
    entry = promised(play)
    play.event(base.CallEnded(call_id="c1", released_by="site"))
    taken_out(play, entry)
    assert [line["why"] for line in play.lines("callback_ended")] == ["taken_out"]
    assert not play.daemon.view(play.now_s).callbacks


def test_what_is_unknown_or_said_by_an_old_leader_changes_nothing() -> None:
    play, entry = queued()
    taken_out(play, "other")
    taken_out(play, entry, revision=EPOCH.revision - 1)
    assert play.daemon.view(play.now_s).calls[0].entry_id == entry
