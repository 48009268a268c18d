"""What FreeSWITCH tells by itself, the contradictions included."""

from __future__ import annotations

from acd_contract_words import connected_to, ends_of, hold, state_of, told
from freeswitch_bench import FreeswitchBench

from nrcli.wire.messages import AgentState
from site_agent.adapters import base


def test_a_member_whom_the_dialplan_takes_elsewhere_is_no_longer_ours() -> None:
    found = FreeswitchBench()
    call_id = found.caller_enters("sales")
    found.pbx.channels.to_extension(found.pbx.channels.legs[call_id], "voicemail")
    found.settle()
    assert ends_of(found, call_id) == []
    found.passes(2.5)
    assert ends_of(found, call_id) == ["site"]


def test_who_released_a_call() -> None:
    found = FreeswitchBench()
    found.agent_ready("anna")
    first = found.caller_enters("sales")
    found.agent_answers("anna")
    found.passes(3.0)
    found.agent_hangs_up("anna")
    assert ends_of(found, first) == ["agent"]
    assert told(found, base.CallEnded)[0].talked_s == 3.0
    found.agent_not_ready("anna")
    second = found.caller_enters("sales")
    found.command(base.RejectCall(call_id=second, reason="busy"))
    assert ends_of(found, second) == ["site"]


def test_an_agent_who_does_not_answer_an_own_call_rests_as_mod_callcenter_says() -> None:
    found = FreeswitchBench()
    found.agent_ready("anna")
    call_id = found.caller_enters("sales")
    found.passes(21.0)
    assert not connected_to(found, call_id)
    assert state_of(found, "anna") is AgentState.NOT_READY
    found.passes(31.0)
    assert state_of(found, "anna") is AgentState.BUSY


def test_an_agent_who_is_given_back_too_early_loses_the_hold() -> None:
    found = FreeswitchBench()
    found.agent_ready("anna")
    assert hold(found, "h1", "anna")
    found.agent_ready("anna")
    assert [one.hold_id for one in told(found, base.HoldLost)] == ["h1"]
    assert state_of(found, "anna") is AgentState.READY


def test_a_logged_out_agent_is_left_logged_out_by_the_guard() -> None:
    found = FreeswitchBench()
    found.agent_ready("anna")
    assert hold(found, "h1", "anna")
    found.agent_logs_out("anna")
    found.passes(120.0)
    assert found.pbx.centre.agents["anna@default"].status == "Logged Out"
    assert state_of(found, "anna") is AgentState.NULL


def test_a_rejected_ringing_caller_gets_the_status_of_the_reason() -> None:
    found = FreeswitchBench()
    call_id = found.enters("nirc_keep", nirc_queue="sales@default")
    found.command(base.RejectCall(call_id=call_id, reason="busy"))
    assert found.pbx.channels.sent == [(call_id, "486", "")]
    assert ends_of(found, call_id) == ["site"]
    assert told(found, base.CallEnded)[0].sip_status == 486


def test_a_cancel_that_crosses_our_redirect_is_the_callers() -> None:
    found = FreeswitchBench()
    call_id = found.enters("nirc_keep", nirc_queue="sales@default")
    found.pbx.silent = True
    found.command(
        base.StartMove(
            call_id=call_id,
            move_id="m1",
            method=found.capabilities().methods[0],
            address="sip:x@127.0.0.1:1",
        )
    )
    found.caller_hangs_up(call_id)
    assert ends_of(found, call_id) == ["caller"]
    assert told(found, base.MoveProgress) == []


def test_a_caller_for_whom_an_own_agent_is_rung_is_neither_moved_nor_rejected() -> None:
    found = FreeswitchBench()
    found.agent_ready("anna")
    call_id = found.caller_enters("sales")
    move = base.StartMove(
        call_id=call_id,
        move_id="m1",
        method=found.capabilities().methods[-1],
        address="sip:x@127.0.0.1:1",
    )
    found.command(move)
    found.command(base.RejectCall(call_id=call_id, reason="busy"))
    assert [one.sign for one in told(found, base.MoveProgress)] == [base.MoveSign.REFUSED]
    found.passes(21.0)
    found.command(move)
    assert told(found, base.MoveProgress)[-1].sign is base.MoveSign.BRIDGED
