"""The ACD in memory as a site agent's ACD: agents and queues without any calls of its own.

Rule of this file: nothing outside is touched; it shows a site to NIRC and holds what is asked.
"""

from __future__ import annotations

from routing_policies.call_numbers import NumberReader
from site_agent.adapters.base import AcdCommand, AcdEvent
from site_agent.adapters.in_memory.adapter import InMemoryAcd
from site_agent.adapters.in_memory.state import MemoryQueue
from site_agent.core.events import JournalRead
from site_agent.in_memory_config import InMemoryAcdConfig


class InMemoryShell:
    """An ACD without sockets."""

    def __init__(self, config: InMemoryAcdConfig) -> None:
        self._acd = InMemoryAcd(
            queues=[
                MemoryQueue(queue.name, places_max=queue.places_max, aht_s=queue.aht_s)
                for queue in config.queues
            ],
            agents={agent.name: agent.queues for agent in config.agents},
            trunks={},
        )

    async def start(self) -> dict[str, tuple[str, int]]:
        """Nothing to open."""
        return {}

    async def stop(self) -> None:
        """Nothing to close."""

    def snapshot(self, now_s: float) -> list[AcdEvent]:
        """Agents and queues as they are."""
        return self._acd.snapshot(now_s)

    def resume(self, kept: JournalRead, now_s: float) -> tuple[list[AcdEvent], JournalRead]:
        """No calls of its own, so none to go on with."""
        return [], kept

    def take_in_again(self, kept: JournalRead, now_s: float) -> list[AcdEvent]:
        """No calls of its own, so none that rang."""
        return []

    def command(self, command: AcdCommand, now_s: float) -> list[AcdEvent]:
        """Carry out one command of the daemon."""
        return self._acd.command(command, now_s)

    def use_numbers(self, numbers: NumberReader | None, unix_offset_s: float) -> None:
        """No calls of its own, so no numbers."""

    def fire(self, now_s: float) -> list[AcdEvent]:
        """No timers."""
        return []

    def next_timer_s(self) -> float | None:
        """No timers."""
        return None
