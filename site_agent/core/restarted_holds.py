"""Takes up what was held for calls of other sites before a restart, and tokens that are dead.

Rule of this file: a token is as dead as it was; a live one goes on until it expires. A caller whose
INVITE ended with the process is told to the origin as `never`: the origin still has them.
"""

from __future__ import annotations

from typing import Any

from nrcli.wire.messages import CancelVerdict
from site_agent.adapters.base import CallResumed
from site_agent.core.arrivals import Arrivals
from site_agent.core.calls import CallBook
from site_agent.core.hold import Hold, HoldState
from site_agent.core.number_pools import NumberPools
from site_agent.core.settings import SiteSettings
from site_agent.core.target_holds import TargetHolds
from site_agent.core.tombstones import Tombstones


class RestartedHolds:
    """Holds and tombstones of before a restart."""

    __slots__ = (
        "_arrivals",
        "_calls",
        "_holds",
        "_numbers",
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
        numbers: NumberPools,
    ) -> None:
        self._settings = settings
        self._holds = holds
        self._arrivals = arrivals
        self._calls = calls
        self._tombstones = tombstones
        self._numbers = numbers
        self._untold: dict[str, tuple[str, float]] = {}
        "Token of a caller who was cut off before the answer: origin, and until when it is told."

    def bury(self, token: str, now_s: float) -> None:
        """A token that was cancelled unknown stays so."""
        self._tombstones.bury(token, now_s)
        self._holds.forget_later(now_s)

    def number(self, number: str, value: dict[str, Any], shift_s: float) -> None:
        """One lent or resting number; before the holds. Raises ValueError, KeyError, TypeError."""
        self._numbers.restore(number, value, shift_s)

    def all_taken_up(self, now_s: float, *, sure: bool) -> None:
        """Every hold is there again: numbers of those that did not live on rest."""
        book = self._holds.book.by_hold_id

        def live(hold_id: str) -> bool:
            return hold_id in book and book[hold_id].state is HoldState.LIVE

        self._numbers.restored(live, now_s, sure=sure)

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
