"""Decides whether NIRC is asked about a waiting call.

Rule of this file: pure. A call with a ready agent at home and an emergency call are never asked
about, whatever a site's own rules say; with no leading node nothing is asked and nothing waits for
it. A caller who came from another site is answered here before they are moved on: until then the
site that sent them may hold the far end.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from site_agent.core.calls import Call, CallState


class Verdict(Enum):
    """What to do about one call now."""

    ASK = "ask"
    LOOK_AGAIN = "look_again"  # not now; look again after `requery_s`
    RULED_OUT = "ruled_out"  # the site's rules say not now; they may say otherwise in a moment
    LEAVE = "leave"  # it does not wait, or must not be moved


def _always() -> bool:
    return True


def verdict(
    call: Call,
    *,
    ready_count: int,
    leading_node: str,
    asked: bool,
    full: bool,
    now_s: float,
    wanted: Callable[[], bool] = _always,
) -> Verdict:
    """Whether to ask about `call`.

    `ready_count` are own ready agents of its queue (none for a call that is held back from them),
    `asked` says that a request is open, `full` that the limit of open requests is reached, `wanted`
    what the site's own rules say; they are looked at last.
    """
    if call.emergency or call.kept_home or call.state is not CallState.WAITING:
        return Verdict.LEAVE
    if call.foreign and not call.answered:
        return Verdict.LOOK_AGAIN
    at_home = ready_count > 0 and not call.held_back
    too_soon = now_s < max(call.asked_after_s, call.not_before_s)
    if at_home or asked or full or not leading_node or too_soon:
        return Verdict.LOOK_AGAIN
    return Verdict.ASK if wanted() else Verdict.RULED_OUT
