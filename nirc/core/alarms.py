"""Decides what a person is told, once.

Rule of this file: the same code and place is one alarm, raised once and cleared once, however often
its cause is seen.
"""

from __future__ import annotations

from nirc.core.actions import Action, ClearAlarm, RaiseAlarm
from nirc.core.settings import RouterSettings


class Alarms:
    """The alarms standing, by (code, place)."""

    __slots__ = ("_ends_at_s", "_settings", "_standing")

    def __init__(self, settings: RouterSettings) -> None:
        self._settings = settings
        self._standing: dict[tuple[str, str], str] = {}
        self._ends_at_s: dict[tuple[str, str], float] = {}

    def raise_(self, code: str, place: str, text: str, out: list[Action]) -> None:
        """Tell it unless it stands already. When the table is full the oldest alarm is cleared."""
        if (code, place) in self._standing:
            return
        if len(self._standing) >= self._settings.alarms_max:
            oldest = next(iter(self._standing))
            self.clear(*oldest, out)
        self._standing[(code, place)] = text
        out.append(RaiseAlarm(code=code, place=place, text=text))

    def raise_event(
        self, code: str, place: str, text: str, now_s: float, out: list[Action]
    ) -> None:
        """As `raise_`, for what happened and has no end: it stands `alarm_event_s`."""
        self._ends_at_s[(code, place)] = now_s + self._settings.alarm_event_s
        self.raise_(code, place, text, out)

    def sweep(self, now_s: float, out: list[Action]) -> None:
        """Ends what happened long enough ago."""
        for key in [key for key, at_s in self._ends_at_s.items() if now_s >= at_s]:
            self.clear(*key, out)

    def clear(self, code: str, place: str, out: list[Action]) -> None:
        """Its cause is gone; nothing happens if it does not stand."""
        self._ends_at_s.pop((code, place), None)
        if self._standing.pop((code, place), None) is not None:
            out.append(ClearAlarm(code=code, place=place))

    def standing(self) -> list[tuple[str, str, str]]:
        """(code, place, text), oldest first."""
        return [(code, place, text) for (code, place), text in self._standing.items()]
