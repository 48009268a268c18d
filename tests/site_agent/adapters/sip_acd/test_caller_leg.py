import dataclasses

import pytest
from acd_bench import SETTINGS, Bench
from acd_wire import Phone

from nrcli.wire.messages import AgentState
from site_agent.adapters.base import CallAnswered, CallConnected, CallEnded
from site_agent.sip import signals as s
from site_agent.sip_acd_shell import SipAcdShell


def test_a_caller_rings_until_the_trunks_time_and_then_hears_music():
    bench = Bench(anna_ready=False)
    bench.call()
    bench.wire.advance(0.9)
    assert bench.caller.finals == []
    bench.wire.advance(0.2)
    assert bench.caller.finals == [200] and bench.caller.hears() == 9000
    assert bench.told(CallAnswered)
    bench.finish()


def test_a_caller_for_whom_the_player_has_no_session_rings_on():
    media = dataclasses.replace(SETTINGS.media, sessions_max=1)
    bench = Bench(anna_ready=False, media=media)
    bench.call()
    bench.wire.advance(1.2)
    first, other = bench.leg, Phone(bench.wire, ("127.0.0.9", 7002), 4005)
    leg = other.call("sip:sales@127.0.0.1:5061")
    bench.wire.advance(20.0)
    assert other.finals == [] and len(bench.acd.playing) == 1
    bench.caller.hang_up(first)
    bench.wire.advance(0.6)
    assert other.finals == [200] and len(bench.acd.playing) == 1
    other.hang_up(leg)
    bench.wire.advance(100.0)
    assert not bench.acd.acd._b2b._caller._music._seated
    bench.finish()


def test_the_player_has_a_session_for_every_call_that_is_taken():
    assert SETTINGS.sessions_max == SETTINGS.limits.calls_max
    shell = SipAcdShell(SETTINGS, lambda: "x", lambda item: True, lambda: 1.0)
    assert shell._player._sessions_max == SETTINGS.limits.calls_max


def test_a_trunk_that_is_never_answered_rings_on():
    trunk = dataclasses.replace(SETTINGS.trunk_groups[0], answer_after_s=None)
    bench = Bench(anna_ready=False, trunk_groups=(trunk, SETTINGS.trunk_groups[1]))
    bench.call()
    bench.wire.advance(100.0)
    assert bench.caller.finals == []
    bench.finish()


def test_the_answer_waits_while_an_agent_rings_with_the_callers_offer():
    bench = Bench()
    bench.anna.answer_after_s = 4.0
    bench.call()
    bench.wire.advance(3.0)
    assert bench.caller.finals == []
    bench.wire.advance(2.0)
    assert bench.caller.hears() == 4002
    bench.finish()


def test_a_caller_whose_ack_never_comes_is_ended():
    bench = Bench(anna_ready=False)
    bench.call()
    bench.wire.lose = lambda peer, data: data.startswith(b"ACK")
    bench.wire.advance(40.0)
    assert bench.acd.ended() == ["caller"]
    bench.wire.lose = lambda peer, data: False
    bench.finish()


def test_an_agent_who_meets_a_missing_ack_comes_back():
    bench = Bench()
    bench.wire.lose = lambda peer, data: data.startswith(b"ACK") and peer.remote[1] == 5061
    bench.call()
    bench.wire.advance(40.0)
    assert bench.told(CallConnected) == []
    assert bench.acd.ended() == ["caller"]
    bench.wire.lose = lambda peer, data: False
    bench.wire.advance(2.0)
    assert bench.agent_state() is AgentState.READY
    bench.finish()


def test_a_caller_who_refuses_every_join_is_ended_in_the_end():
    bench = Bench(anna_ready=False)
    bench.caller.reinvite_status = 488
    bench.call()
    bench.wire.advance(2.0)
    bench.ready(True)
    bench.wire.advance(1.5)
    assert bench.acd.playing and bench.agent_state() is AgentState.READY
    bench.wire.advance(10.0)
    assert bench.acd.ended() == ["site"]
    bench.finish()


def test_glare_is_tried_again_and_joins():
    bench = Bench(anna_ready=False)
    bench.call()
    bench.wire.advance(2.0)
    bench.caller.reinvite_status = 491
    bench.ready(True)
    bench.wire.advance(0.01)
    bench.caller.reinvite_status = 200
    bench.wire.advance(5.0)
    assert bench.caller.hears() == 4002
    bench.finish()


def test_a_caller_who_is_gone_at_the_join_ends_the_call_and_frees_the_agent():
    bench = Bench(anna_ready=False)
    bench.call()
    bench.wire.advance(2.0)
    bench.wire.lose = lambda peer, data: peer.remote == bench.caller.address
    bench.caller.legs.clear()
    bench.ready(True)
    bench.wire.advance(40.0)
    assert bench.acd.ended() == ["caller"]
    assert bench.agent_state() is AgentState.READY
    bench.finish()


def test_the_longest_call_is_ended():
    limits = dataclasses.replace(SETTINGS.limits, call_s_max=30.0)
    bench = Bench(limits=limits)
    bench.call()
    bench.wire.advance(31.0)
    assert bench.acd.ended() == ["site"]
    assert bench.told(CallEnded)[0].talked_s == pytest.approx(30.0)
    bench.finish()


def test_only_one_180_is_sent():
    bench = Bench(anna_ready=False)
    bench.call()
    bench.ready(True)
    bench.wire.settle()
    assert len(bench.caller.told(s.ProvisionalReceived)) == 1
    bench.finish()
