"""The four transaction machines of RFC 3261 section 17 as corrected by RFC 6026, as tables.

Rule of this file: data only. Every pair of state and sign of a machine is listed; what must not
happen is listed as `NEVER`, and what changes nothing as `STAY`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import product


class State(IntEnum):
    """Where a transaction stands."""

    CALLING = 0
    TRYING = 1
    PROCEEDING = 2
    COMPLETED = 3
    CONFIRMED = 4
    ACCEPTED = 5
    TERMINATED = 6


class Sign(IntEnum):
    """What happens to a transaction."""

    REQUEST = 0  # the same request came again
    ACK = 1
    SEND_1XX = 2
    SEND_2XX = 3
    SEND_FINAL = 4  # 300-699; for non-INVITE every final
    GOT_1XX = 5
    GOT_2XX = 6
    GOT_FINAL = 7  # 300-699; for non-INVITE every final
    RETRANSMIT = 8  # timer A, E or G
    TIMEOUT = 9  # timer B, F or H
    LINGER = 10  # timer D, I, J, K, L or M
    FAILED = 11  # the transport could not send
    ABANDON = 12  # the owner wants no more of it


class Do(IntEnum):
    """One thing a machine does on its way to the next state."""

    SEND = 0  # the response that the owner gave, and keep it
    RESEND = 1  # the last message again
    ACKNOWLEDGE = 2  # ACK to a non-2xx final
    TELL = 3  # pass the sign to the owner
    START_A = 4
    START_B = 5
    START_D = 6
    START_E = 7
    START_F = 8
    START_G = 9
    START_H = 10
    START_I = 11
    START_J = 12
    START_K = 13
    START_L = 14
    START_M = 15
    AGAIN = 16  # the retransmission timer with its next interval
    SLOWLY = 17  # from here on retransmit every T2 (timer E in Proceeding)
    STOP = 18  # stop both timers
    END = 19  # forget the transaction


@dataclass(frozen=True, slots=True)
class TimerRule:
    """A timer of RFC 3261 table 4: `factor` times a setting; what it is over TCP; its sign."""

    setting: str
    factor: float
    sign: Sign
    over_tcp: str
    "same | zero | none (it is not started)"
    cap: str = ""
    "The setting that bounds the doubled interval; empty: unbounded or not doubled."


TIMERS: dict[Do, TimerRule] = {
    Do.START_A: TimerRule("t1_s", 1, Sign.RETRANSMIT, "none"),
    Do.START_B: TimerRule("t1_s", 64, Sign.TIMEOUT, "same"),
    Do.START_D: TimerRule("timer_d_s", 1, Sign.LINGER, "zero"),
    Do.START_E: TimerRule("t1_s", 1, Sign.RETRANSMIT, "none", "t2_s"),
    Do.START_F: TimerRule("t1_s", 64, Sign.TIMEOUT, "same"),
    Do.START_G: TimerRule("t1_s", 1, Sign.RETRANSMIT, "none", "t2_s"),
    Do.START_H: TimerRule("t1_s", 64, Sign.TIMEOUT, "same"),
    Do.START_I: TimerRule("t4_s", 1, Sign.LINGER, "zero"),
    Do.START_J: TimerRule("t1_s", 64, Sign.LINGER, "zero"),
    Do.START_K: TimerRule("t4_s", 1, Sign.LINGER, "zero"),
    Do.START_L: TimerRule("t1_s", 64, Sign.LINGER, "same"),
    Do.START_M: TimerRule("t1_s", 64, Sign.LINGER, "same"),
}

Move = tuple[State, tuple[Do, ...]] | None
Moves = dict[tuple[State, Sign], Move]

NEVER: Move = None
"Our own mistake: raises and changes nothing."


@dataclass(frozen=True, slots=True)
class Machine:
    """One transaction machine: its name, states, signs, what it does first, and its moves."""

    name: str
    states: tuple[State, ...]
    signs: tuple[Sign, ...]
    start: tuple[State, tuple[Do, ...]]
    moves: Moves


def _machine(
    name: str,
    start: tuple[State, tuple[Do, ...]],
    signs: tuple[Sign, ...],
    rows: dict[State, tuple[Move | State, ...]],
) -> Machine:
    """Rows list, per state, one move for each sign in order; a bare state is a move without deeds.

    A transaction that has ended takes every sign and does nothing.
    """
    ended: tuple[Move | State, ...] = (State.TERMINATED,) * len(signs)
    table = rows | {State.TERMINATED: ended}
    moves: Moves = {}
    for state, row in table.items():
        for sign, move in zip(signs, row, strict=True):
            moves[state, sign] = (move, ()) if isinstance(move, State) else move
    return Machine(name, tuple(table), signs, start, moves)


_CALLING, _TRYING, _PROCEEDING = State.CALLING, State.TRYING, State.PROCEEDING
_COMPLETED, _CONFIRMED, _ACCEPTED = State.COMPLETED, State.CONFIRMED, State.ACCEPTED
_TERMINATED = State.TERMINATED
_GONE: Move = (_TERMINATED, (Do.STOP, Do.END))
_GONE_TELL: Move = (_TERMINATED, (Do.STOP, Do.END, Do.TELL))

# RFC 6026 figure 5.
INVITE_SERVER = _machine(
    "INVITE server",
    (_PROCEEDING, ()),
    (
        Sign.REQUEST, Sign.ACK, Sign.SEND_1XX, Sign.SEND_2XX, Sign.SEND_FINAL,
        Sign.RETRANSMIT, Sign.TIMEOUT, Sign.LINGER, Sign.FAILED, Sign.ABANDON,
    ),
    {
        _PROCEEDING: (
            (_PROCEEDING, (Do.RESEND,)),
            _PROCEEDING,
            (_PROCEEDING, (Do.SEND,)),
            (_ACCEPTED, (Do.SEND, Do.START_L)),
            (_COMPLETED, (Do.SEND, Do.START_G, Do.START_H)),
            NEVER, NEVER, NEVER,
            (_PROCEEDING, (Do.TELL,)),
            _GONE,
        ),
        _COMPLETED: (
            (_COMPLETED, (Do.RESEND,)),
            (_CONFIRMED, (Do.STOP, Do.START_I, Do.TELL)),
            NEVER, NEVER, NEVER,
            (_COMPLETED, (Do.RESEND, Do.AGAIN)),
            _GONE_TELL,
            NEVER,
            _GONE_TELL,
            _GONE,
        ),
        _CONFIRMED: (
            _CONFIRMED, _CONFIRMED, NEVER, NEVER, NEVER, NEVER, NEVER,
            _GONE,
            _CONFIRMED,
            _GONE,
        ),
        _ACCEPTED: (
            _ACCEPTED,
            _ACCEPTED,
            NEVER,
            (_ACCEPTED, (Do.SEND,)),
            NEVER, NEVER, NEVER,
            _GONE,
            _ACCEPTED,
            _GONE,
        ),
    },
)  # fmt: skip

# RFC 3261 figure 8. TIMEOUT is our own bound on a request that the owner never answers (RFC 4320:
# a late 408 helps nobody, so it ends in silence).
OTHER_SERVER = _machine(
    "non-INVITE server",
    (_TRYING, (Do.START_F,)),
    (
        Sign.REQUEST, Sign.SEND_1XX, Sign.SEND_FINAL, Sign.TIMEOUT, Sign.LINGER,
        Sign.FAILED, Sign.ABANDON,
    ),
    {
        _TRYING: (
            _TRYING,
            (_PROCEEDING, (Do.SEND,)),
            (_COMPLETED, (Do.SEND, Do.STOP, Do.START_J)),
            _GONE_TELL,
            NEVER,
            _TRYING,
            _GONE,
        ),
        _PROCEEDING: (
            (_PROCEEDING, (Do.RESEND,)),
            (_PROCEEDING, (Do.SEND,)),
            (_COMPLETED, (Do.SEND, Do.STOP, Do.START_J)),
            _GONE_TELL,
            NEVER,
            _PROCEEDING,
            _GONE,
        ),
        _COMPLETED: (
            (_COMPLETED, (Do.RESEND,)),
            NEVER, NEVER, NEVER,
            _GONE,
            _COMPLETED,
            _GONE,
        ),
    },
)  # fmt: skip

# RFC 6026 figure 6.
INVITE_CLIENT = _machine(
    "INVITE client",
    (_CALLING, (Do.RESEND, Do.START_A, Do.START_B)),
    (
        Sign.GOT_1XX, Sign.GOT_2XX, Sign.GOT_FINAL, Sign.RETRANSMIT, Sign.TIMEOUT, Sign.LINGER,
        Sign.FAILED, Sign.ABANDON,
    ),
    {
        _CALLING: (
            (_PROCEEDING, (Do.STOP, Do.TELL)),
            (_ACCEPTED, (Do.STOP, Do.START_M, Do.TELL)),
            (_COMPLETED, (Do.STOP, Do.ACKNOWLEDGE, Do.START_D, Do.TELL)),
            (_CALLING, (Do.RESEND, Do.AGAIN)),
            _GONE_TELL,
            NEVER,
            _GONE_TELL,
            _GONE,
        ),
        _PROCEEDING: (
            (_PROCEEDING, (Do.TELL,)),
            (_ACCEPTED, (Do.START_M, Do.TELL)),
            (_COMPLETED, (Do.ACKNOWLEDGE, Do.START_D, Do.TELL)),
            NEVER, NEVER, NEVER,
            _GONE_TELL,
            _GONE,
        ),
        _COMPLETED: (
            _COMPLETED,
            _COMPLETED,
            (_COMPLETED, (Do.ACKNOWLEDGE,)),
            NEVER, NEVER,
            _GONE,
            _GONE,
            _GONE,
        ),
        _ACCEPTED: (
            _ACCEPTED,
            (_ACCEPTED, (Do.TELL,)),
            _ACCEPTED,
            NEVER, NEVER,
            _GONE,
            _ACCEPTED,
            _GONE,
        ),
    },
)  # fmt: skip

# RFC 3261 figure 6.
OTHER_CLIENT = _machine(
    "non-INVITE client",
    (_TRYING, (Do.RESEND, Do.START_E, Do.START_F)),
    (
        Sign.GOT_1XX, Sign.GOT_FINAL, Sign.RETRANSMIT, Sign.TIMEOUT, Sign.LINGER, Sign.FAILED,
        Sign.ABANDON,
    ),
    {
        _TRYING: (
            (_PROCEEDING, (Do.SLOWLY,)),
            (_COMPLETED, (Do.STOP, Do.START_K, Do.TELL)),
            (_TRYING, (Do.RESEND, Do.AGAIN)),
            _GONE_TELL,
            NEVER,
            _GONE_TELL,
            _GONE,
        ),
        _PROCEEDING: (
            _PROCEEDING,
            (_COMPLETED, (Do.STOP, Do.START_K, Do.TELL)),
            (_PROCEEDING, (Do.RESEND, Do.AGAIN)),
            _GONE_TELL,
            NEVER,
            _GONE_TELL,
            _GONE,
        ),
        _COMPLETED: (
            _COMPLETED, _COMPLETED,
            NEVER, NEVER,
            _GONE,
            _COMPLETED,
            _GONE,
        ),
    },
)  # fmt: skip

MACHINES = (INVITE_SERVER, OTHER_SERVER, INVITE_CLIENT, OTHER_CLIENT)


def missing_pairs(machine: Machine) -> list[tuple[State, Sign]]:
    """Pairs of state and sign that a machine does not list; none, or the table is wrong."""
    pairs = product(machine.states, machine.signs)
    return [pair for pair in pairs if pair not in machine.moves]
