"""Keeps the alarms that stand now, from the core, from rules and from the shells around them.

Rule of this file: the same code and place is one alarm; each is logged when it is raised and when
it is cleared, and not in between. Whoever listens is told of each change once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from nirc.telemetry.alarm_classes import AlarmClass, class_of
from nrcli.wire.alarm_models import Happened, Severity

log = logging.getLogger(__name__)

ALARMS_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingAlarm:
    """One alarm and since when it stands."""

    code: str
    place: str
    text: str
    since_unix_s: float
    severity: Severity = "major"
    cause: str = ""
    advice: str = ""
    "What to do, where a rule says it; empty: as the runbook."
    rule: str = ""
    "The rule that raised it; empty: the node's own programs."
    network: bool = False
    "The rule is about the whole network, and whoever leads watches it."
    acknowledged_by: str = ""
    acknowledged_at_unix_s: float | None = None
    acknowledged_reason: str = ""


Listener = Callable[[Happened, StandingAlarm], object]


class AlarmBoard:
    """Alarms by code and place. `listen` is set by who keeps their history."""

    def __init__(self, wall_unix_s: Callable[[], float]) -> None:
        self._wall_unix_s = wall_unix_s
        self._standing: dict[tuple[str, str], StandingAlarm] = {}
        self.listen: Listener = lambda happened, alarm: None
        self.class_of: Callable[[str], AlarmClass] = class_of

    def raise_alarm(self, code: str, place: str, text: str) -> None:
        """Say that something is wrong; the same again only renews the text."""
        known = self._standing.get((code, place))
        if known is not None:
            self._standing[code, place] = replace(known, text=text)
            return
        found = self.class_of(code)
        self.put(
            StandingAlarm(
                code=code,
                place=place,
                text=text,
                since_unix_s=self._wall_unix_s(),
                severity=found.severity,
                cause=found.cause,
            )
        )

    def put(self, alarm: StandingAlarm, *, told: bool = True) -> None:
        """An alarm with all that is known of it. Not `told`: it stood before, at another node."""
        fields = {"alarm": alarm.code, "place": alarm.place}
        text = f"alarm {alarm.code} at {alarm.place or 'this node'}: {alarm.text}"
        log.error("%s", text, extra=fields)
        if len(self._standing) >= ALARMS_MAX:
            self.clear(*next(iter(self._standing)))
        self._standing[alarm.code, alarm.place] = alarm
        if told:
            self.listen("raised", alarm)

    def acknowledge(
        self, code: str, place: str, author: str, reason: str, *, told: bool = True
    ) -> StandingAlarm | None:
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
            if told:
                self.listen("acknowledged", known)
        return known

    def clear(self, code: str, place: str) -> None:
        """Its cause is gone."""
        known = self._standing.pop((code, place), None)
        if known is not None:
            fields = {"alarm": code, "place": place}
            log.warning("alarm %s at %s is over", code, place or "this node", extra=fields)
            self.listen("cleared", known)

    def hand_over(self, code: str, place: str) -> None:
        """Another node watches it now: it stands there, and here no more."""
        if self._standing.pop((code, place), None) is not None:
            log.info("alarm %s at %s is the next leader's to watch", code, place or "this node")

    def clear_code(self, code: str) -> None:
        """All alarms of one code are over, wherever they stood."""
        for known in [key for key in self._standing if key[0] == code]:
            self.clear(*known)

    def find(self, code: str, place: str) -> StandingAlarm | None:
        """The alarm of a code at a place, if it stands."""
        return self._standing.get((code, place))

    def standing(self) -> list[StandingAlarm]:
        """What stands, oldest first."""
        return list(self._standing.values())
