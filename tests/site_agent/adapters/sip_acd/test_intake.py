import base64
import dataclasses

import pytest
from acd_bench import CARRIER, NETWORK, SETTINGS, TOKEN, Bench

from nrcli.wire.messages import AgentState, TransferMethod
from site_agent.adapters import base
from site_agent.adapters.base import (
    AcceptArrival,
    Announce,
    ArrivalAcknowledged,
    CallArriving,
    CallBlocked,
    CallConnected,
    CallEnded,
    CallOffered,
    GiveData,
    HoldAgent,
    HoldGranted,
    HoldPlace,
    RefuseArrival,
    StartMove,
    TreatAsOrdinary,
    TrunkChanged,
    WatchNumbers,
)
from site_agent.sip import signals as s


def accept(event: CallArriving, **changes: object) -> AcceptArrival:
    values: dict[str, object] = {
        "call_id": event.call_id,
        "hold_id": "h1",
        "interaction_id": "i-1",
        "service": "sales",
        "queue": "sales",
        "agent": "anna",
        "waited_s": 30.0,
        "answer_now": True,
        "data": b'{"account":"4711"}',
    }
    return AcceptArrival(**{**values, **changes})


def arrive(bench: Bench, *, hold: bool = True, offerless: bool = False, **changes: object) -> str:
    if hold:
        bench.acd.command(HoldAgent(hold_id="h1", agent="anna", queue="sales"))
        assert bench.told(HoldGranted)
    bench.acd.decide = lambda event: (
        [accept(event, **changes)] if isinstance(event, CallArriving) else []
    )
    return bench.call(TOKEN.upper(), NETWORK, offerless=offerless)


# ---- ordinary calls ------------------------------------------------------------------------------


def test_number_leads_to_service_queue_and_priority():
    bench = Bench(anna_ready=False)
    bench.call("+351210000001", headers=[("Session-ID", "ab" * 16), ("Resource-Priority", "x.1")])
    offered = bench.told(CallOffered)[0]
    assert (offered.service, offered.queue, offered.priority) == ("vip", "sales", 5)
    assert (offered.dialed_number, offered.ani) == ("+351210000001", "+351911111111")
    assert (offered.interaction_id, offered.emergency) == ("ab" * 16, True)
    assert not offered.agent_ready
    bench.wire.advance(0.1)
    assert bench.caller.told(s.ProvisionalReceived)[0].response.status == 180
    bench.finish()
    assert bench.acd.ended() == ["caller"]


@pytest.mark.parametrize("text", ["%%%", base64.urlsafe_b64encode(b"[1]").decode()])
def test_malformed_data_is_ignored_and_counted(text):
    bench = Bench()
    bench.call(headers=[("X-NIRC-Data", text)])
    assert bench.told(CallOffered)[0].data == b""
    assert bench.acd.acd._desk.counts["data_malformed"] == 1
    bench.finish()


def test_data_of_a_trunk_that_is_no_ivr_is_not_read():
    trunk = dataclasses.replace(SETTINGS.trunk_groups[0], ivr_peers=())
    bench = Bench(trunk_groups=(trunk, SETTINGS.trunk_groups[1]))
    data = base64.urlsafe_b64encode(b'{"a":1}').decode()
    bench.call(headers=[("X-NIRC-Data", data), ("X-NIRC-Interaction", "i-1")])
    assert bench.told(CallOffered)[0].data == b""
    assert bench.told(CallOffered)[0].interaction_id != "i-1"
    bench.finish()


@pytest.mark.parametrize(
    ("change", "user", "status"),
    [
        ({"peers": ("10.0.0.0/8",)}, "sales", 403),
        ({"channels_max": 0}, "sales", 503),
        ({}, "nobody", 404),
    ],
)
def test_what_may_not_come_in_is_refused_and_not_remembered(change, user, status):
    trunk = dataclasses.replace(SETTINGS.trunk_groups[0], **change)
    bench = Bench(trunk_groups=(trunk, SETTINGS.trunk_groups[1]))
    assert bench.call(user) == ""
    failed = bench.caller.told(s.InviteFailed)[0]
    assert failed.status == status
    assert (failed.response.headers.get("Retry-After") == "5") == (status == 503)
    told = [(event.reason, event.sip_status) for event in bench.told(CallBlocked)]
    assert told == ([("channels", 503)] if status == 503 else [])
    bench.finish()


def test_a_full_or_closed_queue_refuses_with_480():
    queue = dataclasses.replace(SETTINGS.queues[0], places_max=0)
    bench = Bench(queues=(queue,))
    bench.call()
    assert bench.caller.finals == [480]
    (event,) = bench.told(CallBlocked)
    assert (event.reason, event.queue, event.trunk_group) == ("places", "sales", "carrier")
    bench.finish()


def test_draining_refuses_with_503():
    bench = Bench()
    bench.acd.acd.drain(True)
    bench.call()
    assert bench.caller.finals == [503]
    bench.finish()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [(b"junk", "application/sdp", 400), (b"v=0\r\n", "application/sdp", 488),
     (b"x", "text/plain", 415)],
)  # fmt: skip
def test_a_session_that_cannot_be_used_is_refused(body, kind, status):
    bench = Bench()
    from nrcli.sip.message import SipUri

    uri = SipUri.parse(f"sip:sales@{CARRIER[0]}:{CARRIER[1]}")
    peer = s.Peer("udp", bench.caller.address, CARRIER)
    bench.leg = "odd"
    bench.caller.legs["odd"] = "calling"
    bench.caller.take(
        bench.caller.ua.invite("odd", uri, peer, bench.wire.now_s, from_="<sip:a@b>",
                               to=f"<{uri}>", body=body, headers=[("Content-Type", kind)])
    )  # fmt: skip
    bench.wire.settle()
    assert bench.caller.finals == [status]
    bench.finish()


def test_channels_are_told_as_they_are_used():
    bench = Bench(anna_ready=False)
    bench.call()
    used = [e.channels_used_count for e in bench.told(TrunkChanged) if e.trunk_group == "carrier"]
    bench.finish()
    assert used[-1] == 1
    assert bench.told(TrunkChanged)[-1].channels_used_count == 0


def test_a_ringing_caller_hears_the_position_where_the_trunk_takes_182():
    trunk = dataclasses.replace(SETTINGS.trunk_groups[0], queued_182=True, answer_after_s=30.0)
    bench = Bench(anna_ready=False, trunk_groups=(trunk, SETTINGS.trunk_groups[1]))
    call_id = bench.call()
    bench.wire.advance(0.1)
    bench.acd.command(Announce(call_id=call_id, position=3, ewt_s_min=10.0, ewt_s_max=20.0))
    bench.wire.settle()
    rung = [event.response for event in bench.caller.told(s.ProvisionalReceived)]
    assert [response.status for response in rung] == [182, 182]
    assert "position 3; 10-20 s" in rung[1].reason
    bench.acd.command(Announce(call_id=call_id, position=2, ewt_s_min=0.0, ewt_s_max=0.0))
    bench.wire.settle()
    last = bench.caller.told(s.ProvisionalReceived)[-1].response
    assert last.reason.endswith("position 2"), "no wait is told where none is known"
    bench.finish()


def test_a_caller_who_is_moved_at_once_hears_no_ringing():
    bench = Bench(anna_ready=False)
    bench.acd.decide = _redirects
    bench.call()
    bench.wire.advance(0.2)
    assert not bench.caller.told(s.ProvisionalReceived)
    assert bench.acd.ended() == ["redirected"]


def test_a_caller_whom_nobody_decides_on_hears_ringing_before_the_100():
    bench = Bench(anna_ready=False)
    bench.call()
    assert not bench.caller.told(s.ProvisionalReceived)
    bench.wire.advance(0.06)
    (rung,) = bench.caller.told(s.ProvisionalReceived)
    assert rung.response.status == 180
    bench.wire.advance(0.5)
    assert len(bench.caller.told(s.ProvisionalReceived)) == 1
    bench.finish()


def _redirects(event):
    if not isinstance(event, CallOffered):
        return []
    return [
        StartMove(
            call_id=event.call_id,
            move_id="m",
            method=TransferMethod.REDIRECT_302,
            address="sip:x@127.0.0.1:6100",
            by_carrier=True,
        )
    ]


# ---- arrivals ------------------------------------------------------------------------------------


def test_an_unanswered_caller_rings_the_held_agent_and_hears_their_answer():
    bench = Bench()
    bench.anna.answer_after_s = 3.0
    arrive(bench, answer_now=False)
    arriving = bench.told(CallArriving)[0]
    assert arriving.token == TOKEN and ";" in arriving.invite_key
    assert bench.caller.told(s.ProvisionalReceived)[0].response.status == 180
    bench.wire.advance(2.0)
    assert bench.told(ArrivalAcknowledged) == []
    bench.wire.advance(2.0)
    assert bench.told(ArrivalAcknowledged) and bench.told(CallConnected)
    assert bench.anna.invites[0].request.body, "the caller's own offer went through"
    assert bench.anna.invites[0].request.headers.get("X-NIRC-Data")
    bench.finish()
    assert bench.told(CallEnded)[0].waited_s == pytest.approx(33.0)


@pytest.mark.parametrize("offerless", [False, True])
@pytest.mark.parametrize("agent_s", [0.0, 0.3, 4.0])
def test_an_answered_caller_is_answered_within_a_second_agent_or_not(offerless, agent_s):
    bench = Bench()
    bench.anna.answer_after_s = agent_s
    began_s = bench.wire.now_s
    arrive(bench, offerless=offerless)
    while not bench.told(ArrivalAcknowledged) and bench.wire.now_s < began_s + 10:
        bench.wire.advance(0.05)
    assert bench.wire.now_s - began_s < 1.0
    bench.wire.advance(5.0)
    assert (bench.caller.hears(), bench.anna.hears()) == (4002, 4001)
    assert not bench.acd.playing
    bench.finish()


@pytest.mark.parametrize("answer_now", [False, True])
def test_a_held_agent_who_does_not_answer_leaves_the_caller_at_the_head(answer_now):
    bench = Bench()
    bench.anna.answer_after_s = None
    call_id = arrive(bench, answer_now=answer_now)
    bench.wire.advance(16.0)
    assert bench.agent_state() is AgentState.NOT_READY
    assert bench.acd.acd._desk.queueing.waiting(call_id)
    bench.anna.answer_after_s = 0.0
    bench.wire.advance(10.0)
    assert bench.caller.hears() == 4002
    assert bench.told(CallConnected)[0].call_id == call_id
    assert len(bench.told(ArrivalAcknowledged)) == 1
    bench.finish()


@pytest.mark.parametrize("answer_now", [False, True])
def test_a_caller_for_a_held_place_joins_by_age(answer_now):
    bench = Bench(anna_ready=False)
    other = bench.caller.call(f"sip:sales@{CARRIER[0]}:{CARRIER[1]}")
    bench.wire.settle()
    bench.acd.command(HoldPlace(hold_id="h1", queue="sales"))
    call_id = arrive(bench, hold=False, agent="", answer_now=answer_now)
    assert len(bench.acd.acd._desk.queueing.holds) == 0
    bench.wire.advance(0.5)
    assert bool(bench.told(ArrivalAcknowledged)) == answer_now
    bench.ready(True)
    bench.wire.settle()
    assert bench.told(CallConnected)[0].call_id == call_id, "30 s old, before the newer call"
    bench.caller.hang_up(other)
    bench.wire.settle()
    bench.finish()


def test_a_hold_that_was_lost_means_the_head_of_the_queue():
    bench = Bench(anna_ready=False)
    call_id = arrive(bench, hold=False)
    bench.wire.advance(0.5)
    assert bench.told(ArrivalAcknowledged)
    bench.ready(True)
    bench.wire.settle()
    assert bench.told(CallConnected)[0].call_id == call_id
    bench.finish()


def test_a_dead_token_is_refused_or_an_ordinary_call():
    bench = Bench(anna_ready=False)
    bench.acd.decide = lambda event: (
        [RefuseArrival(call_id=event.call_id, sip_status=480)]
        if isinstance(event, CallArriving)
        else []
    )
    bench.call(TOKEN, NETWORK)
    assert bench.caller.finals == [480]
    bench.acd.decide = lambda event: (
        [
            TreatAsOrdinary(
                call_id=event.call_id,
                interaction_id="i-1",
                queue="sales",
                service="sales",
                waited_s=12.0,
            )
        ]
        if isinstance(event, CallArriving)
        else []
    )
    call_id = bench.call(TOKEN, NETWORK)
    bench.ready(True)
    bench.wire.settle()
    assert bench.told(CallConnected)[0].call_id == call_id
    assert bench.told(ArrivalAcknowledged) == []
    bench.finish()
    assert bench.told(CallEnded)[-1].waited_s == 12.0


def test_an_arriving_call_without_a_verdict_gets_480():
    bench = Bench()
    call_id = bench.call(TOKEN, NETWORK)
    bench.wire.advance(3.0)
    assert bench.caller.finals == [480]
    bench.acd.command(HoldAgent(hold_id="h1", agent="anna", queue="sales"))
    bench.acd.command(accept(CallArriving(call_id=call_id, token="", invite_key="",
                                          trunk_group="network")))  # fmt: skip
    assert bench.agent_state() is AgentState.READY, "a late verdict lets the hold go"
    bench.finish()


# ---- attached data on its way --------------------------------------------------------------------


def test_a_held_agent_is_rung_when_the_data_came():
    bench = Bench()
    call_id = arrive(bench, data=b"", data_within_s=0.05)
    assert bench.anna.invites == [], "the agent's header would be empty"
    bench.acd.command(GiveData(call_id=call_id, data=b'{"account":"4711"}'))
    bench.wire.settle()
    assert bench.anna.invites[0].request.headers.get("X-NIRC-Data")
    bench.wire.advance(1.0)
    assert len(bench.anna.invites) == 1, "the timer rings nobody again"
    bench.finish()


def test_a_held_agent_is_rung_without_data_that_is_late():
    bench = Bench()
    arrive(bench, data=b"", data_within_s=0.05)
    bench.wire.advance(0.1)
    assert bench.anna.invites[0].request.headers.get("X-NIRC-Data") is None
    bench.finish()


def test_a_caller_who_leaves_while_data_is_awaited_frees_the_agent():
    bench = Bench()
    arrive(bench, data=b"", data_within_s=0.05)
    assert bench.agent_state() is AgentState.RESERVED
    bench.finish()
    assert bench.agent_state() is AgentState.READY
    assert bench.anna.invites == []


@pytest.mark.parametrize(
    "command",
    [
        base.SetQueueClosed(queue="sales", closed=True),
        base.SetQueueShifted(queue="sales", shifted=True),
    ],
)
def test_a_closed_queue_takes_callers_in_and_holds_them_back_until_it_is_said(command):
    bench = Bench()
    bench.acd.command(command)
    call_id = bench.call()
    offer = bench.offered()[-1]
    assert offer.held_back and not offer.agent_ready and not bench.anna.invites
    bench.acd.command(base.PutBack(call_id=call_id))
    bench.wire.advance(1.0)
    assert bench.told(base.CallConnected)
    bench.finish()


def test_a_caller_nobody_speaks_of_is_let_in_by_itself_and_an_emergency_never_held_back():
    bench = Bench()
    bench.acd.command(base.SetQueueClosed(queue="sales", closed=True))
    bench.call()
    bench.wire.advance(29.0)
    assert not bench.anna.invites
    bench.wire.advance(2.0)
    assert bench.told(base.CallConnected)
    bench.finish()
    urgent = Bench()
    urgent.acd.command(base.SetQueueClosed(queue="sales", closed=True))
    urgent.call(headers=[("Resource-Priority", "esnet.0")])
    assert urgent.offered()[-1].emergency and urgent.told(base.CallConnected)
    urgent.finish()


def test_a_caller_held_back_may_be_moved_and_comes_back_in_place():
    bench = Bench()
    bench.acd.command(base.SetQueueClosed(queue="sales", closed=True))
    call_id = bench.call()
    bench.acd.command(
        base.StartMove(
            call_id=call_id,
            move_id="m",
            method=TransferMethod.BRIDGE,
            address="sip:nirc-x@127.0.0.1:6100",
            set_up_s=60.0,
        )
    )
    bench.target.answer_after_s = None
    bench.wire.advance(40.0)
    assert not bench.anna.invites, "the time of being held back ends with the move"
    bench.acd.command(base.PutBack(call_id=call_id))
    bench.wire.advance(1.0)
    assert bench.told(base.CallConnected)[0].agent == "anna"
    bench.finish()


def test_a_trunk_hears_the_status_that_it_understands():
    groups = (
        dataclasses.replace(SETTINGS.trunk_groups[0], responses={404: 604, 480: 486}),
        SETTINGS.trunk_groups[1],
    )
    queues = (dataclasses.replace(SETTINGS.queues[0], places_max=0),)
    bench = Bench(trunk_groups=groups, queues=queues)
    assert not bench.call("nobody")
    assert not bench.call("sales")
    assert bench.caller.finals == [604, 486]
    bench.finish()


def test_a_flood_of_one_peer_gets_503_and_others_are_served():
    groups = (
        dataclasses.replace(SETTINGS.trunk_groups[0], calls_per_s_per_source=1.0),
        SETTINGS.trunk_groups[1],
    )
    bench = Bench(trunk_groups=groups)
    bench.acd.ua.admits = bench.acd.acd.admits
    for _ in range(4):
        bench.call("nobody")
    assert bench.caller.finals == [404, 404, 503, 503]
    bench.wire.advance(1.0)
    bench.call("nobody")
    assert bench.caller.finals[-1] == 404
    bench.finish()


# ---- lent numbers --------------------------------------------------------------------------------

LENT = "+351210000077"


def lent_numbers() -> Bench:
    bench = Bench()
    bench.acd.command(WatchNumbers(numbers=(LENT, "+351210000001")))
    return bench


@pytest.mark.parametrize("user", [LENT, LENT[1:]])
def test_who_calls_a_lent_number_is_told_as_arriving(user):
    bench = lent_numbers()
    call_id = bench.call(user)
    (told,) = bench.told(CallArriving)
    assert (told.token, told.trunk_group, told.service, told.queue) == (LENT, "carrier", "", "")
    bench.acd.command(RefuseArrival(call_id=call_id, sip_status=404))
    bench.wire.settle()
    assert not bench.told(CallOffered)


def test_what_a_lent_number_asks_for_by_itself_is_told_too():
    bench = lent_numbers()
    bench.call("+351210000001")
    (told,) = bench.told(CallArriving)
    assert (told.token, told.service, told.queue) == ("+351210000001", "vip", "sales")


def test_a_call_that_is_matched_late_leaves_the_queue_for_what_is_held():
    bench = Bench(anna_ready=False)
    call_id = bench.call()
    bench.wire.advance(2.0)
    bench.ready(True)
    bench.wire.lose = lambda peer, data: False
    bench.finish()
    bench = Bench(anna_ready=False)
    call_id = bench.call()
    accept = base.AcceptArrival(
        call_id=call_id,
        hold_id="",
        interaction_id="i",
        service="sales",
        queue="sales",
        waited_s=30.0,
        answer_now=True,
        data=b'{"a":1}',
    )
    bench.acd.command(accept)
    bench.wire.advance(2.0)
    assert [event.call_id for event in bench.told(base.ArrivalAcknowledged)] == [call_id]
    bench.ready(True)
    bench.wire.advance(1.0)
    assert bench.caller.hears() == 4002
    assert bench.anna.invites[0].request.headers.get("X-NIRC-Interaction") == "i"
    bench.finish()
