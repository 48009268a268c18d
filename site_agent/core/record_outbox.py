"""Numbers what this site tells for the records, and keeps it until a node is there to be told.

Rule of this file: bounded; the oldest goes first, and leaves a gap in the numbers, by which whoever
keeps the records knows that it is missing. A number is given when a record is sent or lost, so that
what an older node does not take is no gap.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from nrcli.wire.messages import DOMAIN_FIRST, CallLegRecord, SiteRecord
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox

SENT_AT_ONCE_MAX = 500
"In one turn; what is left goes with the next record or second."


class RecordOutbox:
    """Records of this site on their way to a node."""

    __slots__ = ("_incarnation", "_leaders", "_max", "_numbers", "_out", "_takes", "_waiting")

    def __init__(self, leaders: Leaders, out: Outbox, incarnation: int, waiting_max: int) -> None:
        self._leaders = leaders
        self._out = out
        self._incarnation = incarnation
        self._max = waiting_max
        self._numbers: dict[type, int] = {}
        "Of the last record of each kind."
        self._takes: set[str] = set()
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
        """A stream ended."""
        self._takes.discard(node)

    def tell(self, record: SiteRecord) -> None:
        """Add a record; it goes at once if a node is there."""
        self._waiting.append(record)
        if len(self._waiting) > self._max:
            self._next_number(self._waiting.popleft())
            self._out.count("records_shed")
        self.send()

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
            number = self._next_number(record)
            self._out.send(node, replace(record, incarnation=self._incarnation, number=number))

    def _next_number(self, record: SiteRecord) -> int:
        number = self._numbers[type(record)] = self._numbers.get(type(record), 0) + 1
        return number


def _is_old(record: SiteRecord) -> bool:
    """Does a node of the version before take it?"""
    return isinstance(record, CallLegRecord) and record.leg in ("caller", "callback")
