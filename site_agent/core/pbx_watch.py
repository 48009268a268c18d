"""Decides when people are told that the site's own telephone system is out of reach, or that the
site's file and it do not use the same names.

Rule of this file: it tells, here and to the nodes, and changes nothing about calls. A moment away
is nobody's business; longer than `pbx_away_s` is an alarm, which its first good word ends.
"""

from __future__ import annotations

from nrcli.wire.messages import SiteAlarm
from site_agent.adapters.acd_events import PbxName, PbxNames, PbxSeen
from site_agent.core.outbox import Outbox
from site_agent.core.settings import SiteSettings
from site_agent.core.standing import Standing
from site_agent.core.view import PbxView

LOST = "pbx_unreached"
SILENT = "cti_silent"
UNKNOWN = "pbx_unknown_name"
CODES = {False: LOST, True: SILENT}
"By whether it is a CTI, which speaks first, or a PBX, which the site agent calls."


class PbxWatch:
    """The line to one PBX, or the voice of one CTI."""

    __slots__ = ("_away", "_away_s", "_names", "_out", "_seen", "_since_s", "_standing")

    def __init__(self, settings: SiteSettings, out: Outbox, standing: Standing) -> None:
        self._away_s = settings.pbx_away_s
        self._out = out
        self._standing = standing
        self._seen: PbxSeen | None = None
        self._since_s = 0.0
        self._away: tuple[SiteAlarm, ...] = ()
        self._names: tuple[PbxName, ...] = ()

    def seen(self, event: PbxSeen, now_s: float) -> None:
        """It is reached, or is not; told again when the reason is another."""
        if self._seen is None or self._seen.reached != event.reached:
            self._since_s = now_s
        self._seen = event
        self.look(now_s)

    def look(self, now_s: float) -> None:
        """Each second: has it been away for too long?"""
        seen = self._seen
        if seen is None:
            return
        code = CODES[seen.is_cti]
        if seen.reached:
            self._out.clear(code, seen.pbx)
            self._away = ()
            self._stand()
        elif now_s - self._since_s >= self._away_s:
            text = f"{seen.pbx}: {seen.problem}"
            self._out.alarm(code, seen.pbx, text)
            self._away = (SiteAlarm(code=code, text=text),)
            self._stand()

    def named(self, event: PbxNames, now_s: float) -> None:
        """Names that do not fit: an alarm each, which ends when they do."""
        for one in self._names:
            if one not in event.wrong:
                self._out.clear(UNKNOWN, one.name)
        self._names = event.wrong
        for one in event.wrong:
            self._out.alarm(UNKNOWN, one.name, one.problem)
        self._stand()

    def _stand(self) -> None:
        text = "; ".join(one.problem for one in self._names)
        named = (SiteAlarm(code=UNKNOWN, text=text),) if text else ()
        self._standing.alarms = (*self._away, *named)

    def view(self, now_s: float) -> PbxView | None:
        """For the status page; None: the telephone system is part of this program."""
        seen = self._seen
        if seen is None:
            return None
        return PbxView(
            pbx=seen.pbx,
            reached=seen.reached,
            for_s=now_s - self._since_s,
            problem=seen.problem,
            wrong_names=tuple(one.problem for one in self._names),
        )
