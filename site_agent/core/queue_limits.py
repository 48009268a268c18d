"""What limits a queue besides the figures that its ACD tells: lending, calendar, donor guard.

Rule of this file: data only. `rules_in_force`, `opening` and `donor_guard` write it; reports and
lending read it.
"""

from __future__ import annotations

from collections.abc import Callable

from site_agent.core.settings import QueueRules


class QueueLimits:
    """Limits of all queues, by name."""

    __slots__ = ("closed", "guarded", "refusing", "rules")

    def __init__(self, rules: Callable[[str], QueueRules]) -> None:
        self.rules = rules
        "What may be lent of a queue, by settings and OverflowRules."
        self.closed: set[str] = set()
        "Closed by their calendars now."
        self.refusing: set[str] = set()
        "Would not serve a new caller before closing time, and say so."
        self.guarded: dict[str, str] = {}
        "Their own service level is under its floor: no new loans. The text says so with figures."
