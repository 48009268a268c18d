"""What a site agent's file may say about an Asterisk behind it.

Rule of this file: data only. The PBX's own configuration says who its agents are; here stand the
queues and trunk groups that NIRC may see, by the PBX's names.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from site_agent.config_parts import Address, AlarmAfterS, Name, Part, QueueConfig, only_once
from site_agent.sip_acd_config import AllowConfig


class AmiConfig(Part):
    """The manager interface (manager.conf) and who logs in there."""

    address: Address
    user: Name
    secret_file: Path
    "Holds the secret alone, one line."
    tls_ca: Path | None = None
    "Authority that signs the manager's certificate (`tlsenable`); None: without TLS."


class AsteriskTrunkConfig(Part):
    """One trunk group: PJSIP endpoints of the PBX that count together."""

    name: Name
    endpoints: tuple[Name, ...] = ()
    "None: the one endpoint of the group's own name."
    address: Address
    "Where other sites and carriers reach this PBX, as the site table names it."
    transport: Literal["udp", "tcp", "tls"] = "udp"
    kind: Literal["carrier", "network"] = "carrier"
    channels_max: int = Field(ge=1, le=100_000)
    min_free: int = Field(0, ge=0)
    allow: AllowConfig = AllowConfig()

    @model_validator(mode="after")
    def _sensible(self) -> AsteriskTrunkConfig:
        if self.min_free >= self.channels_max:
            raise ValueError(
                f"min_free ({self.min_free}) leaves nothing of channels_max ({self.channels_max})"
            )
        return self


class AsteriskConfig(Part):
    """An Asterisk with the dialplan of docs/adapters/asterisk."""

    kind: Literal["asterisk"]
    ami: AmiConfig
    queues: tuple[QueueConfig, ...] = Field(min_length=1)
    trunk_groups: tuple[AsteriskTrunkConfig, ...] = Field(min_length=1)
    agent_data_keys: tuple[str, ...] = ()
    hold_s_max: float = Field(90.0, ge=5, le=600)
    "The pause of a hold ends after this, by a timer inside the PBX too."

    alarm_after_s: AlarmAfterS = 10.0

    @model_validator(mode="after")
    def _whole(self) -> AsteriskConfig:
        only_once("trunk_groups[{}].name", [group.name for group in self.trunk_groups])
        only_once("queues[{}].name", [queue.name for queue in self.queues])
        endpoints = [
            name for group in self.trunk_groups for name in group.endpoints or (group.name,)
        ]
        only_once("trunk_groups: endpoint {}", endpoints)
        return self
