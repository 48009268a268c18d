"""An end that is gone without a word does not keep agent and channel for hours."""

import dataclasses

import pytest
from acd_bench import SETTINGS, Bench

from nrcli.wire.messages import AgentState
from site_agent.adapters.base import CallEnded
from site_agent.sip.signals import Peer

FOUND_S = 75.0 + 32.0 + 1.0


def vanish(bench: Bench, address: tuple[str, int]) -> None:
    """The device is off from now on: it neither hears nor says anything."""
    bench.wire.lose = lambda peer, data: address in (peer.remote, peer.local)


def asked(bench: Bench, port: int) -> int:
    return sum(f"> {port} OPTIONS" in line for line in bench.wire.log)


def test_both_ends_are_asked_and_a_call_that_stands_goes_on():
    bench = Bench()
    bench.call()
    bench.wire.advance(400.0)
    assert asked(bench, bench.caller.address[1]) == asked(bench, bench.anna.address[1]) == 5
    assert bench.acd.ended() == []
    assert bench.agent_state() is AgentState.BUSY
    bench.finish()


def test_a_caller_whose_device_died_gives_the_agent_back():
    bench = Bench()
    bench.call()
    bench.wire.advance(10.0)
    vanish(bench, bench.caller.address)
    bench.caller.legs.clear()
    bench.wire.advance(FOUND_S)
    assert bench.acd.ended() == ["caller"]
    assert bench.told(CallEnded)[0].sip_status == 408
    bench.finish()


def test_a_waiting_caller_whose_device_died_leaves_the_queue():
    bench = Bench(anna_ready=False)
    bench.call()
    bench.wire.advance(10.0)
    bench.wire.quiet = lambda: None
    vanish(bench, bench.caller.address)
    bench.caller.legs.clear()
    bench.wire.advance(FOUND_S)
    assert bench.acd.ended() == ["caller"]
    bench.ready(True)
    bench.finish()


def test_an_agent_whose_phone_died_ends_the_call():
    bench = Bench()
    bench.call()
    bench.wire.advance(10.0)
    bench.wire.quiet = lambda: None
    vanish(bench, bench.anna.address)
    bench.anna.legs.clear()
    bench.wire.advance(FOUND_S)
    assert bench.acd.ended() == ["agent"]
    bench.finish()


def test_a_device_that_knows_the_dialog_no_more_is_gone_at_once():
    bench = Bench()
    bench.call()
    bench.caller.ua._legs.clear()
    bench.caller.ua._by_tag.clear()
    bench.caller.legs.clear()
    bench.wire.advance(76.0)
    assert bench.acd.ended() == ["caller"]
    bench.finish()


@pytest.mark.parametrize("who", ["caller", "anna"])
def test_an_end_that_cannot_be_connected_is_gone_the_second_time(who):
    bench = Bench()
    bench.call()
    bench.wire.quiet = lambda: None
    phone = getattr(bench, who)
    vanish(bench, phone.address)
    phone.legs.clear()

    def fail_flow() -> None:
        local = ("127.0.0.1", 5061) if who == "caller" else ("127.0.0.1", 5063)
        bench.acd.take(bench.acd.acd.send_failed(Peer("udp", local, phone.address), now()))
        bench.wire.settle()

    def now() -> float:
        return bench.wire.now_s

    bench.wire.advance(76.0)
    fail_flow()
    assert bench.acd.ended() == []
    bench.wire.advance(75.0)
    fail_flow()
    assert bench.acd.ended() == ["caller" if who == "caller" else "agent"]
    bench.finish()


def test_the_question_can_be_switched_off():
    bench = Bench(limits=dataclasses.replace(SETTINGS.limits, liveness_s=0.0))
    bench.call()
    bench.wire.advance(400.0)
    assert asked(bench, bench.caller.address[1]) == 0
    bench.finish()
