"""A site without sockets shows its agents and queues."""

from nrcli.wire.messages import AgentState
from site_agent.adapters.base import AgentChanged, HoldAgent, HoldGranted
from site_agent.in_memory_config import InMemoryAcdConfig
from site_agent.in_memory_shell import InMemoryShell


async def test_agents_are_shown_and_held() -> None:
    config = InMemoryAcdConfig.model_validate(
        {
            "kind": "in_memory",
            "queues": [{"name": "sales"}],
            "agents": [{"name": "anna", "queues": {"sales": 5}}],
        }
    )
    shell = InMemoryShell(config)
    await shell.start()
    agents = [e for e in shell.snapshot(1.0) if isinstance(e, AgentChanged)]
    assert agents[0].state is AgentState.READY
    events = shell.command(HoldAgent(hold_id="h", agent="anna", queue="sales"), 1.0)
    assert any(isinstance(e, HoldGranted) for e in events)
    assert shell.fire(2.0) == [] and shell.next_timer_s() is None
    await shell.stop()
