"""Callers by token, and callers whom the dialplan shows before they are in a queue."""

from __future__ import annotations

import pytest
from acd_contract_words import accepts, connected_to, ends_of, hold, state_of, told
from freeswitch_bench import FreeswitchBench

from nrcli.wire.messages import AgentState
from site_agent.adapters import base
from site_agent.adapters.freeswitch.channel_steps import HEAD_SCORE

TOKEN = "nirc-" + "a" * 26


def ringing(found: FreeswitchBench, **variables: str) -> str:
    return found.enters("nirc_keep", nirc_queue="sales@default", **variables)


def test_a_ringing_caller_is_offered_and_goes_into_the_queue_by_itself() -> None:
    found = FreeswitchBench()
    call_id = ringing(
        found,
        nirc_interaction="i-7",
        nirc_service="gold",
        nirc_dialed="+351210000001",
        nirc_data="eyJrIjoidiJ9",
    )
    (offered,) = told(found, base.CallOffered)
    assert (offered.interaction_id, offered.service, offered.dialed_number, offered.data) == (
        "i-7",
        "gold",
        "+351210000001",
        b'{"k":"v"}',
    )
    assert not told(found, base.CallAnswered)
    found.passes(3.0)
    assert [one.call_id for one in told(found, base.CallAnswered)] == [call_id]
    assert found.pbx.centre.member_of(call_id) is not None


def test_data_in_a_header_of_a_trunks_caller_is_not_believed() -> None:
    found = FreeswitchBench()
    found.enters(
        "nirc_keep", **{"nirc_queue": "sales@default", "sip_h_X-NIRC-Data": "eyJrIjoidiJ9"}
    )
    assert told(found, base.CallOffered)[0].data == b""


def test_a_ready_agent_gets_a_ringing_caller_at_once() -> None:
    found = FreeswitchBench()
    found.agent_ready("anna")
    call_id = ringing(found)
    assert told(found, base.CallOffered)[0].agent_ready
    found.agent_answers("anna")
    assert connected_to(found, call_id) == ["anna"]
    ringing(found)
    assert not told(found, base.CallOffered)[1].agent_ready


@pytest.mark.parametrize("extension", ["nirc_keep", "nirc_queue"])
def test_a_caller_of_a_closed_queue_hears_music_and_no_agent(extension: str) -> None:
    found = FreeswitchBench()
    found.command(base.SetQueueClosed(queue="sales", closed=True))
    found.agent_ready("anna")
    call_id = found.enters(extension, nirc_queue="sales@default")
    assert told(found, base.CallOffered)[0].held_back
    found.passes(10.0)
    assert found.pbx.channels.legs[call_id].doing == "music"
    found.command(base.PutBack(call_id=call_id))
    found.agent_answers("anna")
    assert connected_to(found, call_id) == ["anna"]


def test_a_caller_of_a_shifted_queue_is_held_back_while_it_is_shifted() -> None:
    found = FreeswitchBench()
    found.agent_ready("anna")
    for shifted in (True, False):
        found.command(base.SetQueueShifted(queue="sales", shifted=shifted))
        found.enters("nirc_keep", nirc_queue="sales@default")
        assert told(found, base.CallOffered)[-1].held_back is shifted


def test_a_refused_token_gets_its_status_and_nothing_more() -> None:
    found = FreeswitchBench()
    call_id = found.enters(TOKEN)
    (arriving,) = told(found, base.CallArriving)
    assert (arriving.token, arriving.trunk_group) == (TOKEN, "network")
    assert arriving.invite_key == f"sip-{call_id};"
    found.command(base.RefuseArrival(call_id=call_id, sip_status=480))
    assert found.pbx.channels.sent == [(call_id, "480", "")]
    assert ends_of(found, call_id) == []
    found.command(base.AcceptArrival(**_accept(call_id)))
    assert found.pbx.centre.members == []


def _accept(call_id: str, **more: object) -> dict[str, object]:
    return {
        "call_id": call_id,
        "hold_id": "h1",
        "interaction_id": "i1",
        "service": "s1",
        "queue": "sales",
        "agent": "anna",
        "waited_s": 30.0,
        "answer_now": True,
    } | more


def test_the_agent_who_does_not_answer_rests_and_the_caller_is_first() -> None:
    found = FreeswitchBench()
    found.agent_ready("anna")
    assert hold(found, "h1", "anna")
    found.decide = accepts(found, hold_id="h1", agent="anna")
    call_id = found.token_arrives(TOKEN)
    found.passes(16.0)
    member = found.pbx.centre.member_of(call_id)
    assert member is not None and member.base_score == HEAD_SCORE
    assert state_of(found, "anna") is AgentState.NOT_READY
    assert found.pbx.centre.agents["anna@default"].status == "On Break"
    found.passes(31.0)
    assert found.pbx.centre.agents["anna@default"].status == "Available"


def test_data_that_is_late_is_waited_for_but_not_for_ever() -> None:
    for given in (True, False):
        found = FreeswitchBench()
        found.agent_ready("anna")
        assert hold(found, "h1", "anna")
        call_id = found.enters(TOKEN)
        found.command(base.AcceptArrival(**_accept(call_id, data_within_s=0.5)))
        assert not [leg for leg in found.pbx.channels.sent if leg[1] == "INVITE"]
        if given:
            found.command(base.GiveData(call_id=call_id, data=b'{"k":"v"}'))
        else:
            found.passes(0.75)
        (leg,) = [one[0] for one in found.pbx.channels.sent if one[1] == "INVITE"]
        assert ("sip_h_X-NIRC-Data" in found.pbx.channels.legs[leg].variables) is given


def test_a_caller_who_leaves_while_the_agent_is_rung_frees_the_agent() -> None:
    found = FreeswitchBench()
    found.agent_ready("anna")
    assert hold(found, "h1", "anna")
    call_id = found.enters(TOKEN)
    found.command(base.AcceptArrival(**_accept(call_id, answer_now=False)))
    found.caller_hangs_up(call_id)
    found.passes(0.5)
    assert ends_of(found, call_id) == ["caller"]
    assert state_of(found, "anna") is AgentState.READY
    assert not told(found, base.ArrivalAcknowledged)


def test_an_agent_leg_that_cannot_even_be_made_frees_the_agent() -> None:
    found = FreeswitchBench()
    found.agent_ready("anna")
    assert hold(found, "h1", "anna")
    call_id = found.enters(TOKEN)
    found.command(base.AcceptArrival(**_accept(call_id)))
    (leg,) = [one[0] for one in found.pbx.channels.sent if one[1] == "INVITE"]
    channel = found.pbx.channels.legs[leg]
    channel.variables.pop("nirc_ring")
    found.pbx.channels.leg_fails(channel, "SUBSCRIBER_ABSENT", 480)
    found.settle()
    assert state_of(found, "anna") is AgentState.NOT_READY
    assert found.pbx.centre.member_of(call_id) is not None
