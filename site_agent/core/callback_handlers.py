"""What callbacks want of events that belong to other parts as well.

Rule of this file: it hands on, and decides nothing but whose an answer is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nrcli.wire.messages import AgentState
from site_agent.adapters.base import AgentChanged, CallConnected, CallEnded, CallOffered
from site_agent.core.callback_parts import CallbackParts

Handler = Callable[[Any, float], None]
Told = Callable[[str, Any, float], None]


def offered(callbacks: CallbackParts, first: Handler) -> Handler:
    """A caller begins to wait."""

    def both(event: CallOffered, now_s: float) -> None:
        first(event, now_s)
        callbacks.offered(event.call_id, now_s)

    return both


def connected(callbacks: CallbackParts, first: Handler) -> Handler:
    """An agent has the caller: a promise given to them is void."""

    def both(event: CallConnected, now_s: float) -> None:
        first(event, now_s)
        callbacks.origin.connected(event.call_id)

    return both


def ended(callbacks: CallbackParts, first: Handler) -> Handler:
    """A call ended: a promise given in it counts from now on."""

    def both(event: CallEnded, now_s: float) -> None:
        first(event, now_s)
        callbacks.over(event.call_id)
        callbacks.origin.call_over(event.call_id, event.released_by, now_s)

    return both


def agent_changed(callbacks: CallbackParts, first: Handler) -> Handler:
    """An agent who got ready, and whom nobody waits for, may call somebody back."""

    def both(event: AgentChanged, now_s: float) -> None:
        first(event, now_s)
        if event.state is AgentState.READY and len(callbacks.book):
            callbacks.calls.look(now_s)

    return both


def unless_own(callbacks: CallbackParts, otherwise: Handler) -> Handler:
    """Who is held for a promise of this site itself is no business of other sites."""

    def over(event: Any, now_s: float) -> None:
        if not callbacks.calls.hold_over(event.hold_id, now_s):
            otherwise(event, now_s)

    return over


def of_token(callbacks: CallbackParts, otherwise: Told) -> Told:
    """What another site says of a token: of a callback, or of a move."""

    def told(node: str, message: Any, now_s: float) -> None:
        if not callbacks.told(message, now_s):
            otherwise(node, message, now_s)

    return told
