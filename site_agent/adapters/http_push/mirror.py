"""What a CTI has said it has: agents, queues, trunk groups, calls, and what is held there.

Rule of this file: every change that NIRC must hear of leaves as an event, once. While the CTI is
not heard, every agent is not ready and every queue is closed, whatever it said before; an agent who
is held for a call is reserved as long as the CTI itself calls them ready.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace

from nrcli.wire.messages import AgentQueue, AgentState, TransferMethod
from site_agent.adapters.acd_events import (
    AcdEvent,
    AgentChanged,
    AgentGone,
    CallEnded,
    HoldLost,
    HoldRefused,
    MoveSign,
    QueueChanged,
    TrunkChanged,
)
from site_agent.adapters.http_push.settings import QueueLimits

ENDED_KEPT = 10_000
"Ids of calls that are over and may be spoken of late."


class AgentSeen:
    """One agent."""

    __slots__ = ("hold_id", "queues", "ringing", "said", "told")

    def __init__(self) -> None:
        self.said = AgentState.NULL
        self.queues: tuple[AgentQueue, ...] = ()
        self.hold_id = ""
        self.ringing = False
        "A held agent who was given the call; the CTI has not spoken of them since."
        self.told: AgentChanged | None = None


class CallSeen:
    """One call."""

    __slots__ = (
        "agent",
        "ani",
        "answered",
        "bridged",
        "data",
        "interaction_id",
        "method",
        "move_id",
        "moving",
        "queue",
        "sign",
        "token",
    )

    def __init__(self, queue: str = "", token: str = "") -> None:
        self.queue = queue
        self.token = token
        "It came by this token, and nothing was said about it yet."
        self.interaction_id = ""
        self.ani = ""
        self.data = b""
        self.answered = False
        self.agent = ""
        self.moving = False
        self.bridged = False
        self.move_id = ""
        "Of the last move; its late signs are still heard."
        self.method: TransferMethod | None = None
        self.sign: MoveSign | None = None
        "Last sign of that move."


class HoldSeen:
    """One hold, from the question on."""

    __slots__ = ("agent", "by_count", "granted", "hold_id", "queue")

    def __init__(self, hold_id: str, queue: str, agent: str = "", *, by_count: bool = False):
        self.hold_id = hold_id
        self.queue = queue
        self.agent = agent
        self.granted = False
        self.by_count = by_count
        "A place that the site agent counts itself; the CTI knows nothing of it."


class Mirror:
    """The CTI's state as it was said, and as it was told on."""

    def __init__(self, *, queues: Mapping[str, QueueLimits], trunks: Mapping[str, int]) -> None:
        self.synced = False
        self.holdable = False
        self.agents: dict[str, AgentSeen] = {}
        self.queues: dict[str, QueueChanged] = {}
        self.trunks: dict[str, TrunkChanged] = {}
        "As the CTI said it; what it does not have is closed, and has no channels."
        self.queue_names = queues
        self.trunk_names = trunks
        "Names that the settings know, with their limits."
        self.calls: dict[str, CallSeen] = {}
        self.holds: dict[str, HoldSeen] = {}
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._told: dict[str, QueueChanged | TrunkChanged] = {}

    # ---- agents ----------------------------------------------------------------------------

    def agent_said(self, event: AgentChanged) -> list[AcdEvent]:
        """The CTI spoke of an agent; who is not ready any more loses the hold."""
        seen = self.agents.setdefault(event.agent, AgentSeen())
        seen.said = event.state
        seen.queues = tuple(one for one in event.queues if one.queue in self.queue_names)
        seen.ringing = seen.ringing and event.state is AgentState.RESERVED
        events: list[AcdEvent] = []
        if seen.hold_id and event.state not in (AgentState.READY, AgentState.RESERVED):
            events += self.lose(seen.hold_id, event.state.value)
        return events + self.tell_agent(event.agent, event.calls_count)

    def agent_gone(self, agent: str) -> list[AcdEvent]:
        """Nobody knows this agent any more."""
        seen = self.agents.pop(agent, None)
        if seen is None:
            return []
        lost = self.lose(seen.hold_id, "logged out") if seen.hold_id else []
        return [*lost, AgentGone(agent=agent)]

    def state_of(self, agent: str) -> AgentState | None:
        """What NIRC is told of an agent; None: nobody."""
        seen = self.agents.get(agent)
        return None if seen is None else self._state(seen)

    def _state(self, seen: AgentSeen) -> AgentState:
        if seen.said is AgentState.NULL:
            return AgentState.NULL
        if not self.synced:
            return AgentState.NOT_READY
        if seen.ringing and seen.said in (AgentState.READY, AgentState.RESERVED):
            return AgentState.BUSY
        if seen.hold_id and seen.said is AgentState.READY:
            return AgentState.RESERVED
        return seen.said

    def tell_agent(self, agent: str, calls_count: int | None = None) -> list[AcdEvent]:
        """The agent as NIRC is to see them, if that is new."""
        seen = self.agents.get(agent)
        if seen is None:
            return []
        known = seen.told.calls_count if seen.told else 0
        event = AgentChanged(
            agent=agent,
            state=self._state(seen),
            queues=seen.queues,
            calls_count=known if calls_count is None else calls_count,
            holdable=self.holdable,
        )
        if event == seen.told:
            return []
        seen.told = event
        return [event]

    # ---- queues and trunk groups -----------------------------------------------------------

    def queue_said(self, event: QueueChanged) -> list[AcdEvent]:
        """The CTI spoke of a queue that the settings know."""
        limits = self.queue_names[event.queue]
        self.queues[event.queue] = replace(
            event,
            places_max=min(event.places_max, limits.places_max),
            aht_s=event.aht_s or limits.aht_s,
        )
        return self.tell_queue(event.queue)

    def tell_queue(self, queue: str) -> list[AcdEvent]:
        """The queue as NIRC is to see it, if that is new: closed while the CTI is not heard."""
        event = self.queues.get(queue) or QueueChanged(
            queue=queue,
            open=False,
            waiting_count=0,
            places_max=self.queue_names[queue].places_max,
            answered_count=0,
            abandoned_count=0,
            aht_s=self.queue_names[queue].aht_s,
            oldest_offered_at_s=None,
        )
        if not self.synced:
            event = replace(event, open=False)
        return self._new("queue " + queue, event)

    def trunk_said(self, event: TrunkChanged) -> list[AcdEvent]:
        """The CTI spoke of a trunk group that the settings know."""
        most = min(event.channels_max, self.trunk_names[event.trunk_group])
        self.trunks[event.trunk_group] = replace(event, channels_max=most)
        return self._new("trunk " + event.trunk_group, self.trunks[event.trunk_group])

    def _new(self, key: str, event: QueueChanged | TrunkChanged) -> list[AcdEvent]:
        if self._told.get(key) == event:
            return []
        self._told[key] = event
        return [event]

    def tell_all(self) -> list[AcdEvent]:
        """Everything as NIRC is to see it, as far as that is new."""
        events: list[AcdEvent] = []
        for agent in self.agents:
            events += self.tell_agent(agent)
        for queue in self.queue_names:
            events += self.tell_queue(queue)
        for trunk_group in self.trunk_names:
            gone = TrunkChanged(trunk_group=trunk_group, channels_max=0, channels_used_count=0)
            events += self._new("trunk " + trunk_group, self.trunks.get(trunk_group, gone))
        return events

    def forget_told(self) -> None:
        """Whatever was told is told again."""
        self._told.clear()
        for seen in self.agents.values():
            seen.told = None

    # ---- holds -----------------------------------------------------------------------------

    def places_free(self, queue: str) -> int:
        """Places of a queue that nobody waits in or was promised."""
        figures = self.queues[queue]
        held = sum(1 for one in self.holds.values() if one.queue == queue and not one.agent)
        return figures.places_max - figures.waiting_count - held

    def hold(self, hold: HoldSeen) -> None:
        """Somebody or something is asked for: nobody else may have it."""
        self.holds[hold.hold_id] = hold
        if hold.agent:
            self.agents[hold.agent].hold_id = hold.hold_id

    def let_go(self, hold_id: str, *, ringing: bool = False) -> HoldSeen | None:
        """The hold is over; what became of it, the caller tells. `ringing`: its agent is rung."""
        hold = self.holds.pop(hold_id, None)
        seen = self.agents.get(hold.agent) if hold is not None else None
        if seen is not None:
            seen.hold_id, seen.ringing = "", ringing
        return hold

    def lose(self, hold_id: str, reason: str) -> list[AcdEvent]:
        """A hold is gone before it was used; one that was not granted yet is refused."""
        hold = self.let_go(hold_id)
        if hold is None:
            return []
        told: AcdEvent = HoldLost(hold_id=hold_id, reason=reason)
        if not hold.granted:
            none = "no_agent" if hold.agent else "no_place"
            told = HoldRefused(hold_id=hold_id, reason=none)
        return [told, *self.tell_agent(hold.agent)]

    # ---- calls -----------------------------------------------------------------------------

    def is_over(self, call_id: str) -> bool:
        """Did a call of this id end here lately?"""
        return call_id in self._ended

    def drop_call(self, call_id: str) -> CallSeen | None:
        """The call is over; its id is not believed again."""
        call = self.calls.pop(call_id, None)
        if call is not None:
            self._ended[call_id] = None
            if len(self._ended) > ENDED_KEPT:
                self._ended.popitem(last=False)
        return call

    def end_call(self, event: CallEnded) -> list[AcdEvent]:
        """The end of a call, told once."""
        call = self.drop_call(event.call_id)
        return [] if call is None else [event]
