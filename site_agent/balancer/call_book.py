"""Remembers which member a call was given to, and where its caller is.

Rule of this file: pure, bounded. A call that was not heard of for long is forgotten; of too many
the one that was silent for longest goes first. What comes later in a call that was forgotten is
still passed on by its addresses.
"""

from __future__ import annotations

from collections import OrderedDict

from nrcli.sip.flow import Peer
from site_agent.balancer.settings import BalancerSettings


class BookedCall:
    """One call, by its Call-ID."""

    __slots__ = ("caller", "first_at_s", "heard", "last_at_s", "member")

    def __init__(self, member: str, caller: Peer, now_s: float) -> None:
        self.member = member
        self.caller = caller
        "The flow that its first request came by."
        self.first_at_s = self.last_at_s = now_s
        self.heard = False
        "The member has answered something."


class CallBook:
    """All calls that are remembered."""

    def __init__(self, settings: BalancerSettings) -> None:
        self._settings = settings
        self._calls: OrderedDict[str, BookedCall] = OrderedDict()

    def __len__(self) -> int:
        return len(self._calls)

    def put(self, call_id: str, member: str, caller: Peer, now_s: float) -> BookedCall:
        """A call is given to a member."""
        call = self._calls[call_id] = BookedCall(member, caller, now_s)
        self._calls.move_to_end(call_id)
        while len(self._calls) > self._settings.calls_max:
            self._calls.popitem(last=False)
        return call

    def get(self, call_id: str, now_s: float) -> BookedCall | None:
        """The call, which was heard of just now."""
        self._forget(now_s)
        call = self._calls.get(call_id)
        if call is not None:
            call.last_at_s = now_s
            self._calls.move_to_end(call_id)
        return call

    def of_member(self, member: str) -> int:
        """How many of its calls are remembered."""
        return sum(call.member == member for call in self._calls.values())

    def _forget(self, now_s: float) -> None:
        while self._calls:
            call_id, call = next(iter(self._calls.items()))
            if now_s - call.last_at_s < self._settings.remember_s:
                return
            del self._calls[call_id]
