"""302, REFER and bridge: what FreeSWITCH is told, what is told of it, and that nobody is lost."""

from __future__ import annotations

import pytest
from acd_contract_words import ends_of, signs_of, told
from esl_pbx import Pbx
from freeswitch_bench import FreeswitchBench, two_agents

from nrcli.wire.messages import TransferMethod
from site_agent.adapters import base
from site_agent.adapters.base import MoveSign

TARGET = "sip:nirc-" + "a" * 26 + "@10.2.0.2:5060"
HOME = "sip:nirc-" + "b" * 26 + "@10.1.0.2:5080"


def start(found: FreeswitchBench, call_id: str, method: TransferMethod, home: str = "") -> None:
    found.command(
        base.StartMove(
            call_id=call_id,
            move_id="m1",
            method=method,
            address=TARGET,
            return_address=home,
            user_to_user="6e697263",
        )
    )


def ringing(found: FreeswitchBench) -> str:
    return found.enters("nirc_keep", nirc_queue="sales@default")


@pytest.mark.parametrize(("home", "status"), [("", 302), (HOME, 300)])
def test_who_only_rings_is_redirected(home: str, status: int) -> None:
    found = FreeswitchBench()
    call_id = ringing(found)
    start(found, call_id, TransferMethod.REDIRECT_302, home)
    contacts = f"<{TARGET}>;q=1.0,<{HOME}>;q=0.5" if home else f"<{TARGET}>"
    assert found.pbx.channels.sent == [(call_id, str(status), contacts)]
    progress = told(found, base.MoveProgress)
    assert [(one.sign, one.sip_status) for one in progress] == [(MoveSign.REDIRECTED, status)]
    assert ends_of(found, call_id) == ["redirected"]


def test_who_was_answered_is_not_redirected_and_who_rings_gets_no_refer() -> None:
    found = FreeswitchBench()
    start(found, found.caller_enters("sales"), TransferMethod.REDIRECT_302)
    start(found, ringing(found), TransferMethod.REFER)
    assert signs_of(found) == [MoveSign.REFUSED] * 2 and found.pbx.channels.sent == []


def test_a_redirect_that_is_not_carried_out_is_silence() -> None:
    found = FreeswitchBench()
    call_id = ringing(found)
    found.pbx.silent = True
    start(found, call_id, TransferMethod.REDIRECT_302)
    found.passes(5.0)
    assert signs_of(found) == [MoveSign.SILENT]


def test_refer_waits_in_the_background_and_keeps_the_caller() -> None:
    found = FreeswitchBench()
    call_id = found.caller_enters("sales")
    start(found, call_id, TransferMethod.REFER)
    sets = found.pbx.commands.index(f"uuid_setvar {call_id} sip_refer_continue_after_reply true")
    assert found.pbx.commands[sets + 1] == f"uuid_deflect {call_id} {TARGET}"
    assert found.pbx.centre.member_of(call_id) is None
    found.passes(0.5)
    assert signs_of(found) == [MoveSign.NOTIFIED]
    assert call_id in found.pbx.channels.legs
    found.command(base.EndMoved(call_id=call_id))
    assert ends_of(found, call_id) == ["moved"]


@pytest.mark.parametrize("version", ["1.10.06", "1.8.5", "?"])
def test_a_version_that_ends_the_call_after_refer_is_never_asked(version: str) -> None:
    found = FreeswitchBench(Pbx(agents=two_agents(), version=version))
    call_id = found.caller_enters("sales")
    start(found, call_id, TransferMethod.REFER)
    assert signs_of(found) == [MoveSign.REFUSED]
    assert TransferMethod.REFER not in found.capabilities().methods
    assert call_id in found.pbx.channels.legs


def test_no_notify_is_silence_after_freeswitchs_own_ten_seconds() -> None:
    found = FreeswitchBench()
    call_id = found.caller_enters("sales")
    found.pbx.refer_answer = ""
    start(found, call_id, TransferMethod.REFER)
    found.passes(9.0)
    assert signs_of(found) == []
    found.passes(2.0)
    assert signs_of(found) == [MoveSign.SILENT] and call_id in found.pbx.channels.legs


@pytest.mark.parametrize("method", [TransferMethod.REFER, TransferMethod.BRIDGE])
def test_a_site_agent_that_dies_in_a_move_leaves_the_caller_to_the_queue(
    method: TransferMethod,
) -> None:
    found = FreeswitchBench()
    call_id = found.caller_enters("sales")
    found.passes(20.0)
    found.pbx.refer_answer, found.pbx.channels.far = "SIP/2.0 486 Busy", "refuses"
    start(found, call_id, method)
    found.up = False
    found.pbx.advance(91.0)
    member = found.pbx.centre.member_of(call_id)
    assert member is not None and member.base_score == 20


def test_a_bridge_is_told_by_its_signs_and_stands() -> None:
    found = FreeswitchBench()
    call_id = found.caller_enters("sales")
    start(found, call_id, TransferMethod.BRIDGE)
    assert signs_of(found) == [MoveSign.ACCEPTED, MoveSign.BRIDGED]
    sent = found.pbx.channels.sent[-1]
    assert sent[2] == "sofia/external/" + TARGET.removeprefix("sip:")
    variables = found.pbx.channels.legs[sent[0]].variables
    assert variables["sip_h_User-to-User"] == "6e697263;encoding=hex"
    found.command(base.EndMoved(call_id=call_id))
    found.command(base.AbortMove(call_id=call_id, move_id="m1"))
    assert call_id in found.pbx.channels.legs
    found.caller_hangs_up(call_id)
    assert ends_of(found, call_id) == ["caller"]


def test_a_bridge_of_which_the_target_tells_first_stands() -> None:
    found = FreeswitchBench()
    call_id = found.caller_enters("sales")
    found.pbx.channels.far = "rings"
    start(found, call_id, TransferMethod.BRIDGE)
    found.command(base.EndMoved(call_id=call_id))
    assert call_id in found.pbx.channels.legs, "the caller talks at the other site"
    legs = found.pbx.channels.legs.values()
    found.pbx.channels.leg_answers(next(leg for leg in legs if leg.other == call_id))
    found.settle()
    found.passes(30.0)
    assert signs_of(found) == [MoveSign.ACCEPTED] and ends_of(found, call_id) == []
    found.caller_hangs_up(call_id)
    assert ends_of(found, call_id) == ["caller"]


@pytest.mark.parametrize("data", [b"", b'{"k":1}'])
def test_a_handler_is_told_why_and_for_whom_and_only_its_own_data(data: bytes) -> None:
    found = FreeswitchBench()
    call_id = found.caller_enters("sales")
    call = found.acd._calls.get(call_id)
    assert call is not None
    call.data, call.interaction_id = b'{"secret":1}', "i1"
    command = base.StartMove(
        call_id=call_id,
        move_id="m1",
        method=TransferMethod.BRIDGE,
        address="sip:mail@192.0.2.50:5070;user=phone",
        dialed_number="+351210000001",
        because="closed",
        data=data,
    )
    found.command(command)
    assert signs_of(found) == [MoveSign.ACCEPTED, MoveSign.BRIDGED]
    sent = found.pbx.channels.sent[-1]
    assert sent[2] == "sofia/external/mail@192.0.2.50:5070;user=phone"
    variables = found.pbx.channels.legs[sent[0]].variables
    assert variables["sip_h_Diversion"] == (
        "<sip:+351210000001@192.0.2.50;user=phone>;reason=time-of-day;counter=1"
    )
    assert variables.get("sip_h_X-NIRC-Data") == ("eyJrIjoxfQ" if data else None)
    assert "sip_h_X-NIRC-Interaction" not in variables
    assert call.data == b'{"secret":1}'


def test_a_ringing_caller_is_answered_by_the_bridge() -> None:
    found = FreeswitchBench()
    call_id = ringing(found)
    start(found, call_id, TransferMethod.BRIDGE)
    assert [one.call_id for one in told(found, base.CallAnswered)] == [call_id]


def test_a_refused_bridge_says_by_what_and_the_ringing_caller_still_rings() -> None:
    found = FreeswitchBench()
    call_id = ringing(found)
    found.pbx.channels.far = "refuses"
    start(found, call_id, TransferMethod.BRIDGE)
    progress = told(found, base.MoveProgress)
    assert [(one.sign, one.sip_status) for one in progress] == [(MoveSign.REFUSED, 603)]
    assert not found.pbx.channels.legs[call_id].answered


def test_an_aborted_bridge_is_cancelled_and_its_end_is_not_told() -> None:
    found = FreeswitchBench()
    call_id = found.caller_enters("sales")
    found.pbx.channels.far = "rings"
    start(found, call_id, TransferMethod.BRIDGE)
    found.command(base.AbortMove(call_id=call_id, move_id="m1"))
    assert signs_of(found) == [MoveSign.ACCEPTED]
    assert len(found.pbx.channels.legs) == 1
    found.command(base.PutBack(call_id=call_id))
    assert found.pbx.centre.member_of(call_id) is not None


def test_a_silent_bridge_can_still_be_aborted() -> None:
    found = FreeswitchBench()
    call_id = found.caller_enters("sales")
    found.pbx.channels.far = "silent"
    start(found, call_id, TransferMethod.BRIDGE)
    found.passes(5.0)
    found.command(base.AbortMove(call_id=call_id, move_id="m1"))
    found.passes(60.0)
    assert signs_of(found) == [MoveSign.SILENT] and len(found.pbx.channels.legs) == 1


def test_the_callers_device_is_asked_by_a_re_invite() -> None:
    found = FreeswitchBench()
    call_id = found.caller_enters("sales")
    found.command(base.ProbeCaller(call_id=call_id))
    assert found.pbx.channels.sent[-1] == (call_id, "re-INVITE", "")
    found.passes(2.0)
    found.command(base.ProbeCaller(call_id=call_id))
    found.pbx.hang_up(call_id)
    found.settle()
    found.command(base.ProbeCaller(call_id="nobody"))
    assert [one.alive for one in told(found, base.CallerProbed)] == [True, False, False]
