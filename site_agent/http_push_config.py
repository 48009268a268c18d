"""What a site agent's file may say about a CTI that pushes its state over HTTP.

Rule of this file: data only, and what makes it consistent. An address that means every interface
of the host is refused: who may reach the CTI's door is the site's own word.
"""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from site_agent.config_parts import (
    Address,
    AlarmAfterS,
    Listen,
    Name,
    Part,
    QueueConfig,
    only_once,
    split_address,
)
from site_agent.sip_acd_config import AllowConfig

Level = Literal["exact", "pause", "none"]
Method = Literal["redirect_302", "refer", "refer_replaces", "bridge", "translation_route"]
METHODS: tuple[Method, ...] = (
    "redirect_302",
    "refer",
    "refer_replaces",
    "bridge",
    "translation_route",
)


class HttpPushTlsConfig(Part):
    """The server's certificate; with `client_ca` the CTI must show one too."""

    cert: Path
    key: Path
    client_ca: Path | None = None


class PushedTrunkGroupConfig(Part):
    """A trunk group of the CTI's own telephone system."""

    name: Name
    address: Address
    "Where moved calls reach it, as the site table says."
    kind: Literal["carrier", "network"] = "carrier"
    channels_max: int = Field(ge=1, le=100_000)
    min_free: int = Field(0, ge=0)
    allow: AllowConfig = AllowConfig()
    dials: bool = False
    "People may be called back by it."

    @model_validator(mode="after")
    def _sensible(self) -> PushedTrunkGroupConfig:
        if self.min_free >= self.channels_max:
            raise ValueError(
                f"min_free ({self.min_free}) leaves nothing of channels_max ({self.channels_max})"
            )
        return self


class HttpPushLimitsConfig(Part):
    """How much a CTI may send and keep open."""

    body_bytes_max: int = Field(default=1_000_000, ge=10_000, le=50_000_000)
    batch_messages_max: int = Field(default=1000, ge=1, le=20_000)
    requests_per_s: int = Field(default=200, ge=1, le=100_000)
    connections_max: int = Field(default=20, ge=2, le=1000)
    commands_max: int = Field(default=1000, ge=10, le=100_000)
    agents_max: int = Field(default=5000, ge=1, le=20_000)
    calls_max: int = Field(default=5000, ge=1, le=20_000)


class HttpPushAcdConfig(Part):
    """Any CTI that pushes its state and takes commands over HTTP."""

    kind: Literal["http_push"]
    listen: Listen
    token_file: Path
    server_tls: HttpPushTlsConfig | None = None
    queues: tuple[QueueConfig, ...] = Field(min_length=1)
    trunk_groups: tuple[PushedTrunkGroupConfig, ...] = ()
    hold_agent: Level = "exact"
    "The most that is believed of the CTI."
    methods: tuple[Method, ...] = METHODS
    "Ways of moving a call that are asked of the CTI, as far as it can."
    silence_s: float = Field(15.0, ge=1, le=300)
    hold_answer_s: float = Field(0.8, ge=0.05, le=1)
    resend_s: float = Field(2.0, ge=0.1, le=60)
    limits: HttpPushLimitsConfig = HttpPushLimitsConfig()

    test_calls: bool = False
    "The CTI places and answers test calls of paths."
    alarm_after_s: AlarmAfterS = 10.0

    @field_validator("listen")
    @classmethod
    def _named(cls, listen: str) -> str:
        host, _ = split_address(listen)
        try:
            everywhere = ip_address(host).is_unspecified
        except ValueError:
            everywhere = False
        if everywhere:
            raise ValueError(
                f"{host} is every address of this host: name the one that the CTI reaches"
            )
        return listen

    @model_validator(mode="after")
    def _whole(self) -> HttpPushAcdConfig:
        only_once("trunk_groups[{}].name", [group.name for group in self.trunk_groups])
        only_once("queues[{}].name", [queue.name for queue in self.queues])
        return self
