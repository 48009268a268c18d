"""Who and what is at one simulated ACD: agents, rows, legs of calls, holds.

Rule of this file: data and the shortest questions about it; what happens stands in `floor`.
"""

from __future__ import annotations

from typing import Any

from nrcli.wire.messages import AgentQueue, AgentState
from routing_policies.network_kinds import Ageing
from simulator.model.network import AgentModel, QueueModel
from simulator.model.outcomes import ACW, BUSY, HELD, NOT_READY, READY, RINGING

OFF = -1
"Not signed in."
SHOWN = {
    OFF: AgentState.NULL,
    NOT_READY: AgentState.NOT_READY,
    READY: AgentState.READY,
    RINGING: AgentState.RESERVED,
    HELD: AgentState.RESERVED,
    BUSY: AgentState.BUSY,
    ACW: AgentState.WORKING_AFTER_CALL,
}
"What the daemon is told of each state."
OCCUPIED = (RINGING, HELD, BUSY, ACW)
Rank = tuple[int, int, int]
"Priority below zero, arrival less the head start, number: the smallest is served first."


class Agent:
    """One agent."""

    __slots__ = (
        "counted_us",
        "index",
        "levels",
        "memberships",
        "model",
        "name",
        "number",
        "occupied_us",
        "paused",
        "shown",
        "signed_in",
        "signed_in_us",
        "since_us",
        "state",
        "work",
    )

    def __init__(
        self, model: AgentModel, index: int, number: int, queues: tuple[QueueModel, ...]
    ) -> None:
        self.model = model
        self.name = model.name
        self.index = index
        self.number = number
        "Through all sites."
        self.levels = dict(model.levels)
        self.memberships = tuple(
            AgentQueue(queue=queues[q].name, level=level) for q, level in model.levels
        )
        self.state = OFF
        self.since_us = 0
        self.counted_us = 0
        "Time in this state is counted until then."
        self.signed_in = False
        self.signed_in_us = 0
        self.occupied_us = 0
        "Since signing in."
        self.paused = False
        self.shown: AgentState | None = None
        self.work = 0
        "Grows with each piece of work, so that the end of an older one is told apart."


class Leg:
    """One call at this ACD, from its entering to its end."""

    __slots__ = (
        "ageing",
        "agent",
        "answered",
        "arriving",
        "bridged",
        "by_token",
        "call_id",
        "channels",
        "entry",
        "far",
        "foreign",
        "held_back",
        "home",
        "keep_until_us",
        "moving",
        "music_due",
        "over",
        "passed",
        "priority",
        "queue",
        "rank",
        "ringing",
        "site",
        "talking",
        "transit",
        "trunk",
        "try_",
        "waiting",
    )

    def __init__(self, call_id: str, try_: Any, site: int, trunk: int) -> None:
        self.call_id = call_id
        self.site = site
        self.try_ = try_
        "The caller's try to call: `callers.Try`."
        self.trunk = trunk
        self.channels = 1
        self.queue = -1
        self.priority = 0
        self.rank: Rank = (0, 0, 0)
        self.entry = 0
        "Grows each time the leg is put into a line."
        self.ageing: Ageing | None = None
        self.agent: Agent | None = None
        self.waiting = False
        "In the line of its queue: counted, no agent is rung for it."
        self.ringing = False
        self.talking = False
        self.arriving = False
        self.answered = False
        self.music_due = False
        "It is time to answer with music, as soon as the call waits again."
        self.by_token = False
        self.foreign = False
        self.held_back = False
        self.moving = ""
        "Id of the rung under way."
        self.bridged = False
        self.far: Leg | None = None
        "The other end of a bridge, at the target."
        self.home: Leg | None = None
        "The leg from which the call was moved here."
        self.transit: Any = None
        "The move that brought the call here: `carriers.Transit`."
        self.keep_until_us = 0
        "A REFER's leg does not end before this."
        self.passed: Any = None
        "An agent has passed the caller on, and nobody has them yet: `passing_on.Passed`."
        self.over = False


class Hold:
    """An agent or a place that is held."""

    __slots__ = ("agent", "hold_id", "queue", "request_id", "since_us")

    def __init__(
        self, hold_id: str, queue: int, agent: Agent | None, request_id: str, since_us: int
    ) -> None:
        self.hold_id = hold_id
        self.queue = queue
        self.agent = agent
        self.request_id = request_id
        self.since_us = since_us
