"""Agents pass callers on by REFER from their phones."""

import dataclasses

import pytest
from acd_bench import SETTINGS, Bench
from acd_wire import Phone, sdp_of

from nrcli.wire.messages import AgentState, TransferMethod
from site_agent.adapters.base import (
    CallConnected,
    CallEnded,
    ReturnToAgent,
    StartMove,
    TakeBackAsked,
    TransferBegun,
    TransferEnded,
    TransferRefused,
)
from site_agent.adapters.sip_acd.settings import (
    AgentSettings,
    QueueSettings,
    ServiceSettings,
    TransferClass,
    TransferSettings,
)
from site_agent.sip import signals as s

TOKEN_ADDRESS = f"sip:nirc-{'a' * 26}@127.0.0.1:6100"
BILLING = dataclasses.replace(
    SETTINGS,
    queues=(*SETTINGS.queues, QueueSettings(name="billing", ring_s=15.0)),
    services={**SETTINGS.services, "bills": ServiceSettings(queue="billing", priority=3)},
    agents=(
        SETTINGS.agents[0],
        AgentSettings(name="bea", queues={"billing": 5}, contact="sip:bea@127.0.0.1:6002"),
    ),
    transfers=TransferSettings(
        short_numbers={"801": "bills"},
        classes=(TransferClass(name="all", agents=("*",), services=("*",)),),
    ),
)


def talking(**changes: object) -> tuple[Bench, str, Phone]:
    """Anna talks with a caller; bea serves bills."""
    bench = Bench(
        services=BILLING.services,
        agents=BILLING.agents,
        **{"queues": BILLING.queues, "transfers": BILLING.transfers, **changes},
    )
    bea = Phone(bench.wire, ("127.0.0.1", 6002), 4004, takes_offerless=True)
    call_id = bench.call()
    bench.wire.advance(1.0)
    assert bench.caller.hears() == 4002
    return bench, call_id, bea


def refer(bench: Bench, user: str) -> None:
    leg = next(leg for leg, state in bench.anna.legs.items() if state == "up")
    bench.anna.take(bench.anna.ua.refer(leg, f"<sip:{user}@site>", bench.wire.now_s))
    bench.wire.settle()


def answered(bench: Bench) -> int:
    return bench.anna.told(s.ReferAnswered)[-1].status


def notified(bench: Bench) -> list[int]:
    return [event.status for event in bench.anna.told(s.ReferNotified)]


def outcomes(bench: Bench) -> list[str]:
    return [event.outcome for event in bench.told(TransferEnded)]


@pytest.mark.parametrize("user", ["service-bills", "bills", "801"])
def test_a_caller_goes_on_to_an_own_agent_of_the_service(user: str) -> None:
    bench, _call_id, bea = talking()
    bea.answer_after_s = 3.0
    refer(bench, user)
    assert answered(bench) == 202 and notified(bench) == [100]
    begun = bench.told(TransferBegun)[0]
    assert (begun.agent, begun.service, begun.queue, begun.away) == (
        "anna", "bills", "billing", False,
    )  # fmt: skip
    assert begun.agent_ready and begun.priority == 3
    bench.wire.advance(1.0)
    assert bench.caller.hears() == 9000, "music while bea's phone rings"
    assert bench.agent_state() is AgentState.BUSY
    bench.wire.advance(4.0)
    assert bench.caller.hears() == 4004
    assert notified(bench) == [100, 200] and outcomes(bench) == ["served"]
    assert bench.anna.is_idle
    assert [event.agent for event in bench.told(CallConnected)] == ["anna", "bea"]
    bench.wire.advance(2.0)
    assert bench.agent_state() is AgentState.READY
    bench.finish()


def test_a_service_of_other_sites_has_the_site_daemon_asked() -> None:
    transfers = TransferSettings(
        classes=(TransferClass(name="all", agents=("*",), services=("support",)),)
    )
    bench, call_id, _ = talking(transfers=transfers)
    refer(bench, "service-support")
    begun = bench.told(TransferBegun)[0]
    assert begun.away and (begun.service, begun.queue) == ("support", "sales")
    bench.wire.advance(1.0)
    assert bench.caller.hears() == 9000
    bench.acd.command(ReturnToAgent(call_id=call_id))
    bench.wire.settle()
    assert bench.caller.hears() == 4002 and notified(bench) == [100, 480]
    assert outcomes(bench) == ["back"]
    assert [event.agent for event in bench.told(CallConnected)] == ["anna", "anna"]
    refer(bench, "801")
    assert answered(bench) == 403, "three digits are a number where they are no short number"
    bench.finish()


@pytest.mark.parametrize("method", [TransferMethod.REFER, TransferMethod.BRIDGE])
def test_a_caller_is_moved_while_the_agent_waits(method: TransferMethod) -> None:
    bench, call_id, bea = talking()
    bea.answer_after_s = None
    bench.target.takes_offerless = True
    bench.acd.acd._desk.queueing.set_ready("bea", False, bench.wire.now_s)
    refer(bench, "bills")
    bench.wire.advance(0.5)
    bench.acd.command(
        StartMove(call_id=call_id, move_id="m1", method=method, address=TOKEN_ADDRESS)
    )
    bench.wire.advance(0.5)
    if method is TransferMethod.REFER:
        assert bench.caller.told(s.ReferReceived)[0].refer_to.user.startswith("nirc-")
        assert notified(bench) == [100]
        from site_agent.adapters.base import EndMoved

        bench.acd.command(EndMoved(call_id=call_id))
        bench.wire.advance(0.5)
        assert [event.released_by for event in bench.told(CallEnded)] == ["moved"]
    else:
        assert bench.caller.hears() == 4003
    assert notified(bench) == [100, 200] and outcomes(bench) == ["moved"]
    assert bench.anna.is_idle
    bench.finish()


def test_an_agent_who_hangs_up_after_the_202_leaves_the_caller_in_the_queue() -> None:
    bench, _call_id, bea = talking()
    bea.answer_after_s = 5.0
    refer(bench, "bills")
    bench.anna.hang_up(next(iter(bench.anna.legs)))
    bench.wire.advance(2.0)
    assert outcomes(bench) == ["agent_left"] and bench.caller.hears() == 9000
    assert bench.agent_state() is AgentState.READY
    bench.wire.advance(5.0)
    assert bench.caller.hears() == 4004 and outcomes(bench) == ["agent_left", "served"]
    bench.finish()


def test_a_caller_nobody_takes_whose_agent_left_waits_where_they_came_from() -> None:
    bench, call_id, bea = talking()
    bea.refuse = 480
    bench.acd.acd._desk.queueing.set_ready("bea", False, bench.wire.now_s)
    refer(bench, "bills")
    bench.anna.hang_up(next(iter(bench.anna.legs)))
    bench.wire.advance(0.5)
    bench.acd.command(ReturnToAgent(call_id=call_id))
    bench.wire.advance(2.0)
    assert outcomes(bench) == ["agent_left", "failed"]
    assert bench.caller.hears() == 4002, "anna, who is ready again, has the caller"
    bench.finish()


def test_the_caller_hangs_up_meanwhile() -> None:
    bench, _, bea = talking()
    bea.answer_after_s = None
    refer(bench, "bills")
    bench.caller.hang_up(bench.leg)
    bench.wire.advance(1.0)
    assert outcomes(bench) == ["caller_gone"] and bench.anna.is_idle and bea.is_idle
    assert notified(bench) == [100, 487]
    bench.finish()


def test_the_agent_takes_the_caller_back_while_the_other_phone_rings() -> None:
    bench, _call_id, bea = talking()
    bea.answer_after_s = None
    refer(bench, "bills")
    bench.wire.advance(1.0)
    bench.acd.decide = lambda event: (
        [ReturnToAgent(call_id=event.call_id, sip_status=event.sip_status)]
        if isinstance(event, TakeBackAsked)
        else []
    )
    leg = next(iter(bench.anna.legs))
    bench.anna.take(bench.anna.ua.reinvite(leg, sdp_of(4002), bench.wire.now_s))
    bench.wire.advance(2.0)
    assert bench.caller.hears() == 4002 and notified(bench) == [100, 487]
    assert bea.is_idle
    bench.finish()


def test_an_agent_who_waits_too_long_asks_for_the_caller() -> None:
    bench, _call_id, _bea = talking(
        transfers=dataclasses.replace(BILLING.transfers, search_s_max=5.0)
    )
    bench.acd.acd._desk.queueing.set_ready("bea", False, bench.wire.now_s)
    refer(bench, "bills")
    bench.wire.advance(6.0)
    assert [event.sip_status for event in bench.told(TakeBackAsked)] == [480]
    bench.finish()


@pytest.mark.parametrize(
    ("user", "status", "reason"),
    [
        ("+441234567", 403, "not_allowed"),
        ("nowhere", 404, "unknown"),
        ("nirc-" + "a" * 26, 404, "unknown"),
        ("112", 503, "no_trunk"),
    ],
)
def test_what_an_agent_may_not_leaves_the_caller_with_them(
    user: str, status: int, reason: str
) -> None:
    trunks = (
        dataclasses.replace(SETTINGS.trunk_groups[0], emergency_numbers=("112",)),
        SETTINGS.trunk_groups[1],
    )
    bench, call_id, _ = talking(trunk_groups=trunks)
    refer(bench, user)
    assert answered(bench) == status and bench.caller.hears() == 4002
    told = bench.told(TransferRefused)[0]
    assert (told.agent, told.reason, told.call_id) == ("anna", reason, call_id)
    bench.finish()


@pytest.mark.parametrize("answers", [True, False])
def test_an_emergency_number_is_dialed_whatever_the_classes_say(answers: bool) -> None:
    trunks = (
        dataclasses.replace(
            SETTINGS.trunk_groups[0], emergency_numbers=("112",), dial_to="127.0.0.1:6100"
        ),
        SETTINGS.trunk_groups[1],
    )
    bench, _, _ = talking(trunk_groups=trunks)
    bench.target.takes_offerless = True
    bench.target.refuse = 0 if answers else 486
    refer(bench, "112")
    bench.wire.advance(1.0)
    assert bench.target.invites[0].request.uri.user == "112"
    if answers:
        assert bench.caller.hears() == 4003 and outcomes(bench) == ["dialed"]
        assert bench.anna.is_idle
    else:
        assert bench.caller.hears() == 4002 and outcomes(bench) == ["back"]
        assert notified(bench) == [100, 480]
    bench.finish()


def test_a_second_refer_while_one_is_under_way_is_refused() -> None:
    bench, _, bea = talking()
    bea.answer_after_s = None
    refer(bench, "bills")
    refer(bench, "bills")
    assert answered(bench) == 491
    bench.finish()


def test_a_phone_that_refuses_to_be_joined_again_loses_the_caller_to_the_queue() -> None:
    bench, call_id, bea = talking()
    bea.answer_after_s = None
    refer(bench, "bills")
    bench.anna.reinvite_status = 488
    bench.acd.command(ReturnToAgent(call_id=call_id))
    bench.wire.advance(3.0)
    assert bench.anna.is_idle and bench.caller.hears() == 9000
    bench.anna.reinvite_status = 200
    bench.finish()


@pytest.mark.parametrize("is_answered", [True, False])
def test_the_next_caller_rings_when_the_phone_knows_and_is_hung_up(is_answered: bool) -> None:
    """No border makes the agent miss the outcome, or the next call, by another order."""
    queues = (dataclasses.replace(BILLING.queues[0], acw_s=0.0), *BILLING.queues[1:])
    bench, _, bea = talking(queues=queues)
    other = Phone(bench.wire, ("127.0.0.9", 7001), 4005)
    second = other.call("sip:sales@127.0.0.1:5061")
    bea.answer_after_s = 3.0
    refer(bench, "801")
    bench.wire.advance(2.0)
    seen = len(bench.wire.log)
    if not is_answered:
        bench.wire.lose = lambda peer, data: (
            data.startswith(b"SIP/2.0 200") and b" NOTIFY\r\n" in data
        )
    bench.wire.advance(1.5)
    assert bench.agent_state() is AgentState.BUSY
    bench.wire.advance(3.0)
    to_anna = [line.split() for line in bench.wire.log[seen:] if "> 6001 " in line]
    at_s = {words[4]: float(words[0]) for words in reversed(to_anna)}
    asked = [words[4] for words in to_anna if words[4] != "SIP/2.0"]
    assert list(dict.fromkeys(asked))[:3] == ["NOTIFY", "BYE", "INVITE"]
    assert at_s["BYE"] - at_s["NOTIFY"] == pytest.approx(0.0 if is_answered else 1.0)
    assert notified(bench) == [100, 200] and other.hears() == 4002
    other.hang_up(second)
    bench.finish()
