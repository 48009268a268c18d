"""What the settings file of a node may say about traces of calls.

Rule of this file: data only.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from nrcli.sip.trace_ring import TraceLimits


class TraceConfig(BaseModel):
    """How many SIP messages of edges are kept in memory, and who may see any of them whole."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    messages_max: Annotated[int, Field(ge=0, le=1_000_000)] = 20_000
    "0: none are kept."
    bytes_max: Annotated[int, Field(ge=100_000, le=1_000_000_000)] = 16_000_000
    unmasked: bool = False
    "Numbers and attached data may be shown whole, as far as each site allows it, too."
    answer_s: Annotated[float, Field(ge=0.1, le=30)] = 3.0
    "How long sites are waited for."

    @property
    def limits(self) -> TraceLimits:
        """As the ring takes them."""
        return TraceLimits(messages_max=self.messages_max, bytes_max=self.bytes_max)
