"""How an agent's time since signing in was spent.

Rule of this file: only finished periods count; the present one runs on by itself and is nobody's
change. Signing in starts anew.
"""

from __future__ import annotations

from nrcli.wire.messages import AgentState

OCCUPIED = frozenset({AgentState.RESERVED, AgentState.BUSY, AgentState.WORKING_AFTER_CALL})


class AgentTimes:
    """Time ready and at work, and calls answered, since signing in."""

    __slots__ = ("calls_count", "occupied_s", "ready_periods_count", "ready_s")

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self.ready_s = 0.0
        self.ready_periods_count = 0
        self.occupied_s = 0.0
        self.calls_count = 0

    def moved(self, old: AgentState, new: AgentState, lasted_s: float) -> None:
        """The state `old` ended after `lasted_s`, and `new` began."""
        if new is AgentState.NULL or old is AgentState.NULL:
            self._start()
        elif old is AgentState.READY:
            self.ready_s += lasted_s
            self.ready_periods_count += 1
        elif old in OCCUPIED:
            self.occupied_s += lasted_s

    def took_call(self) -> None:
        """The agent began to talk with a caller."""
        self.calls_count += 1
