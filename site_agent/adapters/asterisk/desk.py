"""What every part of the Asterisk adapter shares: the books, the timers, and what goes out.

Rule of this file: no decision about a call; events and actions leave in the order in which they
were made, and changed agents, queues and trunks are told once a turn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nrcli.wire.messages import AgentState
from site_agent.adapters import base
from site_agent.adapters.asterisk.asterisk_protocol import AmiAction, endpoint_of
from site_agent.adapters.asterisk.settings import AsteriskSettings
from site_agent.adapters.asterisk.state import WAITING, Agent, Call, Hold, Place, Queue
from site_agent.adapters.asterisk.timers import Timers

ASKED_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """An action for the PBX."""

    action: AmiAction


Outcome = base.AcdEvent | Say


class Desk:
    """Books of one site's ACD."""

    def __init__(self, settings: AsteriskSettings, new_id: Callable[[], str]) -> None:
        self.settings = settings
        self.new_id = new_id
        self.now_s = 0.0
        self.connected = False
        self.calls: dict[str, Call] = {}
        self.channels: dict[str, Call] = {}
        "By the caller's unique id."
        self.agents: dict[str, Agent] = {}
        self.holds: dict[str, Hold] = {}
        self.queues = {queue.name: Queue(queue) for queue in settings.queues}
        self.trunks = {group.name: group for group in settings.trunk_groups}
        self.used: dict[str, tuple[str, int]] = {}
        "Channels of trunk groups by unique id: the group, and the last list they stood in."
        self.timer_channels: dict[str, str] = {}
        "By agent: the channel that ends the hold's pause inside the PBX."
        self.timers = Timers()
        self.touched_agents: set[str] = set()
        self.touched_queues: set[str] = set()
        self.touched_trunks: set[str] = set()
        self._endpoints = {
            endpoint: group.name for group in settings.trunk_groups for endpoint in group.endpoints
        }
        self._asked: dict[str, tuple[str, str]] = {}
        self._out: list[Outcome] = []
        self._serial = 0

    def next_serial(self) -> int:
        """One more than the last."""
        self._serial += 1
        return self._serial

    # ---- what goes out -------------------------------------------------------------------------

    def tell(self, *events: base.AcdEvent) -> None:
        """Events for the daemon."""
        self._out.extend(events)

    def say(self, *actions: AmiAction) -> None:
        """Actions for the PBX; none while it is not reached."""
        if self.connected:
            self._out.extend(Say(action=one) for one in actions)

    def ask(self, kind: str, about: str) -> str:
        """An id for an action whose answer matters: what it was for, and about whom."""
        action_id = f"a{self.next_serial()}"
        self._asked[action_id] = (kind, about)
        if len(self._asked) > ASKED_MAX:
            del self._asked[next(iter(self._asked))]
        return action_id

    def asked(self, action_id: str, *, keep: bool = False) -> tuple[str, str]:
        """What an answer is for; empty if nothing that matters."""
        found = self._asked.get(action_id, ("", ""))
        if not keep:
            self._asked.pop(action_id, None)
        return found

    def take_out(self) -> list[Outcome]:
        """Everything since the last call, with what changed in agents, queues and trunks."""
        for name in sorted(self.touched_agents):
            self._tell_agent(name)
        for name in sorted(self.touched_queues & set(self.queues)):
            self._tell_queue(self.queues[name])
        for name in sorted(self.touched_trunks & set(self.trunks)):
            self.tell(self.trunk_event(name))
        for touched in (self.touched_agents, self.touched_queues, self.touched_trunks):
            touched.clear()
        out, self._out = self._out, []
        return out

    def _tell_agent(self, name: str) -> None:
        agent = self.agents.get(name)
        if agent is None:
            return
        if not agent.members:
            del self.agents[name]
            self.tell(base.AgentGone(agent=name))
            return
        event = self.agent_event(agent)
        shown = (event.state, event.queues, event.calls_count)
        if shown != agent.told:
            agent.told = shown
            self.tell(event)

    def _tell_queue(self, queue: Queue) -> None:
        event = self.queue_event(queue)
        if event != queue.told:
            queue.told = event
            self.tell(event)

    # ---- things as they are --------------------------------------------------------------------

    def agent_event(self, agent: Agent) -> base.AgentChanged:
        """An agent; not ready while the PBX is not reached."""
        state = agent.shown() if self.connected else AgentState.NOT_READY
        return base.AgentChanged(
            agent=agent.name,
            state=state,
            queues=agent.queues(),
            calls_count=1 if state is AgentState.BUSY else 0,
        )

    def queue_event(self, queue: Queue) -> base.QueueChanged:
        """A queue's figures."""
        waiting = self.waiting(queue.settings.name)
        return base.QueueChanged(
            queue=queue.settings.name,
            open=queue.settings.open and queue.there and self.connected,
            waiting_count=len(waiting),
            places_max=queue.places_max,
            answered_count=queue.answered_count,
            abandoned_count=queue.abandoned_count,
            aht_s=queue.aht_s,
            oldest_offered_at_s=min((call.offered_at_s for call in waiting), default=None),
        )

    def trunk_event(self, name: str) -> base.TrunkChanged:
        """A trunk group's channels."""
        return base.TrunkChanged(
            trunk_group=name,
            channels_max=self.trunks[name].channels_max,
            channels_used_count=sum(1 for group, _ in self.used.values() if group == name),
        )

    def trunk_group_of(self, channel: str, told: str = "") -> str:
        """By the channel's endpoint, else what the dialplan says."""
        found = self._endpoints.get(endpoint_of(channel))
        return found or self._endpoints.get(told) or (told if told in self.trunks else "")

    def free_channel(self, unique_id: str) -> None:
        """A channel of a trunk group carries no call any more."""
        group, _ = self.used.pop(unique_id, ("", 0))
        if group:
            self.touched_trunks.add(group)

    def waiting(self, queue: str) -> list[Call]:
        """Callers of a queue without an agent."""
        return [c for c in self.calls.values() if c.queue == queue and c.place in WAITING]

    def held_places(self, queue: str) -> int:
        """Places held in a queue."""
        return sum(1 for hold in self.holds.values() if hold.queue == queue and not hold.agent)

    def position(self, call: Call) -> str:
        """Where a caller belongs in the PBX's queue by age, from 1."""
        if call.head:
            return "1"
        older = [
            one
            for one in self.waiting(call.queue)
            if one is not call
            and one.place in (Place.QUEUED, Place.RINGING)
            and (one.head or one.age < call.age)
        ]
        return str(1 + len(older))

    def touch(self, call: Call) -> None:
        """The call's queue may have other figures now."""
        self.touched_queues.add(call.queue)
