"""The contract between a site agent and an ACD: its events, its commands, and what it can do.

Rule of this file: one small protocol, and everything that crosses it by one name; the data itself
stands in `acd_events` and `acd_commands`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from nrcli.wire.messages import TransferMethod
from site_agent.adapters.acd_commands import (
    REJECT_STATUS,
    AbortMove,
    AcceptArrival,
    AcdCommand,
    Announce,
    AnswerProbe,
    DialCaller,
    EndMoved,
    GiveData,
    HoldAgent,
    HoldPlace,
    JoinConsult,
    PlaceProbe,
    PlayAnnouncement,
    ProbeCaller,
    PutBack,
    RefuseArrival,
    RejectCall,
    ReleaseHold,
    ReturnToAgent,
    SetAgeing,
    SetAgentState,
    SetQueueClosed,
    SetQueueShifted,
    StartMove,
    TreatAsOrdinary,
    WatchNumbers,
)
from site_agent.adapters.acd_events import (
    AcdEvent,
    AgentChanged,
    AgentGone,
    AgentUnanswered,
    AnnouncementOver,
    ArrivalAcknowledged,
    CallAnswered,
    CallArriving,
    CallbackWanted,
    CallConnected,
    CallEnded,
    CallerDialed,
    CallerProbed,
    CallOffered,
    CallSilent,
    HoldGranted,
    HoldLost,
    HoldRefused,
    MoveProgress,
    MoveSign,
    PbxName,
    PbxNames,
    PbxSeen,
    ProbeEnded,
    QueueChanged,
    TakeBackAsked,
    TransferBegun,
    TransferEnded,
    TransferRefused,
    TrunkChanged,
)
from site_agent.adapters.acd_leg_facts import CallBlocked, LegFacts
from site_agent.adapters.acd_restart import CallResumed, KeepForRestart

__all__ = [
    "REJECT_STATUS",
    "AbortMove",
    "AcceptArrival",
    "AcdAdapter",
    "AcdCommand",
    "AcdEvent",
    "AgentChanged",
    "AgentGone",
    "AgentUnanswered",
    "Announce",
    "AnnouncementOver",
    "AnswerProbe",
    "ArrivalAcknowledged",
    "CallAnswered",
    "CallArriving",
    "CallBlocked",
    "CallConnected",
    "CallEnded",
    "CallOffered",
    "CallResumed",
    "CallSilent",
    "CallbackWanted",
    "CallerDialed",
    "CallerProbed",
    "Capabilities",
    "DialCaller",
    "EndMoved",
    "GiveData",
    "HoldAgent",
    "HoldGranted",
    "HoldLevel",
    "HoldLost",
    "HoldPlace",
    "HoldRefused",
    "JoinConsult",
    "KeepForRestart",
    "LegFacts",
    "MoveProgress",
    "MoveSign",
    "PbxName",
    "PbxNames",
    "PbxSeen",
    "PlaceProbe",
    "PlayAnnouncement",
    "ProbeCaller",
    "ProbeEnded",
    "PutBack",
    "QueueChanged",
    "RefuseArrival",
    "RejectCall",
    "ReleaseHold",
    "ReturnToAgent",
    "SetAgeing",
    "SetAgentState",
    "SetQueueClosed",
    "SetQueueShifted",
    "StartMove",
    "TakeBackAsked",
    "TransferBegun",
    "TransferEnded",
    "TransferRefused",
    "TreatAsOrdinary",
    "TrunkChanged",
    "WatchNumbers",
]


class HoldLevel(Enum):
    """How exactly an ACD can hold an agent for a call that is on its way."""

    EXACT = "exact"
    PAUSE = "pause"
    POSITION = "position"
    "Of `insert_by_age` only: at the position that the age gives, counted when the call enters."
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What this ACD can do, with levels that policies may read."""

    hold_agent: HoldLevel
    insert_by_age: HoldLevel
    """EXACT: a call enters the queue by its age; POSITION: at a number counted from it; PAUSE is
    not used here; NONE: at the end."""
    methods: tuple[TransferMethod, ...]


class AcdAdapter(Protocol):
    """What the site agent's shell needs of an adapter.

    `command` returns the events that happened at once.
    """

    def capabilities(self) -> Capabilities:
        """What this ACD can do."""

    def snapshot(self, now_s: float) -> list[AcdEvent]:
        """Agents, queues and trunks as they are now, as events."""

    def command(self, command: AcdCommand, now_s: float) -> list[AcdEvent]:
        """Carry out one command."""
