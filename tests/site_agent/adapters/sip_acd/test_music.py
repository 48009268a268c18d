import pytest
from acd_bench import PLAYER, Bench
from acd_wire import Phone, sdp_of

from site_agent.adapters.base import CallConnected, CallSilent
from site_agent.adapters.sip_acd.settings import MediaSettings
from site_agent.sip import signals as s

SERVER = ("127.0.0.1", 6200)


def with_server(**script: object) -> tuple[Bench, Phone]:
    media = MediaSettings(rtp_listen=PLAYER, announcement_uri="sip:moh@127.0.0.1:6200")
    bench = Bench(anna_ready=False, media=media)
    return bench, Phone(bench.wire, SERVER, 4004, **script)


def test_the_announcement_server_plays_and_leaves_when_an_agent_talks():
    bench, server = with_server()
    bench.call()
    bench.wire.advance(2.0)
    assert (bench.caller.hears(), server.hears()) == (4004, 4001)
    assert not bench.acd.playing
    bench.ready(True)
    bench.wire.settle()
    assert (bench.caller.hears(), bench.anna.hears()) == (4002, 4001)
    assert server.is_idle
    bench.finish()


@pytest.mark.parametrize("script", [{"refuse": 503}, {"silent": True}, {"answer_after_s": None}])
def test_the_player_steps_in_for_a_server_that_fails(script):
    bench, server = with_server(**script)
    bench.call()
    bench.wire.advance(4.0)
    assert bench.caller.hears() == 9000 and bench.acd.playing
    bench.finish()
    assert server.is_idle


def test_the_player_steps_in_when_the_server_hangs_up():
    bench, server = with_server()
    bench.call()
    bench.wire.advance(2.0)
    server.hang_up(next(iter(server.legs)))
    bench.wire.settle()
    assert bench.caller.hears() == 9000 and bench.acd.playing
    assert [one.silent for one in bench.told(CallSilent)] == [True, False]
    bench.finish()


def test_a_caller_who_hangs_up_while_the_server_is_asked_leaves_nothing():
    bench, server = with_server(answer_after_s=1.0)
    bench.call()
    bench.wire.advance(1.5)
    bench.finish()
    assert server.is_idle


def test_an_agent_who_is_ready_first_wins():
    bench, server = with_server(answer_after_s=1.5)
    bench.call()
    bench.wire.advance(1.2)
    bench.anna.answer_after_s = 1.0
    bench.ready(True)
    bench.wire.advance(3.0)
    assert bench.caller.hears() == 4002 and server.is_idle
    assert bench.told(CallConnected)
    bench.finish()


def test_hold_passes_through_to_the_server():
    bench, _ = with_server()
    bench.call()
    bench.wire.advance(2.0)
    bench.caller.take(
        bench.caller.ua.reinvite(bench.leg, sdp_of(4001, "sendonly"), bench.wire.now_s)
    )
    bench.wire.settle()
    assert bench.caller.hears() == 4004
    bench.finish()


def test_an_address_that_cannot_be_used_is_counted_and_the_player_plays():
    media = MediaSettings(rtp_listen=PLAYER, announcement_uri="sip:moh@name.example")
    bench = Bench(anna_ready=False, media=media)
    bench.call()
    bench.wire.advance(2.0)
    assert bench.caller.hears() == 9000
    assert bench.acd.acd._desk.counts["announcement_uri_unusable"] == 1
    bench.finish()


def test_callers_are_told_the_players_public_address():
    media = MediaSettings(rtp_listen=PLAYER, rtp_address="192.0.2.7")
    bench = Bench(anna_ready=False, media=media)
    bench.acd.acd.media_bound(("0.0.0.0", 9000))
    bench.call()
    bench.wire.advance(1.2)
    bodies = [told.response.body for told in bench.caller.told(s.AnswerReceived)]
    assert [b"c=IN IP4 192.0.2.7" in body for body in bodies] == [True]
    bench.finish()
