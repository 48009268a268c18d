"""Finds agents who are reserved for nobody, and frees them.

Rule of this file: an agent whom the telephone system shows as reserved, and for whom no hold is
pending or live, is freed after `stuck_claim_s`, alarmed and counted; who is reserved by a hold is
left to its own timers.
"""

from __future__ import annotations

from nrcli.wire.messages import AgentState
from site_agent.adapters.base import ReleaseHold
from site_agent.core.hold import HoldState
from site_agent.core.hold_book import HoldBook
from site_agent.core.outbox import Outbox
from site_agent.core.settings import SiteSettings
from site_agent.core.site_model import SiteModel

ALARM = "stuck_claim"
HELD = (HoldState.PENDING, HoldState.LIVE)


class StuckClaims:
    """Since when who is reserved for nobody."""

    __slots__ = ("_book", "_model", "_out", "_settings", "_since_s")

    def __init__(
        self, settings: SiteSettings, model: SiteModel, book: HoldBook, out: Outbox
    ) -> None:
        self._settings = settings
        self._model = model
        self._book = book
        self._out = out
        self._since_s: dict[str, float] = {}

    def look(self, now_s: float) -> None:
        """Once a second: who is reserved, and for whom?"""
        reserved = {
            name for name, agent in self._model.agents.items() if agent.state is AgentState.RESERVED
        }
        if not (reserved or self._since_s):
            return
        held = {hold.message.agent for hold in self._book.by_hold_id.values() if hold.state in HELD}
        for name in self._since_s.keys() - (reserved - held):
            del self._since_s[name]
            self._out.clear(ALARM, name)
        for name in sorted(reserved - held):
            since_s = self._since_s.setdefault(name, now_s)
            if now_s - since_s >= self._settings.stuck_claim_s:
                self._free(name, now_s)

    def _free(self, name: str, now_s: float) -> None:
        self._since_s[name] = now_s
        self._out.count("stuck_claims_freed")
        self._out.write("claim_freed", agent=name)
        text = (
            f"{name} was reserved for no call for {self._settings.stuck_claim_s:g} s and is freed;"
            " if it comes again, report it with this site's history"
        )
        self._out.alarm(ALARM, name, text)
        self._out.do(ReleaseHold(hold_id="", agent=name))
