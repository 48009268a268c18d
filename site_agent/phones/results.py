"""Records what happened to each call, as its two phones saw it, and counts.

Rule of this file: a call has one outcome, written once. What a caller was sent and what the
agent's phone received meet only here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import Enum

from site_agent.phones.attached_data import digest


class Outcome(Enum):
    """How a call ended, seen by the caller."""

    OPEN = "open"
    SERVED = "served"
    "Talked with an agent, and one of the two hung up."
    ABANDONED = "abandoned"
    "The caller's own patience ended it."
    FAILED = "failed"
    "A final status from the site before an agent was reached."
    LOST = "lost"
    "Dropped though neither the caller nor an agent wanted it."


class Moved(Enum):
    """How the call came to the place where it was served."""

    NO = "no"
    REDIRECT = "302"
    REFER = "refer"
    BRIDGE = "bridge"


@dataclass(slots=True, kw_only=True)
class CallResult:
    """One call's story; filled in by its caller and by the agents that took it."""

    number: int
    site: str
    trunk_group: str
    interaction_id: str
    data_sent: bytes = b""
    outcome: Outcome = Outcome.OPEN
    status: int = 0
    why: str = ""
    agent: str = ""
    agent_site: str = ""
    moved: Moved = Moved.NO
    redirects: int = 0
    "302 answers the caller followed, the way home included."
    refers: int = 0
    refers_refused: int = 0
    waited_s: float = 0.0
    talked_s: float = 0.0
    agents_count: int = 0
    "Agents' phones that were connected with this caller, one after another."
    data_received: bytes | None = None
    "What the agent's phone got; None if no header came."
    interaction_received: str = ""

    @property
    def data_checked(self) -> bool:
        """Whether data was sent for a call that an agent served."""
        return bool(self.data_sent) and self.outcome is Outcome.SERVED

    @property
    def data_intact(self) -> bool:
        """Whether the agent got byte for byte what was sent."""
        return self.data_checked and self.data_received == self.data_sent

    def as_json(self) -> dict[str, object]:
        """For the status page: data by its digest."""
        fields = asdict(self)
        fields["outcome"] = self.outcome.value
        fields["moved"] = self.moved.value
        fields["data_sent"] = digest(self.data_sent)
        fields["data_received"] = digest(self.data_received or b"")
        fields["data_checked"] = self.data_checked
        fields["data_intact"] = self.data_intact
        return fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Sums over all calls."""

    calls: int
    open: int
    served: int
    served_home: int
    moved_302: int
    moved_refer: int
    moved_bridge: int
    abandoned: int
    failed: int
    lost: int
    data_checked: int
    data_intact: int
    moved_data_checked: int
    moved_data_intact: int

    def as_json(self) -> dict[str, int]:
        """Field by field."""
        return asdict(self)


def count(results: Iterable[CallResult]) -> Counts:
    """Add up; moves are counted for served calls only."""
    calls = list(results)
    served = [call for call in calls if call.outcome is Outcome.SERVED]
    moved = [call for call in served if call.moved is not Moved.NO]
    return Counts(
        calls=len(calls),
        open=_with(calls, Outcome.OPEN),
        served=len(served),
        served_home=len(served) - len(moved),
        moved_302=sum(call.moved is Moved.REDIRECT for call in moved),
        moved_refer=sum(call.moved is Moved.REFER for call in moved),
        moved_bridge=sum(call.moved is Moved.BRIDGE for call in moved),
        abandoned=_with(calls, Outcome.ABANDONED),
        failed=_with(calls, Outcome.FAILED),
        lost=_with(calls, Outcome.LOST),
        data_checked=sum(call.data_checked for call in calls),
        data_intact=sum(call.data_intact for call in calls),
        moved_data_checked=sum(call.data_checked for call in moved),
        moved_data_intact=sum(call.data_intact for call in moved),
    )


def _with(calls: Iterable[CallResult], outcome: Outcome) -> int:
    return sum(call.outcome is outcome for call in calls)
