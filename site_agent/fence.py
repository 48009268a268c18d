"""Whether this process may still act for its site: looked at before everything that others see.

Rule of this file: once it may not, it may never again; what comes after is another life with
another fence. A site agent without a pair always may.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from site_agent.clock import boottime_s


class Fence:
    """The right to act until a deadline of our own clock."""

    __slots__ = ("_is_over", "_now", "number", "until_s")

    def __init__(
        self, number: int = 0, until_s: float = inf, now: Callable[[], float] = boottime_s
    ) -> None:
        self.number = number
        "Of the lease; 0: there is no pair."
        self.until_s = until_s
        self._now = now
        self._is_over = False

    def holds(self) -> bool:
        """May this process still act?"""
        if self._is_over or (self.until_s != inf and self._now() >= self.until_s):
            self._is_over = True
            return False
        return True

    def prolong(self, until_s: float) -> None:
        """The lease was renewed in time."""
        self.until_s = until_s

    def drop(self) -> None:
        """It is over, whatever the deadline."""
        self._is_over = True
