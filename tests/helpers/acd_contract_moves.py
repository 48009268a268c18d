"""Checks of the contract about callers who arrive by a token, and callers who are moved."""

from __future__ import annotations

from acd_contract_words import (
    TOKEN,
    ContractAcd,
    Lack,
    Target,
    accepts,
    connected_to,
    ends_of,
    hold,
    move,
    move_to_handler,
    needs,
    signs_of,
    state_of,
    told,
    waiting_in,
)

from nrcli.wire.messages import AgentState
from site_agent.adapters import base

# ---- arrivals ----------------------------------------------------------------------------------


@needs(Lack.TOKENS)
def an_arrival_for_a_place_is_answered_and_waits(acd: ContractAcd) -> None:
    assert hold(acd, "h1")
    acd.decide = accepts(acd, hold_id="h1")
    call_id = acd.token_arrives(TOKEN)
    arriving = told(acd, base.CallArriving)
    assert [(one.call_id, one.token) for one in arriving] == [(call_id, TOKEN)]
    assert arriving[0].invite_key
    assert not told(acd, base.CallOffered)
    acd.passes(1.0)
    assert [one.call_id for one in told(acd, base.CallAnswered)] == [call_id]
    assert [one.call_id for one in told(acd, base.ArrivalAcknowledged)] == [call_id]
    assert waiting_in(acd) == 1
    acd.caller_hangs_up(call_id)
    acd.passes(60.0)
    assert ends_of(acd, call_id) == ["caller"]
    assert told(acd, base.CallEnded)[0].waited_s >= 30.0


@needs(Lack.TOKENS, Lack.HOLD_AGENT)
def an_arrival_for_an_agent_reaches_that_agent(acd: ContractAcd) -> None:
    agent = acd.agents[0]
    acd.agent_ready(agent)
    assert hold(acd, "h1", agent)
    waits = acd.caller_enters(acd.queue)
    acd.decide = accepts(acd, hold_id="h1", agent=agent)
    call_id = acd.token_arrives(TOKEN)
    acd.agent_answers(agent)
    assert connected_to(acd, call_id) == [agent]
    assert not connected_to(acd, waits)
    assert state_of(acd, agent) is AgentState.BUSY
    acd.agent_hangs_up(agent)
    acd.passes(60.0)
    assert len(ends_of(acd, call_id)) == 1


@needs(Lack.TOKENS, Lack.HOLD_AGENT, Lack.RINGING)
def an_arrival_whose_agent_does_not_answer_is_first_in_the_queue(acd: ContractAcd) -> None:
    agent, other = acd.agents
    acd.agent_ready(agent)
    assert hold(acd, "h1", agent)
    acd.decide = accepts(acd, hold_id="h1", agent=agent)
    call_id = acd.token_arrives(TOKEN)
    acd.passes(21.0)
    acd.agent_not_ready(agent)
    acd.passes(21.0)
    assert not ends_of(acd, call_id)
    acd.agent_ready(other)
    acd.agent_answers(other)
    assert connected_to(acd, call_id) == [other]


@needs(Lack.TOKENS)
def a_refused_arrival_is_over(acd: ContractAcd) -> None:
    acd.decide = lambda event: (
        [base.RefuseArrival(call_id=event.call_id, sip_status=480)]
        if isinstance(event, base.CallArriving)
        else []
    )
    call_id = acd.token_arrives(TOKEN)
    acd.passes(60.0)
    assert call_id
    assert not told(acd, base.CallAnswered)
    assert not told(acd, base.ArrivalAcknowledged)
    assert len(ends_of(acd, call_id)) <= 1
    assert waiting_in(acd) == 0


@needs(Lack.TOKENS)
def a_dead_token_is_an_ordinary_call_with_its_age(acd: ContractAcd) -> None:
    acd.decide = lambda event: (
        [
            base.TreatAsOrdinary(
                call_id=event.call_id,
                interaction_id="i1",
                queue=acd.queue,
                service="s1",
                waited_s=30.0,
            )
        ]
        if isinstance(event, base.CallArriving)
        else []
    )
    younger = acd.caller_enters(acd.queue)
    call_id = acd.token_arrives(TOKEN)
    acd.passes(1.0)
    assert waiting_in(acd) == 2
    if acd.capabilities().insert_by_age is not base.HoldLevel.NONE:
        acd.agent_ready(acd.agents[0])
        acd.agent_answers(acd.agents[0])
        assert connected_to(acd, call_id) == [acd.agents[0]]
        assert not connected_to(acd, younger)


# ---- moves -------------------------------------------------------------------------------------


@needs(Lack.MOVES, Lack.ANSWERED_MOVES)
def a_moved_call_is_left_alone_and_ends_as_moved(acd: ContractAcd) -> None:
    call_id = acd.caller_enters(acd.queue)
    acd.passes(5.0)
    move(acd, call_id, Target.TAKES)
    acd.agent_ready(acd.agents[0])
    acd.agent_answers(acd.agents[0])
    assert not connected_to(acd, call_id)
    acd.passes(2.0)
    assert signs_of(acd)
    acd.command(base.EndMoved(call_id=call_id))
    acd.passes(2.0)
    acd.caller_hangs_up(call_id)
    acd.passes(60.0)
    assert len(ends_of(acd, call_id)) == 1
    assert waiting_in(acd) == 0
    assert told(acd, base.QueueChanged)[-1].abandoned_count == 0


@needs(Lack.MOVES, Lack.ANSWERED_MOVES)
def a_refused_move_is_told_and_the_caller_keeps_the_place(acd: ContractAcd) -> None:
    first = acd.caller_enters(acd.queue)
    acd.passes(5.0)
    second = acd.caller_enters(acd.queue)
    move(acd, first, Target.REFUSES)
    acd.passes(2.0)
    assert signs_of(acd)[-1] in (base.MoveSign.REFUSED, base.MoveSign.NOTIFIED)
    assert not ends_of(acd, first)
    acd.command(base.PutBack(call_id=first))
    acd.passes(1.0)
    assert waiting_in(acd) == 2
    acd.agent_ready(acd.agents[0])
    acd.agent_answers(acd.agents[0])
    assert connected_to(acd, first) == [acd.agents[0]]
    assert not connected_to(acd, second)


@needs(Lack.MOVES, Lack.ANSWERED_MOVES)
def who_was_put_back_has_waited_from_the_beginning(acd: ContractAcd) -> None:
    call_id = acd.caller_enters(acd.queue)
    acd.passes(20.0)
    move(acd, call_id, Target.REFUSES)
    acd.passes(2.0)
    acd.command(base.PutBack(call_id=call_id))
    acd.passes(10.0)
    acd.caller_hangs_up(call_id)
    acd.passes(1.0)
    assert ends_of(acd, call_id) == ["caller"]
    assert 31.0 <= told(acd, base.CallEnded)[0].waited_s <= 35.0


@needs(Lack.MOVES, Lack.ANSWERED_MOVES)
def a_second_move_may_follow_a_refused_one(acd: ContractAcd) -> None:
    call_id = acd.caller_enters(acd.queue)
    move(acd, call_id, Target.REFUSES)
    acd.passes(2.0)
    acd.command(base.PutBack(call_id=call_id))
    acd.passes(2.0)
    move(acd, call_id, Target.TAKES, "m2")
    acd.passes(2.0)
    signs = signs_of(acd, "m2")
    assert signs
    assert base.MoveSign.REFUSED not in signs


@needs(Lack.MOVES, Lack.ANSWERED_MOVES)
def a_handler_may_fail_a_caller_and_have_another(acd: ContractAcd) -> None:
    """A voicemail: no token in its address, and it is told whom the call was for, and why."""
    first = acd.caller_enters(acd.queue)
    acd.passes(5.0)
    move_to_handler(acd, first, Target.REFUSES, dialed="+351210000001")
    acd.passes(2.0)
    assert signs_of(acd)[-1] in (base.MoveSign.REFUSED, base.MoveSign.NOTIFIED)
    acd.command(base.PutBack(call_id=first))
    acd.passes(2.0)
    assert waiting_in(acd) == 1
    move_to_handler(acd, first, Target.TAKES, "m2")
    acd.passes(2.0)
    signs = signs_of(acd, "m2")
    assert signs and base.MoveSign.REFUSED not in signs
    acd.command(base.EndMoved(call_id=first))
    acd.passes(2.0)
    acd.caller_hangs_up(first)
    acd.passes(60.0)
    assert len(ends_of(acd, first)) == 1
    assert waiting_in(acd) == 0


@needs(Lack.MOVES, Lack.ANSWERED_MOVES, Lack.SILENT_TARGET)
def a_silent_target_is_told_as_silence(acd: ContractAcd) -> None:
    call_id = acd.caller_enters(acd.queue)
    move(acd, call_id, Target.SAYS_NOTHING)
    acd.passes(60.0)
    allowed = (base.MoveSign.SILENT, base.MoveSign.REFUSED, base.MoveSign.NOTIFIED)
    assert signs_of(acd)[-1] in allowed
    assert not ends_of(acd, call_id)
    acd.command(base.PutBack(call_id=call_id))
    acd.passes(2.0)
    acd.agent_ready(acd.agents[0])
    acd.agent_answers(acd.agents[0])
    assert connected_to(acd, call_id) == [acd.agents[0]]


@needs(Lack.MOVES, Lack.ANSWERED_MOVES)
def a_caller_may_leave_during_a_move(acd: ContractAcd) -> None:
    call_id = acd.caller_enters(acd.queue)
    move(acd, call_id, Target.SAYS_NOTHING)
    acd.caller_hangs_up(call_id)
    acd.passes(60.0)
    acd.command(base.EndMoved(call_id=call_id))
    acd.command(base.PutBack(call_id=call_id))
    acd.passes(60.0)
    assert len(ends_of(acd, call_id)) == 1
    assert waiting_in(acd) == 0


def commands_about_calls_that_are_over_do_no_harm(acd: ContractAcd) -> None:
    call_id = acd.caller_enters(acd.queue)
    acd.caller_hangs_up(call_id)
    acd.passes(1.0)
    for known in (call_id, "never heard of"):
        for command in _about(known):
            acd.command(command)
    acd.passes(60.0)
    assert len(ends_of(acd, call_id)) == 1
    late = [one for one in told(acd, base.CallEnded) if one.call_id == "never heard of"]
    assert not late


def _about(call_id: str) -> list[base.AcdCommand]:
    return [
        base.AbortMove(call_id=call_id, move_id="m9"),
        base.PutBack(call_id=call_id),
        base.EndMoved(call_id=call_id),
        base.GiveData(call_id=call_id, data=b"{}"),
        base.Announce(call_id=call_id, position=1, ewt_s_min=1.0, ewt_s_max=2.0),
        base.RejectCall(call_id=call_id, reason="busy"),
        base.RefuseArrival(call_id=call_id, sip_status=480),
    ]


CHECKS = (
    an_arrival_for_a_place_is_answered_and_waits,
    an_arrival_for_an_agent_reaches_that_agent,
    an_arrival_whose_agent_does_not_answer_is_first_in_the_queue,
    a_refused_arrival_is_over,
    a_dead_token_is_an_ordinary_call_with_its_age,
    a_moved_call_is_left_alone_and_ends_as_moved,
    a_refused_move_is_told_and_the_caller_keeps_the_place,
    who_was_put_back_has_waited_from_the_beginning,
    a_second_move_may_follow_a_refused_one,
    a_handler_may_fail_a_caller_and_have_another,
    a_silent_target_is_told_as_silence,
    a_caller_may_leave_during_a_move,
    commands_about_calls_that_are_over_do_no_harm,
)
