"""What a site agent's file may say about the peer plan and the blind share.

Rule of this file: data only; where the plan lies if nobody says so stands here too.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from site_agent.core.settings import BlindShare
from site_agent.sip_contacts import SipContact


class BlindShareConfig(BaseModel):
    """Callers of one service who go to another centre unasked, with neither NIRC nor a plan."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    service: str = Field(min_length=1, max_length=64)
    share: float = Field(gt=0, le=1)
    address: SipContact
    "The other centre's public number, such as sip:+351210000009@198.51.100.7:5060."
    set_up_p99_s: float = Field(default=10.0, gt=0, le=60)

    def as_setting(self) -> BlindShare:
        """For the core."""
        return BlindShare(share=self.share, address=self.address, set_up_p99_s=self.set_up_p99_s)


class PeerPlanConfig(BaseModel):
    """Whom the site believes about overflow without NIRC."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    public_key_file: Path
    "sign.pub of the operator: a plan that its owner did not sign is refused."
    call_key_file: Path
    "plan-calls.key, the same at every site: proves calls by the plan."
    file: Path | None = None
    "The plan as kept, or put there by hand; none given: beside `incarnation_file`."
    return_ramp_s: float = Field(default=5.0, ge=0, le=600)
    return_jitter_s: float = Field(default=2.0, ge=0, le=600)

    def path(self, incarnation_file: Path) -> Path:
        """Where the plan lies."""
        return self.file or incarnation_file.with_name(incarnation_file.name + ".peer_plan.yaml")
