"""Agents on the line whose callers hear music."""

import pytest
from acd_bench import Bench
from acd_wire import sdp_of

from site_agent.adapters.sip_acd.parking import is_hold


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
