"""Attached data of arriving calls: whole, or absent with a reason."""

import hashlib

from site_playbook import SitePlay, held, led

from nrcli.wire import messages as msg
from site_agent.adapters import base
from site_agent.core.actions import TellCti

DATA = b'{"a":1}'
DIGEST = hashlib.sha256(DATA).digest()


def arrive(play: SitePlay, token: str) -> SitePlay:
    return play.event(
        base.CallArriving(call_id="x", token=token, invite_key="k", trunk_group="network")
    )


def answer(token: str, data: bytes = DATA) -> msg.DataAnswer:
    return msg.DataAnswer(token=token, version=1, digest=DIGEST, data=data)


def test_inline_data_goes_along() -> None:
    play = led()
    token = held(play, data=DATA, data_digest=DIGEST, data_version=1)
    accepted = arrive(play, token).one(base.AcceptArrival)
    assert (accepted.data, accepted.data_within_s) == (DATA, 0.0)
    assert play.lines("data")[0]["digest"] == DIGEST.hex()


def test_only_a_digest_fetches_the_data_early() -> None:
    play = led()
    token = held(play, data_digest=DIGEST, data_version=1)
    assert play.sent(msg.DataGet)[0].token == token
    play.said(answer(token))
    assert arrive(play, token).one(base.AcceptArrival).data == DATA


def test_late_data_is_absent_first_and_given_when_it_comes() -> None:
    play = led()
    token = held(play, data_digest=DIGEST, data_version=1)
    accepted = arrive(play, token).one(base.AcceptArrival)
    assert (accepted.data, accepted.data_within_s) == (b"", 0.05)
    play.wait(0.06)
    assert play.one(TellCti).reason == "too_late"
    assert play.lines("data")[0]["reason"] == "too_late"
    play.said(answer(token))
    assert play.one(base.GiveData).data == DATA
    assert play.one(TellCti).data == DATA


def test_data_that_does_not_match_its_seal_is_never_given() -> None:
    play = led()
    token = held(play, data_digest=DIGEST, data_version=1)
    play.said(answer(token, b'{"a":2}'))
    assert arrive(play, token).one(base.AcceptArrival).data == b""


def test_inline_data_that_does_not_match_its_seal_is_fetched_instead() -> None:
    play = led()
    held(play, data=b'{"a":2}', data_digest=DIGEST, data_version=1)
    assert play.sent(msg.DataGet)
