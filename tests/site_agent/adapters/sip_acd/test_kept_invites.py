"""The process is killed while callers only ring: the next one takes them in again."""

from __future__ import annotations

import dataclasses
import json

import pytest
from acd_bench import CARRIER, NETWORK, SETTINGS, TOKEN, Bench

from site_agent.adapters.acd_restart import ALIVE_KIND
from site_agent.adapters.base import CallArriving, CallEnded, CallOffered, RefuseArrival
from site_agent.adapters.sip_acd.kept_invites import INVITE_KIND


def ringing() -> Bench:
    """A caller who hears ringing, at a site whose agent is away; then the process is gone."""
    bench = Bench(anna_ready=False)
    bench.call()
    bench.wire.advance(0.1)
    assert bench.caller.legs[bench.leg] == "early"
    bench.acd.kill()
    return bench


def restarted(bench: Bench, dead_s: float) -> None:
    bench.wire.advance(dead_s)
    assert bench.acd.restart() == []
    bench.wire.settle()


def test_who_rang_is_offered_again_with_their_story_and_wait_and_is_served() -> None:
    bench = ringing()
    restarted(bench, 2.0)
    first, again = bench.told(CallOffered)
    assert again.call_id != first.call_id
    assert again.interaction_id == first.interaction_id
    assert again.waited_s == pytest.approx(first.waited_s + 2.1)
    bench.ready(True)
    bench.wire.advance(1.5)
    assert bench.caller.legs[bench.leg] == "up"
    bench.caller.hang_up(bench.leg)
    bench.wire.advance(200.0)
    assert bench.caller.is_idle and bench.anna.is_idle and not bench.acd.kept


def test_an_agent_whose_phone_rang_for_them_is_rung_again() -> None:
    bench = Bench()
    bench.anna.answer_after_s = None
    bench.call()
    bench.wire.advance(0.5)
    bench.acd.kill()
    bench.anna.answer_after_s = 0.0
    restarted(bench, 1.0)
    bench.wire.advance(10.0)
    assert bench.caller.legs[bench.leg] == "up"
    bench.caller.hang_up(bench.leg)
    bench.wire.advance(200.0)
    assert bench.caller.is_idle and bench.anna.is_idle


@pytest.mark.parametrize("dead_s", [0.2, 5.0, 25.0])
def test_who_gave_up_meanwhile_is_told_so(dead_s: float) -> None:
    """Their CANCEL is repeated until somebody is there: it finds the INVITE that it is about."""
    bench = ringing()
    bench.caller.hang_up(bench.leg)
    restarted(bench, dead_s)
    bench.wire.advance(10.0)
    assert bench.caller.is_idle
    assert [event.released_by for event in bench.told(CallEnded)] == ["caller"]
    bench.wire.advance(200.0)
    assert not bench.acd.kept and not bench.acd.acd._desk.calls


def test_who_rang_for_long_goes_on_if_the_last_process_lived_until_just_now() -> None:
    bench = Bench(anna_ready=False)
    bench.acd.settings = dataclasses.replace(
        SETTINGS, trunk_groups=(dataclasses.replace(SETTINGS.trunk_groups[0], answer_after_s=60.0),)
    )
    bench.acd.restart()
    bench.ready(False)
    bench.call()
    bench.wire.advance(50.0)
    bench.acd.kill()
    bench.acd.kept[(ALIVE_KIND, "")] = json.dumps({"at_s": bench.wire.now_s - 4.0})
    restarted(bench, 1.0)
    assert len(bench.told(CallOffered)) == 2 and 503 not in bench.caller.finals
    bench.caller.hang_up(bench.leg)
    bench.wire.advance(200.0)
    assert bench.caller.is_idle


def test_who_rang_to_nobody_for_long_is_refused_so_that_the_carrier_tries_its_other_way() -> None:
    bench = ringing()
    restarted(bench, 40.0)
    assert bench.caller.finals == [503]
    assert len(bench.told(CallOffered)) == 1
    bench.wire.advance(200.0)
    assert bench.caller.is_idle and not bench.acd.kept
    assert bench.acd.acd._desk.counts["invites_refused_late"] == 1


def test_a_moved_caller_is_refused_by_a_token_that_the_next_process_holds_dead() -> None:
    bench = Bench(anna_ready=False)
    bench.call(TOKEN, NETWORK)
    bench.acd.kill()
    bench.acd.decide = lambda event: (
        [RefuseArrival(call_id=event.call_id, sip_status=480)]
        if isinstance(event, CallArriving)
        else []
    )
    restarted(bench, 1.0)
    assert bench.caller.finals == [480]
    first, again = bench.told(CallArriving)
    assert (again.token, again.invite_key) == (first.token, first.invite_key)
    bench.wire.advance(200.0)
    assert not bench.acd.kept


def test_it_is_kept_from_the_first_turn_to_the_final_answer() -> None:
    bench = Bench(anna_ready=False)
    call_id = bench.call()
    assert list(bench.acd.kept) == [(INVITE_KIND, call_id)]
    bench.wire.advance(2.0)
    assert (INVITE_KIND, call_id) not in bench.acd.kept
    bench.finish()
    bench = Bench(anna_ready=False)
    bench.call()
    bench.wire.advance(0.1)
    bench.caller.hang_up(bench.leg)
    bench.wire.settle()
    assert not bench.acd.kept


@pytest.mark.parametrize(
    "spoilt", [{}, {"invite": "x"}, {"flow": ["udp", "h"]}, {"started_at_s": "then"}]
)
def test_a_record_that_cannot_be_read_costs_itself_alone(spoilt: dict[str, object]) -> None:
    bench = ringing()
    ((where, text),) = bench.acd.kept.items()
    kept = json.loads(text)
    bench.acd.kept[where] = json.dumps(kept | spoilt if spoilt else {})
    restarted(bench, 1.0)
    assert not bench.acd.kept
    assert len(bench.told(CallOffered)) == 1


def test_over_tcp_nothing_is_kept() -> None:
    bench = Bench(anna_ready=False)
    bench.call()
    call = next(iter(bench.acd.acd._desk.calls.values()))
    kept = bench.acd.acd._b2b.kept.invites
    kept._written.clear()
    call.peer = type(call.peer)("tcp", CARRIER, call.peer.remote)
    kept.write(call.call_id, call)
    assert not kept._written
