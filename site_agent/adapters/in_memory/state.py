"""Queues, agents, calls and holds of the ACD in memory.

Rule of this file: data only.
"""

from __future__ import annotations

from collections.abc import Mapping

from nrcli.wire.messages import AgentState
from site_agent.adapters.base import QueueChanged


class MemoryQueue:
    """One queue."""

    def __init__(self, name: str, *, places_max: int = 50, aht_s: float = 180.0) -> None:
        self.name = name
        self.places_max = places_max
        self.aht_s = aht_s
        self.open = True
        self.closed = self.shifted = False
        "Closed by its calendar: new callers are held back."
        self.answered_count = 0
        self.abandoned_count = 0
        self.told: QueueChanged | None = None
        "What was told last; told again only when it differs."


class MemoryAgent:
    """One agent."""

    def __init__(self, name: str, queues: Mapping[str, int]) -> None:
        self.name = name
        self.queues = dict(queues)
        self.state = AgentState.READY
        self.since_s = 0.0


class MemoryCall:
    """One call."""

    def __init__(
        self, call_id: str, interaction_id: str, service: str, queue: str, trunk_group: str
    ) -> None:
        self.call_id = call_id
        self.interaction_id = interaction_id
        self.service = service
        self.queue = queue
        self.trunk_group = trunk_group
        self.offered_at_s = 0.0
        self.answered = False
        self.arriving = False
        "An INVITE with a token that the daemon has not spoken of yet."
        self.by_token = False
        self.bridged = False
        "Stands as a bridge: it is not ended when it was moved."
        self.moving = ""
        "Id of the rung under way; own agents are not offered the call."
        self.held_back = False
        "Entered a closed queue: offered to nobody here until it is put back."
        self.emergency = False
        self.priority = 0
        self.agent = ""
        self.data = b""
        self.ani = ""
        self.verified = False


class MemoryHold:
    """One hold."""

    def __init__(self, hold_id: str, queue: str, agent: str) -> None:
        self.hold_id = hold_id
        self.queue = queue
        self.agent = agent
