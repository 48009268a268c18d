"""Playbooks of calls made to people who are called back: for this site, and for others."""

from __future__ import annotations

from typing import Any

from callback_playbook import NUMBER, promised, settings, tick, waiting
from site_playbook import EPOCH, SitePlay, agent_of, led

from nrcli.wire import messages as msg
from site_agent.adapters import base


def due() -> SitePlay:
    play = waiting()
    promised(play)
    return play.event(base.CallEnded(call_id="c1", released_by="site"))


def own_dialed() -> tuple[SitePlay, base.DialCaller]:
    play = due().event(agent_of("rita"))
    hold = play.one(base.HoldAgent)
    assert hold.agent == "rita"
    play.event(base.HoldGranted(hold_id=hold.hold_id, queue="sales", agent="rita"))
    return play, play.one(base.DialCaller)


def test_an_own_agent_whom_nobody_waits_for_calls_back() -> None:
    play, dial = own_dialed()
    assert (dial.number, dial.agent, dial.ring_s) == (NUMBER, "rita", 20.0)
    play.event(base.CallerDialed(call_id=dial.call_id, outcome="answered", trunk_group="carrier"))
    assert play.lines("callback_ended")[0]["why"] == "answered"
    assert play.daemon.knows_call(dial.call_id) and not play.all(base.ReleaseHold)
    play.event(base.CallConnected(call_id=dial.call_id, agent="rita", queue="sales"))
    assert play.lines("agent_call")


def test_who_is_not_reached_lets_the_agent_go() -> None:
    play, dial = own_dialed()
    play.event(base.CallerDialed(call_id=dial.call_id, outcome="busy"))
    assert play.one(base.ReleaseHold).hold_id == dial.hold_id
    assert play.lines("callback_tried")[0]["outcome"] == "busy"
    assert len(play.daemon._parts.callbacks.calls) == 0


def test_an_acd_that_never_says_how_it_went_is_not_waited_for() -> None:
    play, _ = own_dialed()
    tick(play, 31.0)
    assert play.all(base.ReleaseHold) and play.lines("callback_tried")[0]["outcome"] == "failed"


def test_callers_on_the_line_come_before_promises() -> None:
    play = due()
    waiting("c2", play=play, ani="+351922222222").event(agent_of("rita"))
    assert not play.all(base.HoldAgent)


def test_an_agent_who_cannot_be_held_after_all_costs_no_attempt() -> None:
    play = due().event(agent_of("rita"))
    hold = play.one(base.HoldAgent)
    play.event(base.HoldRefused(hold_id=hold.hold_id, reason="no_agent"))
    assert play.lines("callback_tried")[0]["outcome"] == "not_dialed"


def reserve(**fields: Any) -> msg.Reserve:
    known: dict[str, Any] = {
        "domain": "default",
        "epoch": EPOCH,
        "request_id": "r1",
        "interaction_id": "i9",
        "origin_site": "porto",
        "service": "sales",
        "queue": "sales",
        "agent": "rita",
        "methods": (),
        "ani": NUMBER,
        "callback": True,
        "expires_s": 10.0,
    }
    return msg.Reserve(**(known | fields))


def word(token: str = "nirc-1") -> msg.Cancel:
    return msg.Cancel(token=token, request_id="r1", from_site="porto", to_site="lisbon", dial=True)


def held() -> SitePlay:
    play = led(settings()).event(agent_of("rita")).said(reserve())
    hold = play.one(base.HoldAgent)
    return play.event(base.HoldGranted(hold_id=hold.hold_id, queue="sales", agent="rita"))


def verdicts(play: SitePlay) -> list[tuple[str, str]]:
    return [(one.verdict.value, one.detail) for one in play.sent(msg.CancelAnswer)]


def test_for_another_site_a_token_dials_once() -> None:
    play = held().said(word())
    dial = play.one(base.DialCaller)
    assert play.sent(msg.CallTaken)
    play.said(word())
    assert not play.all(base.DialCaller) and play.sent(msg.CallTaken)
    play.event(base.CallerDialed(call_id=dial.call_id, outcome="answered", trunk_group="carrier"))
    assert verdicts(play) == [("taken", "")]
    assert play.daemon.view(play.now_s).holds_open_count == 0
    assert play.daemon.view(play.now_s).queues[0].loan_count == 1, "a loan like any other"
    play.said(word())
    assert verdicts(play) == [("taken", "")]
    play.event(base.CallEnded(call_id=dial.call_id, released_by="caller"))
    assert not play.sent(msg.CancelAnswer)


def test_for_another_site_what_failed_is_told_and_told_again() -> None:
    play = held().said(word())
    dial = play.one(base.DialCaller)
    play.event(base.CallerDialed(call_id=dial.call_id, outcome="no_answer"))
    assert verdicts(play) == [("never", "no_answer")] and play.all(base.ReleaseHold)
    play.said(word())
    assert verdicts(play) == [("never", "no_answer")]


def test_a_dead_or_unknown_token_dials_nobody() -> None:
    play = held().wait(11.0).said(word())
    assert verdicts(play) == [("never", "")] and not play.all(base.DialCaller)
    assert verdicts(play.said(word("nirc-77"))) == [("never", "")]


def test_the_agent_stays_held_while_the_telephone_rings() -> None:
    play = held().said(word()).wait(15.0)
    assert play.daemon.view(play.now_s).holds_open_count == 1
    play.wait(20.0)
    assert play.daemon.view(play.now_s).holds_open_count == 0, "but not for ever"
    assert verdicts(play.said(word())) == [("never", "failed")]


def test_a_site_that_does_not_dial_says_so() -> None:
    play = led().event(agent_of("rita")).said(reserve())
    (refused,) = play.sent(msg.ReserveRefused)
    assert refused.detail == "this site calls nobody back"


def test_who_is_on_the_line_after_a_restart_is_not_called_again() -> None:
    for here, outcome in ((True, "answered"), (False, "failed")):
        play, dial = own_dialed()
        (callback,) = play.daemon._parts.callbacks.book
        assert callback.call_id == dial.call_id
        play.daemon._parts.callbacks.calls.take_up(callback, play.now_s, here=here)
        tick(play, 0.1)
        assert play.lines("callback_tried")[0]["outcome"] == outcome
        assert bool(play.lines("callback_ended")) == here
