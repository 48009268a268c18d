"""A handler has the caller when the wire says so, and never by silence."""

from __future__ import annotations

from site_agent.core.handler_table import HANDLER_TABLE
from site_agent.core.transfer_table import Effect, MoveState, Sign


def test_every_pair_is_listed() -> None:
    assert set(HANDLER_TABLE) == set(MoveState)
    assert all(set(row) == set(Sign) for row in HANDLER_TABLE.values())


def test_no_question_is_asked_of_a_target() -> None:
    used = {effect for row in HANDLER_TABLE.values() for _, effect in row.values()}
    assert used.isdisjoint({Effect.CANCEL, Effect.WAIT_THEN_CANCEL, Effect.PROBE})


def test_only_these_signs_hand_a_caller_over() -> None:
    handed = {
        (state, sign)
        for state, row in HANDLER_TABLE.items()
        for sign, (_, effect) in row.items()
        if effect is Effect.HANDED_OVER
    }
    assert {sign for _, sign in handed} == {
        Sign.PLACE_OVER,
        Sign.NOTIFIED_OK,
        Sign.CALLER_GONE,
        Sign.BRIDGED,
        Sign.UNREACHABLE,
    }
    assert {state for state, sign in handed if sign is Sign.UNREACHABLE} == {MoveState.BRIDGED}
    assert (MoveState.REFERRING, Sign.CALLER_GONE) not in handed


def test_an_ended_move_stays_ended() -> None:
    assert set(HANDLER_TABLE[MoveState.ENDED].values()) == {(MoveState.ENDED, Effect.NONE)}
