"""Writes the records of agents: their part in each call, and each time in one state.

Rule of this file: everything comes from what the ACD tells of agents and calls. An agent's part is
told when their after-call work is over; a state when it ends, one that lasts in pieces.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nrcli.wire.messages import AgentState, AgentStateRecord, CallLegRecord, SiteRecord
from site_agent.adapters.base import AgentChanged

OCCUPIED = frozenset({AgentState.RESERVED, AgentState.BUSY})
AFTER = AgentState.WORKING_AFTER_CALL


@dataclass(slots=True, kw_only=True)
class AgentPart:
    """One agent in one call."""

    leg_id: str
    parent_leg_id: str
    agent: str
    interaction_id: str
    call_id: str
    queue: str
    service: str
    tenant: str
    trunk_group: str
    rang_at_s: float = 0.0
    talks_at_s: float = 0.0
    over_at_s: float | None = None
    "The talk is over; after-call work may follow."


class _Agent:
    """What an agent is doing, and since when that was last told."""

    __slots__ = (
        "began_s",
        "call_id",
        "continues",
        "network_id",
        "occupied_s",
        "part",
        "queue",
        "queues",
        "reason",
        "state",
        "tenant",
    )

    def __init__(self, state: AgentState, now_s: float) -> None:
        self.state = state
        self.began_s = now_s
        self.continues = False
        self.occupied_s = now_s
        "Since when they were rung for, or talked, without a break."
        self.queues: tuple[str, ...] = ()
        self.reason = self.network_id = self.queue = self.call_id = self.tenant = ""
        self.part: AgentPart | None = None


class AgentLegs:
    """Parts and states of all agents of the site."""

    __slots__ = ("_agents", "_piece_s", "_site", "_tell", "_unix_s")

    def __init__(
        self,
        site: str,
        piece_s: float,
        unix_s: Callable[[float], float],
        tell: Callable[[SiteRecord], None],
    ) -> None:
        self._site = site
        self._piece_s = piece_s
        self._unix_s = unix_s
        self._tell = tell
        self._agents: dict[str, _Agent] = {}

    def changed(self, event: AgentChanged, now_s: float) -> None:
        """An agent's state, reason or queues changed."""
        agent = self._agents.get(event.agent)
        queues = tuple(member.queue for member in event.queues)
        if agent is None:
            agent = self._agents[event.agent] = _Agent(event.state, now_s)
        elif (agent.state, agent.reason, agent.queues) != (event.state, event.reason, queues):
            self._tell_state(event.agent, agent, now_s)
            was, agent.state = agent.state, event.state
            agent.began_s, agent.continues = now_s, False
            if event.state in OCCUPIED and was not in OCCUPIED:
                agent.occupied_s = now_s
            if was is not event.state:
                self._part_may_be_over(agent, was, now_s)
            if event.state not in (*OCCUPIED, AFTER):
                agent.queue = agent.call_id = ""
        agent.queues, agent.reason, agent.network_id = queues, event.reason, event.network_id

    def gone(self, name: str, now_s: float) -> None:
        """An agent is no longer known."""
        agent = self._agents.pop(name, None)
        if agent is not None:
            self._tell_state(name, agent, now_s)
            self._tell_part(agent, now_s)

    def talks(self, part: AgentPart, now_s: float) -> None:
        """An agent talks with a caller."""
        agent = self._agents.get(part.agent)
        if agent is None:
            agent = self._agents[part.agent] = _Agent(AgentState.BUSY, now_s)
        self._tell_part(agent, now_s)
        part.rang_at_s = agent.occupied_s if agent.state in OCCUPIED else now_s
        part.talks_at_s = now_s
        agent.part = part
        agent.queue, agent.call_id, agent.tenant = part.queue, part.call_id, part.tenant

    def over(self, name: str, call_id: str, now_s: float) -> None:
        """The talk is over."""
        agent = self._agents.get(name)
        if agent is None or agent.part is None or agent.part.call_id != call_id:
            return
        if agent.part.over_at_s is None:
            agent.part.over_at_s = now_s
        if agent.state not in (*OCCUPIED, AFTER):
            self._tell_part(agent, now_s)

    def unanswered(self, part: AgentPart, now_s: float) -> None:
        """An agent was rung for a call and did not answer."""
        agent = self._agents.get(part.agent)
        part.rang_at_s = agent.occupied_s if agent else now_s
        part.talks_at_s = part.over_at_s = now_s
        self._tell_leg(part, now_s, "unanswered")

    def look(self, now_s: float) -> None:
        """Each second: a state that lasts is told in pieces, so that reports need not wait."""
        for name, agent in self._agents.items():
            if now_s - agent.began_s >= self._piece_s:
                self._tell_state(name, agent, now_s)
                agent.began_s, agent.continues = now_s, True

    # ---- inner -----------------------------------------------------------------------------

    def _part_may_be_over(self, agent: _Agent, was: AgentState, now_s: float) -> None:
        part = agent.part
        if part is None or agent.state is AFTER:
            return
        if part.over_at_s is None and agent.state in OCCUPIED:
            return  # held or rung once more while the talk goes on
        if part.over_at_s is not None or was is AFTER:
            self._tell_part(agent, now_s)

    def _tell_state(self, name: str, agent: _Agent, now_s: float) -> None:
        if agent.state is AgentState.NULL or now_s <= agent.began_s:
            return
        self._tell(
            AgentStateRecord(
                site=self._site,
                agent=name,
                state=agent.state,
                began_unix_s=self._unix_s(agent.began_s),
                lasted_s=now_s - agent.began_s,
                reason=agent.reason,
                queue=agent.queue,
                queues=agent.queues,
                call_id=agent.call_id,
                network_id=agent.network_id,
                tenant=agent.tenant,
                continues=agent.continues,
            )
        )

    def _tell_part(self, agent: _Agent, now_s: float) -> None:
        part, agent.part = agent.part, None
        if part is not None:
            self._tell_leg(part, now_s, "")

    def _tell_leg(self, part: AgentPart, now_s: float, reason: str) -> None:
        over_s = now_s if part.over_at_s is None else part.over_at_s
        wall = self._unix_s
        self._tell(
            CallLegRecord(
                interaction_id=part.interaction_id,
                call_id=part.call_id,
                sip_call_id="",
                site=self._site,
                leg="agent",
                trunk_group=part.trunk_group,
                queue=part.queue,
                agent=part.agent,
                ani="",
                dialed_number="",
                method="",
                token="",
                started_unix_s=wall(part.rang_at_s),
                waited_s=0.0,
                talked_s=over_s - part.talks_at_s,
                released_by="agent" if reason else "site",
                sip_status=0,
                end_reason=reason,
                tenant=part.tenant,
                leg_id=part.leg_id,
                parent_leg_id=part.parent_leg_id,
                service=part.service,
                queued_unix_s=wall(part.rang_at_s),
                connected_unix_s=0.0 if reason else wall(part.talks_at_s),
                ended_unix_s=wall(over_s),
                rang_s=part.talks_at_s - part.rang_at_s,
                acw_s=now_s - over_s,
            )
        )
