"""Moves follow their table and always end."""

from __future__ import annotations

from itertools import product

from nirc.core.settings import RouterSettings
from nirc.core.statistics import Statistics
from nirc.core.transfer import MOVES, Move, MoveSign, MoveState, Transfers


def move(token: str = "t", until_s: float = 110.0) -> Move:
    return Move(
        token=token,
        request_id="r",
        interaction_id="i",
        domain="default",
        service="sales",
        origin="lisbon",
        target="porto",
        queue="sales",
        agent="diogo",
        answered_at_s=100.0,
        until_s=until_s,
    )


def table(moves_max: int = 10) -> Transfers:
    return Transfers(RouterSettings(moves_max=moves_max, arrived_kept_s=5.0), Statistics())


def test_every_pair_is_listed() -> None:
    assert set(MOVES) == set(product(MoveState, MoveSign))


def test_a_move_is_taken_arrives_and_is_settled_by_the_origin() -> None:
    transfers = table()
    transfers.answered(move())
    for sign, state in (
        (MoveSign.TAKEN, MoveState.TAKEN),
        (MoveSign.ARRIVED, MoveState.ARRIVED),
        (MoveSign.TAKEN, MoveState.ARRIVED),
        (MoveSign.OUTCOME, MoveState.SETTLED),
    ):
        found = transfers.sign("t", sign, 101.0)
        assert found is not None
        assert found.state is state
    assert transfers.all() == ()
    assert transfers.sign("t", MoveSign.TAKEN, 102.0) is None


def test_time_ends_what_nobody_settled() -> None:
    transfers = table()
    transfers.answered(move("a"))
    transfers.answered(move("b"))
    transfers.sign("b", MoveSign.ARRIVED, 101.0)
    assert [m.token for m in transfers.sweep(106.0)] == ["b"]
    assert [m.token for m in transfers.sweep(110.0)] == ["a"]


def test_the_table_is_bounded_and_forgets_a_domain() -> None:
    transfers = table(moves_max=2)
    for token in "abc":
        transfers.answered(move(token))
    assert [m.token for m in transfers.all()] == ["b", "c"]
    transfers.forget("other")
    assert transfers.get("b") is not None
    transfers.forget("default")
    assert transfers.all() == ()
