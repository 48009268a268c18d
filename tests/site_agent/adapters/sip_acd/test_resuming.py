"""The process is killed and started again: answered calls go on, both ends may leave."""

from __future__ import annotations

import dataclasses

import pytest
from acd_bench import NETWORK, SETTINGS, TOKEN, Bench

from nrcli.wire.messages import AgentState
from site_agent.adapters.base import (
    AcceptArrival,
    ArrivalAcknowledged,
    CallArriving,
    CallEnded,
    CallResumed,
    EndMoved,
    PutBack,
)
from site_agent.adapters.sip_acd.settings import MediaSettings


def talking() -> Bench:
    bench = Bench()
    bench.call()
    bench.wire.advance(1.5)
    assert bench.caller.legs[bench.leg] == "up"
    bench.acd.kill()
    return bench


def restarted(bench: Bench, dead_s: float = 1.0) -> list[CallResumed]:
    bench.wire.advance(dead_s)
    resumed = bench.acd.restart()
    bench.wire.settle()
    return resumed


@pytest.mark.parametrize("who", ["caller", "anna"])
@pytest.mark.parametrize("liveness_s", [75.0, 0.0])
def test_after_a_restart_either_end_hangs_up_and_both_are_free(who: str, liveness_s: float) -> None:
    bench = talking()
    limits = dataclasses.replace(SETTINGS.limits, liveness_s=liveness_s)
    bench.acd.settings = dataclasses.replace(SETTINGS, limits=limits)
    (one,) = restarted(bench)
    assert (one.agent, one.queue, one.bridged) == ("anna", "sales", False)
    assert bench.agent_state() is AgentState.BUSY
    bench.wire.advance(5.0)
    assert bench.caller.legs[bench.leg] == "up"
    if who == "caller":
        bench.caller.hang_up(bench.leg)
    else:
        (leg,) = [leg for leg, state in bench.anna.legs.items() if state == "up"]
        bench.anna.hang_up(leg)
    bench.wire.advance(5.0)
    assert bench.caller.is_idle and bench.anna.is_idle
    ended = [(e.call_id, e.released_by) for e in bench.told(CallEnded)]
    assert ended == [(one.call_id, "caller" if who == "caller" else "agent")]
    assert bench.agent_state() is AgentState.READY
    assert not bench.acd.kept
    bench.wire.advance(200.0)
    bench.check_clean()


@pytest.mark.parametrize("who", ["caller", "anna"])
def test_a_goodbye_said_while_the_process_was_gone_is_heard(who: str) -> None:
    bench = talking()
    bench.wire.quiet = lambda: None
    if who == "caller":
        bench.caller.hang_up(bench.leg)
    else:
        bench.anna.hang_up(next(iter(bench.anna.legs)))
    restarted(bench, 3.0)
    bench.wire.advance(10.0)
    assert bench.caller.is_idle and bench.anna.is_idle
    bench.wire.advance(200.0)
    bench.check_clean()


def test_an_end_that_gave_up_meanwhile_is_found_by_asking() -> None:
    bench = talking()
    bench.caller.hang_up(bench.leg)
    restarted(bench, 60.0)
    bench.wire.advance(100.0)
    assert [event.released_by for event in bench.told(CallEnded)] == ["caller"]
    assert bench.anna.is_idle
    bench.check_clean()


def test_who_waited_hears_music_from_the_new_player_and_reaches_an_agent() -> None:
    bench = Bench(anna_ready=False)
    call_id = bench.call()
    bench.wire.advance(3.0)
    assert bench.caller.legs[bench.leg] == "up"
    bench.wire.quiet = lambda: None
    bench.acd.kill()
    media = MediaSettings(rtp_listen=("127.0.0.1", 9100))
    bench.acd.settings = dataclasses.replace(SETTINGS, media=media)
    restarted(bench)
    assert bench.caller.heard[bench.leg] == 9100
    assert list(bench.acd.playing) == [call_id]
    bench.wire.advance(1.0)
    assert bench.anna.is_idle
    bench.acd.command(PutBack(call_id=call_id))
    bench.wire.advance(3.0)
    assert bench.caller.heard[bench.leg] == 4002
    bench.finish()


def test_a_call_in_motion_is_offered_to_nobody_until_it_is_said_where_it_is() -> None:
    bench = Bench(anna_ready=False)
    call_id = bench.call()
    bench.wire.advance(3.0)
    bench.acd.kill()
    restarted(bench)
    bench.ready(True)
    bench.wire.advance(5.0)
    assert bench.anna.is_idle
    bench.acd.command(EndMoved(call_id=call_id))
    bench.wire.settle()
    assert bench.caller.is_idle
    assert [event.released_by for event in bench.told(CallEnded)] == ["moved"]
    bench.wire.advance(200.0)
    bench.check_clean()


def test_an_arrival_whose_ack_nobody_saw_is_found_by_asking() -> None:
    bench = Bench()

    def accept(event: object) -> list[AcceptArrival]:
        if not isinstance(event, CallArriving):
            return []
        fields = {"interaction_id": "i", "service": "sales", "queue": "sales", "priority": 0}
        return [
            AcceptArrival(
                call_id=event.call_id, hold_id="h", waited_s=1.0, answer_now=True, **fields
            )
        ]

    bench.acd.decide = accept  # type: ignore[assignment]
    bench.wire.lose = lambda peer, data: data.startswith(b"ACK") and peer.remote == NETWORK
    bench.wire.quiet = lambda: None
    bench.call(TOKEN, NETWORK)
    bench.wire.advance(1.2)
    assert not bench.told(ArrivalAcknowledged)
    bench.acd.kill()
    bench.wire.lose = lambda peer, data: False
    (one,) = restarted(bench)
    assert not one.acknowledged
    bench.wire.advance(1.0)
    assert [event.call_id for event in bench.told(ArrivalAcknowledged)] == [one.call_id]
    bench.finish()


def test_a_registered_phone_is_rung_by_the_next_process() -> None:
    bench = Bench()
    kept = {"uri": "sip:rita@127.0.0.1:6100", "flow": ["127.0.0.1", 6100, "udp"]}
    for until_s, state in ((bench.wire.now_s + 50.0, AgentState.READY), (5.0, AgentState.NULL)):
        registrar = bench.acd.acd._desk.registrar
        assert registrar.resume("rita", kept | {"until_s": until_s}, 0.0, bench.wire.now_s) is (
            state is AgentState.READY
        )
        assert registrar.kept("rita") is not None


def test_records_that_do_not_fit_cost_themselves_alone() -> None:
    bench = talking()
    (where,) = bench.acd.kept
    good = bench.acd.kept[where]
    bench.acd.kept[("acd_call", "broken")] = "{}"
    bench.acd.kept[("acd_call", "elsewhere")] = good.replace('"carrier"', '"gone"')
    assert [one.call_id for one in restarted(bench)] == [where[1]]
    assert list(bench.acd.kept) == [where]
    bench.finish()


@pytest.mark.parametrize("answers", [False, True])
def test_a_phone_that_rang_is_stopped_and_its_agent_is_free_then(answers: bool) -> None:
    bench = Bench(anna_ready=False)
    bench.anna.answer_after_s = 4.0 if answers else None
    bench.wire.quiet = lambda: None
    bench.call()
    bench.wire.advance(2.0)
    bench.ready(True)
    bench.wire.advance(3.0)
    assert set(bench.anna.legs.values()) == {"ringing"}
    assert {kind for kind, _ in bench.acd.kept} == {"acd_call", "acd_ring"}
    bench.acd.kill()
    (one,) = restarted(bench, 2.0)
    bench.wire.advance(1.0)
    assert bench.anna.is_idle, bench.anna.legs
    assert bench.agent_state() is AgentState.READY
    bench.anna.answer_after_s = 0.0
    bench.acd.command(PutBack(call_id=one.call_id))
    bench.wire.advance(1.0)
    assert bench.caller.heard[bench.leg] == 4002
    bench.finish()
    assert not bench.acd.kept
