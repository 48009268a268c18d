"""One move of one call, as the origin knows it; and what the outcome is called.

Rule of this file: data and small lookups; the rule of what happens when is `transfer_table`.
"""

from __future__ import annotations

from nrcli.wire.messages import MoveOutcome, RequeryReason, RouteAnswer, Rung, TransferMethod
from site_agent.adapters.base import MoveSign
from site_agent.core.calls import Call
from site_agent.core.plan_tokens import is_plan_token
from site_agent.core.transfer_table import MoveState, Sign

SIGNS = {
    MoveSign.REDIRECTED: Sign.REDIRECTED,
    MoveSign.ACCEPTED: Sign.ACCEPTED,
    MoveSign.REFUSED: Sign.REFUSED,
    MoveSign.SILENT: Sign.SILENT,
    MoveSign.BRIDGED: Sign.BRIDGED,
    MoveSign.CALLER_GONE: Sign.CALLER_GONE,
}
BLIND_START = "nirc-blind-"
HANDLER_START = "nirc-handler-"
FIRST_STATE = {
    TransferMethod.REDIRECT_302: MoveState.REDIRECTING,
    TransferMethod.REFER: MoveState.REFERRING,
    TransferMethod.REFER_REPLACES: MoveState.REFERRING,
    TransferMethod.BRIDGE: MoveState.BRIDGING,
    TransferMethod.TRANSLATION_ROUTE: MoveState.BRIDGING,
}
"State in which a rung begins; a method that is not here is not carried out by this site."
BRIDGES = (TransferMethod.BRIDGE, TransferMethod.TRANSLATION_ROUTE)
"Methods by which this site calls the target itself and joins the caller."
REASONS = {
    MoveOutcome.REFUSED: RequeryReason.REFUSED,
    MoveOutcome.BUSY: RequeryReason.BUSY,
    MoveOutcome.NO_ANSWER: RequeryReason.NO_ANSWER,
    MoveOutcome.TIMEOUT: RequeryReason.TIMEOUT,
}


class Move:
    """One move, from the answer until nobody speaks of its token any more."""

    __slots__ = (
        "answer",
        "call",
        "decided",
        "forget_at_s",
        "heard_at_s",
        "leg_gone",
        "method",
        "move_id",
        "next_rung",
        "place_until_s",
        "recalled",
        "retried",
        "return_token",
        "returned",
        "rung",
        "sip_status",
        "started_at_s",
        "state",
        "valid_until_s",
        "was_silent",
    )

    def __init__(self, call: Call, answer: RouteAnswer, now_s: float) -> None:
        self.call = call
        self.answer = answer
        self.next_rung = 0
        self.rung: Rung | None = None
        self.move_id = ""
        "New for each rung, so that signs of an older one are told apart."
        self.state = MoveState.RETRYING
        self.return_token = ""
        self.returned = False
        self.leg_gone = False
        self.recalled = False
        "An own agent became ready before the peer had spoken."
        self.retried = False
        self.method: TransferMethod | None = None
        self.sip_status = 0
        self.was_silent = False
        self.started_at_s = now_s
        self.heard_at_s = -1e9
        self.valid_until_s = now_s + answer.expires_s
        self.place_until_s = 0.0
        self.forget_at_s = 0.0
        self.decided = False
        "The target's word was final: no `Cancel` is needed any more."

    @property
    def token(self) -> str:
        """Token of the reservation."""
        return self.answer.token

    @property
    def by_plan(self) -> bool:
        """Does the call go without NIRC: by the peer plan, or unasked?"""
        return is_plan_token(self.token) or self.token.startswith(BLIND_START)

    @property
    def to_handler(self) -> bool:
        """Does the call go to a voicemail or the like, which says nothing by any link?"""
        return self.token.startswith(HANDLER_START)

    @property
    def open(self) -> bool:
        """Is the outcome still unknown?"""
        return self.state is not MoveState.ENDED


def outcome_of(move: Move) -> MoveOutcome:
    """What a move that failed with the caller still here is called."""
    if move.call.agent:
        return MoveOutcome.SERVED_AT_HOME
    if move.sip_status in (486, 600):
        return MoveOutcome.BUSY
    if move.sip_status in (408, 480, 487):
        return MoveOutcome.NO_ANSWER
    if move.sip_status >= 300:
        return MoveOutcome.REFUSED
    return MoveOutcome.TIMEOUT if move.was_silent else MoveOutcome.ERROR
