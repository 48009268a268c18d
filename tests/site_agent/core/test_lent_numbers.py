"""What a hold has of numbers."""

from __future__ import annotations

from number_plays import ONE, TWO, documents
from site_playbook import SitePlay, held, led, reserve

from nrcli.wire import messages as msg
from site_agent.adapters import base


def asked(play: SitePlay, request_id: str, **fields: object) -> list[msg.ReserveRefused]:
    play.said(reserve(request_id, number_on="network", **fields))
    for command in play.all(base.HoldPlace):
        play.event(base.HoldGranted(hold_id=command.hold_id, queue="sales"))
    return play.sent(msg.ReserveRefused)


def test_the_grant_carries_the_number() -> None:
    play = led(documents=documents())
    assert play.daemon.view(play.now_s) is not None
    asked(play, "r1")
    assert play.sent(msg.ReserveGranted)[0].number == ONE
    play.said(reserve("r1", number_on="network"))  # asked again: the same
    assert play.sent(msg.ReserveGranted)[0].number == ONE


def test_without_a_number_only_calls_that_need_none_are_granted() -> None:
    play = led(documents=documents(numbers=[TWO]))
    asked(play, "r1")
    (refused,) = asked(play, "r2", number_only=True)
    assert refused.reason is msg.ReserveRefusal.NO_NUMBER
    assert "moves are lent or rest" in refused.detail
    assert ("number_pool_exhausted", "moves") in play.daemon._parts.out.alarms
    assert asked(play, "r3") == []
    assert play.sent(msg.ReserveGranted)[0].number == ""


def test_what_needs_no_number_gets_none() -> None:
    play = led(documents=documents())
    held(play)
    assert play.daemon._parts.numbers.shown(play.now_s)[0].lent_count == 0


def test_the_number_of_a_hold_that_the_acd_refuses_is_free_at_once() -> None:
    play = led(documents=documents(numbers=[ONE]))
    play.said(reserve("r1", number_on="network"))
    hold_id = play.one(base.HoldPlace).hold_id
    play.event(base.HoldRefused(hold_id=hold_id, reason="no_place"))
    asked(play, "r2", number_only=True)
    assert play.sent(msg.ReserveGranted)[0].number == ONE
