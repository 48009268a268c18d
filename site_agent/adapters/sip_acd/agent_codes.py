"""Feature codes: digits that an agent dials to say what they are.

Rule of this file: a code says what a word of the settings says, and nothing else is read of it.
"""

from __future__ import annotations

from site_agent.adapters.base import SetAgentState

READY, NOT_READY, AFTER_CALL = "ready", "not_ready", "working_after_call"
STATES = (READY, NOT_READY, AFTER_CALL)


def said_by(agent: str, meaning: str) -> SetAgentState:
    """What an agent who dials a code of this meaning wants, e.g. `not_ready break`."""
    state, _, reason = meaning.partition(" ")
    return SetAgentState(agent=agent, state=state, reason=reason.strip())
