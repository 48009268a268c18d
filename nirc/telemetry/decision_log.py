"""Keeps the last decisions of this node, so that a person can be told why a call went where it did.

Rule of this file: bounded memory, newest kept; it never looks into attached data.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nirc.core.actions import DecisionRecord

DECISIONS_MAX = 10_000
PREFIX_MIN = 6
"Shorter beginnings of ids mean nobody."


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedDecision:
    """A decision and the wall time at which it was made."""

    at_unix_s: float
    record: DecisionRecord

    def is_about(self, call: str) -> bool:
        """Whether `call` names this decision, its request or its interaction, whole or by the
        beginning of its id."""
        record = self.record
        return names_one_of(call, (record.interaction_id, record.request_id, record.decision_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeDecision:
    """A decision and the node that made it: what is recorded for all nodes to read."""

    node: str
    logged: LoggedDecision
    incarnation: int = 0
    "Start of the node: seconds since 1970."
    number: int = 0
    "Of the decision, from 1 within it: one that is missing was lost."


def names_one_of(call: str, ids: Iterable[str]) -> bool:
    """Is `call` one of `ids`, or the beginning of one, long enough to mean it?"""
    if len(call) < PREFIX_MIN:
        return call in ids
    return any(one.startswith(call) for one in ids)


class DecisionLog:
    """A ring of decisions, found by interaction, request or decision id."""

    def __init__(self, decisions_max: int = DECISIONS_MAX) -> None:
        self._ring: deque[LoggedDecision] = deque(maxlen=decisions_max)
        self.added_count = 0
        "Decisions since the start, kept or not."

    def add(self, record: DecisionRecord, at_unix_s: float) -> LoggedDecision:
        """Keep one decision; the oldest goes when there is no room."""
        self.added_count += 1
        self._ring.append(LoggedDecision(at_unix_s=at_unix_s, record=record))
        return self._ring[-1]

    def find(
        self,
        call: str,
        limit: int,
        keep: Callable[[DecisionRecord], bool] = lambda _record: True,
        before: str = "",
    ) -> list[LoggedDecision]:
        """The newest decisions about `call` (all calls when empty) that `keep` takes, oldest
        first; with a decision's id as `before` only those made before it."""
        found: list[LoggedDecision] = []
        skipping = bool(before)
        for logged in reversed(self._ring):
            if skipping:
                skipping = logged.record.decision_id != before
            elif (not call or logged.is_about(call)) and keep(logged.record):
                found.append(logged)
                if len(found) == limit:
                    break
        return found[::-1]
