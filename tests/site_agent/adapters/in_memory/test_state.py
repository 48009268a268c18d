"""New agents are ready, new calls wait."""

from nrcli.wire.messages import AgentState
from site_agent.adapters.in_memory.state import MemoryAgent, MemoryCall, MemoryHold, MemoryQueue


def test_beginnings() -> None:
    assert MemoryAgent("a", {"q": 5}).state is AgentState.READY
    assert not MemoryCall("c", "i", "s", "q", "t").answered
    assert MemoryQueue("q").open and MemoryHold("h", "q", "").agent == ""
