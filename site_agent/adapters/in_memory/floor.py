"""The floor of the ACD in memory: who waits, who is ready, who talks with whom.

Rule of this file: every change is told as an event in the same turn; commands are in `commands`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nrcli.wire.messages import AgentQueue, AgentState
from site_agent.adapters import base
from site_agent.adapters.in_memory.signals import Answered, Signal
from site_agent.adapters.in_memory.state import MemoryAgent, MemoryCall, MemoryHold, MemoryQueue


class Floor:
    """Queues, agents, calls and holds of one site."""

    def __init__(
        self,
        *,
        queues: Sequence[MemoryQueue],
        agents: Mapping[str, Mapping[str, int]],
        trunks: Mapping[str, int],
        announcements: Sequence[str] = (),
    ) -> None:
        self.announcements = frozenset(announcements)
        self.signals: list[Signal] = []
        self.queues = {queue.name: queue for queue in queues}
        self.agents = {name: MemoryAgent(name, levels) for name, levels in agents.items()}
        self.calls: dict[str, MemoryCall] = {}
        self.trunks = dict(trunks)
        self.holds: dict[str, MemoryHold] = {}
        self.dialing: dict[str, base.DialCaller] = {}
        "Callers whose telephones ring, by the call that may begin."
        self.events: list[base.AcdEvent] = []
        self.now_s = 0.0

    def serve(self, queue: str) -> None:
        """Join waiting calls with ready agents, oldest and longest first."""
        while (agent := self.ready_agent(queue)) and (call := self.oldest(queue)):
            self.connect(call, agent)

    def serve_agent(self, agent: MemoryAgent) -> None:
        """An agent is ready again."""
        for queue in agent.queues:
            self.serve(queue)

    def connect(self, call: MemoryCall, agent: MemoryAgent) -> None:
        """An agent talks with the caller."""
        call.agent = agent.name
        self.set(agent, AgentState.BUSY)
        if not call.answered:
            self.answer(call)
        self.queues[call.queue].answered_count += 1
        self.events.append(
            base.CallConnected(call_id=call.call_id, agent=agent.name, queue=call.queue)
        )

    def reached(self, command: base.DialCaller) -> None:
        """Somebody who was called back answered: the agent who is held has them."""
        trunk_group = next(iter(self.trunks))
        call = MemoryCall(
            command.call_id, command.interaction_id, command.service, command.queue, trunk_group
        )
        call.offered_at_s = self.now_s - command.waited_s
        call.answered, call.priority, call.data = True, command.priority, command.data
        self.calls[call.call_id] = call
        self.tell_trunk(trunk_group)
        self.events.append(
            base.CallerDialed(
                call_id=call.call_id, outcome="answered", trunk_group=trunk_group, sip_status=200
            )
        )
        hold = self.holds.pop(command.hold_id, None)
        if hold is not None and hold.agent:
            self.connect(call, self.agents[hold.agent])
        else:
            self.serve(call.queue)

    def answer(self, call: MemoryCall) -> None:
        """200 to the caller."""
        call.answered = True
        self.signals.append(Answered(call_id=call.call_id))
        self.events.append(base.CallAnswered(call_id=call.call_id))

    def close(self, call: MemoryCall, by: str, sip_status: int = 0) -> None:
        """The leg is over."""
        del self.calls[call.call_id]
        if call.queue in self.queues and by == "caller" and not call.agent:
            self.queues[call.queue].abandoned_count += 1
        self.events.append(
            base.CallEnded(
                call_id=call.call_id,
                released_by=by,
                sip_status=sip_status,
                agent=call.agent,
                waited_s=max(0.0, self.now_s - call.offered_at_s),
            )
        )
        self.tell_trunk(call.trunk_group)
        if call.agent:
            agent = self.agents[call.agent]
            self.set(agent, AgentState.READY)
            self.serve_agent(agent)

    def ready_agent(self, queue: str) -> MemoryAgent | None:
        """The agent who is ready longest."""
        ready = [
            agent
            for agent in self.agents.values()
            if agent.state is AgentState.READY and queue in agent.queues
        ]
        return min(ready, key=lambda agent: agent.since_s, default=None)

    def waiting(self, queue: str) -> list[MemoryCall]:
        """Calls without an agent."""
        return [
            call
            for call in self.calls.values()
            if call.queue == queue and not call.agent and not call.arriving
        ]

    def oldest(self, queue: str) -> MemoryCall | None:
        """The longest waiting call that is neither moved nor held back; emergencies first."""
        free = [call for call in self.waiting(queue) if not call.moving and not call.held_back]
        return min(free, key=lambda call: (not call.emergency, call.offered_at_s), default=None)

    def full(self, queue: MemoryQueue) -> bool:
        """Are all places taken or held?"""
        held = sum(1 for h in self.holds.values() if h.queue == queue.name and not h.agent)
        return len(self.waiting(queue.name)) + held >= queue.places_max

    def used(self, trunk_group: str) -> int:
        """Channels in use."""
        return sum(1 for call in self.calls.values() if call.trunk_group == trunk_group)

    def set(self, agent: MemoryAgent, state: AgentState) -> None:
        """Change an agent's state."""
        if agent.state is not state:
            agent.state, agent.since_s = state, self.now_s
        self.tell_agent(agent)

    def tell_agent(self, agent: MemoryAgent) -> None:
        """An agent as it is."""
        members = tuple(
            AgentQueue(queue=queue, level=level) for queue, level in agent.queues.items()
        )
        self.events.append(base.AgentChanged(agent=agent.name, state=agent.state, queues=members))

    def tell_trunk(self, name: str) -> None:
        """A trunk group as it is."""
        self.events.append(
            base.TrunkChanged(
                trunk_group=name,
                channels_max=self.trunks[name],
                channels_used_count=self.used(name),
            )
        )

    def begin(self, now_s: float) -> None:
        """A turn begins."""
        self.now_s = now_s

    def end(self) -> list[base.AcdEvent]:
        """A turn ends: its events, with what changed in the queues."""
        for queue in self.queues.values():
            waiting = self.waiting(queue.name)
            event = base.QueueChanged(
                queue=queue.name,
                open=queue.open,
                waiting_count=len(waiting),
                places_max=queue.places_max,
                answered_count=queue.answered_count,
                abandoned_count=queue.abandoned_count,
                aht_s=queue.aht_s,
                oldest_offered_at_s=min((call.offered_at_s for call in waiting), default=None),
            )
            if event != queue.told:
                queue.told = event
                self.events.append(event)
        events, self.events = self.events, []
        return events
