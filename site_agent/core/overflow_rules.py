"""Decides whether NIRC is asked about a waiting call.

Rule of this file: a call with a ready agent at home and an emergency call are never asked about;
with no leading node nothing is asked and nothing waits for it. A caller who came from another site
is answered here before they are moved on: until then the site that sent them may hold the far end.
"""

from __future__ import annotations

from enum import Enum

from site_agent.core.calls import Call, CallState


class Verdict(Enum):
    """What to do about one call now."""

    ASK = "ask"
    LOOK_AGAIN = "look_again"  # not now; look again after `requery_s`
    LEAVE = "leave"  # it does not wait, or must not be moved


def verdict(
    call: Call, *, ready_count: int, leading_node: str, asked: bool, full: bool, now_s: float
) -> Verdict:
    """Whether to ask about `call`.

    `ready_count` are own ready agents of its queue, `asked` says that a request is open, `full`
    that the limit of open requests is reached.
    """
    if call.emergency or call.state is not CallState.WAITING:
        return Verdict.LEAVE
    if call.foreign and not call.answered:
        return Verdict.LOOK_AGAIN
    if ready_count > 0 or asked or full or not leading_node or now_s < call.asked_after_s:
        return Verdict.LOOK_AGAIN
    return Verdict.ASK
