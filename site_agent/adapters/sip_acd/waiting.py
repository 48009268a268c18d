"""The calls waiting in one queue, their order, and the queue's own figures.

Rule of this file: order is emergency first, then head, then priority (grown with waiting, where
the service says so), then age; nothing else changes it. A call that is being offered to an agent or
moved elsewhere keeps its place and is skipped.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from heapq import heapify, heappop, heappush
from math import inf

from routing_policies.call_priority import grown_priority, grows_in_s
from routing_policies.network_kinds import Ageing
from site_agent.adapters.sip_acd.settings import LimitSettings, QueueSettings

Rank = tuple[int, int, float, int]
"Class (emergency, head, others), priority, age, order of entry; the smallest is served first."
GROWTH_S_MIN = 0.001
"Least time between two looks at one call's priority, whatever rounding says."


class WaitingCall:
    """One call in a queue; `free` while it may be offered to an agent."""

    __slots__ = (
        "ageing",
        "broadcast",
        "call_id",
        "emergency",
        "free",
        "grows_at_s",
        "head",
        "offered_at_s",
        "priority",
        "queue",
        "rank",
    )

    def __init__(
        self,
        call_id: str,
        queue: str,
        offered_at_s: float,
        priority: int,
        *,
        emergency: bool = False,
        ageing: Ageing | None = None,
        broadcast: bool = False,
    ) -> None:
        self.emergency = emergency
        self.ageing = ageing
        self.broadcast = broadcast
        "Rings all ready agents at once."
        self.head = False
        self.grows_at_s = inf
        self.call_id = call_id
        self.queue = queue
        self.offered_at_s = offered_at_s
        self.priority = priority
        self.free = True
        self.rank: Rank = (1, -priority, offered_at_s, 0)


class WaitingLine:
    """One queue: calls by rank, places, counters and the mean handle time over a window."""

    __slots__ = (
        "_growing",
        "_handled",
        "_handled_s",
        "_limits",
        "_oldest",
        "_order",
        "_serial",
        "_waiting",
        "abandoned_count",
        "answered_count",
        "open",
        "places_held_count",
        "settings",
    )

    def __init__(self, settings: QueueSettings, limits: LimitSettings) -> None:
        self.settings = settings
        self.open = settings.open
        self.places_held_count = 0
        self.answered_count = 0
        self.abandoned_count = 0
        self._limits = limits
        self._waiting: dict[str, WaitingCall] = {}
        self._order: list[tuple[Rank, str]] = []
        self._oldest: list[tuple[float, str]] = []
        "A heap; who left stays in it until they come up or are most of it."
        self._growing: list[tuple[float, str]] = []
        self._serial = 0
        self._handled: deque[tuple[float, float]] = deque()
        self._handled_s = 0.0

    @property
    def waiting_count(self) -> int:
        """Calls in the queue, those in motion included."""
        return len(self._waiting)

    def has_place(self) -> bool:
        """Is the queue open with a place that nobody fills or holds?"""
        return self.open and self.waiting_count + self.places_held_count < self.settings.places_max

    def add(self, call: WaitingCall, *, head: bool) -> None:
        """Enter a call by its rank: at the head, else by priority and age."""
        self._serial += 1
        call.head = head
        self._waiting[call.call_id] = call
        heappush(self._oldest, (call.offered_at_s, call.call_id))
        if len(self._oldest) > 64 and len(self._oldest) > 4 * len(self._waiting):
            self._oldest = [(one.offered_at_s, one.call_id) for one in self._waiting.values()]
            heapify(self._oldest)
        self._put(call, call.priority, self._serial)
        self.age(call, call.ageing)

    def age(self, call: WaitingCall, ageing: Ageing | None) -> None:
        """Let a waiting call's priority grow, from the next `grow` on."""
        call.ageing, call.grows_at_s = ageing, inf
        if ageing is not None and not call.emergency:
            self._time(call, -inf)

    def grow(self, now_s: float) -> None:
        """Give calls that have waited long enough their new rank."""
        while self._growing and self._growing[0][0] <= now_s:
            at_s, call_id = heappop(self._growing)
            call = self._waiting.get(call_id)
            if call is None or call.grows_at_s != at_s:
                continue
            waited_s = now_s - call.offered_at_s
            priority = grown_priority(call.priority, waited_s, call.ageing)
            if -priority != call.rank[1]:
                del self._order[bisect_left(self._order, (call.rank, call.call_id))]
                self._put(call, priority, call.rank[3])
            next_s = grows_in_s(call.priority, waited_s, call.ageing)
            call.grows_at_s = inf
            if next_s is not None:
                self._time(call, now_s + max(next_s, GROWTH_S_MIN))

    def _put(self, call: WaitingCall, priority: int, serial: int) -> None:
        order = -1 if call.emergency else 0 if call.head else 1
        call.rank = (order, -priority, call.offered_at_s, serial)
        insort(self._order, (call.rank, call.call_id))

    def _time(self, call: WaitingCall, at_s: float) -> None:
        call.grows_at_s = at_s
        heappush(self._growing, (at_s, call.call_id))

    def remove(self, call: WaitingCall) -> None:
        """Take a call out."""
        del self._waiting[call.call_id]
        del self._order[bisect_left(self._order, (call.rank, call.call_id))]

    def to_head(self, call: WaitingCall) -> None:
        """Give a call that an agent did not take the first rank (of equal age and priority)."""
        self.remove(call)
        self.add(call, head=True)

    def first_free(self) -> WaitingCall | None:
        """The call that is next to be offered."""
        for _, call_id in self._order:
            call = self._waiting[call_id]
            if call.free:
                return call
        return None

    def oldest_offered_at_s(self) -> float | None:
        """When the longest waiting call entered; None if none waits."""
        oldest = self._oldest
        while oldest:
            offered_at_s, call_id = oldest[0]
            call = self._waiting.get(call_id)
            if call is not None and call.offered_at_s == offered_at_s:
                return offered_at_s
            heappop(oldest)
        return None

    def note_handled(self, handle_s: float, now_s: float) -> None:
        """Count one finished call into the mean handle time."""
        self._handled.append((now_s, handle_s))
        self._handled_s += handle_s
        while len(self._handled) > self._limits.aht_calls_max:
            self._handled_s -= self._handled.popleft()[1]

    def aht_s(self, now_s: float) -> float:
        """Mean handle time over the window; the configured one before any call was handled."""
        while self._handled and self._handled[0][0] < now_s - self._limits.aht_window_s:
            self._handled_s -= self._handled.popleft()[1]
        if not self._handled:
            return self.settings.aht_s
        return self._handled_s / len(self._handled)
