"""Test calls at a site: answered for others without touching anybody, placed by the leader."""

from __future__ import annotations

import pytest
from number_plays import ONE, by_number, documents
from site_playbook import EPOCH, SitePlay, led, move_answer, reserve

from nrcli.wire import messages as msg
from site_agent.adapters import base

OUTCOME = msg.MoveOutcome


def expected(play: SitePlay, request_id: str = "probe-1", **fields: object) -> msg.ReserveGranted:
    play.said(reserve(request_id, queue="", probe=True, **fields))
    assert not play.all(base.HoldAgent) and not play.all(base.HoldPlace)
    return play.sent(msg.ReserveGranted)[0]


def arriving(token: str, trunk_group: str = "network") -> base.CallArriving:
    return base.CallArriving(call_id="a1", token=token, invite_key="k", trunk_group=trunk_group)


def ordered(play: SitePlay, **fields: object) -> base.PlaceProbe | None:
    rung = msg.Rung(method=msg.TransferMethod.BRIDGE, path="p", arrives_on="network")
    known = {"outcome": msg.RouteOutcome.STAY, "probe_from": "carrier", "rungs": (rung,)} | fields
    play.said(move_answer("probe-1", **known))
    placed = play.all(base.PlaceProbe)
    return placed[0] if placed else None


def test_a_test_call_by_token_is_answered_once() -> None:
    play = led()
    grant = expected(play)
    assert expected(play).token == grant.token  # asked again: the same
    play.event(arriving(grant.token))
    assert play.one(base.AnswerProbe).call_id == "a1"
    (taken,) = play.sent(msg.CallTaken)
    assert (taken.token, taken.to_site) == (grant.token, "porto")
    assert not play.all(base.AcceptArrival)
    play.event(arriving(grant.token))
    assert play.one(base.RefuseArrival).sip_status == 480


def test_on_another_trunk_group_or_too_late_it_is_refused() -> None:
    play = led()
    grant = expected(play, expires_s=5.0)
    play.event(arriving(grant.token, "carrier"))
    assert play.one(base.RefuseArrival)
    play.wait(5.1).event(arriving(grant.token))
    assert play.one(base.RefuseArrival)


def test_a_test_call_by_number_proves_the_number_which_rests_then() -> None:
    play = led(documents=documents(numbers=[ONE]))
    grant = expected(play, number_on="network", number_only=True)
    assert grant.number == ONE
    play.event(by_number(ONE))
    assert play.one(base.AnswerProbe)
    play.said(reserve("probe-2", queue="", probe=True, number_on="network"))
    assert play.sent(msg.ReserveRefused)[0].reason is msg.ReserveRefusal.NO_NUMBER


def test_a_site_of_before_would_refuse_and_hold_nobody() -> None:
    play = led()
    play.said(reserve("probe-1", queue="", probe=False))  # what it would understand
    assert play.sent(msg.ReserveRefused)[0].reason is msg.ReserveRefusal.UNKNOWN_TARGET


@pytest.mark.parametrize(
    ("status", "taken", "outcome"),
    [
        (200, True, OUTCOME.ARRIVED),
        (200, False, OUTCOME.UNRESOLVED),
        (403, False, OUTCOME.REFUSED),
        (486, False, OUTCOME.BUSY),
        (408, False, OUTCOME.NO_ANSWER),
        (0, False, OUTCOME.ERROR),
    ],
)
def test_how_a_placed_one_went_is_told(status: int, taken: bool, outcome: OUTCOME) -> None:
    play = led()
    placed = ordered(play)
    assert placed is not None
    assert placed.address == "sip:nirc-target@198.51.100.7:5062;transport=tcp"
    assert placed.trunk_group == "carrier"
    assert ordered(play) is None  # told twice, placed once
    if taken:
        play.said(msg.CallTaken(token="nirc-target", from_site="porto", to_site="lisbon"))
    play.event(base.ProbeEnded(call_id=placed.call_id, sip_status=status, took_s=0.3))
    if outcome is OUTCOME.UNRESOLVED:
        assert not play.sent(msg.TransferOutcome), "the target's word may be on its way"
        play.wait(2.1)
    (told,) = play.sent(msg.TransferOutcome)
    assert (told.outcome, told.request_id, told.took_s) == (outcome, "probe-1", 0.3)
    assert ("placed no call from trunk group carrier" in told.detail) == (status == 0)


def test_an_address_that_the_site_does_not_allow_is_not_dialed() -> None:
    play = led()
    assert ordered(play, target_site="faro") is None
    (told,) = play.sent(msg.TransferOutcome)
    assert told.outcome is OUTCOME.ERROR
    assert "lisbon has no address of faro for trunk group network" in told.detail


def test_an_order_of_a_lower_epoch_is_not_obeyed() -> None:
    play = led()
    assert ordered(play, epoch=msg.Epoch(generation=1, revision=EPOCH.revision - 1)) is None
    assert not play.sent(msg.TransferOutcome)


def test_the_targets_word_may_come_after_the_end() -> None:
    play = led()
    placed = ordered(play)
    assert placed is not None
    play.event(base.ProbeEnded(call_id=placed.call_id, sip_status=200, took_s=0.3))
    play.said(msg.CallTaken(token="nirc-target", from_site="porto", to_site="lisbon"))
    (told,) = play.sent(msg.TransferOutcome)
    assert (told.outcome, told.took_s) == (OUTCOME.ARRIVED, 0.3)
    play.wait(5.0)
    assert not play.sent(msg.TransferOutcome)
