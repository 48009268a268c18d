"""A leg comes back with its ids, route set and target; numbers go on higher."""

from __future__ import annotations

import json

import pytest

from nrcli.sip.wire import OutgoingRequest
from site_agent.sip.dialog import Dialog
from site_agent.sip.kept_leg import CSEQ_STEP, kept_invite, kept_leg, leg_of, ringing_leg_of
from site_agent.sip.leg import Leg, LegState
from site_agent.sip.signals import Peer

UDP = Peer("udp", ("10.0.0.1", 5060), ("10.0.0.2", 5070))


def a_leg(peer: Peer = UDP, state: LegState = LegState.TALKING) -> Leg:
    leg = Leg("l1", state, "mytag", peer)
    dialog = leg.dialog = Dialog("call@x", peer)
    dialog.local, dialog.local_tag = "<sip:us@10.0.0.1>;tag=mytag", "mytag"
    dialog.remote, dialog.remote_tag = '"ç" <sip:them@x>;tag=t', "t"
    dialog.target, dialog.routes = "sip:them@10.0.0.3:5099", ["<sip:p1;lr>", "<sip:p2;lr>"]
    dialog.local_cseq, dialog.remote_cseq = 4, 9
    return leg


@pytest.mark.parametrize("state", list(LegState))
def test_only_a_leg_that_stands_is_kept_and_it_comes_back(state: LegState) -> None:
    kept = kept_leg(a_leg(state=state))
    stands = state in (LegState.ANSWERED, LegState.UNACKED, LegState.TALKING)
    assert (kept is not None) is stands
    if kept is None:
        return
    again = leg_of("l1", json.loads(json.dumps(kept)))
    assert again.dialog is not None and again.state is LegState.TALKING
    assert again.dialog.local_cseq == 4 + CSEQ_STEP
    assert kept_leg(again) == kept | {"local_cseq": 4 + CSEQ_STEP}
    assert again.dialog.next_hop() == again.dialog.peer


def test_a_connection_is_dialed_anew_at_the_contact() -> None:
    peer = Peer("tcp", ("10.0.0.1", 5060), ("10.0.0.2", 49152))
    leg = a_leg(peer)
    assert leg.dialog is not None
    leg.dialog.target, leg.dialog.routes = "sip:them@10.0.0.3:5099;transport=tcp", []
    again = leg_of("l1", kept_leg(leg) or {})
    assert again.dialog is not None
    assert again.dialog.next_hop() == Peer("tcp", ("10.0.0.1", 5060), ("10.0.0.3", 5099))
    leg.dialog.target = "sip:them@a.name;transport=tcp"
    again = leg_of("l1", kept_leg(leg) or {})
    assert again.dialog is not None and again.dialog.peer == peer


def test_a_ringing_leg_comes_back_to_be_withdrawn() -> None:
    leg = Leg("l2", LegState.CALLING, "mytag", UDP)
    assert kept_invite(leg) is None
    leg.call = OutgoingRequest(
        "INVITE", "sip:anna@10.0.0.4", "UDP 10.0.0.1:5060", "z9hG4bKx", "<sip:u@x>;tag=mytag",
        "<sip:anna@10.0.0.4>", "call@y", 1, (), "Contact: <sip:10.0.0.1>\r\n", b"v=0\r\n",
    )  # fmt: skip
    again, invite = ringing_leg_of("l2", json.loads(json.dumps(kept_invite(leg))))
    invite.via = leg.call.via
    assert invite.encode() == leg.call.encode() and again.state is LegState.CANCELLING
    leg.state = LegState.TALKING
    assert kept_invite(leg) is None


@pytest.mark.parametrize("kept", [{}, {"call_id": "x", "flow": ["udp"]}])
def test_records_that_do_not_fit_raise(kept: dict[str, object]) -> None:
    for read in (leg_of, ringing_leg_of):
        with pytest.raises((KeyError, ValueError, TypeError)):
            read("l", kept)
