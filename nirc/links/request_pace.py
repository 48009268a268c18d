"""Decides whether one more request of an address is answered now.

Rule of this file: pure; a bucket of requests for each address, filled at a steady rate, and so many
addresses. Whoever guesses tokens is slowed as everybody is, before a token is looked at.
"""

from collections import OrderedDict

ADDRESSES_MAX = 10_000
"Those that were quiet longest are forgotten, and begin with a full bucket."


class RequestPace:
    """`per_s` in the long run, `burst` at once."""

    def __init__(self, *, per_s: float, burst: float) -> None:
        self._per_s = per_s
        self._burst = burst
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        "By address: requests left, and when that was so."

    def take(self, address: str, now_s: float) -> bool:
        """Whether this request may be answered; if so it is counted."""
        left, at_s = self._left.pop(address, (self._burst, now_s))
        left = min(self._burst, left + (now_s - at_s) * self._per_s)
        may = left >= 1.0
        self._left[address] = (left - 1.0 if may else left, now_s)
        if len(self._left) > ADDRESSES_MAX:
            self._left.popitem(last=False)
        return may
