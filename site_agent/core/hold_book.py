"""The holds of this site, found by hold, by request and by token.

Rule of this file: data and look-ups; `target_holds` decides.
"""

from __future__ import annotations

from nrcli.wire.messages import Reserve
from site_agent.core.hold import Hold, HoldState, forgettable


class HoldBook:
    """Every hold that is open or not forgotten yet."""

    __slots__ = ("by_hold_id", "by_request", "by_token")

    def __init__(self) -> None:
        self.by_hold_id: dict[str, Hold] = {}
        self.by_request: dict[str, Hold] = {}
        "The newest hold of each request."
        self.by_token: dict[str, Hold] = {}
        "Holds that were granted."

    def add(self, hold: Hold) -> None:
        """A new hold, or one of before a restart."""
        self.by_hold_id[hold.hold_id] = hold
        self.by_request[hold.message.request_id] = hold
        if hold.token and hold.state is not HoldState.PENDING:
            self.by_token[hold.token] = hold

    def forget_dead(self, now_s: float) -> list[Hold]:
        """Let go of dead tokens that nobody has spoken of for long; which ones."""
        dead = [hold for hold in self.by_hold_id.values() if forgettable(hold, now_s)]
        for hold in dead:
            del self.by_hold_id[hold.hold_id]
            self.by_token.pop(hold.token, None)
            if self.by_request.get(hold.message.request_id) is hold:
                del self.by_request[hold.message.request_id]
        return dead

    def pending_agents(self) -> list[Reserve]:
        """Agents that the ACD was asked for and has not spoken of yet."""
        return [
            hold.message
            for hold in self.by_request.values()
            if hold.state is HoldState.PENDING and hold.message.agent
        ]
