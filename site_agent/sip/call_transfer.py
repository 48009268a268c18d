"""What becomes of a REFER that we sent (RFC 3515), as one table.

Rule of this file: a NOTIFY is a hint and its absence proves nothing; the table says what is known,
and `verdict` what an origin may conclude. Sending and receiving are elsewhere.
"""

from __future__ import annotations

import re
from enum import Enum, auto


class ReferState(Enum):
    """How far our REFER has come."""

    NONE = auto()  # none was sent, or the last one is over
    ASKED = auto()  # no final answer yet
    CHALLENGED = auto()  # 401 or 407 came and was answered with credentials
    ACCEPTED = auto()  # 2xx: a subscription stands
    PROGRESSING = auto()  # a NOTIFY told of 1xx
    SUCCEEDED = auto()  # a NOTIFY told of 2xx
    FAILED = auto()  # refused, or a NOTIFY told of 3xx or above
    UNKNOWN = auto()  # it ended without a word that could be read, or never answered


class ReferSign(Enum):
    """What can happen to it."""

    SENT = auto()
    GOT_2XX = auto()
    GOT_CHALLENGE = auto()  # 401 or 407 for which there are credentials
    GOT_REFUSAL = auto()  # any other 3xx-6xx, a second challenge included
    NO_ANSWER = auto()
    NOTIFY_1XX = auto()
    NOTIFY_2XX = auto()
    NOTIFY_FINAL = auto()  # 3xx and above
    NOTIFY_UNREADABLE = auto()  # no sipfrag, subscription stands
    TERMINATED_UNREADABLE = auto()  # no sipfrag, subscription over
    TERMINATED_1XX = auto()
    DIALOG_GONE = auto()


class Verdict(Enum):
    """What may be concluded."""

    WAIT = auto()
    MOVED = auto()
    REFUSED = auto()
    ASK_TARGET = auto()  # nothing is guessed: ask the target by token


VERDICTS: dict[ReferState, Verdict] = {
    ReferState.NONE: Verdict.WAIT,
    ReferState.ASKED: Verdict.WAIT,
    ReferState.CHALLENGED: Verdict.WAIT,
    ReferState.ACCEPTED: Verdict.WAIT,
    ReferState.PROGRESSING: Verdict.WAIT,
    ReferState.SUCCEEDED: Verdict.MOVED,
    ReferState.FAILED: Verdict.REFUSED,
    ReferState.UNKNOWN: Verdict.ASK_TARGET,
}

_S, _G = ReferState, ReferSign
_SIGNS = tuple(ReferSign)
# One row per state, one column per sign in the order of ReferSign. A NOTIFY may overtake the 2xx.
_ROWS: dict[ReferState, tuple[ReferState, ...]] = {
    _S.NONE: (_S.ASKED, *(_S.NONE,) * 11),
    _S.ASKED: (
        _S.ASKED, _S.ACCEPTED, _S.CHALLENGED, _S.FAILED, _S.UNKNOWN,
        _S.PROGRESSING, _S.SUCCEEDED, _S.FAILED, _S.ASKED, _S.UNKNOWN, _S.UNKNOWN, _S.UNKNOWN,
    ),
    _S.CHALLENGED: (
        _S.CHALLENGED, _S.ACCEPTED, _S.FAILED, _S.FAILED, _S.UNKNOWN,
        _S.PROGRESSING, _S.SUCCEEDED, _S.FAILED, _S.CHALLENGED, _S.UNKNOWN, _S.UNKNOWN, _S.UNKNOWN,
    ),
    _S.ACCEPTED: (
        _S.ASKED, _S.ACCEPTED, _S.ACCEPTED, _S.ACCEPTED, _S.ACCEPTED,
        _S.PROGRESSING, _S.SUCCEEDED, _S.FAILED, _S.ACCEPTED, _S.UNKNOWN, _S.UNKNOWN, _S.UNKNOWN,
    ),
    _S.PROGRESSING: (
        _S.ASKED, _S.PROGRESSING, _S.PROGRESSING, _S.FAILED, _S.PROGRESSING,
        _S.PROGRESSING, _S.SUCCEEDED, _S.FAILED, _S.PROGRESSING, _S.UNKNOWN, _S.UNKNOWN, _S.UNKNOWN,
    ),
    _S.SUCCEEDED: (_S.ASKED, *(_S.SUCCEEDED,) * 11),
    _S.FAILED: (_S.ASKED, *(_S.FAILED,) * 11),
    _S.UNKNOWN: (
        _S.ASKED, _S.ACCEPTED, _S.UNKNOWN, _S.FAILED, _S.UNKNOWN,
        _S.UNKNOWN, _S.SUCCEEDED, _S.FAILED, _S.UNKNOWN, _S.UNKNOWN, _S.UNKNOWN, _S.UNKNOWN,
    ),
}  # fmt: skip

MOVES: dict[tuple[ReferState, ReferSign], ReferState] = {
    (state, sign): after
    for state, row in _ROWS.items()
    for sign, after in zip(_SIGNS, row, strict=True)
}

IN_FLIGHT = frozenset({_S.ASKED, _S.CHALLENGED})
"States in which the REFER itself has no final answer."

_STATUS_LINE = re.compile(rb"\s*SIP/2\.0[ \t]+([1-6]\d\d)(?:[ \t\r\n]|\Z)", re.IGNORECASE)


def sign_of_answer(status: int, *, has_credentials: bool) -> ReferSign:
    """The sign of a final answer to REFER; 408 and 503 without a response are given as 0."""
    if status == 0:
        return ReferSign.NO_ANSWER
    if status < 300:
        return ReferSign.GOT_2XX
    if status in {401, 407} and has_credentials:
        return ReferSign.GOT_CHALLENGE
    return ReferSign.GOT_REFUSAL


def sign_of_notify(status: int, *, terminated: bool) -> ReferSign:
    """The sign of a NOTIFY whose sipfrag said `status` (0: none could be read)."""
    if status >= 300:
        return ReferSign.NOTIFY_FINAL
    if status >= 200:
        return ReferSign.NOTIFY_2XX
    if status:
        return ReferSign.TERMINATED_1XX if terminated else ReferSign.NOTIFY_1XX
    return ReferSign.TERMINATED_UNREADABLE if terminated else ReferSign.NOTIFY_UNREADABLE


def verdict(state: ReferState) -> Verdict:
    """What may be concluded in a state."""
    return VERDICTS[state]


def sipfrag_status(body: bytes) -> int:
    """The status of a message/sipfrag body, 0 if there is none (RFC 3420)."""
    match = _STATUS_LINE.match(body[:256])
    return int(match[1]) if match else 0


def is_terminated(subscription_state: str) -> bool:
    """Whether a Subscription-State header says that the subscription is over (RFC 6665 4.1.3)."""
    return subscription_state.partition(";")[0].strip().lower() == "terminated"
