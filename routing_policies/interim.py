"""What the first, simple form of policies reads and returns; gone when compiled ones take over.

Rule of this file: data only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from routing_policies.model import QueueColumns


@dataclass(slots=True)
class Call:
    """The call that a decision is about."""

    origin_row: int
    "Row of the caller's own queue; 0 when it is not known."
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
