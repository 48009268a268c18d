"""What a policy may read, what it remembers, and what it returns.

Rule of this file: columns of plain numbers (`columns` says which), one row per queue of a site. A
policy reads them while nothing writes, writes only its own memory, and names rows; it knows no
messages and no clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, nan
from typing import overload

from routing_policies import columns as c
from routing_policies.names import name_id
from routing_policies.reasons import TOLD_WITH_VALUE

Column = list[float]

_INITIAL: dict[int, float] = {
    c.Q_LONGEST_READY_AT: inf,
    c.Q_REPORTED_AT: -inf,
    c.Q_OLDEST_AT: nan,
    c.Q_PATIENCE_S: nan,
    c.Q_ESTIMATOR: 1,
    c.Q_EWT_LOW: 0.5,
    c.Q_EWT_HIGH: 2.0,
    c.Q_SERVICE_LEVEL: nan,
    c.Q_CLOSES_AT: inf,
    c.Q_ACCEPTING: 1,
    c.Q_FIRST_READY: -1,
    c.Q_SITE_OPEN: 1,
    c.Q_SITE_REPORTED_AT: -inf,
}


class QueueColumns:
    """One row per (site, queue) and one slot per (agent, queue), kept up to date in place by the
    owner. Rows are never removed: a queue that is gone has `Q_OPEN` 0. Row 0 is nobody's."""

    __slots__ = ("agent_names", "agents", "queue", "queues", "site")

    def __init__(self) -> None:
        self.site: list[str] = []
        self.queue: list[str] = []
        self.queues: list[Column] = [[] for _ in range(c.QUEUE_COLUMNS)]
        "By column, then row."
        self.agents: list[Column] = [[] for _ in range(c.AGENT_COLUMNS)]
        "By column, then slot."
        self.agent_names: list[str] = []
        "By slot; empty for a free slot."
        self.add_row("", "")

    @property
    def open(self) -> Column:
        """Does the row take calls."""
        return self.queues[c.Q_OPEN]

    @property
    def free_count(self) -> Column:
        """Ready agents not promised to anybody."""
        return self.queues[c.Q_FREE]

    @property
    def lendable_count(self) -> Column:
        """Free agents a call of another site may have."""
        return self.queues[c.Q_LENDABLE]

    @property
    def waiting_count(self) -> Column:
        """Calls waiting, or on their way to wait here."""
        return self.queues[c.Q_WAITING]

    @property
    def places_free_count(self) -> Column:
        """Places nobody has."""
        return self.queues[c.Q_PLACES_FREE]

    @property
    def reported_at_s(self) -> Column:
        """When the row was last reported."""
        return self.queues[c.Q_REPORTED_AT]

    def add_row(self, site: str, queue: str) -> int:
        """A new, closed row; returns its number."""
        self.site.append(site)
        self.queue.append(queue)
        for number, column in enumerate(self.queues):
            column.append(_INITIAL.get(number, 0))
        row = len(self.site) - 1
        self.queues[c.Q_SITE][row] = name_id(site)
        self.queues[c.Q_QUEUE][row] = name_id(queue)
        return row

    def add_slot(self) -> int:
        """A new, empty slot for an agent's membership of a queue; returns its number."""
        self.agent_names.append("")
        for column in self.agents:
            column.append(0)
        slot = len(self.agent_names) - 1
        self.agents[c.A_NEXT][slot] = -1
        return slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """Something about a call that a policy wants as one number and that takes more than columns to
    know: computed once per call, by `call_features`."""

    kind: str
    """listed | starts | data | data_number | data_known | calendar_open | calendar_holiday |
    calendar_closes_in_s | calendar_opens_in_s | handler (can it take this call now)"""
    args: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFacts:
    """What is known of a call, in words; `call_features` turns it into numbers."""

    interaction_id: str
    origin_site: str
    queue: str
    service: str
    trunk_group: str = ""
    dialed_number: str = ""
    "E.164 where it is known."
    ani: str = ""
    "E.164; empty for a withheld caller."
    withheld: bool = False
    verified: bool = False
    waited_s: float = 0.0
    priority: int = 0
    answered: bool = False
    moves_count: int = 0
    moves_since_person_count: int = 0
    refused_count: int = 0
    last_agent: str = ""
    "site/agent who served this caller last, as far as the caller's number may be trusted."
    data: Mapping[str, object] = field(default_factory=dict)
    "Attached data, as far as it is at hand."
    refused_targets: tuple[str, ...] = ()
    "Sites and handlers (`handler:NAME`) that failed this call just now."


class Memory:
    """What one policy remembers between decisions: rotary position, weights, hysteresis. A replay
    starts from a copy of it."""

    __slots__ = ("kept", "row_kept")

    def __init__(
        self, kept: Sequence[float] = (), row_kept: Sequence[Sequence[float]] = ()
    ) -> None:
        self.kept: Column = list(kept)
        self.row_kept: list[Column] = [list(column) for column in row_kept]
        "By slot, then row."

    def fit(self, kept_count: int, row_kept_count: int, row_count: int) -> None:
        """Makes it large enough; what is new starts at 0."""
        self.kept.extend([0.0] * (kept_count - len(self.kept)))
        self.row_kept.extend([] for _ in range(row_kept_count - len(self.row_kept)))
        for column in self.row_kept:
            column.extend([0.0] * (row_count - len(column)))

    def copy(self) -> Memory:
        """The same, apart."""
        return Memory(self.kept, self.row_kept)


@dataclass(slots=True)
class Candidate:
    """One row a rule would take."""

    row: int
    value: float
    "What the selection ranked by; smaller is better."
    slot: int = -1
    "Slot of the agent to hold; -1: a place."

    @property
    def agent(self) -> bool:
        """Hold an agent (else a place)."""
        return self.slot >= 0


@dataclass(slots=True)
class Lost:
    """Why one row is not ranked."""

    row: int
    reason: int
    "A number of `reasons`."
    value: float = 0.0
    rule: int = -1


class LostRows(Sequence[Lost]):
    """Why rows are not ranked, as columns by position in the rows that were looked at; each `Lost`
    is made when it is read."""

    __slots__ = ("_found", "_reasons", "_rows", "_rules", "_values")

    def __init__(
        self,
        rows: Sequence[int],
        reasons: Sequence[float],
        values: Sequence[float],
        rules: Sequence[float],
    ) -> None:
        self._rows, self._reasons, self._values, self._rules = rows, reasons, values, rules
        self._found: list[Lost] | None = None

    @property
    def _lost(self) -> list[Lost]:
        if self._found is None:
            told = zip(self._rows, self._reasons, self._values, self._rules, strict=False)
            self._found = [
                Lost(row, int(reason), value if int(reason) in TOLD_WITH_VALUE else 0.0, int(rule))
                for row, reason, value, rule in told
                if reason
            ]
        return self._found

    @overload
    def __getitem__(self, index: int) -> Lost: ...

    @overload
    def __getitem__(self, index: slice) -> list[Lost]: ...

    def __getitem__(self, index: int | slice) -> Lost | list[Lost]:
        return self._lost[index]

    def __iter__(self) -> Iterator[Lost]:
        return iter(self._lost)

    def __len__(self) -> int:
        return len(self._lost)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._lost == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self._lost)


@dataclass(slots=True)
class Verdict:
    """What the policy says about a call."""

    action: str
    "An action of `policy_kinds.Action`; route and redirect have `ranked`."
    rule: str
    "Name of the rule that decided, or `otherwise`."
    rule_index: int
    "-1 for `otherwise`."
    ranked: list[Candidate] = field(default_factory=list)
    "Best first, at most columns.RANKED_MAX."
    lost: Sequence[Lost] = field(default_factory=list)
    "Empty with reasons off."
    tried: list[tuple[str, str]] = field(default_factory=list)
    "(rule, what became of it): decided | not now | asleep | nobody. Empty with reasons off."
    selection: str = ""
    "By what they were ranked, as the policy names it; says what their values mean."
    announcement: str = ""
    retry_after_s: float = 0.0
    reject_reason: str = ""
    broadcast: bool = False
    "The target rings all its ready agents."
    failed: str = ""
    "What went wrong inside the policy, if anything did: `otherwise` was taken. To be alarmed."
    handler: str = ""
    "to_handler: which Handler takes the caller."
