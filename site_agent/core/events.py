"""What can happen to a site daemon: every event its core handles, ACD events included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nrcli.sip.redirect_words import PreRouteAsked
from nrcli.wire.messages import Epoch, NodeMessage
from site_agent.adapters.base import AcdEvent, CallResumed


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLinkUp:
    """A stream to a node stands and was welcomed."""

    node: str
    pre_routes: bool = False
    "It takes `PreRouteAsk`; an older one does not, and must not be sent one."
    records: bool = False
    "It takes records of agents and trunk groups; an older one does not."


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
class LendingRead:
    """The file was read in which the site's people say that nothing is lent; no text: lend."""

    source: str
    text: str = ""
    problem: str = ""
    "Why there is no text, if the file could not be read."


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerPlanRead:
    """The site's own copy of the peer plan was read: at the start, and after a change."""

    source: str
    "Path of the file."
    text: str = ""
    "Empty: there is no file, which is no mistake."
    problem: str = ""
    "Why there is no text, if the file could not be read."


@dataclass(frozen=True, slots=True, kw_only=True)
class WallTimeRead:
    """What the clock on the wall says, each second; calendars follow it."""

    unix_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRead:
    """What the journal says about the life of the process before this one: once, at the start.

    It comes after the ACD's snapshot. An empty one (a first start) is fine.
    """

    entries: tuple[tuple[str, str, dict[str, Any]], ...] = ()
    "Kind, key and value of everything that was kept."
    resumed: tuple[CallResumed, ...] = ()
    "Calls that the ACD goes on with; all others ended with the process."
    sure: bool = True
    """False: the machine was started anew, or the journal is damaged: no token of before is
    honoured."""
    shift_s: float = 0.0
    "What is added to instants of the journal, whose clock may be of another boot."
    problem: str = ""
    "Why something of it may be missing, with the remedy."


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalTold:
    """The journal cannot be written, or in time; or it can again."""

    problem: str = ""
    "With the remedy; empty: all is well."


@dataclass(frozen=True, slots=True, kw_only=True)
class PairTold:
    """Something people should know of the pair of site agents, or that it is over."""

    code: str
    problem: str = ""
    "With the remedy; empty: all is well."


Event = (
    AcdEvent
    | NodeLinkUp
    | NodeLinkDown
    | NodeSaid
    | EpochSaved
    | DataHandedIn
    | OverflowRulesRead
    | LendingRead
    | PeerPlanRead
    | WallTimeRead
    | JournalRead
    | JournalTold
    | PairTold
    | PreRouteAsked
    | TimerFired
)
