"""What limits a queue besides the figures that its ACD tells: lending, calendar, guard, shift.

Rule of this file: data only. `rules_in_force`, `opening`, `donor_guard` and `shifted_calls`
write it; reports, lending and asking read it.
"""

from __future__ import annotations

from collections.abc import Callable

from site_agent.core.settings import QueueRules


class QueueLimits:
    """Limits of all queues, by name."""

    __slots__ = ("closed", "guarded", "refusing", "rules", "shifted")

    def __init__(self, rules: Callable[[str], QueueRules]) -> None:
        self.rules = rules
        "What may be lent of a queue, by settings and OverflowRules."
        self.closed: set[str] = set()
        "Closed by their calendars now."
        self.shifted: set[str] = set()
        "A share of their callers is to be served elsewhere, though own agents are ready."
        self.refusing: set[str] = set()
        "Would not serve a new caller before closing time, and say so."
        self.guarded: dict[str, str] = {}
        "Their own service level is under its floor: no new loans. The text says so with figures."
