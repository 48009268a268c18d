"""Finished periods count, and signing in starts anew."""

from __future__ import annotations

from nrcli.wire.messages import AgentState
from site_agent.core.agent_times import AgentTimes


def spent(*periods: tuple[AgentState, float]) -> AgentTimes:
    """An agent who was in these states, one after another, and is signed in still."""
    times = AgentTimes()
    states = [state for state, _ in periods] + [AgentState.NOT_READY]
    for (old, lasted_s), new in zip(periods, states[1:], strict=True):
        times.moved(old, new, lasted_s)
    return times


def test_ready_and_occupied_time_add_up() -> None:
    times = spent(
        (AgentState.READY, 10.0),
        (AgentState.RESERVED, 2.0),
        (AgentState.BUSY, 60.0),
        (AgentState.WORKING_AFTER_CALL, 8.0),
        (AgentState.NOT_READY, 500.0),
        (AgentState.READY, 5.0),
    )
    assert (times.ready_s, times.ready_periods_count, times.occupied_s) == (15.0, 2, 70.0)


def test_signing_in_starts_anew() -> None:
    times = spent((AgentState.READY, 10.0), (AgentState.BUSY, 60.0))
    times.took_call()
    times.moved(AgentState.READY, AgentState.NULL, 3.0)
    times.moved(AgentState.NULL, AgentState.READY, 3600.0)
    assert (times.ready_s, times.ready_periods_count, times.occupied_s) == (0.0, 0, 0.0)
    assert times.calls_count == 0
