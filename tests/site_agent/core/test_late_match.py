"""Calls without their token, and the moves they belong to."""

from dataclasses import replace

import pytest
from site_playbook import EPOCH, SETTINGS, led, offered

from nrcli.wire import messages as msg
from site_agent.adapters import base
from site_agent.core.attached_data import AttachedData, canonical, merged
from site_agent.core.late_match_settings import LateMatchSettings

ANI, DIALED = "+351911111111", "+351210000001"
DATA = merged(None, canonical(b'{"customer":"C1","pin":"1234"}', 4096), 4096)
BY_ANI = replace(SETTINGS, late_match=LateMatchSettings(by_ani=True, sensitive_keys=("pin",)))


def held(play, number=1, **fields):
    """A place is held for a call of porto."""
    assert isinstance(DATA, AttachedData)
    known = {
        "domain": "default",
        "epoch": EPOCH,
        "request_id": f"r{number}",
        "interaction_id": f"{number:032x}",
        "origin_site": "porto",
        "service": "sales",
        "queue": "sales",
        "methods": (msg.TransferMethod.REFER,),
        "expires_s": 5.0,
        "answered": True,
        "waited_s": 9.0,
        "ani": ANI,
        "dialed_number": DIALED,
        "data_version": 1,
        "data_digest": DATA.digest,
        "data": DATA.data,
    }
    play.said(msg.Reserve(**(known | fields)))
    play.event(base.HoldGranted(hold_id=play.one(base.HoldPlace).hold_id, queue="sales"))
    return play.sent(msg.ReserveGranted)[0].token


def test_a_session_id_finds_the_move_with_its_data_and_age() -> None:
    play = led()
    token = held(play)
    play.event(offered(interaction_id=f"{1:032x}", ani="", withheld=True))
    accept = play.one(base.AcceptArrival)
    assert (accept.call_id, accept.waited_s, accept.data) == ("c1", 9.0, DATA.data)
    assert play.sent(msg.CallTaken)[0].token == token
    assert not play.sent(msg.RouteRequest) and not play.lines("call_offered")
    assert play.daemon.view(play.now_s).counters["late_match_session_id"] == 1


def test_a_number_finds_it_where_that_is_switched_on_without_sensitive_keys() -> None:
    play = led(BY_ANI)
    held(play)
    play.event(offered(ani=ANI, dialed_number=DIALED))
    assert play.one(base.AcceptArrival).data == b'{"customer":"C1"}'
    assert play.daemon.view(play.now_s).counters["late_match_ani"] == 1


@pytest.mark.parametrize(
    ("settings", "fields"),
    [
        (SETTINGS, {}),
        (BY_ANI, {"withheld": True}),
        (BY_ANI, {"ani": "4711"}),
        (BY_ANI, {"dialed_number": "+351210000002"}),
        (BY_ANI, {"dialed_number": ""}),
        (BY_ANI, {"ani": "+351922222222"}),
        (BY_ANI, {"emergency": True}),
    ],
)
def test_any_other_call_is_a_new_one(settings, fields) -> None:
    play = led(settings)
    held(play, ani=fields.get("ani", ANI) if fields.get("ani") == "4711" else ANI)
    play.event(offered(**({"ani": ANI, "dialed_number": DIALED} | fields)))
    assert not play.all(base.AcceptArrival) and play.lines("call_offered")


def test_two_candidates_are_none_and_counted() -> None:
    play = led(BY_ANI)
    held(play)
    held(play, 2)
    play.event(offered(ani=ANI, dialed_number=DIALED))
    assert not play.all(base.AcceptArrival)
    assert play.daemon.view(play.now_s).counters["late_match_ambiguous"] == 1


def test_a_move_is_matched_once_and_its_token_is_used_then() -> None:
    play = led(BY_ANI)
    token = held(play)
    play.event(offered(ani=ANI, dialed_number=DIALED))
    play.event(offered("c2", ani=ANI, dialed_number=DIALED))
    assert not play.all(base.AcceptArrival)
    play.event(base.CallArriving(call_id="c3", token=token, invite_key="k", trunk_group="network"))
    assert play.one(base.RefuseArrival)
