"""What a site agent's file may say about calling callers back.

Rule of this file: data only; what the daemon makes of it stands in `core/callback_settings.py`.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from routing_policies.shapes import shape
from site_agent.core.callback_settings import CallbackSettings

Beginning = Annotated[
    str,
    shape("the beginning of a number, such as +35176", re.compile(r"\+[0-9]{1,15}").fullmatch),
]


class CallbacksConfig(BaseModel):
    """Whom, when and how often."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    entries_max: int = Field(default=200, ge=0, le=10_000)
    attempts_max: int = Field(default=3, ge=1, le=10)
    pause_s: float = Field(default=600.0, ge=1, le=86_400)
    ring_s: float = Field(default=30.0, ge=5, le=60)
    keep_s: float = Field(default=14_400.0, ge=60, le=604_800)
    unresolved_s: float = Field(default=120.0, ge=30, le=600)
    allowed_list: str = ""
    calendar: str = ""
    denied: tuple[Beginning, ...] = ()

    def settings(self) -> CallbackSettings:
        """As the daemon takes them."""
        return CallbackSettings(**self.model_dump())
