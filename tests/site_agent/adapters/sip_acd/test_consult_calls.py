"""Agents consult somebody, and join the caller with them or not."""

import dataclasses

from acd_bench import AGENTS, NETWORK, SETTINGS, TOKEN, Bench
from acd_wire import Phone, sdp_of

from nrcli.wire.messages import AgentState, TransferMethod
from site_agent.adapters.base import (
    AcceptArrival,
    CallConnected,
    CallEnded,
    CallOffered,
    EndMoved,
    JoinConsult,
    RejectCall,
    ReturnToAgent,
    StartMove,
    TransferBegun,
    TransferEnded,
)
from site_agent.adapters.sip_acd.settings import (
    AgentSettings,
    QueueSettings,
    TransferClass,
    TransferSettings,
)
from site_agent.sip import signals as s

TOKEN_ADDRESS = f"sip:{TOKEN}@127.0.0.1:6100"
AGENTS_OF = (
    SETTINGS.agents[0],
    AgentSettings(name="bea", queues={"bills": 5}, contact="sip:bea@127.0.0.1:6002"),
)


class Consulting(Bench):
    """Anna talks with a caller, and calls a service from the same phone."""

    def __init__(self, service: str = "bills", **changes: object) -> None:
        super().__init__(
            queues=(*SETTINGS.queues, QueueSettings(name="bills")),
            agents=AGENTS_OF,
            transfers=TransferSettings(
                classes=(TransferClass(name="all", agents=("*",), services=("bills", "far")),)
            ),
            **changes,
        )
        self.bea = Phone(self.wire, ("127.0.0.1", 6002), 4004, takes_offerless=True)
        self.target.takes_offerless = True
        self.first = self.call()
        self.wire.advance(1.0)
        self.talk = next(iter(self.anna.legs))
        self.consult = self.dial(service)
        self.wire.advance(0.5)
        self.second = self.told(CallOffered)[-1].call_id

    def dial(self, service: str) -> str:
        return self.anna.call(
            f"sip:service-{service}@{AGENTS[0]}:{AGENTS[1]}", from_="<sip:anna@site>"
        )

    def complete(self) -> None:
        dialog = self.anna.ua._legs[self.consult].dialog
        replaces = f"{dialog.call_id}%3Bto-tag%3Dx%3Bfrom-tag%3Drewritten-by-a-border"
        to = f"<sip:service-bills@site?Replaces={replaces}>"
        self.anna.take(self.anna.ua.refer(self.talk, to, self.wire.now_s))
        self.wire.advance(1.0)

    def outcomes(self) -> list[str]:
        return [event.outcome for event in self.told(TransferEnded)]


def test_the_caller_hears_music_while_the_agents_talk() -> None:
    bench = Consulting()
    offered = bench.told(CallOffered)[-1]
    first = bench.told(CallOffered)[0]
    assert offered.consult_of == bench.first
    assert offered.interaction_id.startswith(f"{first.interaction_id}.c")
    assert bench.caller.hears() == 9000
    assert bench.anna.heard[bench.consult] == 4004
    assert bench.agent_state() is bench.agent_state("bea") is AgentState.BUSY
    bench.finish_all()


def test_the_agent_joins_the_caller_with_an_own_agent() -> None:
    bench = Consulting()
    bench.complete()
    begun = bench.told(TransferBegun)[0]
    assert (begun.consult_call_id, begun.away) == (bench.second, True)
    assert bench.caller.hears() == 9000
    bench.acd.command(JoinConsult(call_id=bench.first, consult_call_id=bench.second))
    bench.wire.advance(1.0)
    assert bench.caller.hears() == 4004 and bench.anna.is_idle
    assert bench.outcomes() == ["joined"]
    assert bench.anna.told(s.ReferNotified)[-1].status == 200
    assert [(e.call_id, e.agent) for e in bench.told(CallConnected)][-1] == (bench.first, "bea")
    bench.finish_all()


def test_a_consult_call_to_another_site_is_a_bridge_that_the_caller_takes_over() -> None:
    bench = Consulting("far")
    bench.acd.command(
        StartMove(
            call_id=bench.second,
            move_id="m",
            method=TransferMethod.BRIDGE,
            address=TOKEN_ADDRESS,
        )
    )
    bench.wire.advance(1.0)
    assert bench.anna.heard[bench.consult] == 4003
    bench.acd.command(EndMoved(call_id=bench.second))
    bench.complete()
    bench.acd.command(JoinConsult(call_id=bench.first, consult_call_id=bench.second))
    bench.wire.advance(1.0)
    assert bench.caller.hears() == 4003 and bench.anna.is_idle
    assert bench.outcomes() == ["joined"]
    bench.finish_all()


def test_a_caller_who_follows_by_refer_ends_both_calls_of_the_agent() -> None:
    bench = Consulting("far")
    bench.acd.command(
        StartMove(
            call_id=bench.second, move_id="m", method=TransferMethod.BRIDGE, address=TOKEN_ADDRESS
        )
    )
    bench.wire.advance(1.0)
    bench.complete()
    other = TOKEN_ADDRESS.replace("aaa", "bbb", 1)
    bench.acd.command(
        StartMove(call_id=bench.first, move_id="n", method=TransferMethod.REFER, address=other)
    )
    bench.wire.advance(0.5)
    assert bench.caller.told(s.ReferReceived)
    bench.acd.command(EndMoved(call_id=bench.first))
    bench.wire.advance(1.0)
    assert bench.anna.is_idle and bench.target.is_idle
    assert {e.call_id for e in bench.told(CallEnded)} == {bench.first, bench.second}
    bench.finish_all()


def test_an_abandoned_consult_call_gives_the_caller_back_at_once() -> None:
    bench = Consulting()
    bench.anna.hang_up(bench.consult)
    bench.wire.advance(1.0)
    assert bench.caller.hears() == 4002 and bench.bea.is_idle
    assert not bench.told(TransferEnded)
    assert [e.agent for e in bench.told(CallConnected) if e.call_id == bench.first] == ["anna"]
    bench.finish_all()


def test_the_agent_goes_back_and_forth() -> None:
    bench = Consulting()
    anna, now = bench.anna, bench.wire
    anna.take(anna.ua.reinvite(bench.talk, sdp_of(4002), now.now_s))
    now.advance(1.0)
    assert bench.caller.hears() == 9000, "not on hold by the phone: a new session alone"
    anna.take(anna.ua.reinvite(bench.talk, sdp_of(4002, "sendonly"), now.now_s))
    now.advance(1.0)
    anna.take(anna.ua.reinvite(bench.talk, sdp_of(4002), now.now_s))
    now.advance(1.0)
    assert bench.caller.hears() == 4002
    anna.take(anna.ua.reinvite(bench.talk, sdp_of(4002, "sendonly"), now.now_s))
    now.advance(1.0)
    assert bench.caller.hears() == 9000, "music while the agent is with the other"
    anna.take(anna.ua.reinvite(bench.talk, sdp_of(4002), now.now_s))
    now.advance(1.0)
    assert bench.caller.hears() == 4002
    bench.finish_all()


def test_a_consult_call_ends_with_the_caller_whom_it_is_about() -> None:
    bench = Consulting()
    bench.caller.hang_up(bench.leg)
    bench.wire.advance(1.0)
    assert bench.bea.is_idle and bench.anna.is_idle, "nobody is rung who talks on another line"
    bench.finish_all()


def test_a_phone_that_hangs_up_both_its_calls_when_the_join_is_accepted_has_joined_them() -> None:
    bench = Consulting()
    bench.complete()
    bench.anna.hang_up(bench.consult)
    bench.anna.hang_up(bench.talk)
    bench.wire.advance(0.5)
    assert not bench.told(CallEnded) and not bench.bea.is_idle
    bench.acd.command(JoinConsult(call_id=bench.first, consult_call_id=bench.second))
    bench.wire.advance(1.0)
    assert (bench.caller.hears(), bench.bea.hears()) == (4004, 4001)
    bench.finish_all()


def test_a_join_that_fails_after_the_second_call_was_hung_up_leaves_the_caller_with_the_agent() -> (
    None
):
    bench = Consulting()
    bench.complete()
    bench.anna.hang_up(bench.consult)
    bench.wire.advance(0.5)
    bench.acd.command(ReturnToAgent(call_id=bench.first, sip_status=480))
    bench.wire.advance(1.0)
    assert bench.caller.hears() == 4002 and bench.bea.is_idle
    bench.finish_all()


def test_a_join_by_another_call_id_is_a_join_all_the_same() -> None:
    bench = Consulting()
    to = "<sip:127.0.0.1?Replaces=made-by-a-border%3Bto-tag%3Dx%3Bfrom-tag%3Dy>"
    bench.anna.take(bench.anna.ua.refer(bench.talk, to, bench.wire.now_s))
    bench.wire.advance(1.0)
    assert bench.told(TransferBegun)[-1].consult_call_id == bench.second
    bench.acd.command(JoinConsult(call_id=bench.first, consult_call_id=bench.second))
    bench.wire.advance(1.0)
    assert bench.caller.hears() == 4004
    bench.finish_all()


def test_a_consult_call_that_nobody_takes_is_refused() -> None:
    bench = Consulting("far")
    bench.acd.command(RejectCall(call_id=bench.second, reason="closed"))
    bench.wire.advance(1.0)
    assert bench.anna.finals[-1] == 480 and bench.caller.hears() == 4002
    bench.finish_all()


def test_who_may_not_consult() -> None:
    bench = Consulting()
    bench.dial("bills")
    bench.wire.settle()
    assert bench.anna.finals[-1] == 486, "one at a time"
    bench.dial("nowhere")
    bench.wire.settle()
    assert bench.anna.finals[-1] == 404
    stranger = Phone(bench.wire, ("127.0.0.8", 6003), 4009)
    stranger.call(f"sip:service-bills@{AGENTS[0]}:{AGENTS[1]}", from_="<sip:anna@site>")
    bench.wire.settle()
    assert stranger.finals == [403]
    bench.anna.hang_up(bench.consult)
    bench.wire.advance(1.0)
    bench.finish_all()


def test_a_caller_comes_by_the_token_that_names_the_consult_leg() -> None:
    """At the target: the consult call's agent gets the caller, whatever the dialogs are called."""
    bench = Bench()
    consult_leg, _ = (
        bench.target.call(f"sip:{TOKEN}@{NETWORK[0]}:{NETWORK[1]}"),
        bench.wire.settle(),
    )
    consult = bench.offered()[-1].call_id
    accept = AcceptArrival(
        call_id=consult,
        hold_id="",
        interaction_id="i.c2",
        service="sales",
        queue="sales",
        waited_s=0.0,
        answer_now=True,
    )
    bench.acd.command(accept)
    bench.wire.advance(1.0)
    assert bench.target.heard[consult_leg] == 4002
    bench.leg = bench.caller.call(f"sip:nirc-{'b' * 26}@{NETWORK[0]}:{NETWORK[1]}")
    bench.wire.settle()
    call_id = bench.offered()[-1].call_id
    bench.acd.command(
        dataclasses.replace(accept, call_id=call_id, interaction_id="i", joins=consult)
    )
    bench.wire.advance(1.0)
    assert bench.caller.hears() == 4002 and bench.anna.hears() == 4001
    assert bench.target.is_idle
    assert [(e.call_id, e.agent) for e in bench.told(CallConnected)] == [
        (consult, "anna"),
        (call_id, "anna"),
    ]
    bench.finish()


def _finish_all(self: Consulting) -> None:
    for phone in (self.caller, self.anna, self.bea):
        for leg in list(phone.legs):
            phone.hang_up(leg)
    self.wire.advance(200.0)
    assert self.caller.is_idle and self.anna.is_idle and self.bea.is_idle and self.target.is_idle
    self.check_clean()


Consulting.finish_all = _finish_all
