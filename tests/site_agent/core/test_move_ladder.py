"""Rungs that fit, in the order of the answer."""

from dataclasses import replace
from typing import Any

from site_playbook import SETTINGS, SitePlay, led, move_answer, moving, offered, sign

from nrcli.wire.messages import Cancel, RouteRequest, Rung, TransferMethod
from site_agent.adapters.base import CallAnswered, MoveSign, StartMove
from site_agent.core.move_ladder import longest_s


def test_an_answered_call_is_not_redirected_and_a_ringing_one_not_referred() -> None:
    ladder = (TransferMethod.REDIRECT_302, TransferMethod.REFER)
    assert moving(*ladder).one(StartMove).method is TransferMethod.REFER
    ringing = moving(*reversed(ladder), answered=False)
    assert ringing.one(StartMove).method is TransferMethod.REDIRECT_302


def test_a_method_that_this_site_cannot_is_skipped() -> None:
    play = moving(TransferMethod.TRANSLATION_ROUTE, TransferMethod.BRIDGE)
    assert play.one(StartMove).method is TransferMethod.BRIDGE


def test_a_bridge_needs_free_channels_at_home() -> None:
    play = led().event(offered())
    request = play.sent(RouteRequest)[0]
    rung = Rung(method=TransferMethod.BRIDGE, path="p", arrives_on="network", origin_channels=9)
    play.said(move_answer(request.request_id, rungs=(rung,)))
    assert not play.all(StartMove)


def test_no_rung_begins_after_the_reservation_is_over() -> None:
    play = moving(TransferMethod.BRIDGE, TransferMethod.REFER)
    play.daemon._parts.moves._desk.by_token["nirc-target"].valid_until_s = play.now_s
    sign(play, MoveSign.REFUSED, play.one(StartMove).move_id, 503)
    assert not play.all(StartMove)


def with_carrier(**rules: Any) -> SitePlay:
    trunks = dict(SETTINGS.trunks)
    trunks["carrier"] = replace(trunks["carrier"], **rules)
    return led(replace(SETTINGS, trunks=trunks)).event(offered())


def test_a_302_that_the_trunk_group_does_not_allow_is_skipped() -> None:
    play = with_carrier(redirect_302=False)
    request = play.sent(RouteRequest)[0]
    ladder = (TransferMethod.REDIRECT_302, TransferMethod.BRIDGE)
    play.said(move_answer(request.request_id, *ladder))
    assert play.one(StartMove).method is TransferMethod.BRIDGE


def test_a_refer_that_the_trunk_group_does_not_allow_is_skipped() -> None:
    play = with_carrier(refer=False)
    request = play.sent(RouteRequest)[0]
    play.event(CallAnswered(call_id="c1"))
    ladder = (TransferMethod.REFER, TransferMethod.REFER_REPLACES, TransferMethod.BRIDGE)
    play.said(move_answer(request.request_id, *ladder))
    assert play.one(StartMove).method is TransferMethod.BRIDGE


def test_with_nothing_allowed_the_caller_stays_and_the_token_is_cancelled() -> None:
    play = with_carrier(redirect_302=False)
    request = play.sent(RouteRequest)[0]
    play.said(move_answer(request.request_id, TransferMethod.REDIRECT_302))
    assert not play.all(StartMove) and play.sent(Cancel)


def test_the_history_says_how_long_a_rung_may_take_at_the_most() -> None:
    (started,) = moving(TransferMethod.REFER).lines("move_started")
    assert started["limit_s"] == longest_s(SETTINGS, TransferMethod.REFER) == 55.0
    (rings,) = moving(TransferMethod.BRIDGE).lines("move_started")
    assert rings["limit_s"] == longest_s(SETTINGS, TransferMethod.BRIDGE) == 195.0


def test_a_translation_route_is_a_bridge_by_number_on_the_calls_own_trunk_group() -> None:
    play = with_carrier(dial_to="192.0.2.5:5060")
    request = play.sent(RouteRequest)[0]
    rung = Rung(
        method=TransferMethod.TRANSLATION_ROUTE, path="p", arrives_on="", number_on="network"
    )
    answer = move_answer(request.request_id, number="+351220001234")
    play.said(replace(answer, rungs=(rung,)))
    start = play.one(StartMove)
    assert start.method is TransferMethod.TRANSLATION_ROUTE
    assert start.address == "sip:+351220001234@192.0.2.5:5060" and not start.by_carrier
    assert longest_s(SETTINGS, start.method) == 195.0


def test_a_302_to_a_number_goes_by_the_carrier() -> None:
    play = with_carrier(number_domains=("t.example",))
    request = play.sent(RouteRequest)[0]
    rung = Rung(
        method=TransferMethod.REDIRECT_302,
        path="p",
        arrives_on="",
        number_on="network",
        at_trunk=True,
    )
    answer = move_answer(request.request_id, number="+351220001234")
    play.said(replace(answer, rungs=(rung,)))
    start = play.one(StartMove)
    assert start.address == "sip:+351220001234@t.example" and start.by_carrier
