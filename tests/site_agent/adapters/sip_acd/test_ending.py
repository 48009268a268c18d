"""The caller hangs up after every single message of every flow; afterwards nothing is left over."""

import gc
from collections.abc import Callable

import pytest
from acd_bench import NETWORK, TOKEN, Bench
from acd_wire import Phone

from nrcli.wire.messages import AgentState, TransferMethod
from site_agent.adapters.base import (
    AcceptArrival,
    CallArriving,
    CallOffered,
    HoldAgent,
    PutBack,
    StartMove,
)
from site_agent.adapters.sip_acd.calls import Call
from site_agent.sip.signals import CancelReceived, InviteReceived

M = TransferMethod
STEPS_MAX = 60


def served(bench: Bench) -> None:
    bench.anna.answer_after_s = 0.5
    bench.call()
    bench.wire.advance(3.0)


def served_by_flow_one(bench: Bench) -> None:
    bench.ready(False)
    bench.anna.answer_after_s = 0.5
    bench.call()
    bench.wire.advance(2.0)
    bench.ready(True)
    bench.wire.advance(3.0)


def not_answered_then_answered(bench: Bench) -> None:
    bench.anna.answer_after_s = None
    bench.call()
    bench.wire.advance(16.0)
    bench.anna.answer_after_s = 0.5
    bench.wire.advance(10.0)


def refused(bench: Bench) -> None:
    bench.anna.refuse = 486
    bench.call()
    bench.wire.advance(7.0)


def offerless(bench: Bench) -> None:
    bench.anna.answer_after_s = 0.5
    bench.call(offerless=True)
    bench.wire.advance(3.0)


def offerless_waiting(bench: Bench) -> None:
    bench.ready(False)
    bench.call(offerless=True)
    bench.wire.advance(2.0)
    bench.ready(True)
    bench.wire.advance(2.0)


def moved(method: M, *, answered: bool, ring_s: float | None = 0.5, refuse: int = 0):
    def flow(bench: Bench) -> None:
        bench.ready(False)
        bench.target.answer_after_s = ring_s
        bench.target.refuse = refuse
        bench.call()
        bench.wire.advance(2.0 if answered else 0.3)
        if not bench.told(CallOffered):
            bench.wire.advance(0.6)  # the INVITE was lost and is sent again
        call_id = bench.told(CallOffered)[0].call_id
        bench.acd.command(
            StartMove(
                call_id=call_id,
                move_id="m",
                method=method,
                address=f"sip:{TOKEN}@127.0.0.1:6100",
                set_up_s=3.0,
            )
        )
        bench.wire.advance(5.0)

    return flow


def arrived(*, answer_now: bool, agent_s: float | None, offerless: bool = False):
    def flow(bench: Bench) -> None:
        bench.acd.command(HoldAgent(hold_id="h1", agent="anna", queue="sales"))
        bench.anna.answer_after_s = agent_s

        def decide(event):
            if not isinstance(event, CallArriving):
                return []
            return [
                AcceptArrival(
                    call_id=event.call_id,
                    hold_id="h1",
                    interaction_id="i",
                    service="sales",
                    queue="sales",
                    agent="anna",
                    waited_s=5.0,
                    answer_now=answer_now,
                )
            ]

        bench.acd.decide = decide
        bench.call(TOKEN, NETWORK, offerless=offerless)
        bench.wire.advance(4.0)

    return flow


FLOWS: dict[str, Callable[[Bench], None]] = {
    "served": served,
    "served_by_flow_one": served_by_flow_one,
    "not_answered_then_answered": not_answered_then_answered,
    "refused": refused,
    "offerless": offerless,
    "offerless_waiting": offerless_waiting,
    "redirect": moved(M.REDIRECT_302, answered=False),
    "refer": moved(M.REFER, answered=True),
    "bridge_early": moved(M.BRIDGE, answered=False),
    "bridge_late": moved(M.BRIDGE, answered=True),
    "bridge_ringing": moved(M.BRIDGE, answered=False, ring_s=None),
    "bridge_refused": moved(M.BRIDGE, answered=True, refuse=503),
    "arrived": arrived(answer_now=False, agent_s=0.5),
    "arrived_answered": arrived(answer_now=True, agent_s=2.0),
    "arrived_answered_fast": arrived(answer_now=True, agent_s=0.2),
    "arrived_offerless": arrived(answer_now=True, agent_s=0.2, offerless=True),
    "arrived_offerless_slow": arrived(answer_now=True, agent_s=2.0, offerless=True),
}


def run(flow: Callable[[Bench], None], who: str, at: int, *, lose: int = -1) -> Bench:
    """Run a flow; `who` hangs up before the datagram number `at`; datagram `lose` is lost."""
    bench = Bench()
    phones: dict[str, Phone] = {
        "caller": bench.caller, "agent": bench.anna, "target": bench.target
    }  # fmt: skip

    def before(count: int) -> None:
        if count == at:
            for leg in list(phones[who].legs):
                phones[who].hang_up(leg)

    bench.wire.before = before
    bench.wire.lose = lambda peer, data: bench.wire.delivered_count - 1 == lose
    bench.leg = ""
    flow(bench)
    bench.acd.decide = lambda event: []
    bench.wire.advance(0.1)
    for call in list(bench.acd.acd._desk.calls.values()):
        if call.move is not None and not call.redirected:
            bench.acd.command(PutBack(call_id=call.call_id))
    bench.finish()
    return bench


@pytest.mark.parametrize("who", ["caller", "agent", "target"])
@pytest.mark.parametrize("name", FLOWS)
def test_hanging_up_at_any_moment_leaves_nothing(name, who):
    for at in range(STEPS_MAX):
        bench = run(FLOWS[name], who, at)
        assert bench.agent_state() is not AgentState.BUSY
        if bench.wire.delivered_count <= at:
            return
    raise AssertionError(f"{name} takes more than {STEPS_MAX} messages")


@pytest.mark.parametrize("name", FLOWS)
def test_any_lost_datagram_is_made_good(name):
    for lose in range(STEPS_MAX):
        bench = run(FLOWS[name], "caller", -1, lose=lose)
        if bench.wire.delivered_count <= lose:
            return


def test_an_agent_is_rung_again_only_when_their_phone_has_let_go_of_the_call_before() -> None:
    """A phone that hung for a while had two INVITEs before the CANCEL of the first."""
    bench = Bench()
    bench.anna.answer_after_s = 5.0
    bench.anna.silent = True
    bench.call()
    bench.caller.hang_up(bench.leg)
    bench.wire.settle()
    assert bench.agent_state() is AgentState.BUSY
    bench.call()
    bench.anna.silent = False
    bench.wire.advance(4.0)
    kinds = (InviteReceived, CancelReceived)
    told = [type(event) for event in bench.anna.events if isinstance(event, kinds)]
    assert told == [InviteReceived, CancelReceived, InviteReceived]
    bench.finish()


@pytest.mark.parametrize("flow", [served, refused, offerless_waiting])
def test_an_ended_call_is_free_without_a_search_for_rings(flow: Callable[[Bench], None]) -> None:
    bench = Bench()
    gc.collect()
    gc.disable()
    try:
        before = calls_count()
        flow(bench)
        assert calls_count() > before
        for leg in list(bench.caller.legs):
            bench.caller.hang_up(leg)
        bench.wire.advance(60.0)
        assert calls_count() == before
    finally:
        gc.enable()


def calls_count() -> int:
    return sum(isinstance(thing, Call) for thing in gc.get_objects())
