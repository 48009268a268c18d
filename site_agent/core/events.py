"""What can happen to a site daemon: every event its core handles, ACD events included."""

from __future__ import annotations

from dataclasses import dataclass

from nrcli.wire.messages import Epoch, NodeMessage
from site_agent.adapters.base import AcdEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLinkUp:
    """A stream to a node stands and was welcomed."""

    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLinkDown:
    """A stream to a node ended or was silent too long."""

    node: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSaid:
    """A node sent a message; never link control (welcome, heartbeat)."""

    node: str
    message: NodeMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochSaved:
    """The epoch of `SaveEpoch` is on disk."""

    domain: str
    epoch: Epoch
    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataHandedIn:
    """The centre's own CTI handed in attached data for a call (canonical JSON, checked)."""

    call_id: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired:
    """A timer started by `StartTimer` is due."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverflowRulesRead:
    """The site's own file of OverflowRules was read: at the start, after a change, when asked."""

    source: str
    "Path of the file."
    text: str = ""
    problem: str = ""
    "Why there is no text, if the file could not be read."


@dataclass(frozen=True, slots=True, kw_only=True)
class WallTimeRead:
    """What the clock on the wall says, each second; calendars follow it."""

    unix_s: float


Event = (
    AcdEvent
    | NodeLinkUp
    | NodeLinkDown
    | NodeSaid
    | EpochSaved
    | DataHandedIn
    | OverflowRulesRead
    | WallTimeRead
    | TimerFired
)
