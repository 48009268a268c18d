"""The table of moves is complete, and keeps its promises."""

from site_agent.core.transfer_table import TABLE, Effect, MoveState, Sign


def test_every_pair_of_state_and_sign_is_listed() -> None:
    assert set(TABLE) == set(MoveState)
    for state, row in TABLE.items():
        assert set(row) == set(Sign), state


def test_an_ended_move_stays_ended() -> None:
    assert {state for state, _ in TABLE[MoveState.ENDED].values()} == {MoveState.ENDED}


def test_the_caller_is_put_back_only_when_the_target_never_takes() -> None:
    for state, row in TABLE.items():
        for sign, (_, effect) in row.items():
            if effect is Effect.PUT_BACK:
                rung = state in (MoveState.BRIDGE_TAKEN, MoveState.BRIDGE_ASKED)
                assert sign is Sign.NEVER or (rung and sign is Sign.REFUSED)


def test_a_notify_never_proves_anything() -> None:
    for state, row in TABLE.items():
        for sign in (Sign.NOTIFIED_OK, Sign.NOTIFIED_BAD):
            assert row[sign][1] in (Effect.NONE, Effect.CANCEL), (state, sign)


def test_an_arrival_ends_every_open_move() -> None:
    for state, row in TABLE.items():
        if state is not MoveState.ENDED:
            assert row[Sign.CALL_ARRIVED] == (MoveState.ENDED, Effect.ARRIVED)
