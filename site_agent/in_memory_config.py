"""What a site agent's file may say about the ACD in memory.

Rule of this file: data only.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from site_agent.config_parts import AgentConfig, Part, QueueConfig


class InMemoryAcdConfig(Part):
    """An ACD that lives in memory only: to try the site agent without SIP."""

    kind: Literal["in_memory"]
    queues: tuple[QueueConfig, ...] = Field(min_length=1)
    agents: tuple[AgentConfig, ...] = ()
