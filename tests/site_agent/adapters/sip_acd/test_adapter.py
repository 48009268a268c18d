import pytest
from acd_bench import AGENTS, Bench

from nrcli.sip.message import SipUri
from nrcli.wire.messages import AgentState, TransferMethod
from site_agent.adapters.base import (
    AgentChanged,
    GiveData,
    HoldAgent,
    HoldGranted,
    HoldLevel,
    HoldLost,
    HoldPlace,
    HoldRefused,
    QueueChanged,
    ReleaseHold,
    TrunkChanged,
)
from site_agent.sip import signals as s


def test_the_snapshot_names_all_agents_queues_and_trunks():
    bench = Bench()
    snapshot = bench.acd.acd.snapshot(bench.wire.now_s)
    agents = {e.agent: e.state for e in snapshot if isinstance(e, AgentChanged)}
    assert agents == {"anna": AgentState.READY, "rita": AgentState.NULL}
    queue = next(e for e in snapshot if isinstance(e, QueueChanged))
    assert (queue.queue, queue.places_max, queue.aht_s) == ("sales", 50, 180.0)
    assert [e.trunk_group for e in snapshot if isinstance(e, TrunkChanged)] == [
        "carrier",
        "network",
    ]


def test_what_it_can_do_is_told():
    can = Bench().acd.acd.capabilities()
    assert can.hold_agent is HoldLevel.EXACT and TransferMethod.BRIDGE in can.methods


def test_holds_are_granted_refused_released_and_lost():
    bench = Bench()
    bench.acd.command(HoldAgent(hold_id="h1", agent="anna", queue="sales"))
    assert bench.told(HoldGranted) == [HoldGranted(hold_id="h1", queue="sales", agent="anna")]
    assert bench.agent_state() is AgentState.RESERVED
    bench.acd.command(HoldAgent(hold_id="h2", agent="anna", queue="sales"))
    assert bench.told(HoldRefused) == [HoldRefused(hold_id="h2", reason="no_agent")]
    bench.acd.command(HoldPlace(hold_id="h3", queue="sales"))
    bench.call()
    assert bench.anna.is_idle, "a held agent gets no other call"
    bench.ready(False)
    assert bench.told(HoldLost) == [HoldLost(hold_id="h1", reason="not_ready")]
    bench.ready(True)
    bench.wire.settle()
    assert bench.caller.hears() == 4002
    bench.acd.command(ReleaseHold(hold_id="h3"))
    bench.finish()


def test_a_hold_ends_by_itself_in_the_end():
    bench = Bench()
    bench.acd.command(HoldAgent(hold_id="h1", agent="anna", queue="sales"))
    bench.wire.advance(90.0)
    assert bench.told(HoldLost) == [HoldLost(hold_id="h1", reason="expired")]
    assert bench.agent_state() is AgentState.READY


def test_waiting_calls_and_their_age_are_told():
    bench = Bench(anna_ready=False)
    bench.call()
    waiting = bench.told(QueueChanged)[-1]
    assert (waiting.waiting_count, waiting.oldest_offered_at_s) == (1, 1000.0)
    bench.finish()
    assert bench.told(QueueChanged)[-1].abandoned_count == 1


def test_data_that_comes_late_is_in_the_next_invite():
    bench = Bench(anna_ready=False)
    call_id = bench.call()
    bench.acd.command(GiveData(call_id=call_id, data=b'{"a":1}'))
    bench.acd.command(GiveData(call_id="unknown", data=b'{"a":1}'))
    bench.ready(True)
    bench.wire.settle()
    assert bench.anna.invites[0].request.headers.get("X-NIRC-Data") == "eyJhIjoxfQ"
    bench.finish()


def register(bench: Bench, expires: int) -> int:
    phone = bench.target
    phone.take(
        phone.ua.request(
            f"r{expires}", "REGISTER", SipUri.parse("sip:127.0.0.1:5063"),
            s.Peer("udp", phone.address, AGENTS), bench.wire.now_s,
            from_="<sip:rita@site>", to="<sip:rita@site>",
            headers=[("Contact", "<sip:rita@127.0.0.1:6100>"), ("Expires", str(expires))],
        )
    )  # fmt: skip
    bench.wire.settle()
    return phone.told(s.ResponseReceived)[-1].status


def test_a_phone_registers_and_its_agent_serves_until_it_ends():
    bench = Bench(anna_ready=False)
    bench.call()
    assert register(bench, 60) == 200
    assert bench.caller.hears() == 4003
    assert bench.agent_state("rita") is AgentState.BUSY
    bench.target.hang_up(next(iter(bench.target.legs)))
    bench.wire.advance(2.0)
    assert bench.agent_state("rita") is AgentState.READY
    bench.wire.advance(60.0)
    assert bench.agent_state("rita") is AgentState.NOT_READY
    bench.finish()


def test_an_unknown_agent_is_an_error_that_changes_nothing():
    bench = Bench()
    with pytest.raises(KeyError):
        bench.acd.acd.set_agent_state("nobody", True, bench.wire.now_s)


def test_addresses_bound_by_the_shell_are_used():
    bench = Bench(anna_ready=False)
    bench.acd.acd.media_bound(("127.0.0.1", 9002))
    bench.acd.acd.trunk_bound("carrier", ("127.0.0.1", 5071))
    bench.acd.acd.agents_bound(("127.0.0.1", 5073))
    bench.wire.nodes[("127.0.0.1", 5071)] = bench.acd
    bench.call(trunk=("127.0.0.1", 5071))
    bench.wire.advance(2.0)
    assert bench.caller.heard[bench.leg] == 9002
    bench.caller.hang_up(bench.leg)
    bench.wire.settle()
    assert bench.acd.acd._desk.registrar.contact("anna")[1].local == ("127.0.0.1", 5073)


def test_a_phone_that_cannot_be_reached_is_told_by_the_shell():
    bench = Bench(anna_ready=False)
    bench.wire.lose = lambda peer, data: peer.remote[1] == 6001
    bench.call()
    bench.ready(True)
    peer = s.Peer("udp", AGENTS, ("127.0.0.1", 6001))
    bench.acd.take(bench.acd.acd.send_failed(peer, bench.wire.now_s))
    assert bench.agent_state() is AgentState.NOT_READY
    bench.finish()
