"""The manager's events that matter here, typed.

Rule of this file: frozen values only; how they are read stands in `ami_reading`.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSeen:
    """A channel began (`Newchannel`), changed its state (`Newstate`), or stands in a list."""

    unique_id: str
    channel: str
    up: bool
    began: bool = False
    listed: bool = False
    "Of `CoreShowChannels`."
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOver:
    """`Hangup`: a channel is gone."""

    unique_id: str
    channel: str
    cause: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FarEndHungUp:
    """`HangupRequest`: the device at the end of a channel hung up; its `Hangup` may come late."""

    unique_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerInQueue:
    """`QueueCallerJoin`, or `QueueEntry` of a list: a caller waits in a queue."""

    unique_id: str
    channel: str
    queue: str
    position: int
    up: bool = True
    waited_s: float = 0.0
    listed: bool = False
    ani: str = ""
    dialed: str = ""
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerLeft:
    """`QueueCallerLeave`, or `QueueCallerAbandon` (a `Redirect` out of a queue looks so too)."""

    unique_id: str
    queue: str
    abandoned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSeen:
    """A queue's member as it is: of a list, or because something of it changed."""

    queue: str
    name: str
    interface: str
    penalty: int
    status: int
    "Device state: 1 not in use, 2 in use, 3 busy, 4 invalid, 5 unavailable, 6 ringing ..."
    paused: bool
    reason: str = ""
    listed: bool = False
    action_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRemoved:
    """An agent left one queue."""

    queue: str
    name: str
    interface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSeen:
    """`QueueParams`: a queue of the PBX."""

    queue: str
    places_max: int
    "0: without a limit."


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSeen:
    """`EndpointList`: an endpoint of PJSIP that the PBX has."""

    endpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSign:
    """A queue's call to an agent: called, connected, complete, or not answered."""

    kind: str
    "called | connected | complete | unanswered"
    unique_id: str
    "The caller's channel."
    queue: str
    agent: str
    interface: str
    talked_s: float = 0.0
    reason: str = ""
    "complete only: caller | agent | transfer"


@dataclass(frozen=True, slots=True, kw_only=True)
class DialSign:
    """`DialBegin`, `DialState`, `DialEnd`: an outgoing leg of a channel."""

    unique_id: str
    "Who dials; empty for an `Originate`."
    status: str
    "DialEnd: ANSWER, BUSY, NOANSWER, CANCEL ...; DialState: RINGING, PROGRESS; empty: begun."
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgiWaits:
    """`AsyncAGIStart`: a channel waits for our word."""

    unique_id: str
    channel: str
    extension: str
    ani: str
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DialplanSaid:
    """`UserEvent` of the dialplan that belongs to this adapter: Nirc..."""

    kind: str
    unique_id: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOver:
    """The last event of an answer in several parts."""

    kind: str
    "queues | channels | endpoints"
    action_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The response to an action."""

    action_id: str
    success: bool
    done: bool = False
    "Of an `Originate`: not that it was taken, but what became of it (OriginateResponse)."
    unique_id: str = ""
    reason: int = 0


AmiEvent = (
    ChannelSeen
    | ChannelOver
    | FarEndHungUp
    | CallerInQueue
    | CallerLeft
    | MemberSeen
    | MemberRemoved
    | QueueSeen
    | EndpointSeen
    | AgentSign
    | DialSign
    | AgiWaits
    | DialplanSaid
    | ListOver
    | Answered
)
