"""Decides when new calls are shed, from the delay that the shell measures in its inbox.

Rule of this file: a stack whose queue passes T1 (500 ms) collapses under retransmissions, so new
calls get 503 before that; calls that stand are never shed. Two thresholds keep it from flapping.
"""

from __future__ import annotations

from site_agent.sip.settings import SipSettings


class Overload:
    """Whether new calls are shed at the moment."""

    __slots__ = ("_resume_s", "_shed_s", "is_shedding", "shed_count")

    def __init__(self, settings: SipSettings) -> None:
        self._shed_s = settings.shed_delay_s
        self._resume_s = settings.resume_delay_s
        self.is_shedding = False
        self.shed_count = 0

    def measured(self, delay_s: float) -> None:
        """Take the time that the message now handled has waited in the inbox."""
        if delay_s >= self._shed_s:
            self.is_shedding = True
        elif delay_s < self._resume_s:
            self.is_shedding = False

    def sheds_new_call(self) -> bool:
        """Whether to refuse this new call; counts those it refused."""
        if self.is_shedding:
            self.shed_count += 1
        return self.is_shedding
