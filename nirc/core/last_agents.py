"""Remembers which agent served a caller last.

Rule of this file: fed by call records alone, bounded in number and time; nobody is told who cannot
vouch for the caller's number. A node knows the calls whose records it was told, and those go to the
leader: a new leader learns anew, and its callers are routed as new ones meanwhile.
"""

from __future__ import annotations

from nirc.core.settings import RouterSettings
from nrcli.wire.messages import CallLegRecord


class LastAgents:
    """`site/agent` by the caller's number, the latest call last."""

    __slots__ = ("_known", "_settings")

    def __init__(self, settings: RouterSettings) -> None:
        self._settings = settings
        self._known: dict[str, tuple[str, float]] = {}

    def ended(self, record: CallLegRecord, now_s: float) -> None:
        """A call ended; it counts if an agent talked to somebody who showed a number."""
        if record.leg == "agent":
            return
        if not record.ani or not record.agent or record.talked_s <= 0:
            return
        self._known.pop(record.ani, None)
        self._known[record.ani] = (f"{record.site}/{record.agent}", now_s)
        if len(self._known) > self._settings.last_agents_max:
            del self._known[next(iter(self._known))]

    def of(self, ani: str, *, verified: bool, now_s: float) -> str:
        """Who served this caller last, or empty; nobody for a number that is not vouched for."""
        if not verified or not ani:
            return ""
        agent, at_s = self._known.get(ani, ("", 0.0))
        return agent if now_s - at_s < self._settings.last_agent_s else ""

    def __len__(self) -> int:
        return len(self._known)
