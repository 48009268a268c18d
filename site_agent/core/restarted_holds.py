"""Takes up what was held for calls of other sites before a restart, and tokens that are dead.

Rule of this file: a token is as dead as it was; a live one goes on until it expires. A caller whose
INVITE ended with the process is told to the origin as `never`: the origin still has them.
"""

from __future__ import annotations

from nrcli.wire.messages import CancelVerdict
from site_agent.adapters.base import CallResumed
from site_agent.core.arrivals import Arrivals
from site_agent.core.calls import CallBook
from site_agent.core.hold import Hold, HoldState
from site_agent.core.settings import SiteSettings
from site_agent.core.target_holds import TargetHolds
from site_agent.core.tombstones import Tombstones


class RestartedHolds:
    """Holds and tombstones of before a restart."""

    __slots__ = (
        "_arrivals",
        "_calls",
        "_holds",
        "_settings",
        "_tombstones",
        "_untold",
    )

    def __init__(
        self,
        *,
        settings: SiteSettings,
        holds: TargetHolds,
        arrivals: Arrivals,
        calls: CallBook,
        tombstones: Tombstones,
    ) -> None:
        self._settings = settings
        self._holds = holds
        self._arrivals = arrivals
        self._calls = calls
        self._tombstones = tombstones
        self._untold: dict[str, tuple[str, float]] = {}
        "Token of a caller who was cut off before the answer: origin, and until when it is told."

    def bury(self, token: str, now_s: float) -> None:
        """A token that was cancelled unknown stays so."""
        self._tombstones.bury(token, now_s)
        self._holds.forget_later(now_s)

    def take_up(self, hold: Hold, resumed: CallResumed | None, now_s: float, *, sure: bool) -> None:
        """One hold, and the call that came with its token if it stands again: it is in the call
        book by now."""
        self._holds.restore(hold, now_s, sure=sure)
        if hold.state is not HoldState.TAKEN:
            return
        if not hold.over and self._calls.get(hold.call_id) is None:
            self._holds.call_over(hold, now_s)
            if not hold.arrived:
                until_s = now_s + self._settings.tombstone_s
                self._untold[hold.token] = (hold.message.origin_site, until_s)
                return
        elif not hold.over and not hold.arrived and resumed is not None and resumed.acknowledged:
            self._arrivals.acknowledged(hold.call_id, now_s)
            return
        if hold.unsettled:
            self._arrivals.unsettled.tell(hold, now_s)

    def linked(self, node: str, now_s: float) -> None:
        """A node can carry messages: origins learn which callers did not make it."""
        for token, (origin, until_s) in list(self._untold.items()):
            if until_s <= now_s:
                del self._untold[token]
            else:
                self._holds.answer_cancel(node, token, origin, CancelVerdict.NEVER)
