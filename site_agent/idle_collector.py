"""Looks for objects that refer to one another and nobody else refers to, in moments of rest.

Rule of this file: a busy agent is never stopped for it. Calls let go of everything by themselves;
this is for the rest, which the interpreter by itself looks for far too rarely in a process whose
thresholds are set high.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable

LOOK_EVERY_S = 2.0
RESTING_INPUTS_MAX = 20
"Inputs in one look's time with which the agent still counts as resting: links are never silent."
LOOKS_APART = 15
"Looks between two collections."


class IdleCollector:
    """`taken_count` is the number of inputs taken so far; `collect` does the work."""

    def __init__(
        self, taken_count: Callable[[], int], collect: Callable[[], object] = gc.collect
    ) -> None:
        self._taken_count = taken_count
        self._collect = collect
        self._seen_count = taken_count()
        self._looks_left = LOOKS_APART

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            self.look()

    def look(self) -> bool:
        """One look: collect if the last collection is long ago and the agent rests."""
        count = self._taken_count()
        resting = count - self._seen_count <= RESTING_INPUTS_MAX
        self._seen_count = count
        self._looks_left -= 1
        if self._looks_left > 0 or not resting:
            return False
        self._looks_left = LOOKS_APART
        self._collect()
        return True
