"""Arrivals that their origins have not noted yet: told again and again until they have.

Rule of this file: in growing steps, by any live node, and up to a limit.
"""

from __future__ import annotations

from nrcli.wire.messages import CallArrived
from site_agent.core.calls import Mark
from site_agent.core.hold import Hold
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox
from site_agent.core.settings import SiteSettings

ARRIVED_TIMER = "arrived:"


class _Unsettled:
    """One arrival that the origin has not acknowledged yet."""

    __slots__ = ("began_at_s", "hold", "message", "tries")

    def __init__(self, hold: Hold, message: CallArrived, began_at_s: float) -> None:
        self.hold = hold
        self.message = message
        self.began_at_s = began_at_s
        self.tries = 0


class UnsettledArrivals:
    """Arrivals by token."""

    __slots__ = ("_by_token", "_leaders", "_mark", "_out", "_settings", "_site")

    def __init__(
        self, site: str, settings: SiteSettings, leaders: Leaders, out: Outbox, mark: Mark
    ) -> None:
        self._site = site
        self._settings = settings
        self._leaders = leaders
        self._out = out
        self._mark = mark
        self._by_token: dict[str, _Unsettled] = {}

    def __len__(self) -> int:
        return len(self._by_token)

    def tell(self, hold: Hold, now_s: float) -> None:
        """The call of this hold has arrived: its origin may end its leg."""
        message = CallArrived(
            token=hold.token, from_site=self._site, to_site=hold.message.origin_site
        )
        self._by_token[hold.token] = _Unsettled(hold, message, now_s)
        hold.unsettled = True
        self._mark("reservation", hold.token)
        self._send(hold.token, now_s)

    def say(self, hold: Hold) -> None:
        """Tell the origin once, if a node is there to carry it: its own INVITE has told it too."""
        message = CallArrived(
            token=hold.token, from_site=self._site, to_site=hold.message.origin_site
        )
        self._out.send(self._leaders.relay(), message)

    def settled(self, token: str) -> None:
        """The origin noted the arrival."""
        unsettled = self._by_token.pop(token, None)
        if unsettled is not None:
            unsettled.hold.unsettled = False
            self._mark("reservation", token)
            self._out.stop(ARRIVED_TIMER + token)

    def due(self, token: str, now_s: float) -> None:
        """The origin has not acknowledged an arrival: say it again, up to a limit."""
        unsettled = self._by_token.get(token)
        if unsettled is None:
            return
        if now_s - unsettled.began_at_s >= self._settings.arrived_give_up_s:
            self.settled(token)
            self._out.count("arrivals_unsettled")
            return
        self._send(token, now_s)

    def _send(self, token: str, now_s: float) -> None:
        unsettled = self._by_token[token]
        self._out.send(self._leaders.relay(unsettled.tries), unsettled.message)
        step_s = self._settings.arrived_first_s * 2 ** min(unsettled.tries, 10)
        unsettled.tries += 1
        self._out.start(ARRIVED_TIMER + token, now_s + min(step_s, self._settings.arrived_s_max))
