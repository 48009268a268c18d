"""What a site agent's file may say about an Asterisk behind it.

Rule of this file: data only. The PBX's own configuration says who its agents are; here stand the
queues and trunk groups that NIRC may see, by the PBX's names.
"""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from site_agent.config_parts import (
    Address,
    AlarmAfterS,
    Name,
    OtherQueues,
    Part,
    QueueConfig,
    only_once,
    split_address,
)
from site_agent.sip_acd_config import AllowConfig


class AmiConfig(Part):
    """The manager interface (manager.conf) and who logs in there."""

    address: Address
    user: Name
    secret_file: Path
    "Holds the secret alone, one line."
    tls_ca: Path | None = None
    "Authority that signs the manager's certificate (`tlsenable`); None: without TLS."
    tls_name: str = Field("", max_length=255)
    "Name in the manager's certificate; empty: the host of `address`."

    @model_validator(mode="after")
    def _tls_whole(self) -> AmiConfig:
        if self.tls_name and self.tls_ca is None:
            raise ValueError("tls_name is of use with tls_ca only: give the authority's PEM file")
        return self


class AsteriskTrunkConfig(Part):
    """One trunk group: PJSIP endpoints of the PBX that count together."""

    name: Name
    endpoints: tuple[Name, ...] = ()
    "None: the one endpoint of the group's own name."
    address: Address
    "Where other sites and carriers reach this PBX, as the site table names it."
    transport: Literal["udp", "tcp", "tls"] = "udp"
    kind: Literal["carrier", "network"] = "carrier"
    plan_calls: bool = False
    "Other sites call by it too: calls by the peer plan may come in."
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
    other_queues: OtherQueues = ()
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


def plain_ami(config: AsteriskConfig) -> str:
    """A warning, where everybody between could read calls and take the line over; else empty."""
    host, _ = split_address(config.ami.address)
    try:
        near = ip_address(host).is_loopback
    except ValueError:
        near = host == "localhost"
    if near or config.ami.tls_ca is not None:
        return ""
    return (
        f"acd.ami.address: {config.ami.address} is another machine, and AMI is not encrypted: who"
        " is between reads every call and may take the line over. Use `tlsenable` in manager.conf"
        " and acd.ami.tls_ca here, or run the site agent beside the PBX"
    )
