"""The move itself: what origin and target tell each other, and how it ended.

Rule of this file: frozen data only. What sites tell each other needs no leader, hence no epoch.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from nrcli.wire.words import DOMAIN_FIRST, TransferMethod


class MoveOutcome(Enum):
    """How a move ended, told by the origin."""

    ARRIVED = "arrived"
    REFUSED = "refused"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    ERROR = "error"
    TIMEOUT = "timeout"
    CALLER_GONE = "caller_gone"
    SERVED_AT_HOME = "served_at_home"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOutcome:
    """The origin tells the leader how a move ended. The reservation is settled by it."""

    domain: str = DOMAIN_FIRST
    request_id: str
    token: str
    target_site: str
    method: TransferMethod | None
    "The last rung tried; none if the move never began."
    outcome: MoveOutcome
    sip_status: int = 0
    took_s: float = 0.0
    through_carrier: bool = False
    "Of a test call: it went by the carrier and came back in."
    detail: str = ""
    "Of a test call: what went wrong, for people."


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTaken:
    """Target to origin: an INVITE with the live token was accepted; the target owns the caller."""

    token: str
    from_site: str
    to_site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallArrived:
    """Target to origin: answered (200) and acknowledged; the origin ends its leg now.

    Sent again until the origin says `MoveSettled`.
    """

    token: str
    from_site: str
    to_site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveSettled:
    """Origin to target: the arrival was noted; stop telling me."""

    token: str
    from_site: str
    to_site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Origin to target, by any node, without an epoch: never accept this token from now on.

    Repeated until a `CancelAnswer` is heard, and while the origin holds the caller.
    """

    token: str
    request_id: str
    from_site: str
    to_site: str
    dial: bool = False
    """Not cancelled but to be used: the token was given for a callback, and the target dials. Told
    `CallTaken` while it does, then by `CancelAnswer` whether the caller was reached. Where an older
    node strips this, the token is dead and nobody is dialed."""


class CancelVerdict(Enum):
    """The target's word."""

    TAKEN = "taken"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAnswer:
    """Target to origin: the token was taken (the target owns the caller), or never will be."""

    token: str
    verdict: CancelVerdict
    from_site: str
    to_site: str
    detail: str = ""
    "Of a callback that reached nobody: busy | no_answer | failed."


SiteToSite = CallTaken | CallArrived | MoveSettled | Cancel | CancelAnswer
