"""Answers that a CTI owes: until when each is waited for, and what happens without it.

Rule of this file: pure; a wait ends once, by `stop` or by its time.
"""

from __future__ import annotations

from collections.abc import Callable

from site_agent.adapters.acd_events import AcdEvent

Key = tuple[str, str]
"What is waited for, and of which hold or call."
Then = Callable[[float], list[AcdEvent]]


class Waits:
    """Every answer that is owed."""

    def __init__(self) -> None:
        self._waits: dict[Key, tuple[float, Then]] = {}

    def __len__(self) -> int:
        return len(self._waits)

    def start(self, key: Key, at_s: float, then: Then) -> None:
        """Without `stop(key)` before `at_s`, do `then`."""
        self._waits[key] = (at_s, then)

    def stop(self, *keys: Key) -> bool:
        """The answers came, or are not wanted any more. Was one of them owed?"""
        owed = [self._waits.pop(key, None) for key in keys]
        return any(owed)

    def next_s(self) -> float | None:
        """When `due` is needed next."""
        return min((at_s for at_s, _ in self._waits.values()), default=None)

    def due(self, now_s: float) -> list[AcdEvent]:
        """What follows from the answers that did not come."""
        late = [key for key, (at_s, _) in self._waits.items() if at_s <= now_s]
        events: list[AcdEvent] = []
        for key in late:
            found = self._waits.pop(key, None)
            if found is not None:
                events += found[1](now_s)
        return events
