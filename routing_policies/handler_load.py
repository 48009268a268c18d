"""Reckons how many callers are at each handler, where nobody can see the end of a call.

Rule of this file: who was sent there is there until their time is over, or until it is known that
they never came; counted by the calls' own ids, so that telling a thing twice changes nothing.
"""

from __future__ import annotations


class HandlerLoad:
    """Calls by handler, and handlers that rest."""

    __slots__ = ("_resting", "_there")

    def __init__(self) -> None:
        self._there: dict[str, dict[str, float]] = {}
        "By handler, then call: until when it counts. Oldest first, for a handler's time is one."
        self._resting: dict[str, float] = {}

    def put(self, handler: str, call: str, until_s: float) -> None:
        """The call counts as being there until then."""
        there = self._there.setdefault(handler, {})
        there.pop(call, None)
        there[call] = until_s

    def drop(self, handler: str, call: str) -> None:
        """The call is not there."""
        self._there.get(handler, {}).pop(call, None)

    def count(self, handler: str, now_s: float) -> int:
        """How many are there."""
        there = self._there.get(handler)
        if not there:
            return 0
        while there:
            oldest = next(iter(there))
            if there[oldest] > now_s:
                break
            del there[oldest]
        return len(there)

    def rest(self, handler: str, until_s: float) -> None:
        """It failed somebody: nobody is sent there before this."""
        self._resting[handler] = until_s

    def resting(self, handler: str, now_s: float) -> bool:
        """Does it rest?"""
        return self._resting.get(handler, now_s) > now_s
