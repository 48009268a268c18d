"""Keeps the alarms that stand now, from the core and from the shells around it.

Rule of this file: the same code and place is one alarm; each is logged when it is raised and when
it is cleared, and not in between.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

log = logging.getLogger(__name__)

ALARMS_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingAlarm:
    """One alarm and since when it stands."""

    code: str
    place: str
    text: str
    since_unix_s: float
    acknowledged_by: str = ""
    acknowledged_at_unix_s: float | None = None
    acknowledged_reason: str = ""


class AlarmBoard:
    """Alarms by code and place."""

    def __init__(self, wall_unix_s: Callable[[], float]) -> None:
        self._wall_unix_s = wall_unix_s
        self._standing: dict[tuple[str, str], StandingAlarm] = {}

    def raise_alarm(self, code: str, place: str, text: str) -> None:
        """Say that something is wrong; the same again only renews the text."""
        known = self._standing.get((code, place))
        if known is None:
            told = f"alarm {code} at {place or 'this node'}: {text}"
            log.error("%s", told, extra={"alarm": code, "place": place})
            if len(self._standing) >= ALARMS_MAX:
                self._standing.pop(next(iter(self._standing)))
            self._standing[code, place] = StandingAlarm(
                code=code, place=place, text=text, since_unix_s=self._wall_unix_s()
            )
        else:
            self._standing[code, place] = replace(known, text=text)

    def acknowledge(self, code: str, place: str, author: str, reason: str) -> StandingAlarm | None:
        """Somebody cares for it; it stands on until its cause is gone. None where it does not
        stand."""
        known = self._standing.get((code, place))
        if known is not None:
            known = self._standing[code, place] = replace(
                known,
                acknowledged_by=author,
                acknowledged_at_unix_s=self._wall_unix_s(),
                acknowledged_reason=reason,
            )
        return known

    def clear(self, code: str, place: str) -> None:
        """Its cause is gone."""
        if self._standing.pop((code, place), None) is not None:
            fields = {"alarm": code, "place": place}
            log.warning("alarm %s at %s is over", code, place or "this node", extra=fields)

    def clear_code(self, code: str) -> None:
        """All alarms of one code are over, wherever they stood."""
        for known in [key for key in self._standing if key[0] == code]:
            self.clear(*known)

    def standing(self) -> list[StandingAlarm]:
        """What stands, oldest first."""
        return list(self._standing.values())
