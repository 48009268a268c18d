"""Finds conditions that contradict one another, such as `x > 60 and x < 30`.

Rule of this file: only comparisons of one value with fixed numbers count; what is called a
contradiction never holds for any value, a missing one included.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The numbers that a value must be among for a condition to hold."""

    of: str
    "Source of the value."
    low: float = -inf
    high: float = inf
    low_open: bool = False
    "The low end itself is left out."
    high_open: bool = False

    @property
    def empty(self) -> bool:
        """There is no such number."""
        ends = self.low_open or self.high_open
        return self.low > self.high or (self.low == self.high and ends)


_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}


def span_of_comparison(sign: str, of: str, value: float, *, value_first: bool) -> Span | None:
    """What `of sign value` (or `value sign of`) asks for; None for `!=`."""
    match _TURNED.get(sign) if value_first else sign:
        case "<" | "<=" as found:
            return Span(of=of, high=value, high_open=found == "<")
        case ">" | ">=" as found:
            return Span(of=of, low=value, low_open=found == ">")
        case "==":
            return Span(of=of, low=value, high=value)
    return None


def both(a: Span, b: Span) -> Span:
    """The numbers that are in both spans of one value."""
    low = max(a.low, b.low)
    high = min(a.high, b.high)
    return replace(
        a,
        low=low,
        high=high,
        low_open=any(one.low_open for one in (a, b) if one.low == low),
        high_open=any(one.high_open for one in (a, b) if one.high == high),
    )


def together(spans: Iterable[Span]) -> tuple[Span, ...]:
    """One span for each value, of conditions that must all hold."""
    found: dict[str, Span] = {}
    for span in spans:
        found[span.of] = both(found[span.of], span) if span.of in found else span
    return tuple(found.values())


def contradict(spans: Iterable[Span]) -> bool:
    """Can conditions with these spans never hold together?"""
    return any(span.empty for span in together(spans))
