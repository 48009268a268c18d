"""Words that messages of several subjects use: epochs, lanes, agent states, transfer methods.

Rule of this file: standard library only, frozen data only, and no message.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

VERSION_NEWEST = 3
VERSION_OLDEST = 2
DOMAIN_FIRST = "default"


class Lane(Enum):
    """Which of a link's three lanes a message takes; a lower value is sent first."""

    DECISION = 0
    STATE = 1
    HISTORY = 2


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Epoch:
    """One leadership of one routing domain: the fence on every command. Compared in field order."""

    generation: int
    "Kept in etcd, starts at 1, raised when etcd was wiped or restored."
    revision: int
    "etcd revision at which the leader key was created."


NO_EPOCH = Epoch(generation=0, revision=0)


class AgentState(Enum):
    """Agent states of ECMA-269 6.1.3.2, and `reserved`: held for a call that is on its way."""

    NULL = "null"
    NOT_READY = "not_ready"
    READY = "ready"
    RESERVED = "reserved"
    BUSY = "busy"
    WORKING_AFTER_CALL = "working_after_call"

    __hash__ = object.__hash__
    """Agents are counted by state with every change: a member's own hash is the cheapest."""


class TransferMethod(Enum):
    """How a call is moved, in the order of the usual ladder."""

    REDIRECT_302 = "redirect_302"
    REFER = "refer"
    REFER_REPLACES = "refer_replaces"
    BRIDGE = "bridge"
    TRANSLATION_ROUTE = "translation_route"


class RequeryReason(Enum):
    """Why a call is asked about again."""

    REFUSED = "refused"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    ERROR = "error"
    TIMEOUT = "timeout"
    ABORTED = "aborted"
    STILL_WAITING = "still_waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedWay:
    """A method over a path by which a call could not be moved: it was refused, and by no target."""

    path: str
    method: TransferMethod
