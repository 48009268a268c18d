import base64

import pytest
from acd_bench import Bench
from acd_wire import port_of

from nrcli.wire.messages import AgentState
from site_agent.adapters.base import CallConnected, CallEnded, CallOffered

DATA = base64.urlsafe_b64encode(b'{"account":"4711"}').decode()


def test_a_ready_agent_gets_the_call_at_once_with_sdp_and_data():
    bench = Bench()
    call_id = bench.call(headers=[("X-NIRC-Data", DATA), ("X-NIRC-Interaction", "i-7")])
    assert bench.told(CallOffered)[0].agent_ready
    assert bench.told(CallOffered)[0].data == b'{"account":"4711"}'
    assert bench.told(CallConnected) == [
        CallConnected(call_id=call_id, agent="anna", queue="sales")
    ]
    assert (bench.caller.hears(), bench.anna.hears()) == (4002, 4001)
    headers = bench.anna.invites[0].request.headers
    assert headers.get("X-NIRC-Data") == DATA.rstrip("=")
    assert headers.get("X-NIRC-Interaction") == "i-7"
    assert bench.agent_state() is AgentState.BUSY
    bench.wire.advance(10.0)
    bench.anna.hang_up(next(iter(bench.anna.legs)))
    bench.wire.settle()
    ended = bench.told(CallEnded)[0]
    assert (ended.released_by, ended.agent, ended.talked_s) == ("agent", "anna", 10.0)
    assert bench.agent_state() is AgentState.WORKING_AFTER_CALL
    bench.wire.advance(1.0)
    assert bench.agent_state() is AgentState.READY
    bench.finish()


def test_an_answered_caller_reaches_an_agent_by_flow_one():
    bench = Bench(anna_ready=False)
    bench.call()
    bench.wire.advance(2.0)
    assert bench.caller.hears() == 9000
    assert list(bench.acd.playing.values()) == [("127.0.0.1", 4001)]
    bench.ready(True)
    bench.wire.settle()
    assert bench.anna.invites[0].request.body == b""
    assert (bench.caller.hears(), bench.anna.hears()) == (4002, 4001)
    assert not bench.acd.playing
    assert bench.names() == ["CallOffered", "CallAnswered", "CallConnected"]
    bench.finish()


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("refuse", [486, 480, 503, 603])
def test_an_agent_who_refuses_is_not_ready_and_the_caller_waits_on(answered, refuse):
    bench = Bench(anna_ready=not answered)
    bench.anna.refuse = refuse
    bench.call()
    if answered:
        bench.wire.advance(2.0)
        bench.ready(True)
        bench.wire.settle()
    assert bench.agent_state() is AgentState.NOT_READY
    bench.anna.refuse = 0
    bench.wire.advance(6.0)
    assert bench.anna.hears() == 4001 and bench.caller.hears() == 4002
    assert len(bench.told(CallConnected)) == 1
    bench.finish()


@pytest.mark.parametrize("answered", [False, True])
def test_an_agent_who_does_not_answer_is_rung_for_ring_s_only(answered):
    bench = Bench(anna_ready=not answered)
    bench.anna.answer_after_s = None
    bench.call()
    if answered:
        bench.wire.advance(2.0)
        bench.ready(True)
    bench.wire.advance(14.9)
    assert bench.agent_state() is AgentState.BUSY
    bench.wire.advance(0.2)
    assert bench.agent_state() is AgentState.NOT_READY
    assert bench.anna.is_idle
    assert bench.caller.hears() == 9000
    assert bench.acd.playing
    bench.finish()
    assert bench.told(CallEnded)[0].released_by == "caller"


def test_a_dead_phone_is_given_up_and_the_next_agent_is_rung():
    bench = Bench()
    bench.anna.silent = True
    bench.call()
    bench.wire.advance(16.0)
    assert bench.agent_state() is AgentState.NOT_READY
    bench.anna.silent = False
    bench.wire.advance(10.0)
    assert bench.caller.hears() == 4002
    bench.finish()


@pytest.mark.parametrize("body", [b"", b"junk"])
def test_an_answer_without_a_usable_session_ends_only_the_agents_leg(body, monkeypatch):
    bench = Bench()
    monkeypatch.setattr(
        bench.anna,
        "answer",
        lambda leg: bench.anna.take(bench.anna.ua.answer(leg, body, bench.wire.now_s)),
    )
    bench.call()
    bench.wire.advance(3.0)
    if not body:
        assert bench.caller.hears() == 9000
    bench.finish()


def test_a_caller_without_an_offer_gets_the_agents():
    bench = Bench()
    bench.call(offerless=True)
    assert (bench.caller.hears(), bench.anna.hears()) == (4002, 4001)
    assert port_of(bench.anna.invites[0].request.body) == 0
    bench.finish()


def test_early_media_of_the_agent_reaches_the_caller():
    bench = Bench()
    bench.anna.rings = False
    bench.anna.answer_after_s = None
    bench.call()
    leg = next(iter(bench.anna.legs))
    from acd_wire import sdp_of

    bench.anna.take(bench.anna.ua.ring(leg, 183, bench.wire.now_s, body=sdp_of(4002)))
    bench.wire.settle()
    from site_agent.sip.signals import ProvisionalReceived

    early = bench.caller.told(ProvisionalReceived)[-1].response
    assert (early.status, port_of(early.body)) == (183, 4002)
    bench.anna.answer(leg)
    bench.wire.settle()
    assert bench.caller.hears() == 4002
    bench.finish()
