"""Follows every move from the answer to its end.

Rule of this file: a move changes only by `sign`, which reads MOVES; settled moves leave the table.
Each move ends by its origin's word, or by its timer at the latest.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from nirc.core.pair_outcomes import PairOutcomes
from nirc.core.settings import RouterSettings
from nirc.core.statistics import Statistics


class MoveState(Enum):
    """How far a call is on its way."""

    ANSWERED = "answered"
    "The origin was told the target and the token."
    TAKEN = "taken"
    ARRIVED = "arrived"
    SETTLED = "settled"


class MoveSign(Enum):
    """What was heard of a move."""

    TAKEN = "taken"
    ARRIVED = "arrived"
    OUTCOME = "outcome"
    EXPIRED = "expired"


MOVES: dict[tuple[MoveState, MoveSign], MoveState] = {
    (MoveState.ANSWERED, MoveSign.TAKEN): MoveState.TAKEN,
    (MoveState.ANSWERED, MoveSign.ARRIVED): MoveState.ARRIVED,
    (MoveState.ANSWERED, MoveSign.OUTCOME): MoveState.SETTLED,
    (MoveState.ANSWERED, MoveSign.EXPIRED): MoveState.SETTLED,
    (MoveState.TAKEN, MoveSign.TAKEN): MoveState.TAKEN,
    (MoveState.TAKEN, MoveSign.ARRIVED): MoveState.ARRIVED,
    (MoveState.TAKEN, MoveSign.OUTCOME): MoveState.SETTLED,
    (MoveState.TAKEN, MoveSign.EXPIRED): MoveState.SETTLED,
    (MoveState.ARRIVED, MoveSign.TAKEN): MoveState.ARRIVED,
    (MoveState.ARRIVED, MoveSign.ARRIVED): MoveState.ARRIVED,
    (MoveState.ARRIVED, MoveSign.OUTCOME): MoveState.SETTLED,
    (MoveState.ARRIVED, MoveSign.EXPIRED): MoveState.SETTLED,
    (MoveState.SETTLED, MoveSign.TAKEN): MoveState.SETTLED,
    (MoveState.SETTLED, MoveSign.ARRIVED): MoveState.SETTLED,
    (MoveState.SETTLED, MoveSign.OUTCOME): MoveState.SETTLED,
    (MoveState.SETTLED, MoveSign.EXPIRED): MoveState.SETTLED,
}


@dataclass(slots=True)
class Move:
    """One call on its way."""

    token: str
    request_id: str
    interaction_id: str
    domain: str
    service: str
    origin: str
    target: str
    queue: str
    agent: str
    answered_at_s: float
    until_s: float
    state: MoveState = MoveState.ANSWERED


class Transfers:
    """Moves by token."""

    __slots__ = ("_moves", "_settings", "_statistics", "outcomes")

    def __init__(self, settings: RouterSettings, statistics: Statistics) -> None:
        self._settings = settings
        self._statistics = statistics
        self._moves: dict[str, Move] = {}
        self.outcomes = PairOutcomes()

    def answered(self, move: Move) -> None:
        """An origin was told to move a call. A full table lets go of the oldest move."""
        if len(self._moves) >= self._settings.moves_max:
            del self._moves[next(iter(self._moves))]
            self._statistics.count("moves.forgotten")
        self._moves[move.token] = move
        self._statistics.count("moves.answered")

    def sign(self, token: str, sign: MoveSign, now_s: float) -> Move | None:
        """Something was heard of a move; the move if it is known here."""
        move = self._moves.get(token)
        if move is None:
            return None
        before, move.state = move.state, MOVES[(move.state, sign)]
        if move.state is MoveState.SETTLED:
            del self._moves[token]
        elif move.state is not before:
            self._statistics.count(f"moves.{move.state.value}")
            if move.state is MoveState.ARRIVED:
                move.until_s = now_s + self._settings.arrived_kept_s
        return move

    def get(self, token: str) -> Move | None:
        """A move on its way."""
        return self._moves.get(token)

    def sweep(self, now_s: float) -> list[Move]:
        """Ends the moves that ran out of time; those that never arrived are counted."""
        due = [move for move in self._moves.values() if move.until_s <= now_s]
        for move in due:
            if move.state is not MoveState.ARRIVED:
                self._statistics.count("moves.unheard")
            self.sign(move.token, MoveSign.EXPIRED, now_s)
        return due

    def forget(self, domain: str) -> None:
        """This node leads the domain no more."""
        for token in [t for t, move in self._moves.items() if move.domain == domain]:
            del self._moves[token]

    def all(self) -> tuple[Move, ...]:
        """Moves on their way, oldest first."""
        return tuple(self._moves.values())
