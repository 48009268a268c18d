from acd_bench import CALLER, CARRIER, SETTINGS

from nrcli.sip.message import Request
from site_agent.adapters.sip_acd.calls import Call, Hears, Leg, LegState, Role
from site_agent.adapters.sip_acd.trunks import Trunks
from site_agent.sip.signals import Peer


def test_a_new_call_is_unanswered_and_joined_with_nobody():
    trunk = Trunks(SETTINGS.trunk_groups).get("carrier")
    invite = Request("INVITE", "sip:sales@127.0.0.1", body=b"v=0")
    call = Call(
        "c1", "leg1", invite, Peer("udp", CARRIER, CALLER), trunk=trunk, now_s=5.0, serial=1
    )
    assert isinstance(call.caller, Leg)
    assert (call.caller.role, call.caller.state) == (Role.CALLER, LegState.EARLY)
    assert (call.hears, call.far, call.move, call.joined) == (Hears.NOTHING, None, None, False)
    assert call.caller_sdp == b"v=0" and not call.caller.offerless
    assert call.offered_at_s == call.started_at_s == 5.0
