"""The manager's events that matter here, typed: what Asterisk 16 to 22 write, read with care.

Rule of this file: text to values and nothing decided. A field that is missing or no number has its
default; an event without the id it is about is no event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from nrcli.sip.uri import unescape
from site_agent.adapters.asterisk.ami_lists import LIST_READERS, EndpointSeen, ListOver, QueueSeen
from site_agent.adapters.asterisk.asterisk_protocol import AmiMessage

UNKNOWN_CALLERS = frozenset({"", "<unknown>", "anonymous", "unknown", "unavailable"})


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


def read(message: AmiMessage) -> AmiEvent | None:
    """What a message says; None for what does not matter here."""
    if message.response:
        return Answered(
            action_id=message.action_id,
            success=message.response == "Success",
            done=message.event == "OriginateResponse",
            unique_id=message.get("uniqueid"),
            reason=message.number("reason"),
        )
    reader = _READERS.get(message.event)
    return reader(message) if reader is not None else None


def _channel(message: AmiMessage) -> ChannelSeen | None:
    unique_id = message.get("uniqueid")
    if not unique_id:
        return None
    return ChannelSeen(
        unique_id=unique_id,
        channel=message.get("channel"),
        up=message.number("channelstate") == _UP,
        began=message.event == "Newchannel",
        listed=message.event == "CoreShowChannel",
        variables=message.variables(),
    )


_UP = 6


def _hangup(message: AmiMessage) -> ChannelOver | None:
    unique_id = message.get("uniqueid")
    if not unique_id:
        return None
    return ChannelOver(
        unique_id=unique_id, channel=message.get("channel"), cause=message.number("cause")
    )


def _hung_up(message: AmiMessage) -> FarEndHungUp | None:
    unique_id = message.get("uniqueid")
    return FarEndHungUp(unique_id=unique_id) if unique_id else None


def _in_queue(message: AmiMessage) -> CallerInQueue | None:
    unique_id, queue = message.get("uniqueid"), message.get("queue")
    if not unique_id or not queue:
        return None
    listed = message.event == "QueueEntry"
    return CallerInQueue(
        unique_id=unique_id,
        channel=message.get("channel"),
        queue=queue,
        position=message.number("position"),
        up=listed or message.number("channelstate", _UP) == _UP,
        waited_s=float(max(0, message.number("wait"))),
        listed=listed,
        ani=_number(message.get("calleridnum")),
        dialed=_number(message.get("exten")),
        variables=message.variables(),
    )


def _left(message: AmiMessage) -> CallerLeft | None:
    unique_id = message.get("uniqueid")
    if not unique_id:
        return None
    return CallerLeft(
        unique_id=unique_id,
        queue=message.get("queue"),
        abandoned=message.event == "QueueCallerAbandon",
    )


def _member(message: AmiMessage) -> MemberSeen | None:
    listed = message.event == "QueueMember"
    interface = message.get("location") if listed else message.get("interface")
    name = message.get("name") if listed else message.get("membername")
    if not interface or not message.get("queue"):
        return None
    return MemberSeen(
        queue=message.get("queue"),
        name=name or interface,
        interface=interface,
        penalty=message.number("penalty"),
        status=message.number("status"),
        paused=message.flag("paused"),
        reason=message.get("pausedreason") or message.get("reason"),
        listed=listed,
        action_id=message.action_id,
    )


def _removed(message: AmiMessage) -> MemberRemoved | None:
    interface = message.get("interface")
    if not interface:
        return None
    return MemberRemoved(
        queue=message.get("queue"),
        name=message.get("membername") or interface,
        interface=interface,
    )


_AGENT_KINDS = {
    "AgentCalled": "called",
    "AgentConnect": "connected",
    "AgentComplete": "complete",
    "AgentDump": "complete",
    "AgentRingNoAnswer": "unanswered",
}


def _agent(message: AmiMessage) -> AgentSign | None:
    unique_id, interface = message.get("uniqueid"), message.get("interface")
    if not unique_id or not interface:
        return None
    return AgentSign(
        kind=_AGENT_KINDS[message.event],
        unique_id=unique_id,
        queue=message.get("queue"),
        agent=message.get("membername") or interface,
        interface=interface,
        talked_s=float(max(0, message.number("talktime"))),
        reason=message.get("reason"),
    )


def _dial(message: AmiMessage) -> DialSign | None:
    return DialSign(
        unique_id=message.get("uniqueid"),
        status=message.get("dialstatus").upper(),
        ended=message.event == "DialEnd",
    )


def _agi(message: AmiMessage) -> AgiWaits | None:
    unique_id = message.get("uniqueid")
    if not unique_id:
        return None
    told = _environment(message.get("env"))
    return AgiWaits(
        unique_id=unique_id,
        channel=message.get("channel"),
        extension=message.get("exten") or told.get("agi_extension", ""),
        ani=_number(message.get("calleridnum") or told.get("agi_callerid", "")),
        variables=message.variables(),
    )


def _environment(text: str) -> dict[str, str]:
    """`agi_...: value` lines, as the event carries them: percent-encoded."""
    pairs = (line.partition(":") for line in unescape(text).splitlines()[:100])
    return {key.strip(): value.strip() for key, colon, value in pairs if colon}


def _said(message: AmiMessage) -> DialplanSaid | None:
    kind = message.get("userevent")
    if not kind.startswith("Nirc"):
        return None
    return DialplanSaid(
        kind=kind, unique_id=message.get("uniqueid"), fields=dict(reversed(message.fields))
    )


def _number(text: str) -> str:
    return "" if text.strip().lower() in UNKNOWN_CALLERS else text.strip()[:64]


_READERS: dict[str, Callable[[AmiMessage], AmiEvent | None]] = {
    "Newchannel": _channel,
    "Newstate": _channel,
    "CoreShowChannel": _channel,
    "Hangup": _hangup,
    "HangupRequest": _hung_up,
    "QueueCallerJoin": _in_queue,
    "QueueEntry": _in_queue,
    "QueueCallerLeave": _left,
    "QueueCallerAbandon": _left,
    "QueueMember": _member,
    "QueueMemberAdded": _member,
    "QueueMemberStatus": _member,
    "QueueMemberPause": _member,
    "QueueMemberPenalty": _member,
    "QueueMemberRemoved": _removed,
    "AgentCalled": _agent,
    "AgentConnect": _agent,
    "AgentComplete": _agent,
    "AgentDump": _agent,
    "AgentRingNoAnswer": _agent,
    "DialBegin": _dial,
    "DialState": _dial,
    "DialEnd": _dial,
    "AsyncAGIStart": _agi,
    "UserEvent": _said,
    **LIST_READERS,
}
