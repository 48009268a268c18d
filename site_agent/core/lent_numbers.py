"""Lends a number to each hold that needs one, and takes it back when the hold ends.

Rule of this file: the pools' owner decides: no number, no hold, unless the call can move without.
"""

from __future__ import annotations

from nrcli.wire.messages import ReserveRefusal
from site_agent.core.hold import Hold, HoldState
from site_agent.core.lending_rules import Problem
from site_agent.core.number_pools import NumberPools


class LentNumbers:
    """What `TargetHolds` does with numbers."""

    __slots__ = ("pools",)

    def __init__(self, pools: NumberPools) -> None:
        self.pools = pools

    def lend_to(self, hold: Hold, now_s: float) -> Problem | None:
        """Lend what the hold needs; why it cannot be, where the call cannot move without."""
        message = hold.message
        if not message.number_on:
            return None
        hold.number = self.pools.lend(
            message.number_on,
            hold.hold_id,
            now_s,
            to=message.origin_site,
            interaction=message.interaction_id,
        )
        if hold.number:
            return None
        why = self.pools.why_none(message.number_on)
        return (ReserveRefusal.NO_NUMBER, why) if message.number_only else None

    def ended(self, hold: Hold, was: HoldState, now_s: float) -> None:
        """The hold is used or over: its number rests. Before the grant nobody had heard of it."""
        if not hold.number:
            return
        if was is HoldState.PENDING:
            self.pools.unused(hold.number, now_s)
        else:
            self.pools.rest(hold.number, hold.hold_id, now_s)
