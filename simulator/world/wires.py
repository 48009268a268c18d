"""One ordered stream between two ends, which may be cut and mended.

Rule of this file: no message overtakes another; a cut stream swallows all, then both ends hear of
its end, and it is made anew when it can be.
"""

from __future__ import annotations

from typing import Any

from simulator.world.dice import Dice
from simulator.world.timeline import Timeline

JITTER_SHARE = 0.5
"Mean of what a message takes beyond the link's delay, as a share of it."


class Wire:
    """A stream between `a` and `b`."""

    def __init__(
        self, timeline: Timeline, dice: Dice, ends: tuple[str, str], delay_us: int
    ) -> None:
        self.ends = ends
        self.up = False
        self.cuts = 0
        "How many faults cut it now."
        self.life = 0
        self._timeline = timeline
        self._dice = dice
        self._delay_us = max(delay_us, 1)
        self._last_us: dict[str, int] = {}

    def send(self, to: str, kind: int, act: Any, what: Any) -> None:
        """Let `act(what)` happen at the other end."""
        if not self.up:
            return
        more_us = self._dice.exponential(self._delay_us * JITTER_SHARE, "delay", *self.ends)
        at_us = self._timeline.now_us + self._delay_us + int(more_us)
        at_us = max(at_us, self._last_us.get(to, 0))
        self._last_us[to] = at_us
        self._timeline.at(at_us, kind, self._arrive, (self.life, act, what))

    def _arrive(self, what: tuple[int, Any, Any]) -> None:
        life, act, inner = what
        if self.life == life and self.up and not self.cuts:
            act(inner)
