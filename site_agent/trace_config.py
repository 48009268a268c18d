"""What a site agent's file may say about the SIP messages that it keeps for `nrcli trace`.

Rule of this file: data only.
"""

from __future__ import annotations

from pydantic import Field

from nrcli.sip.trace_ring import TraceLimits
from site_agent.config_parts import Part


class TraceConfig(Part):
    """How many of the last SIP messages are kept in memory, and who may see them whole."""

    messages_max: int = Field(default=20_000, ge=0, le=1_000_000)
    "0: none are kept."
    bytes_max: int = Field(default=16_000_000, ge=100_000, le=1_000_000_000)
    unmasked: bool = False
    "Numbers and attached data may be shown whole to who asks for it; each time is logged."

    @property
    def limits(self) -> TraceLimits:
        """As the ring takes them."""
        return TraceLimits(messages_max=self.messages_max, bytes_max=self.bytes_max)
