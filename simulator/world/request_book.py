"""Which question was asked about whom, and what is held for it: counts and times for the outcomes.

Rule of this file: a question repeated to another node is the same; what is held counts until the
call ends.
"""

from __future__ import annotations

from simulator.model.instants import NEVER_US
from simulator.world.acd_state import Hold
from simulator.world.timeline import Timeline
from simulator.world.tries import Try


class RequestBook:
    """Route requests by id."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._asked: dict[str, tuple[Try, int]] = {}

    def __len__(self) -> int:
        return len(self._asked)

    def get(self, request_id: str) -> tuple[Try, int] | None:
        """Whose request it is, and when it was made (NEVER_US: by the leader itself, for a call of
        the network queue); nothing once the try is over."""
        return self._asked.get(request_id)

    def offered(self, request_id: str, try_: Try | None) -> None:
        """A target is asked; where no site has asked, the leader does for the network queue."""
        if try_ is not None and request_id not in self._asked:
            self._asked[request_id] = (try_, NEVER_US)
            try_.requests.append(request_id)

    def asked(self, request_id: str, try_: Try) -> None:
        """A site asks NIRC about a call; a repeated question is the same."""
        if request_id not in self._asked and not try_.outcome:
            self._asked[request_id] = (try_, self._timeline.now_us)
            try_.requests.append(request_id)
            try_.asked += 1

    def refused_by(self, request_id: str) -> None:
        """A target refused to hold anything."""
        found = self._asked.get(request_id)
        if found is not None:
            found[0].refused += 1

    def held(self, hold: Hold) -> None:
        """An agent is held for a call."""
        found = self._asked.get(hold.request_id)
        if found is not None:
            found[0].holds[hold.hold_id] = hold.since_us

    def hold_over(self, hold: Hold) -> None:
        """An agent is held no more."""
        found = self._asked.get(hold.request_id)
        since_us = found[0].holds.pop(hold.hold_id, None) if found else None
        if found is not None and since_us is not None:
            found[0].held_us += self._timeline.now_us - since_us

    def forget(self, try_: Try) -> None:
        """The try is over: what is held for it counts until now."""
        for since_us in try_.holds.values():
            try_.held_us += self._timeline.now_us - since_us
        try_.holds.clear()
        for request_id in try_.requests:
            del self._asked[request_id]
