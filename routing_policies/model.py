"""What a policy may read, and what it returns.

Rule of this file: columns of plain values, one row per queue of a site. A policy reads them while
nothing writes, and names rows; it knows no messages and no clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf


class QueueColumns:
    """One row per (site, queue), kept up to date in place by the owner. Rows are never removed:
    a queue that is gone has `open` False."""

    __slots__ = (
        "aht_s",
        "free_count",
        "lendable_count",
        "longest_agent",
        "longest_ready_at_s",
        "open",
        "places_free_count",
        "queue",
        "reported_at_s",
        "shared",
        "site",
        "staffed_count",
        "waiting_count",
    )

    def __init__(self) -> None:
        self.site: list[str] = []
        self.queue: list[str] = []
        self.open: list[bool] = []
        self.shared: list[bool] = []
        self.staffed_count: list[int] = []
        self.free_count: list[int] = []
        "Ready agents not promised to anybody."
        self.lendable_count: list[int] = []
        "Free agents that a call of another site may have (loan limit and reserve taken off)."
        self.longest_ready_at_s: list[float] = []
        "Since when the longest available agent is ready; infinite without one."
        self.longest_agent: list[str] = []
        self.waiting_count: list[int] = []
        "Calls waiting, or on their way to wait here."
        self.places_free_count: list[int] = []
        self.aht_s: list[float] = []
        self.reported_at_s: list[float] = []

    def add_row(self, site: str, queue: str) -> int:
        """A new, closed row; returns its number."""
        self.site.append(site)
        self.queue.append(queue)
        self.longest_agent.append("")
        self.longest_ready_at_s.append(inf)
        for flags in (self.open, self.shared):
            flags.append(False)
        for counts in (
            self.staffed_count,
            self.free_count,
            self.lendable_count,
            self.waiting_count,
            self.places_free_count,
        ):
            counts.append(0)
        self.aht_s.append(0.0)
        self.reported_at_s.append(-inf)
        return len(self.site) - 1


@dataclass(slots=True)
class Call:
    """The call that a decision is about."""

    origin_row: int
    "Row of the caller's own queue; -1 when it is not known."
    rows: Sequence[int]
    "Rows that serve this call's service at other sites."
    barred: Mapping[int, str]
    "Rows that no policy may choose, with the reason."
    place_only: frozenset[int] = frozenset()
    "Rows where the way is too long to hold an agent."


@dataclass(slots=True)
class Search:
    """What a selection works on."""

    call: Call
    columns: QueueColumns
    rows: Sequence[int]
    "Rows that the rule admits."
    min_gain_s: float
    adjust_s: float
    lost: dict[int, str]
    "Filled by the selection: why a row is not among the candidates."


@dataclass(slots=True)
class Candidate:
    """One row a rule would take."""

    row: int
    value: float
    "What the selection ranked by, in seconds; smaller is better."
    agent: bool
    "Hold an agent (else a place)."


@dataclass(slots=True)
class Verdict:
    """What the policy says about a call."""

    action: str
    "stay | route"
    rule: str
    rules_tried: tuple[str, ...]
    ranked: list[Candidate] = field(default_factory=list)
    "Best first."
    lost: dict[int, str] = field(default_factory=dict)
    "Rows that were looked at and are not ranked, with the reason."
    selection: str = ""
    "By what they were ranked, as the policy names it; says what their values mean."
