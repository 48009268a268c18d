"""Callers and the agents who talk with them: called, answered, not answered, over.

Rule of this file: an agent's end of a call is told twice at times and counts once; an agent held
for a caller who does not answer is not ready, as app_queue has it.
"""

from __future__ import annotations

from site_agent.adapters import base
from site_agent.adapters.asterisk.ami_events import AgentSign
from site_agent.adapters.asterisk.asterisk_protocol import action
from site_agent.adapters.asterisk.desk import Desk
from site_agent.adapters.asterisk.holds import Holds
from site_agent.adapters.asterisk.settings import UNANSWERED_REASON
from site_agent.adapters.asterisk.state import Agent, Call, Place

LEFT = "left"
AFTER_CALL = "after_call"


class Talks:
    """Who talks with whom."""

    def __init__(self, desk: Desk, holds: Holds) -> None:
        self._desk = desk
        self._holds = holds

    def answered(self, call: Call) -> None:
        """The site answered the caller."""
        call.up = True
        if not call.answer_told:
            call.answer_told = True
            self._desk.tell(base.CallAnswered(call_id=call.call_id))

    def acknowledged(self, call: Call) -> None:
        """An arrived caller went on after the answer: it stands."""
        if call.by_token and call.up:
            call.by_token = False
            self._desk.tell(base.ArrivalAcknowledged(call_id=call.call_id))

    def agent_sign(self, event: AgentSign) -> None:
        """The queue calls an agent for a caller, and what became of it."""
        desk = self._desk
        call, agent = desk.channels.get(event.unique_id), desk.agents.get(event.agent)
        if call is None or agent is None:
            return
        desk.touched_agents.add(agent.name)
        if event.kind == "called":
            self._called(call, agent)
        elif event.kind == "unanswered":
            self._unanswered(call, agent)
        elif event.kind == "connected":
            if call.place is not Place.MOVING:
                self.connected(call, agent, event.queue)
        elif call.place is Place.TALKING and call.agent == agent.name:
            call.ended_by = "" if event.reason == "caller" else "agent"
            call.hung_up = call.hung_up or event.reason == "caller"
            self.over(call)
            call.place = Place.LEFT
            desk.timers.start((LEFT, call.call_id), desk.now_s + desk.settings.left_s)

    def connected(self, call: Call, agent: Agent, queue: str) -> None:
        """An agent talks with the caller."""
        desk = self._desk
        for name in call.ringing:
            other = desk.agents.get(name)
            if other is not None:
                other.ringing.discard(call.call_id)
                desk.touched_agents.add(name)
        call.ringing.clear()
        agent.ringing.clear()
        desk.timers.stop((LEFT, call.call_id))
        call.place, call.agent, call.began_talking_s = Place.TALKING, agent.name, desk.now_s
        agent.talking = call.call_id
        self.answered(call)
        self.acknowledged(call)
        if agent.given == call.call_id:
            self._holds.let_agent_go(agent, ready=True)
        if call.queue in desk.queues:
            desk.queues[call.queue].answered_count += 1
        desk.tell(
            base.CallConnected(call_id=call.call_id, agent=agent.name, queue=queue or call.queue)
        )
        desk.touch(call)
        desk.touched_agents.add(agent.name)

    def not_answered(self, call: Call, agent: Agent) -> None:
        """The agent held for an arrived caller did not answer: not ready, as the queue does it."""
        self._holds.let_agent_go(agent, ready=False)
        pause = action(
            "QueuePause", Interface=agent.interface, Paused="true", Reason=UNANSWERED_REASON
        )
        if not agent.own_pause:
            self._desk.say(pause)
        call.place, call.head = Place.SENT, True
        self._desk.touch(call)

    def after_call_over(self, name: str) -> None:
        """After-call work is over."""
        agent = self._desk.agents.get(name)
        if agent is not None:
            agent.after_call = False
            self._desk.touched_agents.add(name)

    def _called(self, call: Call, agent: Agent) -> None:
        if call.place in (Place.QUEUED, Place.LEFT):
            call.place = Place.RINGING
        if call.place is Place.RINGING:
            call.ringing.add(agent.name)
            agent.ringing.add(call.call_id)
        self._holds.looked_at(agent)

    def _unanswered(self, call: Call, agent: Agent) -> None:
        call.ringing.discard(agent.name)
        agent.ringing.discard(call.call_id)
        if call.place is Place.RINGING and not call.ringing:
            call.place = Place.QUEUED

    def over(self, call: Call) -> None:
        """The talk is over; after-call work begins where the queue has it."""
        desk, agent = self._desk, self._desk.agents.get(call.agent)
        call.talked_s = max(0.0, desk.now_s - call.began_talking_s)
        queue = desk.queues.get(call.queue)
        if queue is not None:
            queue.talked(call.talked_s)
            desk.touch(call)
        if agent is None or agent.talking != call.call_id:
            return
        agent.talking = ""
        desk.touched_agents.add(agent.name)
        if queue is not None and queue.settings.acw_s > 0:
            agent.after_call = True
            desk.timers.start((AFTER_CALL, agent.name), desk.now_s + queue.settings.acw_s)
