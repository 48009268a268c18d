"""Data in headers, base scores, and what may never stand in a command."""

from __future__ import annotations

import json

import pytest
from esl_callcenter import PbxAgent
from esl_pbx import Pbx
from freeswitch_bench import FreeswitchBench, two_agents

from site_agent.adapters import base
from site_agent.adapters.freeswitch import channel_steps as steps

TOKEN = "nirc-" + "a" * 26


def arrived(found: FreeswitchBench, data: bytes = b'{"k":"v"}', interaction: str = "i1") -> str:
    found.agent_ready("anna")
    found.command(base.HoldAgent(hold_id="h1", agent="anna", queue="sales"))
    call_id = found.enters(TOKEN)
    found.command(
        base.AcceptArrival(
            call_id=call_id,
            hold_id="h1",
            interaction_id=interaction,
            service="s1",
            queue="sales",
            agent="anna",
            waited_s=30.0,
            answer_now=True,
            data=data,
        )
    )
    return call_id


def rung(found: FreeswitchBench) -> dict[str, str]:
    legs = found.pbx.channels.legs.values()
    return next(leg.variables for leg in legs if "nirc_ring" in leg.variables)


def test_the_agents_phone_gets_the_data_as_header_and_variable() -> None:
    found = FreeswitchBench()
    arrived(found, data='{"name":"Zoë, \'x\' ${system(id)} ^"}'.encode())
    shown = rung(found)["sip_h_X-NIRC-Data"]
    assert rung(found)["nirc_data"] == shown and rung(found)["sip_h_X-NIRC-Interaction"] == "i1"
    assert json.loads(steps.decoded(shown, 2000)) == {"name": "Zoë, 'x' ${system(id)} ^"}
    assert "system" not in "".join(found.pbx.commands)


def test_an_interaction_that_is_no_word_stays_out() -> None:
    found = FreeswitchBench()
    arrived(found, interaction="x,y=${z}")
    assert "sip_h_X-NIRC-Interaction" not in rung(found)


def test_too_much_data_stays_out_whole_or_goes_by_keys() -> None:
    data = json.dumps({"a": "1", "big": "x" * 2000, "z": "2"}).encode()
    assert steps.encoded(data, (), 1024) == ""
    chosen = steps.encoded(data, ("z", "big", "a"), 1024)
    assert steps.decoded(chosen, 1024) == b'{"a":"1","z":"2"}'
    assert steps.encoded(b"no json", ("a",), 1024) == "" == steps.encoded(b"[1]", ("a",), 1024)


@pytest.mark.parametrize("text", ["", "###", "W10", "bnVsbA", "e30", "A" * 5000])
def test_what_is_no_data_is_none(text: str) -> None:
    assert steps.decoded(text, 1024) == b""


@pytest.mark.parametrize(
    "address",
    [
        "sip:x@h^answer",
        "sip:x@h,sip:y@z",
        "sip:${system(id)}@h",
        "sip:x@h' inline",
        "tel:+351",
        "sip:x@h\napi shutdown",
        "",
    ],
)
def test_an_address_that_is_more_than_one_is_refused(address: str) -> None:
    found = FreeswitchBench()
    call_id = found.caller_enters("sales")
    before = len(found.pbx.commands)
    move = base.StartMove(
        call_id=call_id,
        move_id="m1",
        method=found.capabilities().methods[-1],
        address=address,
    )
    found.command(move)
    signs = [one.sign for one in found.events if isinstance(one, base.MoveProgress)]
    assert signs == [base.MoveSign.REFUSED] and len(found.pbx.commands) == before


def test_a_contact_that_would_end_the_command_sends_the_caller_to_the_head_of_the_queue() -> None:
    agent = PbxAgent("anna@default", "user/1000@pbx.example^hangup", {"sales@default": 1})
    found = FreeswitchBench(Pbx(agents=(agent,)))
    call_id = arrived(found)
    member = found.pbx.centre.member_of(call_id)
    assert member is not None and member.base_score == steps.HEAD_SCORE


@pytest.mark.parametrize(("time_base", "score"), [("queue", 42), ("system", 30)])
def test_the_time_waited_is_counted_once(time_base: str, score: int) -> None:
    found = FreeswitchBench(Pbx(agents=two_agents()), time_base=time_base)
    call_id = found.enters(TOKEN)
    ordinary = base.TreatAsOrdinary(
        call_id=call_id, interaction_id="i1", queue="sales", service="s", waited_s=30.0
    )
    found.command(ordinary)
    found.passes(12.0)
    found.target = found.target
    found.command(
        base.StartMove(
            call_id=call_id,
            move_id="m1",
            method=found.capabilities().methods[1],
            address="sip:x@127.0.0.1:1",
        )
    )
    found.command(base.PutBack(call_id=call_id))
    member = found.pbx.centre.member_of(call_id)
    assert member is not None and member.base_score == score
