"""Counts how moves from one site to another ended, for alarms and figures.

Rule of this file: counts that only grow, bounded in pairs and codes. Callers who hung up and calls
that an own agent took meanwhile say nothing about the way between two sites.
"""

from __future__ import annotations

from dataclasses import dataclass

from nrcli.wire.messages import MoveOutcome

NEITHER = frozenset({MoveOutcome.CALLER_GONE, MoveOutcome.SERVED_AT_HOME})
REQUEST_PENDING = 491
"An agent at home was just answering (RFC 3261 section 14.1): nothing was sent to the other site."
PAIRS_MAX = 10_000
CODES_MAX = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCount:
    """Moves from one site to another."""

    origin: str
    target: str
    ended_count: int
    failed_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCount:
    """Failed moves from one site to another with one SIP status; 0: there was none."""

    origin: str
    target: str
    sip_status: int
    count: int


class PairOutcomes:
    """Moves by pair of sites since this node started; what is beyond the bounds is not counted."""

    __slots__ = ("_codes", "_pairs")

    def __init__(self) -> None:
        self._pairs: dict[tuple[str, str], list[int]] = {}
        self._codes: dict[tuple[str, str, int], int] = {}

    def ended(self, origin: str, target: str, outcome: MoveOutcome, sip_status: int) -> None:
        """A move ended."""
        if outcome in NEITHER or sip_status == REQUEST_PENDING:
            return
        failed = outcome is not MoveOutcome.ARRIVED
        pair = self._pairs.get((origin, target))
        if pair is None:
            if len(self._pairs) >= PAIRS_MAX:
                return
            pair = self._pairs[origin, target] = [0, 0]
        pair[0] += 1
        pair[1] += failed
        code = (origin, target, sip_status)
        if failed and (code in self._codes or len(self._codes) < CODES_MAX):
            self._codes[code] = self._codes.get(code, 0) + 1

    def pairs(self) -> tuple[PairCount, ...]:
        """By pair."""
        return tuple(
            PairCount(origin=origin, target=target, ended_count=ended, failed_count=failed)
            for (origin, target), (ended, failed) in self._pairs.items()
        )

    def codes(self) -> tuple[CodeCount, ...]:
        """Failures by pair and SIP status."""
        return tuple(
            CodeCount(origin=origin, target=target, sip_status=status, count=count)
            for (origin, target, status), count in self._codes.items()
        )
