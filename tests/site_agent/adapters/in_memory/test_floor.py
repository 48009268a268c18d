"""Who waits, who is ready, who talks."""

from nrcli.wire.messages import AgentState
from site_agent.adapters.base import AgentChanged, QueueChanged
from site_agent.adapters.in_memory.floor import Floor
from site_agent.adapters.in_memory.state import MemoryCall, MemoryQueue


def make() -> Floor:
    return Floor(
        queues=[MemoryQueue("q", places_max=1)],
        agents={"a": {"q": 5}, "b": {"q": 5}},
        trunks={"t": 2},
    )


def test_the_longest_ready_agent_is_first() -> None:
    floor = make()
    floor.begin(5.0)
    assert floor.ready_agent("q") is floor.agents["a"]
    floor.set(floor.agents["a"], AgentState.BUSY)
    floor.set(floor.agents["a"], AgentState.READY)
    assert floor.ready_agent("q") is floor.agents["b"]


def test_a_queue_is_told_only_when_it_differs() -> None:
    floor = make()
    floor.begin(1.0)
    assert isinstance(floor.end()[0], QueueChanged)
    assert floor.end() == []


def test_moving_calls_keep_their_place_but_are_not_served() -> None:
    floor = make()
    call = MemoryCall("c", "i", "s", "q", "t")
    call.moving = "m"
    floor.calls["c"] = call
    floor.serve("q")
    assert call.agent == "" and floor.full(floor.queues["q"])
    call.moving = ""
    floor.serve("q")
    assert call.agent == "a" and floor.used("t") == 1
    assert any(isinstance(event, AgentChanged) for event in floor.events)
