"""Calls, agents, holds and queues as the adapter knows them.

Rule of this file: data, and what follows from it alone; the PBX's device truth and the agent's own
word are joined in `Agent.shown`.
"""

from __future__ import annotations

from enum import Enum

from nrcli.wire.messages import AgentQueue, AgentState, TransferMethod
from site_agent.adapters.asterisk.asterisk_protocol import phone_of
from site_agent.adapters.asterisk.settings import HOLD_REASON, QueueSettings
from site_agent.adapters.base import QueueChanged

NOT_IN_USE, IN_USE, BUSY, RINGING, RING_IN_USE, ON_HOLD = 1, 2, 3, 6, 7, 8
"Device states as numbers, as app_queue tells them; 0, 4 and 5: unknown, invalid, unavailable."
AT_THE_PHONE = frozenset({IN_USE, BUSY, RINGING, RING_IN_USE, ON_HOLD})
LEVELS = 10


class Place(Enum):
    """Where a caller is."""

    ARRIVING = "arriving"  # came by a token; the daemon has not spoken
    SENT = "sent"  # on the way to where this adapter sent them
    QUEUED = "queued"
    RINGING = "ringing"  # the queue rings an agent for them
    GIVEN = "given"  # the agent held for them is rung
    TALKING = "talking"
    MOVING = "moving"
    BRIDGED = "bridged"
    LEFT = "left"  # out of the queue, perhaps for somewhere else in the dialplan


WAITING = frozenset({Place.SENT, Place.QUEUED, Place.RINGING, Place.GIVEN, Place.MOVING})


class Move:
    """One rung under way."""

    __slots__ = ("accepted", "began_s", "method", "move_id", "settled")

    def __init__(self, move_id: str, method: TransferMethod, now_s: float) -> None:
        self.move_id = move_id
        self.method = method
        self.began_s = now_s
        self.accepted = False
        "Bridge: the target rings."
        self.settled = False
        "Its outcome, or that it has none, was told."


class Call:
    """One caller."""

    __slots__ = (
        "agent",
        "answer_told",
        "began_at_s",
        "began_talking_s",
        "by_token",
        "call_id",
        "channel",
        "data",
        "ended_by",
        "head",
        "hung_up",
        "interaction_id",
        "move",
        "offered_at_s",
        "place",
        "queue",
        "ringing",
        "rings",
        "seen",
        "serial",
        "service",
        "talked_s",
        "trunk_group",
        "unique_id",
        "up",
    )

    def __init__(self, call_id: str, unique_id: str, channel: str, trunk_group: str) -> None:
        self.call_id = call_id
        self.unique_id = unique_id
        self.channel = channel
        self.trunk_group = trunk_group
        self.queue = ""
        self.interaction_id = ""
        self.service = ""
        self.data = b""
        self.place = Place.ARRIVING
        self.offered_at_s = 0.0
        self.serial = 0
        self.up = False
        self.answer_told = False
        self.by_token = False
        "Its arrival is still to be acknowledged."
        self.began_at_s = 0.0
        "When its channel came into the books."
        self.head = False
        "Belongs at the head of its queue, whatever its age."
        self.agent = ""
        self.ringing: set[str] = set()
        "Agents whom the queue rings for it."
        self.rings = ""
        "The phone of the agent held for it, to be rung when its data is here."
        self.began_talking_s = 0.0
        self.talked_s = 0.0
        self.move: Move | None = None
        self.hung_up = False
        "The caller's own device hung up."
        self.ended_by = ""
        self.seen = 0
        "Number of the last list of channels that it stood in."

    @property
    def age(self) -> tuple[float, int]:
        """Smaller for who waits longer."""
        return self.offered_at_s, self.serial


class Member:
    """An agent's membership of one queue, as the PBX tells it."""

    __slots__ = ("interface", "paused", "penalty", "reason", "seen", "status")

    def __init__(self, interface: str) -> None:
        self.interface = interface
        self.penalty = 0
        self.status = 0
        self.paused = False
        self.reason = ""
        self.seen = 0


class Agent:
    """One agent: a member of one or more queues, by one interface."""

    __slots__ = ("after_call", "given", "hold_id", "members", "name", "ringing", "talking", "told")

    def __init__(self, name: str) -> None:
        self.name = name
        self.members: dict[str, Member] = {}
        self.hold_id = ""
        self.given = ""
        "The arrived call that this agent is rung for."
        self.talking = ""
        self.ringing: set[str] = set()
        "Callers whom a queue rings this agent for."
        self.after_call = False
        self.told: tuple[AgentState, tuple[AgentQueue, ...], int] | None = None

    @property
    def interface(self) -> str:
        """What the PBX dials; every membership has the same."""
        return next((member.interface for member in self.members.values()), "")

    @property
    def phone(self) -> str:
        """The endpoint behind the interface, for the dialplan."""
        return phone_of(self.interface)

    @property
    def status(self) -> int:
        """The device's state; the last one told, which is the same in every queue."""
        return max((member.status for member in self.members.values()), default=0)

    @property
    def own_pause(self) -> bool:
        """Paused everywhere, and in one queue at least not by a hold."""
        members = self.members.values()
        return all(one.paused for one in members) and any(
            one.reason != HOLD_REASON for one in members
        )

    @property
    def held_pause(self) -> bool:
        """Paused by a hold."""
        return any(one.paused and one.reason == HOLD_REASON for one in self.members.values())

    def shown(self) -> AgentState:
        """The state for NIRC: pauses of holds netted out, the phone's truth and the agent's."""
        if not self.members:
            return AgentState.NULL
        if self.talking:
            return AgentState.BUSY
        if self.status not in AT_THE_PHONE and self.status != NOT_IN_USE:
            return AgentState.NOT_READY
        if self.own_pause:
            return AgentState.NOT_READY
        if self.given:
            return AgentState.RESERVED
        if self.ringing or self.status in AT_THE_PHONE:
            return AgentState.BUSY
        if self.hold_id or self.held_pause:
            return AgentState.RESERVED
        return AgentState.WORKING_AFTER_CALL if self.after_call else AgentState.READY

    def queues(self) -> tuple[AgentQueue, ...]:
        """Memberships; a queue in which alone the agent is paused is left out."""
        everywhere = all(one.paused for one in self.members.values())
        return tuple(
            AgentQueue(queue=queue, level=max(1, LEVELS - member.penalty))
            for queue, member in sorted(self.members.items())
            if everywhere or not member.paused or member.reason == HOLD_REASON
        )


class Hold:
    """An agent or a place held for a call that is on its way."""

    __slots__ = ("agent", "granted", "hold_id", "paused", "queue", "timer_channel")

    def __init__(self, hold_id: str, queue: str, agent: str) -> None:
        self.hold_id = hold_id
        self.queue = queue
        self.agent = agent
        "Empty: a place."
        self.granted = False
        self.paused = False
        "The timer runs in the PBX, which was told to pause the agent."
        self.timer_channel = ""
        "Unique id of the channel that is the timer in the PBX."


class Queue:
    """One queue's own figures."""

    __slots__ = ("abandoned_count", "aht_s", "answered_count", "limit", "settings", "there", "told")

    def __init__(self, settings: QueueSettings) -> None:
        self.settings = settings
        self.there = False
        "The PBX has it, and is reached."
        self.limit = 0
        self.answered_count = 0
        self.abandoned_count = 0
        self.aht_s = settings.aht_s
        self.told: QueueChanged | None = None

    @property
    def places_max(self) -> int:
        """The smaller of our limit and the PBX's own."""
        own = self.settings.places_max
        return min(own, self.limit) if self.limit else own

    def talked(self, seconds: float) -> None:
        """A call is over: it counts a tenth in the mean."""
        self.aht_s += (seconds - self.aht_s) / 10.0
