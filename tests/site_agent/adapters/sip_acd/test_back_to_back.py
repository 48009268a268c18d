import random

import pytest
from acd_bench import CARRIER, Bench

from nrcli.sip.message import SipUri
from site_agent.sip import signals as s


def ask(bench: Bench, method: str) -> int:
    phone = bench.caller
    phone.take(
        phone.ua.request(
            "r1", method, SipUri.parse("sip:127.0.0.1:5061"),
            s.Peer("udp", phone.address, CARRIER), bench.wire.now_s,
            from_="<sip:a@b>", to="<sip:c@d>",
        )
    )  # fmt: skip
    bench.wire.settle()
    return phone.told(s.ResponseReceived)[-1].status


def test_options_say_whether_new_calls_are_taken():
    bench = Bench()
    assert ask(bench, "OPTIONS") == 200
    bench.acd.acd.drain(True)
    assert ask(bench, "OPTIONS") == 503


@pytest.mark.parametrize(("method", "status"), [("MESSAGE", 405), ("INFO", 405)])
def test_other_requests_are_refused(method, status):
    assert ask(Bench(), method) in (status, 481)


def test_a_phone_registers_only_where_agents_do():
    assert ask(Bench(), "REGISTER") == 404


def test_one_agent_serves_callers_in_turn():
    bench = Bench()
    first = bench.call()
    second = bench.caller.call(f"sip:sales@{CARRIER[0]}:{CARRIER[1]}")
    bench.wire.settle()
    assert first
    bench.anna.hang_up(next(iter(bench.anna.legs)))
    bench.wire.advance(1.5)
    assert bench.caller.legs == {second: "up"}
    assert bench.caller.hears() == 4002
    bench.caller.hang_up(second)
    bench.wire.settle()
    bench.finish()


def spoilt(chance: random.Random, data: bytes) -> bytes:
    """A datagram with bytes changed, cut out, doubled, or its lines in another order."""
    spoil = bytearray(data)
    at = chance.randrange(len(spoil))
    kind = chance.randrange(5)
    if kind == 0:
        for _ in range(chance.randint(1, 8)):
            spoil[chance.randrange(len(spoil))] = chance.randrange(256)
    elif kind == 1:
        del spoil[at:]
    elif kind == 2:
        del spoil[at : at + chance.randrange(60)]
    elif kind == 3:
        spoil[at:at] = spoil[max(0, at - 60) : at] * chance.randint(1, 20)
    else:
        lines = data.split(b"\r\n")
        chance.shuffle(lines)
        spoil = bytearray(b"\r\n".join(lines))
    return bytes(spoil)


@pytest.mark.parametrize("first", range(0, 100, 10))
def test_spoilt_datagrams_never_raise_and_leave_no_agent_behind(first):
    for seed in range(first, first + 10):
        chance = random.Random(seed)
        bench = Bench(anna_ready=seed % 2 == 0)
        bench.wire.quiet = lambda: None
        receive = bench.acd.acd.receive

        def mixed(data, peer, now_s, receive=receive, chance=chance):
            outcomes = []
            if chance.random() < 0.3:
                outcomes = receive(spoilt(chance, data), peer, now_s)
            return outcomes + receive(data, peer, now_s)

        bench.acd.acd.receive = mixed
        bench.call()
        bench.wire.advance(3.0)
        bench.ready(True)
        bench.wire.advance(3.0)
        bench.caller.hang_up(bench.leg)
        bench.wire.advance(60.0)
        assert bench.acd.acd._desk.queueing.agents.get("anna").activity.value == "idle"
