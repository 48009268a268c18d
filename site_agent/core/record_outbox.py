"""Numbers what this site tells for the records, and keeps it until a node is there to be told.

Rule of this file: bounded; the oldest goes first, and leaves a gap in the numbers, by which whoever
keeps the records knows that it is missing. A number is given when a record is sent or lost, so that
what an older node does not take is no gap. What was told to a node just before its link ended is
told to the next one again, under the same number: whoever keeps the records takes it once.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from nrcli.wire.messages import DOMAIN_FIRST, CallLegRecord, SiteRecord
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox

SENT_AT_ONCE_MAX = 500
"In one turn; what is left goes with the next record or second."
SENT_KEPT_S = 5
"Seconds for which what was sent is kept: longer than a dead node's link seems to stand."
SENT_KEPT_MAX = 2_000


class RecordOutbox:
    """Records of this site on their way to a node."""

    __slots__ = (
        "_incarnation",
        "_leaders",
        "_max",
        "_numbers",
        "_out",
        "_sent",
        "_takes",
        "_waiting",
    )

    def __init__(self, leaders: Leaders, out: Outbox, incarnation: int, waiting_max: int) -> None:
        self._leaders = leaders
        self._out = out
        self._incarnation = incarnation
        self._max = waiting_max
        self._numbers: dict[type, int] = {}
        "Of the last record of each kind."
        self._takes: set[str] = set()
        self._sent: deque[tuple[int, str, SiteRecord]] = deque(maxlen=SENT_KEPT_MAX)
        "Seconds left, node, and record: the latest that were sent."
        self._waiting: deque[SiteRecord] = deque()

    @property
    def waiting_count(self) -> int:
        """Records that no node was told yet."""
        return len(self._waiting)

    def node_up(self, node: str, *, takes: bool) -> None:
        """A stream stands: what waits goes by it. `takes`: agents' states and legs too."""
        if takes:
            self._takes.add(node)
        self.send()

    def node_down(self, node: str) -> None:
        """A stream ended: what was just told there is told again to another."""
        self._takes.discard(node)
        again = [record for _, to, record in self._sent if to == node]
        self._sent = deque((one for one in self._sent if one[1] != node), maxlen=SENT_KEPT_MAX)
        self._waiting.extendleft(reversed(again))
        while len(self._waiting) > self._max:
            self._shed()
        self.send()

    def second(self) -> None:
        """Each second: what was sent long ago is forgotten, what waits is sent."""
        kept = ((left_s - 1, node, record) for left_s, node, record in self._sent if left_s > 1)
        self._sent = deque(kept, maxlen=SENT_KEPT_MAX)
        self.send()

    def tell(self, record: SiteRecord) -> None:
        """Add a record; it goes at once if a node is there."""
        self._waiting.append(record)
        if len(self._waiting) > self._max:
            self._shed()
        self.send()

    def lose(self, kind: type) -> None:
        """A record that is not even made: its number is missing."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        self._out.count("records_shed")

    def send(self) -> None:
        """Send what waits: to the leader, else to any node."""
        node = self._leaders.node_of(DOMAIN_FIRST) or self._leaders.relay()
        if not node:
            return
        for _ in range(min(len(self._waiting), SENT_AT_ONCE_MAX)):
            record = self._waiting.popleft()
            if not _is_old(record) and node not in self._takes:
                self._out.count("records_not_taken")
                continue
            if not record.number:
                number = self._next_number(record)
                record = replace(record, incarnation=self._incarnation, number=number)
            self._sent.append((SENT_KEPT_S, node, record))
            self._out.send(node, record)

    def _shed(self) -> None:
        record = self._waiting.popleft()
        if not record.number:
            self._next_number(record)
        self._out.count("records_shed")

    def _next_number(self, record: SiteRecord) -> int:
        number = self._numbers[type(record)] = self._numbers.get(type(record), 0) + 1
        return number


def _is_old(record: SiteRecord) -> bool:
    """Does a node of the version before take it?"""
    return isinstance(record, CallLegRecord) and record.leg in ("caller", "callback")
