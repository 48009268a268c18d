"""Agents on the line whose callers hear music."""

import pytest
from acd_bench import Bench
from acd_wire import sdp_of

from nrcli.wire.messages import AgentState
from site_agent.adapters.base import CallConnected, CallEnded, CallSilent
from site_agent.adapters.sip_acd.parking import is_hold
from site_agent.sip import signals as s


@pytest.mark.parametrize(
    ("direction", "hold"), [("sendrecv", False), ("sendonly", True), ("inactive", True)]
)
def test_what_counts_as_a_hold(direction: str, hold: bool) -> None:
    assert is_hold(sdp_of(4000, direction), bytes_max=8192) is hold
    assert not is_hold(b"nonsense", bytes_max=8192)


def test_a_parked_agent_hears_nothing_and_the_caller_music_until_they_are_joined_again() -> None:
    bench = Bench()
    call_id = bench.call()
    bench.wire.advance(1.0)
    transfers, call = bench.acd.acd._b2b.transfers, bench.acd.acd._desk.calls[call_id]
    bench.acd.acd._desk.now_s = bench.wire.now_s
    transfers.parking.park(call)
    bench.acd.take(bench.acd.acd.fire(bench.wire.now_s))
    bench.wire.advance(1.0)
    assert bench.caller.hears() == 9000 and bench.anna.hears() == 9000
    assert call.parked is not None
    bench.acd.acd._desk.now_s = bench.wire.now_s
    transfers.parking.back(call, call.parked)
    bench.acd.take(bench.acd.acd.fire(bench.wire.now_s))
    bench.wire.advance(1.0)
    assert bench.caller.hears() == 4002 and bench.anna.hears() == 4001
    bench.finish()


HOLDS = {
    "sendonly": sdp_of(4002, "sendonly"),
    "inactive": sdp_of(4002, "inactive"),
    "no address": sdp_of(4002).replace(b"c=IN IP4 127.0.0.1", b"c=IN IP4 0.0.0.0"),
}


def talking() -> tuple[Bench, str, str]:
    """A caller who talks with anna: the bench, the call, and the leg at anna's phone."""
    bench = Bench()
    call_id = bench.call()
    bench.wire.advance(1.0)
    return bench, call_id, next(iter(bench.anna.legs))


def change(bench: Bench, leg: str, body: bytes) -> None:
    """Anna's phone changes the session."""
    bench.anna.take(bench.anna.ua.reinvite(leg, body, bench.wire.now_s))
    bench.wire.advance(1.0)


@pytest.mark.parametrize("how", HOLDS)
def test_a_caller_whom_the_agent_holds_hears_music_until_they_resume(how: str) -> None:
    bench, call_id, leg = talking()
    for _ in range(2):
        change(bench, leg, HOLDS[how])
        assert bench.caller.hears() == 9000 and call_id in bench.acd.playing
        change(bench, leg, HOLDS[how])
        assert bench.caller.hears() == 9000, "a session refresh changes nothing"
        change(bench, leg, sdp_of(4002))
        assert (bench.caller.hears(), bench.anna.hears()) == (4002, 4001)
        assert not bench.acd.playing
    assert [e.agent for e in bench.told(CallConnected)] == ["anna"], "it was one talk"
    assert [e.silent for e in bench.told(CallSilent)].count(True) == 2, "for one turn each"
    bench.finish()


def test_a_caller_who_hangs_up_on_hold_has_talked_all_the_time() -> None:
    bench, _, leg = talking()
    bench.wire.advance(9.0)
    change(bench, leg, HOLDS["inactive"])
    bench.wire.advance(9.0)
    bench.finish()
    ended = bench.told(CallEnded)[0]
    assert ended.agent == "anna" and ended.talked_s == pytest.approx(20.0, abs=0.5)
    assert ended.waited_s < 1.0 and bench.agent_state() is AgentState.READY


def test_an_agent_who_hangs_up_on_hold_has_ended_the_call() -> None:
    bench, _, leg = talking()
    change(bench, leg, HOLDS["sendonly"])
    bench.anna.hang_up(leg)
    bench.wire.advance(1.0)
    assert bench.caller.is_idle
    assert [e.released_by for e in bench.told(CallEnded)] == ["agent"]
    bench.finish()


def test_a_caller_who_holds_too_hears_what_their_own_phone_plays() -> None:
    bench, _, leg = talking()
    bench.caller.take(
        bench.caller.ua.reinvite(bench.leg, sdp_of(4001, "inactive"), bench.wire.now_s)
    )
    bench.wire.advance(1.0)
    change(bench, leg, HOLDS["sendonly"])
    assert not bench.acd.playing
    assert bench.caller.told(s.ReinviteReceived)[-1].request.body == HOLDS["sendonly"]
    bench.finish()


def test_a_caller_who_refuses_music_keeps_the_agent() -> None:
    bench, _, leg = talking()
    bench.caller.reinvite_status = 488
    change(bench, leg, HOLDS["sendonly"])
    bench.wire.advance(10.0)
    bench.caller.reinvite_status = 200
    change(bench, leg, sdp_of(4002))
    assert (bench.caller.hears(), bench.anna.hears()) == (4002, 4001)
    bench.finish()


def test_a_hold_outlives_the_process() -> None:
    bench, call_id, leg = talking()
    change(bench, leg, HOLDS["inactive"])
    bench.acd.kill()
    bench.wire.advance(1.0)
    (one,) = bench.acd.restart()
    bench.wire.settle()
    assert (one.call_id, one.agent) == (call_id, "anna")
    assert bench.agent_state() is AgentState.BUSY
    bench.wire.advance(1.0)
    assert bench.caller.hears() == 9000 and call_id in bench.acd.playing
    change(bench, leg, sdp_of(4002))
    assert (bench.caller.hears(), bench.anna.hears()) == (4002, 4001)
    bench.finish()


def test_a_hold_of_a_caller_without_g711_passes_through() -> None:
    bench, call_id, leg = talking()
    call = bench.acd.acd._desk.calls[call_id]
    call.caller_sdp = call.caller_sdp.replace(b"RTP/AVP 0 8", b"RTP/AVP 9")
    change(bench, leg, HOLDS["sendonly"])
    assert bench.caller.told(s.ReinviteReceived)[-1].request.body == HOLDS["sendonly"]
    assert not bench.acd.playing
    bench.finish()
