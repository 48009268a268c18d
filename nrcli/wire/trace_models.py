"""A call's SIP messages as JSON: what a site agent or a node answers to `nrcli trace`.

Rule of this file: fields and their bounds only.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MESSAGES_MAX = 2_000
"Of one place for one call; those after them are left out, and it is said."


class TracedMessage(BaseModel):
    """One SIP message, as one place saw it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    at_unix_s: float = Field(description="By the clock of the place that saw it.")
    place: str = Field(description="Site or node that saw it.")
    sent: bool = Field(description="By that place; else it was heard there.")
    transport: str = Field(description="udp, tcp or tls.")
    local: str = Field(description="The place's own host:port.")
    remote: str = Field(description="The other end's host:port.")
    message: str = Field(description="The whole message; what is hidden is written as `x`.")


class CallTrace(BaseModel):
    """What was said about one call."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    call: Annotated[str, Field(max_length=200)]
    messages: list[TracedMessage]
    now_unix_s: float = Field(default=0, description="By the same clock, when it answered.")
    unmasked: bool = False
    notes: list[str] = Field(default=[], description="What is missing, and why.")
