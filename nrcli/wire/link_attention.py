"""Decides how long a program had no time for its links, so that nobody is called silent unheard.

Rule of this file: pure. A program that wakes late was held up: by its machine, by its own work, or
by hundreds of links that come back at once. What was said meanwhile lies unread, so this time is no
silence of the other end. Otherwise both ends of a busy network end links that are well, and every
new link costs more than the one that was ended. All links of a program share one of these.
"""

from __future__ import annotations

LATE_S = 0.05
"Woken less late than this, a program was not held up."
HELD_UP_S_MAX = 20.0
"No more than this is taken off one silence."


class Attention:
    """The time during which a program was held up: the union of all that its links found."""

    __slots__ = ("_until_s", "held_up_s")

    def __init__(self) -> None:
        self.held_up_s = 0.0
        "Ever; only differences mean something."
        self._until_s = 0.0

    def woke(self, due_at_s: float, now_s: float) -> None:
        """Something that was to wake at `due_at_s` does so now."""
        if now_s - due_at_s < LATE_S:
            return
        if now_s > self._until_s:
            self.held_up_s += now_s - max(due_at_s, self._until_s)
            self._until_s = now_s

    def since(self, held_up_s: float) -> float:
        """Seconds held up since the total was `held_up_s`, as far as they count."""
        return min(self.held_up_s - held_up_s, HELD_UP_S_MAX)
