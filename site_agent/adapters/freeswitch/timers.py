"""Named timers of the adapter, as data.

Rule of this file: a name has one time at most; what is due is handed out once, oldest first.
"""

from __future__ import annotations

from collections.abc import Callable

Due = Callable[[], None]


class Timers:
    """What is to be done when."""

    def __init__(self) -> None:
        self._due: dict[str, tuple[float, Due]] = {}

    def start(self, name: str, at_s: float, due: Due) -> None:
        """Do it at `at_s`; one of this name that ran is replaced."""
        self._due[name] = (at_s, due)

    def stop(self, name: str) -> None:
        """Not any more; unknown names are fine."""
        self._due.pop(name, None)

    def runs(self, name: str) -> bool:
        """Is it started?"""
        return name in self._due

    def next_s(self) -> float | None:
        """When the next one is due."""
        return min((at_s for at_s, _ in self._due.values()), default=None)

    def fire(self, now_s: float) -> None:
        """Do all that is due."""
        ready = sorted(
            (at_s, number, name)
            for number, (name, (at_s, _)) in enumerate(self._due.items())
            if at_s <= now_s
        )
        for _, _, name in ready:
            found = self._due.get(name)
            if found is not None and found[0] <= now_s:
                del self._due[name]
                found[1]()
