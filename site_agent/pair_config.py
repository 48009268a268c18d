"""What a site agent's file may say about its pair.

Rule of this file: data only, and what must fit together in it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from site_agent.core.pair_words import PairSettings


class PairConfig(BaseModel):
    """Two site agents for one site: one serves, the other stands by."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    "Which of the two this is; they differ in it."
    folder: Path
    "A folder that both see, and that is there: lease, journal and state of the site lie in it."
    hosts: Literal["one", "two"]
    "one: both run on this machine. two: on different machines, with a disk that both reach."
    lease_s: float = Field(default=3.0, ge=0.5, le=60)
    margin_s: float = Field(default=0.5, ge=0.1, le=10)
    renew_s: float = Field(default=0.5, ge=0.05, le=10)
    watch_s: float = Field(default=0.1, ge=0.02, le=5)
    standby_missing_s: float = Field(default=15.0, ge=1, le=3600)

    @model_validator(mode="after")
    def _sensible(self) -> PairConfig:
        if self.lease_s < 2 * self.renew_s + self.margin_s:
            raise ValueError(
                f"lease_s ({self.lease_s:g}) is too short: two renewals (renew_s {self.renew_s:g})"
                f" and margin_s ({self.margin_s:g}) must fit into it"
            )
        return self

    @property
    def settings(self) -> PairSettings:
        """As the core takes them."""
        return PairSettings(
            lease_s=self.lease_s,
            margin_s=self.margin_s,
            renew_s=self.renew_s,
            watch_s=self.watch_s,
            standby_missing_s=self.standby_missing_s,
            one_host=self.hosts == "one",
        )
