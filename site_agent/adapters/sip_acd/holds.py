"""Agents and places held for calls that are on their way.

Rule of this file: a hold is granted only from the ACD's own truth, and ends in exactly one way:
used, released, or lost (told by `take_lost`). No hold outlives `hold_s_max`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from site_agent.adapters.sip_acd.agents import Activity, Agent, AgentBook
from site_agent.adapters.sip_acd.timers import Timers
from site_agent.adapters.sip_acd.waiting import WaitingLine


@dataclass(frozen=True, slots=True, kw_only=True)
class LostHold:
    """A granted hold is over though nobody released it."""

    hold_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hold:
    queue: str
    agent: str
    "Empty: a place."


class Holds:
    """Open holds by id. `agent_free` and `place_free` tell the owner what may be matched again."""

    __slots__ = (
        "_agent_free",
        "_agents",
        "_hold_s_max",
        "_holds",
        "_lines",
        "_lost",
        "_place_free",
        "_timers",
    )

    def __init__(
        self,
        agents: AgentBook,
        lines: Mapping[str, WaitingLine],
        hold_s_max: float,
        agent_free: Callable[[Agent], None],
        place_free: Callable[[str], None],
    ) -> None:
        self._agents = agents
        self._lines = lines
        self._hold_s_max = hold_s_max
        self._agent_free = agent_free
        self._place_free = place_free
        self._holds: dict[str, _Hold] = {}
        self._timers: Timers[str] = Timers()
        self._lost: list[LostHold] = []

    def __len__(self) -> int:
        return len(self._holds)

    def hold_agent(self, hold_id: str, agent_name: str, queue: str, now_s: float) -> str:
        """Hold a ready agent. Returns the reason of a refusal, or nothing."""
        line, agent = self._lines.get(queue), self._agents.get(agent_name)
        if hold_id in self._holds or line is None or agent is None or queue not in agent.levels:
            return "unknown"
        if not line.open:
            return "closed"
        if not self._agents.is_ready(agent, queue):
            return "no_agent"
        self._agents.set_activity(agent, Activity.HELD, now_s, hold_id=hold_id)
        self._keep(hold_id, _Hold(queue=queue, agent=agent_name), now_s)
        return ""

    def hold_place(self, hold_id: str, queue: str, now_s: float) -> str:
        """Hold a place. Returns the reason of a refusal, or nothing."""
        line = self._lines.get(queue)
        if hold_id in self._holds or line is None:
            return "unknown"
        if not line.has_place():
            return "no_place" if line.open else "closed"
        line.places_held_count += 1
        self._place_free(queue)
        self._keep(hold_id, _Hold(queue=queue, agent=""), now_s)
        return ""

    def use(self, hold_id: str) -> bool:
        """The call arrived: the hold ends, and with it a held place. False: no such hold."""
        hold = self._take(hold_id)
        if hold is not None and not hold.agent:
            self._lines[hold.queue].places_held_count -= 1
            self._place_free(hold.queue)
        return hold is not None

    def release(self, hold_id: str, now_s: float) -> None:
        """Let go of a hold; unknown ids are fine. A held agent keeps their rank."""
        hold = self._holds.get(hold_id)
        if hold is None:
            return
        self.use(hold_id)
        agent = self._agents.get(hold.agent)
        if agent is not None and agent.hold_id == hold_id:
            self._agents.set_activity(agent, Activity.IDLE, now_s, fresh=False)
            self._agent_free(agent)

    def lose(self, hold_id: str, reason: str, now_s: float) -> None:
        """End a hold against its holder's will."""
        self.release(hold_id, now_s)
        self._lost.append(LostHold(hold_id=hold_id, reason=reason))

    def take_lost(self) -> list[LostHold]:
        """Holds lost since the last call."""
        lost, self._lost = self._lost, []
        return lost

    def fire(self, now_s: float) -> None:
        """End holds that nobody used or released."""
        for hold_id in self._timers.due(now_s):
            self.lose(hold_id, "expired", now_s)

    def next_timer_s(self) -> float | None:
        """When `fire` is next needed."""
        return self._timers.next_s()

    def _keep(self, hold_id: str, hold: _Hold, now_s: float) -> None:
        self._holds[hold_id] = hold
        self._timers.start(hold_id, now_s + self._hold_s_max)

    def _take(self, hold_id: str) -> _Hold | None:
        self._timers.stop(hold_id)
        return self._holds.pop(hold_id, None)
