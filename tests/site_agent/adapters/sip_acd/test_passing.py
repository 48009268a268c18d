from acd_bench import Bench
from acd_wire import port_of, sdp_of

from site_agent.sip import signals as s


def leg_of(phone):
    return next(iter(phone.legs))


def reinvite(bench, phone, body):
    phone.take(phone.ua.reinvite(leg_of(phone), body, bench.wire.now_s))
    bench.wire.settle()


def test_a_callers_hold_and_resume_pass_through():
    bench = Bench()
    bench.call()
    for direction in ("sendonly", "sendrecv"):
        reinvite(bench, bench.caller, sdp_of(4001, direction))
        offer = bench.anna.told(s.ReinviteReceived)[-1].request.body
        assert offer == sdp_of(4001, direction)
        assert port_of(bench.caller.told(s.AnswerReceived)[-1].response.body) == 4002
    bench.finish()


def test_a_refused_change_leaves_the_session_as_it_was():
    bench = Bench()
    bench.call()
    bench.caller.reinvite_status = 488
    reinvite(bench, bench.anna, sdp_of(4999))
    failed = bench.anna.told(s.InviteFailed)[-1]
    assert (failed.status, failed.is_reinvite) == (488, True)
    assert (bench.caller.hears(), bench.anna.hears()) == (4002, 4001)
    bench.caller.reinvite_status = 200
    reinvite(bench, bench.anna, sdp_of(4002))
    bench.finish()


def test_the_trunk_never_gets_a_reinvite_without_an_offer():
    bench = Bench()
    bench.call()
    bench.anna.offerless.add(leg_of(bench.anna))
    reinvite(bench, bench.anna, b"")
    assert port_of(bench.anna.told(s.AnswerReceived)[-1].response.body) == 4001
    assert port_of(bench.caller.told(s.ReinviteReceived)[-1].request.body) == 4002
    bench.finish()


def test_a_callers_offerless_change_passes_through_with_the_agents_offer():
    bench = Bench()
    bench.call()
    bench.caller.offerless.add(bench.leg)

    def answer(event):
        assert not event.request.body
        bench.anna.take(bench.anna.ua.accept_reinvite(event.leg, sdp_of(4002), bench.wire.now_s))

    bench.anna._on_ReinviteReceived = answer
    reinvite(bench, bench.caller, b"")
    assert bench.caller.hears() == 4002 and bench.anna.hears() == 4001
    bench.finish()


def test_a_waiting_caller_who_holds_gets_no_music_until_they_resume():
    bench = Bench(anna_ready=False)
    bench.call()
    bench.wire.advance(2.0)
    bench.caller.take(
        bench.caller.ua.reinvite(bench.leg, sdp_of(4001, "inactive"), bench.wire.now_s)
    )
    bench.wire.step(), bench.wire.step()
    assert not bench.acd.playing
    bench.wire.settle()
    reinvite(bench, bench.caller, sdp_of(4004))
    assert list(bench.acd.playing.values()) == [("127.0.0.1", 4004)]
    bench.caller.offerless.add(bench.leg)
    reinvite(bench, bench.caller, b"")
    assert list(bench.acd.playing.values()) == [("127.0.0.1", 4001)]
    reinvite(bench, bench.caller, b"junk")
    assert bench.caller.told(s.InviteFailed)[-1].status == 400
    bench.finish()


def info(bench, phone):
    phone.take(
        phone.ua.request(
            "i1", "INFO", phone.invites[0].request.uri if phone.invites else None or URI,
            s.Peer("udp", phone.address, ("127.0.0.1", 5061)), bench.wire.now_s,
            from_="", to="", headers=[("Content-Type", "application/dtmf-relay")],
            body=b"Signal=5", leg=leg_of(phone),
        )
    )  # fmt: skip
    bench.wire.settle()


from nrcli.sip.message import SipUri  # noqa: E402

URI = SipUri.parse("sip:x@127.0.0.1:5061")


def test_dtmf_passes_through_when_connected_and_is_taken_when_waiting():
    bench = Bench()
    bench.call()
    info(bench, bench.caller)
    got = bench.anna.told(s.RequestReceived)[-1]
    assert (got.request.method, got.request.body) == ("INFO", b"Signal=5")
    assert got.request.headers.get("Content-Type") == "application/dtmf-relay"
    bench.anna.take(bench.anna.ua.respond(got.transaction, 200, bench.wire.now_s))
    bench.wire.settle()
    assert bench.caller.told(s.ResponseReceived)[-1].status == 200
    bench.finish()
    bench = Bench(anna_ready=False)
    bench.call()
    bench.wire.advance(2.0)
    info(bench, bench.caller)
    assert bench.caller.told(s.ResponseReceived)[-1].status == 200
    bench.finish()


def test_a_refer_of_an_agent_to_no_service_is_refused():
    bench = Bench()
    bench.call()
    bench.anna.take(bench.anna.ua.refer(leg_of(bench.anna), "<sip:x@127.0.0.1>", bench.wire.now_s))
    bench.wire.settle()
    assert bench.anna.told(s.ReferAnswered)[-1].status == 404
    bench.finish()


def test_an_agent_whose_ack_to_a_change_never_comes_is_hung_up_on():
    bench = Bench()
    bench.call()
    bench.wire.lose = lambda peer, data: data.startswith(b"ACK") and peer.local[1] == 6001
    reinvite(bench, bench.anna, sdp_of(4002, "sendonly"))
    bench.wire.advance(40.0)
    assert bench.acd.ended() == ["agent"]
    assert bench.anna.is_idle and bench.caller.is_idle
    bench.finish()
