"""What a desktop may say about its agent over the local HTTP: a state, with a reason or a time.

Rule of this file: it reads and refuses, nothing more; what it refuses changes nothing.
"""

from __future__ import annotations

import re

from site_agent.adapters.base import SetAgentState

STATES = ("ready", "not_ready", "working_after_call")
FOR_S_MAX = 3600.0
_REASON = re.compile(r"[A-Za-z0-9_.-]{0,64}\Z")


def agent_order(agent: str, body: object) -> SetAgentState:
    """`{"state": "not_ready", "reason": "break"}` as a command.

    Raises:
        ValueError: with the field and the remedy.
    """
    if not isinstance(body, dict) or not set(body) <= {"state", "reason", "for_s"}:
        raise ValueError("give an object of `state` and, if you like, `reason` or `for_s`")
    state, reason, for_s = body.get("state"), body.get("reason", ""), body.get("for_s", 0)
    if state not in STATES:
        raise ValueError(f"state: expected one of {', '.join(STATES)}")
    if not isinstance(reason, str) or not _REASON.match(reason):
        raise ValueError("reason: at most 64 letters, digits, dots, dashes and underscores")
    number = isinstance(for_s, int | float) and not isinstance(for_s, bool)
    if not number or not 0 <= for_s <= FOR_S_MAX:
        raise ValueError(f"for_s: seconds from 0 to {FOR_S_MAX:.0f}")
    return SetAgentState(agent=agent, state=str(state), reason=reason, for_s=float(for_s))
