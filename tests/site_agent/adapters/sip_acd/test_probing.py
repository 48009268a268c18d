"""Test calls on the wire: placed, answered, and let go by whoever answered."""

import pytest
from acd_bench import NETWORK, TOKEN, Bench

from site_agent.adapters.base import (
    AnswerProbe,
    CallArriving,
    CallConnected,
    CallEnded,
    PlaceProbe,
    ProbeEnded,
)

ADDRESS = f"sip:{TOKEN}@127.0.0.1:6100"


def place(bench: Bench, **fields: object) -> None:
    known = {"call_id": "p1", "trunk_group": "carrier", "address": ADDRESS, "ring_s": 5.0}
    bench.acd.command(PlaceProbe(**(known | fields)))
    bench.wire.settle()


def test_whoever_answers_lets_go_and_that_is_told():
    bench = Bench()
    place(bench)
    assert not bench.told(ProbeEnded)
    bench.target.hang_up(next(iter(bench.target.legs)))
    bench.wire.settle()
    (ended,) = bench.told(ProbeEnded)
    assert (ended.call_id, ended.sip_status, ended.let_go) == ("p1", 200, True)
    assert bench.acd.acd._desk.trunks.get("carrier").used_count == 0
    bench.finish()


def test_one_who_does_not_let_go_is_left_after_a_while():
    bench = Bench()
    place(bench)
    bench.wire.advance(6.0)
    (ended,) = bench.told(ProbeEnded)
    assert (ended.sip_status, ended.let_go) == (200, False)
    assert bench.acd.acd._desk.trunks.get("carrier").used_count == 0
    bench.finish()


@pytest.mark.parametrize("status", [403, 486, 503])
def test_a_refusal_is_told_with_its_status(status):
    bench = Bench()
    bench.target.refuse = status
    place(bench)
    assert [one.sip_status for one in bench.told(ProbeEnded)] == [status]
    bench.finish()


def test_nobody_answers_in_time():
    bench = Bench()
    bench.target.answer_after_s = None
    place(bench)
    bench.wire.advance(40.0)
    assert [one.sip_status for one in bench.told(ProbeEnded)] == [408]
    assert bench.acd.acd._desk.trunks.get("carrier").used_count == 0


@pytest.mark.parametrize("fields", [{"trunk_group": "isdn"}, {"address": "sip:1@trunk.example"}])
def test_what_cannot_be_placed_is_told(fields):
    bench = Bench()
    place(bench, **fields)
    assert [one.sip_status for one in bench.told(ProbeEnded)] == [0]
    bench.finish()


def test_an_arriving_test_call_is_answered_and_ended_and_rings_nobody():
    bench = Bench()
    bench.acd.decide = lambda event: (
        [AnswerProbe(call_id=event.call_id)] if isinstance(event, CallArriving) else []
    )
    bench.call(TOKEN, NETWORK)
    assert bench.caller.hears() == 9000
    bench.wire.advance(1.0)
    assert [one.released_by for one in bench.told(CallEnded)] == ["site"]
    assert not bench.told(CallConnected) and not bench.anna.legs
    bench.acd.command(AnswerProbe(call_id="gone"))
    bench.finish()
