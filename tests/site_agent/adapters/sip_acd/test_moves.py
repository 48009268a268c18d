import pytest
from acd_bench import CARRIER, TOKEN, Bench

from nrcli.wire.messages import TransferMethod
from site_agent.adapters.base import (
    AbortMove,
    CallConnected,
    CallEnded,
    CallerProbed,
    EndMoved,
    MoveProgress,
    MoveSign,
    ProbeCaller,
    PutBack,
    StartMove,
)
from site_agent.sip import signals as s

ADDRESS = f"sip:{TOKEN}@127.0.0.1:6100"
HOME = f"sip:nirc-{'b' * 26}@127.0.0.1:5061"
M = TransferMethod


def waiting(*, answered: bool) -> tuple[Bench, str]:
    bench = Bench(anna_ready=False)
    call_id = bench.call()
    if answered:
        bench.wire.advance(2.0)
        assert bench.caller.hears() == 9000
    return bench, call_id


def start(bench: Bench, call_id: str, method: M, **more: object) -> None:
    bench.acd.command(
        StartMove(call_id=call_id, move_id="m1", method=method, address=ADDRESS, **more)
    )
    bench.wire.settle()


def signs(bench: Bench) -> list[MoveSign]:
    return [event.sign for event in bench.told(MoveProgress)]


# ---- 302 -----------------------------------------------------------------------------------------


def test_a_302_carries_two_contacts_and_ends_the_leg_on_its_ack():
    bench, call_id = waiting(answered=False)
    start(bench, call_id, M.REDIRECT_302, return_address=HOME)
    failed = bench.caller.told(s.InviteFailed)[0]
    assert failed.status == 302
    assert failed.response.headers.get("Contact") == f"<{ADDRESS}>;q=1.0, <{HOME}>;q=0.5"
    assert signs(bench) == [MoveSign.REDIRECTED]
    assert [event.released_by for event in bench.told(CallEnded)] == ["redirected"]
    bench.finish()


def test_a_302_whose_ack_never_comes_has_no_known_outcome():
    bench, call_id = waiting(answered=False)
    bench.wire.lose = lambda peer, data: data.startswith(b"ACK")
    start(bench, call_id, M.REDIRECT_302)
    bench.wire.advance(40.0)
    assert signs(bench) == [MoveSign.SILENT]
    assert bench.acd.ended() == ["redirected"]
    bench.finish()


def test_an_answered_caller_cannot_be_redirected():
    bench, call_id = waiting(answered=True)
    start(bench, call_id, M.REDIRECT_302)
    assert signs(bench) == [MoveSign.REFUSED]
    bench.acd.command(PutBack(call_id=call_id))
    bench.ready(True)
    bench.wire.settle()
    assert bench.caller.hears() == 4002
    bench.finish()


HANDLER = {"dialed_number": "+351210000001", "because": "closed"}
DIVERSION = "<sip:+351210000001@127.0.0.1;user=phone>;reason=time-of-day;counter=1"


def test_a_voicemail_is_told_in_the_302_for_whom_the_call_was():
    bench, call_id = waiting(answered=False)
    start(bench, call_id, M.REDIRECT_302, **HANDLER)
    headers = bench.caller.told(s.InviteFailed)[0].response.headers
    assert headers.get("Diversion") == DIVERSION
    assert headers.get("History-Info").endswith(f"<{ADDRESS}>;index=1.1;mp=1")
    bench.finish()


@pytest.mark.parametrize("answered", [False, True])
def test_a_voicemail_is_told_in_the_bridges_invite_and_strangers_nothing_else(answered):
    bench, call_id = waiting(answered=answered)
    start(bench, call_id, M.BRIDGE, **HANDLER)
    headers = bench.target.told(s.InviteReceived)[0].request.headers
    assert headers.get("Diversion") == DIVERSION
    assert headers.get("User-to-User") is None
    bench.finish()


def test_a_peer_that_takes_no_headers_in_refer_to_takes_it_without():
    bench, call_id = waiting(answered=True)
    start(bench, call_id, M.REFER, **HANDLER)
    assert bench.told(MoveProgress)[-1].sip_status == 403
    bench.caller.on_refer = notify(200)
    start(bench, call_id, M.REFER, because="closed")
    assert signs(bench)[-2:] == [MoveSign.ACCEPTED, MoveSign.NOTIFIED]
    assert bench.caller.told(s.ReferReceived)[-1].refer_to.headers == ()
    bench.finish()


# ---- REFER ---------------------------------------------------------------------------------------


def notify(status: int):
    def act(phone, event):
        phone.take(phone.ua.notify_refer(event.leg, status, "", phone.wire.now_s))

    return act


def test_refer_moves_an_answered_caller_and_music_goes_on_till_the_end():
    bench, call_id = waiting(answered=True)
    bench.caller.on_refer = notify(200)
    start(bench, call_id, M.REFER, user_to_user="0a0b")
    refer = bench.caller.told(s.ReferReceived)[0]
    assert refer.refer_to.user == TOKEN
    assert refer.refer_to.header("User-to-User") == "0a0b;encoding=hex"
    assert refer.request.headers.get("Referred-By")
    assert signs(bench) == [MoveSign.ACCEPTED, MoveSign.NOTIFIED]
    assert bench.told(MoveProgress)[1].sip_status == 200
    assert bench.acd.playing
    bench.acd.command(EndMoved(call_id=call_id))
    bench.wire.settle()
    assert bench.acd.ended() == ["moved"]
    assert bench.caller.is_idle
    bench.finish()


@pytest.mark.parametrize("status", [403, 405, 501, 603])
def test_a_refused_refer_may_be_repeated_and_the_caller_put_back(status):
    bench, call_id = waiting(answered=True)
    bench.caller.refer_status = status
    start(bench, call_id, M.REFER)
    assert bench.told(MoveProgress)[0].sip_status == status
    start(bench, call_id, M.REFER)
    assert signs(bench) == [MoveSign.REFUSED, MoveSign.REFUSED]
    bench.ready(True)
    bench.wire.settle()
    assert bench.anna.is_idle, "a call in motion is not offered"
    bench.acd.command(PutBack(call_id=call_id))
    bench.wire.settle()
    assert bench.caller.hears() == 4002
    bench.finish()


def test_no_notify_counts_as_silence_after_the_set_up_time():
    bench, call_id = waiting(answered=True)
    start(bench, call_id, M.REFER, set_up_s=3.0)
    assert signs(bench) == [MoveSign.ACCEPTED]
    bench.wire.advance(3.0)
    assert signs(bench) == [MoveSign.ACCEPTED, MoveSign.SILENT]
    bench.finish()
    assert signs(bench)[-1] is MoveSign.CALLER_GONE


def test_a_refer_that_nobody_answers_is_silent():
    bench, call_id = waiting(answered=True)
    bench.wire.lose = lambda peer, data: data.startswith(b"REFER")
    start(bench, call_id, M.REFER, set_up_s=60.0)
    bench.wire.advance(40.0)
    assert MoveSign.SILENT in signs(bench)
    bench.wire.lose = lambda peer, data: False
    bench.finish()


def test_a_failed_notify_is_told_with_its_status():
    bench, call_id = waiting(answered=True)
    bench.caller.on_refer = notify(503)
    start(bench, call_id, M.REFER)
    assert bench.told(MoveProgress)[-1].sip_status == 503
    bench.finish()


def test_the_caller_may_leave_by_the_carriers_own_way():
    bench, call_id = waiting(answered=True)
    bench.caller.on_refer = lambda phone, event: phone.hang_up(event.leg)
    start(bench, call_id, M.REFER)
    assert signs(bench) == [MoveSign.ACCEPTED, MoveSign.CALLER_GONE]
    assert bench.acd.ended() == ["caller"]
    bench.acd.command(EndMoved(call_id=call_id))
    bench.finish()


def test_a_refer_before_the_callers_ack_waits_for_it():
    bench = Bench(anna_ready=False)
    call_id = bench.call()
    bench.wire.lose = lambda peer, data: data.startswith(b"ACK")
    bench.wire.advance(1.2)
    start(bench, call_id, M.REFER)
    assert signs(bench) == []
    bench.wire.lose = lambda peer, data: False
    bench.wire.advance(2.0)
    assert signs(bench) == [MoveSign.ACCEPTED]
    bench.finish()


# ---- bridge --------------------------------------------------------------------------------------


@pytest.mark.parametrize("answered", [False, True])
def test_a_bridge_joins_caller_and_target(answered):
    bench, call_id = waiting(answered=answered)
    start(bench, call_id, M.BRIDGE)
    assert (bench.caller.hears(), bench.target.hears()) == (4003, 4001)
    assert signs(bench) == [MoveSign.ACCEPTED, MoveSign.BRIDGED]
    assert bench.acd.acd._desk.trunks.get("carrier").used_count == 2
    assert not bench.acd.playing
    bench.acd.command(EndMoved(call_id=call_id))
    bench.wire.advance(60.0)
    assert (bench.caller.hears(), bench.target.hears()) == (4003, 4001)
    bench.target.hang_up(next(iter(bench.target.legs)))
    bench.wire.settle()
    assert bench.acd.ended() == ["agent"]
    bench.finish()


def test_word_of_the_arrival_before_the_last_ack_leaves_the_bridge_standing():
    bench, call_id = waiting(answered=False)
    bench.wire.lose = lambda peer, data: data.startswith(b"ACK") and peer.remote[1] == 5061
    start(bench, call_id, M.BRIDGE)
    assert signs(bench) == [MoveSign.ACCEPTED]
    bench.acd.command(EndMoved(call_id=call_id))
    bench.wire.lose = lambda peer, data: False
    bench.wire.advance(2.0)
    assert signs(bench) == [MoveSign.ACCEPTED, MoveSign.BRIDGED]
    assert (bench.caller.hears(), bench.target.hears()) == (4003, 4001)
    bench.finish()


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("status", [302, 480, 503])
def test_a_refused_bridge_leaves_the_caller_where_they_were(answered, status):
    bench, call_id = waiting(answered=answered)
    bench.target.refuse = status
    start(bench, call_id, M.BRIDGE)
    assert signs(bench) == [MoveSign.REFUSED]
    assert bench.told(MoveProgress)[0].sip_status == status
    bench.wire.advance(2.0)
    assert bench.caller.hears() == 9000
    bench.acd.command(PutBack(call_id=call_id))
    bench.ready(True)
    bench.wire.settle()
    assert bench.caller.hears() == 4002
    assert len(bench.told(CallConnected)) == 1
    bench.finish()


@pytest.mark.parametrize("answered", [False, True])
def test_a_bridge_can_be_aborted_while_the_target_rings(answered):
    bench, call_id = waiting(answered=answered)
    bench.target.answer_after_s = None
    start(bench, call_id, M.BRIDGE)
    assert signs(bench) == [MoveSign.ACCEPTED]
    bench.wire.advance(3.0)
    bench.acd.command(AbortMove(call_id=call_id, move_id="m1"))
    bench.wire.settle()
    assert signs(bench) == [MoveSign.ACCEPTED, MoveSign.REFUSED]
    assert bench.target.is_idle
    bench.acd.command(PutBack(call_id=call_id))
    bench.wire.advance(1.0)
    assert bench.caller.hears() == 9000
    bench.finish()


@pytest.mark.parametrize("answered", [False, True])
def test_a_bridge_to_a_dead_target_is_silent_after_the_set_up_time(answered):
    bench, call_id = waiting(answered=answered)
    bench.target.silent = True
    start(bench, call_id, M.BRIDGE, set_up_s=2.0)
    bench.wire.advance(2.0)
    assert signs(bench) == [MoveSign.SILENT]
    bench.acd.command(PutBack(call_id=call_id))
    bench.wire.advance(2.0)
    assert bench.caller.hears() == 9000
    bench.finish()


def test_a_target_gone_right_after_its_answer_leaves_the_caller_with_music():
    bench, call_id = waiting(answered=True)

    def gone(count: int) -> None:
        """BYE before the ACK, as no phone should."""
        reinvited = [line for line in bench.wire.log if "5061 > 7000 INVITE" in line]
        if reinvited and not bench.target.is_idle:
            ua, leg = bench.target.ua, bench.target.legs.popitem()[0]
            out = ua._begin()
            ua._stop_2xx(ua._legs[leg])
            ua._end_with_bye(ua._legs[leg], (), bench.wire.now_s)
            bench.target.take(out)
            bench.wire.queue.rotate(1)

    bench.wire.before = gone
    start(bench, call_id, M.BRIDGE)
    bench.wire.before = lambda count: None
    bench.wire.advance(1.0)
    assert bench.caller.hears() == 9000
    assert signs(bench) == [MoveSign.ACCEPTED, MoveSign.REFUSED]
    reinvites = [line for line in bench.wire.log if "5061 > 7000 INVITE" in line]
    assert len(reinvites) == 2, "one to join, one to give the music back"
    bench.finish()


def test_a_caller_who_refuses_the_bridges_offer_keeps_the_music():
    bench, call_id = waiting(answered=True)
    bench.caller.reinvite_status = 488
    start(bench, call_id, M.BRIDGE)
    assert signs(bench) == [MoveSign.ACCEPTED, MoveSign.REFUSED]
    assert bench.target.is_idle and bench.acd.playing
    bench.finish()


# ---- other ---------------------------------------------------------------------------------------


def test_what_cannot_be_moved_is_refused_at_once():
    bench = Bench()
    start(bench, "unknown", M.REFER)
    call_id = bench.call()
    start(bench, call_id, M.REFER)
    start(bench, call_id, M.BRIDGE)
    assert signs(bench) == [MoveSign.REFUSED] * 3
    assert bench.caller.hears() == 4002
    bench.finish()


@pytest.mark.parametrize("address", ["sip:x@name.example", "nonsense"])
def test_an_address_that_cannot_be_used_is_refused(address):
    bench, call_id = waiting(answered=True)
    bench.acd.command(StartMove(call_id=call_id, move_id="m", method=M.BRIDGE, address=address))
    assert signs(bench) == [MoveSign.REFUSED]
    bench.finish()


def test_a_method_that_is_not_spoken_is_refused():
    bench, call_id = waiting(answered=True)
    start(bench, call_id, M.REFER_REPLACES)
    assert bench.told(MoveProgress)[0].sip_status == 501
    bench.finish()


def test_a_bridge_without_a_free_channel_is_refused():
    bench, call_id = waiting(answered=True)
    trunks = bench.acd.acd._desk.trunks
    group = trunks.get("carrier")
    while trunks.take(group):
        pass
    start(bench, call_id, M.BRIDGE)
    assert bench.told(MoveProgress)[0].sip_status == 503
    while group.used_count > 1:
        trunks.give_back(group)
    bench.finish()


def test_the_callers_own_device_is_asked_whether_it_is_still_there():
    bench, call_id = waiting(answered=True)
    bench.acd.command(ProbeCaller(call_id=call_id))
    bench.wire.settle()
    assert bench.told(CallerProbed) == [CallerProbed(call_id=call_id, alive=True)]
    bench.wire.lose = lambda peer, data: peer.remote[1] == 7000
    bench.caller.legs.clear()
    bench.acd.command(ProbeCaller(call_id=call_id))
    bench.wire.advance(40.0)
    assert bench.told(CallerProbed)[-1].alive is False
    assert bench.acd.ended() == ["caller"]
    bench.acd.command(ProbeCaller(call_id=call_id))
    assert bench.told(CallerProbed)[-1].alive is False
    bench.finish()


def test_a_caller_back_in_place_keeps_the_rank():
    bench, first = waiting(answered=True)
    second = bench.caller.call(f"sip:sales@{CARRIER[0]}:{CARRIER[1]}")
    bench.wire.advance(1.5)
    start(bench, first, M.REFER)
    bench.acd.command(PutBack(call_id=first))
    bench.ready(True)
    bench.wire.settle()
    assert bench.told(CallConnected)[0].call_id == first
    bench.caller.hang_up(second)
    bench.finish()


# ---- by number -----------------------------------------------------------------------------------

NUMBER_ADDRESS = "sip:+351220000001@127.0.0.1:6100"


def test_a_translation_route_calls_the_number_and_joins_the_caller():
    bench, call_id = waiting(answered=True)
    start_to(bench, call_id, M.TRANSLATION_ROUTE, NUMBER_ADDRESS)
    assert (bench.caller.hears(), bench.target.hears()) == (4003, 4001)
    assert signs(bench) == [MoveSign.ACCEPTED, MoveSign.BRIDGED]
    assert bench.acd.acd._desk.trunks.get("carrier").used_count == 2


def test_a_302_by_the_carrier_is_sent_without_asking_anybodys_port():
    bench, call_id = waiting(answered=False)
    address = "sip:+351220000001@trunk.example"
    start_to(bench, call_id, M.REDIRECT_302, address, by_carrier=True)
    assert signs(bench) == [MoveSign.REDIRECTED]


def start_to(bench: Bench, call_id: str, method: M, address: str, **more: object) -> None:
    bench.acd.command(
        StartMove(call_id=call_id, move_id="m1", method=method, address=address, **more)
    )
    bench.wire.settle()
