"""What is told of agents besides their states: who did not answer, who is logged in elsewhere.

Rule of this file: it tells people (history, counters, alarms, the centre's CTI) and the ACD; whom
calls go to is decided from the states alone.
"""

from __future__ import annotations

from nrcli.wire.messages import AgentTakenOver
from site_agent.adapters.base import AgentChanged, AgentUnanswered, CallConnected, SetAgentState
from site_agent.core.actions import TellCti
from site_agent.core.outbox import Outbox
from site_agent.core.site_model import ELSEWHERE

UNANSWERED = "agent_unanswered"


class AgentWords:
    """Words about the agents of this site."""

    __slots__ = ("_elsewhere", "_out", "_pending")

    def __init__(self, out: Outbox) -> None:
        self._out = out
        self._elsewhere: set[str] = set()
        "Agents who were taken out; every node tells of it."
        self._pending: dict[str, tuple[bool, str]] = {}

    def changed(self, event: AgentChanged) -> None:
        """An agent says why they are not ready, or that they will be after the call."""
        if event.reason != ELSEWHERE:
            self._elsewhere.discard(event.agent)
        said = (event.pending, event.reason)
        if self._pending.get(event.agent, (False, "")) == said:
            return
        self._pending[event.agent] = said
        self._out.write(
            "agent_said",
            agent=event.agent,
            state=event.state.value,
            reason=event.reason,
            pending=event.pending,
        )

    @property
    def pending(self) -> dict[str, bool]:
        """Agents who will be not ready as soon as the call is over."""
        return {agent: True for agent, (pending, _) in self._pending.items() if pending}

    def unanswered(self, event: AgentUnanswered, now_s: float) -> None:
        """An agent did not answer: the supervisor is told; the ACD has them not ready already."""
        self._out.count("agents_unanswered")
        self._out.write("agent_unanswered", agent=event.agent, call=event.call_id)
        text = f"{event.agent} did not answer a call and is not ready; are they at their place?"
        self._out.alarm(UNANSWERED, event.agent, text)
        self._tell(UNANSWERED, event.agent, event.call_id)

    def connected(self, event: CallConnected) -> None:
        """An agent answered: what was told of them is over."""
        self._out.clear(UNANSWERED, event.agent)

    def taken_over(self, node: str, message: AgentTakenOver, now_s: float) -> None:
        """Somebody logged in elsewhere under the same id: here they are not ready from now on."""
        if message.agent in self._elsewhere:
            return
        self._elsewhere.add(message.agent)
        self._out.count("agents_taken_over")
        self._out.write(
            "agent_taken_over",
            agent=message.agent,
            network_id=message.network_id,
            by=message.by_site,
        )
        self._out.do(SetAgentState(agent=message.agent, state="not_ready", reason=ELSEWHERE))
        self._tell("agent_taken_over", message.agent, "", f"logged in at {message.by_site}")

    def _tell(self, kind: str, agent: str, call_id: str, reason: str = "") -> None:
        self._out.do(
            TellCti(
                kind=kind, call_id=call_id, agent=agent, interaction_id="", data=b"", reason=reason
            )
        )
