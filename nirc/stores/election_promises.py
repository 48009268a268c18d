"""What one node has promised about an election, and what all have promised to it.

Rule of this file: a promise is kept by boot time, whatever etcd says meanwhile. It is not given
while a campaign is under way or in office, since then it could not be kept.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class ElectionPromises:
    """The promises of one election at one node; instants are CLOCK_BOOTTIME."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._held_until_s = 0.0
        self._is_busy = False
        self.prolonged_until_s = 0.0
        "Stay in office until then though etcd confirms nothing: every node agrees."

    def prolong(self, until_s: float) -> None:
        """Every node lets us lead on without etcd until then."""
        self.prolonged_until_s = max(self.prolonged_until_s, until_s)

    def hold(self, until_s: float) -> bool:
        """Campaign for, and revoke, nothing before `until_s`; False if that can not be promised."""
        if self._is_busy:
            return False
        self._held_until_s = max(self._held_until_s, until_s)
        return True

    @property
    def held_s(self) -> float:
        """Seconds for which nothing may be done; 0 if nothing was promised."""
        return max(0.0, self._held_until_s - self._now_s())

    @property
    def is_held(self) -> bool:
        """May nothing be campaigned for, or revoked, now."""
        return self.held_s > 0

    @contextmanager
    def campaigning(self) -> Iterator[None]:
        """A campaign is under way, or its office is held: no promise is given meanwhile."""
        self._is_busy = True
        try:
            yield
        finally:
            self._is_busy = False
