import pytest
from acd_bench import CARRIER, Bench

from site_agent.sip import signals as s
from site_agent.sip.message import SipUri


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
