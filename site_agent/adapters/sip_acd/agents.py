"""The agents of the ACD: who is ready, held, on a call, working after one, or away.

Rule of this file: an agent's state is derived in one place (`_state_of`) from what the agent
does, wants and can be reached at; a phone that is not registered is never ready. No call is
offered here.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from nrcli.wire.messages import AgentQueue, AgentState
from site_agent.adapters.sip_acd.settings import AgentSettings


class Activity(Enum):
    """What an agent does, seen by the ACD."""

    IDLE = "idle"
    HELD = "held"  # for a call that is on its way
    CALL = "call"  # rung or talking
    AFTER_CALL = "after_call"


class Agent:
    """One agent. `ready_since_s` decides who waited longest; a call that fell through keeps it."""

    __slots__ = (
        "activity",
        "call_id",
        "hold_id",
        "known",
        "levels",
        "name",
        "network_id",
        "reachable",
        "ready_since_s",
        "reason",
        "resting",
        "shown",
        "wants_ready",
    )

    def __init__(self, settings: AgentSettings) -> None:
        self.name = settings.name
        self.levels = dict(settings.queues)
        self.wants_ready = settings.ready
        self.reachable = bool(settings.contact)
        self.known = self.reachable
        self.resting = False
        self.activity = Activity.IDLE
        self.hold_id = ""
        self.call_id = ""
        self.ready_since_s = 0.0
        self.shown: AgentState | None = None
        self.network_id = settings.network_id
        self.reason = ""
        "Why they are not ready, or will be after the call."

    @property
    def pending(self) -> bool:
        """Not ready as soon as the call, or what they are held for, is over?"""
        busy = self.activity in (Activity.CALL, Activity.HELD)
        return busy and not self.wants_ready

    @property
    def memberships(self) -> tuple[AgentQueue, ...]:
        """The agent's queues with levels."""
        return tuple(AgentQueue(queue=name, level=level) for name, level in self.levels.items())


def _state_of(agent: Agent) -> AgentState:
    if agent.activity is Activity.CALL:
        return AgentState.BUSY
    if not agent.reachable:
        return AgentState.NOT_READY if agent.known else AgentState.NULL
    if agent.activity is Activity.AFTER_CALL:
        return AgentState.WORKING_AFTER_CALL
    if not agent.wants_ready or agent.resting:
        return AgentState.NOT_READY
    if agent.activity is Activity.HELD:
        return AgentState.RESERVED
    return AgentState.READY


class AgentBook:
    """All agents of the site, with the ready ones of each queue at hand.

    Keeps: an agent stands in `_ready[queue]` exactly while its state is READY.
    """

    __slots__ = ("_agents", "_ready", "changed")

    def __init__(self, agents: Iterable[AgentSettings], queues: Iterable[str]) -> None:
        self._agents = {settings.name: Agent(settings) for settings in agents}
        self._ready: dict[str, dict[str, Agent]] = {queue: {} for queue in queues}
        self.changed: set[str] = set()
        for agent in self._agents.values():
            self.refresh(agent, 0.0)

    def get(self, name: str) -> Agent | None:
        """The agent of this name."""
        return self._agents.get(name)

    def on_call(self, name: str) -> Agent | None:
        """The agent of this name, if a call is with them."""
        agent = self._agents.get(name)
        return agent if agent is not None and agent.activity is Activity.CALL else None

    def all(self) -> list[Agent]:
        """Every agent."""
        return list(self._agents.values())

    def pick(self, queue: str) -> Agent | None:
        """Longest ready first; of two equally long the one with the higher level."""
        return next(iter(self.longest_ready(queue, 1)), None)

    def longest_ready(self, queue: str, count_max: int) -> list[Agent]:
        """The ready agents of a queue in the order of `pick`, at most so many."""
        ready = self._ready.get(queue, {}).values()

        def rank(agent: Agent) -> tuple[float, int]:
            return (agent.ready_since_s, -agent.levels[queue])

        if count_max == 1:
            return [min(ready, key=rank)] if ready else []
        return sorted(ready, key=rank)[:count_max]

    def is_ready(self, agent: Agent, queue: str) -> bool:
        """Is this agent ready for this queue?"""
        return agent.name in self._ready.get(queue, ())

    def has_ready(self, queue: str) -> bool:
        """Is anybody ready in this queue?"""
        return bool(self._ready.get(queue))

    def set_activity(
        self,
        agent: Agent,
        activity: Activity,
        now_s: float,
        *,
        hold_id: str = "",
        call_id: str = "",
        fresh: bool = True,
    ) -> None:
        """Begin an activity. `fresh` False: back from one that came to nothing, rank kept."""
        before_s = agent.ready_since_s
        agent.activity = activity
        agent.hold_id = hold_id
        agent.call_id = call_id
        self.refresh(agent, now_s)
        if not fresh and agent.shown is AgentState.READY:
            agent.ready_since_s = before_s

    def refresh(self, agent: Agent, now_s: float) -> None:
        """Derive the state anew after any change of the agent."""
        state = _state_of(agent)
        if state is agent.shown:
            return
        was_ready = agent.shown is AgentState.READY
        agent.shown = state
        self.changed.add(agent.name)
        if state is AgentState.READY:
            agent.ready_since_s = now_s
        if was_ready == (state is AgentState.READY):
            return
        for queue in agent.levels:
            if was_ready:
                self._ready[queue].pop(agent.name, None)
            else:
                self._ready[queue][agent.name] = agent
