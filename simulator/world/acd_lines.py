"""Who waits in one queue of a simulated ACD, and who is ready for it.

Rule of this file: a line is ordered by rank alone; calls being moved or held back keep their place
and are passed over. Heaps keep outdated entries, which are dropped when they come up.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from routing_policies.call_priority import grown_priority
from simulator.model.instants import US
from simulator.model.network import QueueModel
from simulator.model.outcomes import READY
from simulator.world.acd_state import Agent, Leg, Rank

STALE_FACTOR = 4
"A heap of ready agents with more entries than this times the agents is made anew."


class Line:
    """One queue: its calls by rank, places and figures."""

    def __init__(self, model: QueueModel) -> None:
        self.model = model
        self.closed = self.shifted = False
        self.legs: dict[str, Leg] = {}
        "All that wait, those being moved or held back too."
        self.places_held = 0
        self.answered_count = 0
        self.abandoned_count = 0
        self._by_rank: list[tuple[Rank, int, int, Leg]] = []
        self._by_arrival: list[tuple[int, int, Leg]] = []
        self._serial = 0
        self._ageing_count = 0

    def add(self, leg: Leg) -> None:
        """A call waits here from now on."""
        leg.waiting = True
        leg.entry += 1
        self.legs[leg.call_id] = leg
        self._serial += 1
        heappush(self._by_arrival, (leg.try_.arrival_us, self._serial, leg))
        self._ageing_count += leg.ageing is not None
        self.let_in(leg)

    def let_in(self, leg: Leg) -> None:
        """A waiting call may be offered to agents (again)."""
        self._serial += 1
        heappush(self._by_rank, (leg.rank, self._serial, leg.entry, leg))

    def age(self, leg: Leg) -> None:
        """A waiting call's priority grows from now on."""
        self._ageing_count += 1

    def remove(self, leg: Leg) -> None:
        """It waits no more."""
        leg.waiting = False
        del self.legs[leg.call_id]
        self._ageing_count -= leg.ageing is not None

    def first(self, now_us: int) -> tuple[Rank, Leg] | None:
        """The call that is next to be offered, with its rank now."""
        if self._ageing_count:
            free = [leg for leg in self.legs.values() if not leg.moving and not leg.held_back]
            ranks = [(grown_rank(leg, now_us), leg) for leg in free]
            return min(ranks, key=lambda pair: pair[0], default=None)
        heap = self._by_rank
        while heap:
            rank, _, entry, leg = heap[0]
            if leg.waiting and leg.entry == entry and not leg.moving and not leg.held_back:
                return rank, leg
            heappop(heap)
        return None

    def oldest_us(self) -> int | None:
        """Least arrival of those who wait."""
        heap = self._by_arrival
        while heap:
            arrival_us, _, leg = heap[0]
            if leg.waiting and self.legs.get(leg.call_id) is leg:
                return arrival_us
            heappop(heap)
        return None

    def full(self) -> bool:
        """Are all places taken or held?"""
        return len(self.legs) + self.places_held >= self.model.places_max


def grown_rank(leg: Leg, now_us: int) -> Rank:
    """A leg's rank, its priority grown with waiting where its service says so."""
    if leg.ageing is None:
        return leg.rank
    waited_s = (now_us - leg.try_.arrival_us) / US
    return (-grown_priority(leg.priority, waited_s, leg.ageing), leg.rank[1], leg.rank[2])


class Ready:
    """The ready agents of one queue, best first by its `agent_choice`."""

    def __init__(self, queue: int, model: QueueModel, agents_count: int) -> None:
        self._queue = queue
        self._choice = model.agent_choice
        self._heap_max = STALE_FACTOR * max(agents_count, 16)
        self._heap: list[tuple[int, int, int, Agent]] = []
        self.members: dict[int, Agent] = {}

    def add(self, agent: Agent) -> None:
        """An agent is ready."""
        self.members[agent.index] = agent
        if self._choice == "least_occupied":
            return
        heappush(self._heap, self._entry(agent))
        if len(self._heap) > self._heap_max:
            self._heap = [self._entry(one) for one in self.members.values()]
            heapify(self._heap)

    def remove(self, agent: Agent) -> None:
        """An agent is not ready any more."""
        del self.members[agent.index]

    def first(self, now_us: int) -> Agent | None:
        """Who gets the next call."""
        if not self.members:
            return None
        if self._choice == "least_occupied":
            return min(
                self.members.values(),
                key=lambda one: (occupied_share(one, now_us), one.since_us, one.index),
            )
        heap = self._heap
        while True:
            _, since_us, _, agent = heap[0]
            if agent.state == READY and agent.since_us == since_us:
                return agent
            heappop(heap)

    def _entry(self, agent: Agent) -> tuple[int, int, int, Agent]:
        level = agent.levels[self._queue] if self._choice == "most_skilled" else 0
        return (-level, agent.since_us, agent.index, agent)


def occupied_share(agent: Agent, now_us: int) -> float:
    """Share of the time since signing in that a ready agent was held, rung or at work."""
    signed_in_us = now_us - agent.signed_in_us
    return agent.occupied_us / signed_in_us if signed_in_us > 0 else 0.0
