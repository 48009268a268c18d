"""Writes down each decision so that it can be explained later, and keeps the last ones to look at.

Rule of this file: a record is complete on its own, and is made once, when the decision has ended.
"""

from __future__ import annotations

from collections import deque

from nirc.core.actions import DecisionRecord
from nirc.core.settings import RouterSettings


class DecisionLog:
    """The last decisions, newest last."""

    __slots__ = ("_recent",)

    def __init__(self, settings: RouterSettings) -> None:
        self._recent: deque[DecisionRecord] = deque(maxlen=settings.decisions_shown_max)

    def add(self, record: DecisionRecord) -> None:
        """Keeps it; the oldest falls out."""
        self._recent.append(record)

    def recent(self) -> tuple[DecisionRecord, ...]:
        """Oldest first."""
        return tuple(self._recent)
