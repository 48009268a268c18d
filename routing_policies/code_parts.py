"""What a rule says once it is checked: names are numbers, expressions checked, memory given out.

Rule of this file: data only, between the checks of `code_checks` and the code written from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from routing_policies.expressions import Checked
from routing_policies.model import Feature
from routing_policies.vocabulary import Names


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionParts:
    """One selection with its parameters."""

    by: str
    measure: str = ""
    "Empty: the selection's first."
    sites: tuple[float, ...] = ()
    shares: tuple[tuple[float, float], ...] = ()
    weight: Checked | None = None
    site: float = 0.0
    threshold_s: float | None = None
    kept: int = -1
    "Its number in Memory.kept, if it has one."
    row_kept: int = -1
    "Its column in Memory.row_kept, if it has one."


@dataclass(frozen=True, slots=True, kw_only=True)
class HysteresisParts:
    """Two thresholds."""

    value: Checked
    on_above: float
    off_below: float
    row_kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanParts:
    """Limits of lending; None: no limit."""

    max_loan: float | None = None
    min_reserve: float | None = None
    service_level_min: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleParts:
    """One rule. What changes with waiting is a row of (from how many seconds on, what), the first
    from 0; the last that applies holds."""

    index: int
    action: str
    when: Checked | None = None
    hysteresis: HysteresisParts | None = None
    candidates: tuple[tuple[float, Checked | None], ...] = ((0.0, None),)
    min_level: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
    min_gain_s: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
    adjust: Checked | None = None
    selections: tuple[SelectionParts, ...] = ()
    "One; or two: while agents wait, while calls wait."
    loan: LoanParts = LoanParts()
    target: tuple[float, float] | None = None
    "redirect: name_id of site and queue."
    handler: Feature | None = None
    "to_handler: 1 where the handler can take this call."


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyParts:
    """All of a policy that its code is written from, and what was met on the way."""

    rules: tuple[RuleParts, ...]
    features: tuple[Feature, ...]
    reads: tuple[str, ...]
    names: tuple[tuple[str, Names, str], ...]
    lists: tuple[tuple[str, str], ...]
    calendars: tuple[tuple[str, str], ...]
    announcements: tuple[tuple[str, str], ...]
    kept_count: int
    row_kept_count: int
