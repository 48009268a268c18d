"""Test calls that come back in by the carrier: recognised, moved as callers are, and judged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from site_playbook import SETTINGS, SitePlay, led, move_answer

from nrcli.wire import messages as msg
from site_agent.adapters import base
from site_agent.adapters.base import MoveSign
from site_agent.core.settings import SiteSettings

NUMBER = "+351210000099"
REFER, REDIRECT = msg.TransferMethod.REFER, msg.TransferMethod.REDIRECT_302
OUTCOME = msg.MoveOutcome


def settings(**rules: object) -> SiteSettings:
    known = {"test_number": NUMBER, "dial_to": "192.0.2.9:5060", "dial_from": "+351210000050"}
    carrier = replace(SETTINGS.trunks["carrier"], **(known | rules))
    return replace(SETTINGS, trunks={**SETTINGS.trunks, "carrier": carrier})


def ordered(method: msg.TransferMethod = REFER, **rules: object) -> SitePlay:
    """The leader wants a path tried; `play.left` holds what follows."""
    play = led(settings(**rules))
    rung = msg.Rung(method=method, path="p", arrives_on="network", follows_contacts=True)
    order = move_answer("probe-1", outcome=msg.RouteOutcome.STAY, probe_from="carrier")
    play.said(replace(order, rungs=(rung,), probe_round=True))
    return play


def comes(play: SitePlay, **fields: object) -> SitePlay:
    """A call to the test number."""
    known = {"call_id": "b1", "token": NUMBER, "invite_key": "k", "trunk_group": "carrier"}
    return play.event(base.CallArriving(**(known | fields)))  # type: ignore[arg-type]


def sign(play: SitePlay, sign_: MoveSign, status: int) -> SitePlay:
    progress = base.MoveProgress(call_id="b1", move_id="probe-1", sign=sign_, sip_status=status)
    return play.event(progress)


def ended(play: SitePlay, call_id: str, status: int) -> msg.TransferOutcome:
    play.event(base.ProbeEnded(call_id=call_id, sip_status=status, took_s=1.0))
    assert play.one(base.WatchNumbers).numbers == ()
    told = play.sent(msg.TransferOutcome)[0]
    assert isinstance(told, msg.TransferOutcome) and told.through_carrier
    return told


def test_a_refer_goes_round_and_only_the_targets_word_counts() -> None:
    play = ordered()
    placed = play.one(base.PlaceProbe)
    assert placed.address == f"sip:{NUMBER}@192.0.2.9:5060"
    assert play.one(base.WatchNumbers).numbers == (NUMBER,)
    comes(play)
    assert play.one(base.AnswerProbe).stands_s >= 5.0
    assert play.one(base.StartMove).address.startswith("sip:nirc-target@198.51.100.7")
    play.wait(0.5).said(msg.CallTaken(token="nirc-target", from_site="porto", to_site="lisbon"))
    assert sign(play, MoveSign.NOTIFIED, 200).one(base.EndMoved).call_id == "b1"
    told = ended(play, placed.call_id, 200)
    assert (told.outcome, told.took_s) == (OUTCOME.ARRIVED, pytest.approx(0.5))


@pytest.mark.parametrize(
    ("sign_", "status", "words"),
    [
        (MoveSign.REFUSED, 405, "refuses the REFER (405)"),
        (MoveSign.NOTIFIED, 404, "takes the REFER and then says 404"),
        (MoveSign.SILENT, 408, "nothing follows"),
    ],
)
def test_what_a_carrier_does_not_do_is_told(sign_: MoveSign, status: int, words: str) -> None:
    play = ordered()
    call_id = play.one(base.PlaceProbe).call_id
    sign(comes(play), sign_, status)
    assert play.one(base.EndMoved)
    told = ended(play, call_id, 200)
    assert told.outcome is OUTCOME.REFUSED and words in told.detail


@pytest.mark.parametrize(
    ("status", "words"),
    [(302, "does not follow a 302"), (404, "after the 302 the carrier says 404")],
)
def test_a_302_that_is_not_followed_is_told(status: int, words: str) -> None:
    play = ordered(REDIRECT)
    call_id = play.one(base.PlaceProbe).call_id
    start = comes(play).one(base.StartMove)
    assert start.method is REDIRECT and start.return_address
    assert not play.all(base.AnswerProbe)
    assert words in ended(play, call_id, status).detail


def test_a_carrier_that_tries_the_second_contact_got_nowhere_by_the_first() -> None:
    play = ordered(REDIRECT)
    call_id = play.one(base.PlaceProbe).call_id
    address = comes(play).one(base.StartMove).return_address
    token = address.removeprefix("sip:").partition("@")[0]
    assert comes(play, call_id="b2", token=token).one(base.RefuseArrival).sip_status == 480
    assert "second Contact" in ended(play, call_id, 480).detail


def test_a_call_that_does_not_come_back_is_told() -> None:
    play = ordered()
    call_id = play.one(base.PlaceProbe).call_id
    assert "did not come back: the carrier says 404" in ended(play, call_id, 404).detail
    play = ordered()
    call_id = play.one(base.PlaceProbe).call_id
    assert comes(play, trunk_group="network").one(base.RefuseArrival).sip_status == 404
    assert "by trunk group network" in ended(play, call_id, 404).detail


def test_somebody_who_calls_the_number_meanwhile_is_no_test_call() -> None:
    play = ordered()
    assert not comes(play, ani="+44201234567").all(base.StartMove)
    assert comes(play, ani="00351210000050").all(base.StartMove)
    assert not comes(play, call_id="b2").all(base.StartMove), "one call, one way"


@pytest.mark.parametrize(
    ("rules", "words", "outcome"),
    [
        ({"test_number": ""}, "no `test_number`", OUTCOME.SERVED_AT_HOME),
        ({"dial_to": ""}, "no `dial_to`", OUTCOME.SERVED_AT_HOME),
        ({"refer": False}, "allows no refer", OUTCOME.ERROR),
    ],
)
def test_what_the_settings_lack_is_named_and_says_nothing_of_the_path(
    rules: dict[str, object], words: str, outcome: OUTCOME
) -> None:
    play = ordered(**rules)
    assert not play.all(base.PlaceProbe)
    told = play.sent(msg.TransferOutcome)[0]
    assert told.outcome is outcome and words in told.detail
