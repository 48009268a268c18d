"""One hold: an agent or a place, and channels, kept for a call of another site.

Rule of this file: data and what follows from it alone; `target_holds` changes it.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from nrcli.wire.messages import Reserve


class HoldState(Enum):
    """Life of a hold."""

    PENDING = "pending"  # the ACD was asked
    LIVE = "live"  # granted; its token is accepted
    TAKEN = "taken"  # an INVITE with the token was accepted
    LAPSED = (
        "lapsed"  # expired, released or lost: a late caller is an ordinary one, with age and data
    )
    CANCELLED = "cancelled"  # the origin keeps the caller: a late INVITE is refused


class Hold:
    """One hold, from the question until its token is forgotten."""

    __slots__ = (
        "arrived",
        "call_id",
        "data",
        "dialed",
        "expires_at_s",
        "forget_at_s",
        "hold_id",
        "invite_key",
        "message",
        "node",
        "number",
        "over",
        "restored",
        "state",
        "token",
        "unsettled",
    )

    def __init__(self, hold_id: str, message: Reserve, node: str) -> None:
        self.hold_id = hold_id
        self.message = message
        self.node = node
        "Node that asked last; the answer goes there."
        self.state = HoldState.PENDING
        self.token = ""
        self.expires_at_s = 0.0
        self.forget_at_s = 0.0
        self.invite_key = ""
        self.call_id = ""
        self.arrived = False
        self.unsettled = False
        "The origin has not acknowledged the arrival yet."
        self.over = False
        "The call that came with the token has ended."
        self.data = b""
        self.dialed = ""
        "Of a callback: dialing, then answered | busy | no_answer | failed."
        self.number = ""
        "Number that is lent to the call, where it cannot carry the token."
        self.restored = False
        "Of before a restart: the ACD was asked to hold it again and has not spoken yet."


def same_target(old: Reserve, new: Reserve) -> Reserve:
    """The newest asker's words about the call, with the agent and claims that are held already."""
    return replace(new, queue=old.queue, agent=old.agent, channels=old.channels)


def forgettable(hold: Hold, now_s: float) -> bool:
    """May the token be forgotten: dead, its call over, and nobody has spoken of it for long?"""
    if hold.state in (HoldState.PENDING, HoldState.LIVE):
        return False
    return hold.forget_at_s <= now_s and (hold.state is not HoldState.TAKEN or hold.over)
