"""Events that other parts see as well go on to them first."""

from __future__ import annotations

from callback_playbook import settings, waiting
from site_playbook import agent_of, led

from nrcli.wire import messages as msg
from site_agent.adapters import base


def test_other_parts_hear_of_what_concerns_callbacks_too() -> None:
    play = waiting()
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"))
    assert play.lines("call_connected")
    play.event(base.CallEnded(call_id="c1", released_by="caller"))
    assert play.lines("call_ended") and not play.daemon.knows_call("c1")
    play.event(agent_of("rita"))
    assert play.daemon.view(play.now_s).agents[-1].agent == "rita"


def test_words_about_other_tokens_and_holds_go_where_they_went() -> None:
    play = led(settings())
    play.said(msg.CallTaken(token="nirc-9", from_site="porto", to_site="lisbon"))
    play.event(base.HoldLost(hold_id="h9", reason="not ready"))
    assert not play.lines("callback_tried")
