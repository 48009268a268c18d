"""Agents as the PBX tells of them: members of queues, one agent by one name.

Rule of this file: an agent is who the PBX says is a member of a queue that NIRC may see, with the
device's state and the agent's own pause; nothing is assumed of one who was not told of.
"""

from __future__ import annotations

from site_agent.adapters.asterisk.ami_events import MemberRemoved, MemberSeen
from site_agent.adapters.asterisk.desk import Desk
from site_agent.adapters.asterisk.holds import Holds
from site_agent.adapters.asterisk.state import Agent, Member


class Members:
    """Agents and their memberships."""

    def __init__(self, desk: Desk, holds: Holds) -> None:
        self._desk = desk
        self._holds = holds

    def seen(self, event: MemberSeen, listing: int) -> None:
        """A member as it is now."""
        desk = self._desk
        if event.queue not in desk.queues:
            return
        agent = desk.agents.get(event.name)
        if agent is None:
            agent = desk.agents[event.name] = Agent(event.name)
        member = agent.members.get(event.queue)
        if member is None or member.interface != event.interface:
            member = agent.members[event.queue] = Member(event.interface)
        member.penalty, member.paused, member.reason = event.penalty, event.paused, event.reason
        member.seen = listing
        for one in agent.members.values():
            one.status = event.status
        self._changed(agent)
        kind, hold_id = desk.asked(event.action_id, keep=True)
        if kind == "held":
            self._holds.checked(hold_id, event)

    def removed(self, event: MemberRemoved) -> None:
        """An agent logged out of a queue."""
        agent = self._desk.agents.get(event.name)
        if agent is not None and agent.members.pop(event.queue, None) is not None:
            self._changed(agent)

    def forget_unlisted(self, listing: int) -> None:
        """Whoever did not stand in the last whole list is no member any more."""
        for agent in list(self._desk.agents.values()):
            gone = [queue for queue, member in agent.members.items() if member.seen < listing]
            for queue in gone:
                del agent.members[queue]
            if gone:
                self._changed(agent)

    def _changed(self, agent: Agent) -> None:
        self._desk.touched_agents.add(agent.name)
        self._holds.looked_at(agent)
