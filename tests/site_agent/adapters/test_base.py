"""The contract with an ACD: complete unions, defaults that move nobody, answers that find home."""

import inspect
import typing

import pytest
from contract_samples import classes_in, enums_in, needed_in, sample

from nrcli.wire.messages import TransferMethod
from site_agent.adapters import acd_commands, acd_events, acd_leg_facts, base
from site_agent.adapters.base import (
    AcceptArrival,
    AcdAdapter,
    AcdCommand,
    AcdEvent,
    AnnouncementOver,
    CallArriving,
    CallEnded,
    CallerProbed,
    CallOffered,
    Capabilities,
    HoldAgent,
    HoldGranted,
    HoldLost,
    HoldPlace,
    HoldRefused,
    MoveProgress,
    MoveSign,
    PlayAnnouncement,
    ProbeCaller,
    RefuseArrival,
    ReleaseHold,
    StartMove,
    TreatAsOrdinary,
)

EVENTS, COMMANDS = set(typing.get_args(AcdEvent)), set(typing.get_args(AcdCommand))


def test_the_unions_are_complete_and_apart() -> None:
    told = {*classes_in(acd_events), acd_leg_facts.CallBlocked}
    assert told - {acd_events.PbxName} == EVENTS, "a name is part of one"
    assert set(classes_in(acd_commands)) == COMMANDS
    assert classes_in(base) == [Capabilities]
    assert not EVENTS & COMMANDS


@pytest.mark.parametrize("kind", [Capabilities, *classes_in(acd_events), *classes_in(acd_commands)])
def test_what_crosses_is_a_value(kind: type) -> None:
    assert len({sample(kind), sample(kind)}) == 1


@pytest.mark.parametrize("command", sorted(COMMANDS, key=lambda kind: kind.__name__))
def test_every_command_names_what_it_is_about(command: type) -> None:
    assert needed_in(command) & {"call_id", "hold_id", "queue", "numbers", "agent"}


@pytest.mark.parametrize("verdict", [AcceptArrival, RefuseArrival, TreatAsOrdinary])
def test_every_verdict_on_an_arriving_call_finds_it(verdict: type) -> None:
    assert "call_id" in needed_in(verdict) & needed_in(CallArriving)


@pytest.mark.parametrize("asked", [HoldAgent, HoldPlace, ReleaseHold])
@pytest.mark.parametrize("answer", [HoldGranted, HoldRefused, HoldLost])
def test_every_word_on_a_hold_finds_it(asked: type, answer: type) -> None:
    assert "hold_id" in needed_in(asked) & needed_in(answer)


def test_signs_of_a_move_tell_which_move_so_that_a_late_one_is_known() -> None:
    assert {"call_id", "move_id"} <= needed_in(StartMove) & needed_in(MoveProgress)
    assert needed_in(ProbeCaller) <= needed_in(CallerProbed)


def test_a_call_of_which_nothing_is_told_is_ordinary_and_waits_from_now() -> None:
    call = CallOffered(
        call_id="c1", interaction_id="i1", service="sales", queue="sales", trunk_group="carrier"
    )
    assert not call.emergency and not call.agent_ready
    assert (call.waited_s, call.priority, call.data) == (0, 0, b"")


def test_who_comes_back_by_the_second_contact_is_said_and_never_guessed() -> None:
    move = StartMove(
        call_id="c1", move_id="m1", method=TransferMethod.REDIRECT_302, address="sip:nirc-a@h"
    )
    assert (move.return_address, move.user_to_user) == ("", "")
    assert move.set_up_s > 0


def test_age_and_answering_of_an_arrival_are_never_left_to_a_default() -> None:
    """A caller answered before hears ringing otherwise, and one without age starts anew."""
    assert {"waited_s", "answer_now", "hold_id"} <= needed_in(AcceptArrival)


def test_an_end_always_says_who_hung_up() -> None:
    assert "released_by" in needed_in(CallEnded)


def test_the_end_of_an_announcement_finds_who_asked_for_it() -> None:
    assert needed_in(PlayAnnouncement) <= needed_in(AnnouncementOver)


def test_a_call_is_never_held_back_or_broadcast_by_default() -> None:
    call = sample(CallOffered, held_back=False)
    assert (
        needed_in(type(call)) & {"held_back"} == needed_in(AcceptArrival) & {"broadcast"} == set()
    )


@pytest.mark.parametrize(
    "words", [*enums_in(base), *enums_in(acd_events)], ids=lambda e: e.__name__
)
def test_no_two_words_share_a_value(words: type[MoveSign]) -> None:
    assert len(list(words)) == len(words.__members__)


def test_an_adapter_is_told_the_time() -> None:
    """It reads no clock of its own."""
    public = {n: m for n, m in vars(AcdAdapter).items() if not n.startswith("_")}
    timed = {n for n, m in public.items() if "now_s" in inspect.signature(m).parameters}
    assert timed == public.keys() - {"capabilities"} != set()
