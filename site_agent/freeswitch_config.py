"""What a site agent's file may say about a FreeSWITCH with mod_callcenter.

Rule of this file: data only; the queues, agents and phones themselves are FreeSWITCH's own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from routing_policies.shapes import shape
from site_agent.config_parts import (
    Address,
    AlarmAfterS,
    Name,
    OtherQueues,
    Part,
    QueueConfig,
    only_once,
)

_WORDS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
DialString = Annotated[
    str,
    shape(
        "what a dial string begins with, such as sofia/external/ or sofia/gateway/carrier/",
        lambda text: (
            text.startswith("sofia/")
            and text.endswith("/")
            and not set(text) - set(_WORDS + "._-/")
        ),
    ),
]
MusicSource = Annotated[
    str,
    shape(
        "a stream or file of FreeSWITCH, such as local_stream://moh",
        lambda text: bool(text) and not set(text) - set(_WORDS + "._-/:"),
    ),
]


class AllowedMoves(Part):
    """Which ways of moving a call this trunk takes; the site's own word wins over any path."""

    redirect_302: bool = True
    refer: bool = True


class FreeswitchTrunkConfig(Part):
    """One trunk group: a Sofia profile of its own."""

    name: Name
    profile: Name
    address: Address
    "Where calls reach this trunk group, as the site table names it."
    kind: Literal["carrier", "network"] = "carrier"
    transport: Literal["udp", "tcp"] = "udp"
    dial: DialString | None = None
    "What a bridge over it is dialed by; none: the profile itself."
    channels_max: int = Field(ge=1, le=100_000)
    min_free: int = Field(0, ge=0)
    allow: AllowedMoves = AllowedMoves()

    @model_validator(mode="after")
    def _sensible(self) -> FreeswitchTrunkConfig:
        if self.min_free >= self.channels_max:
            raise ValueError(
                f"min_free ({self.min_free}) leaves nothing of channels_max ({self.channels_max})"
            )
        return self


class FreeswitchConfig(Part):
    """FreeSWITCH over its Event Socket."""

    kind: Literal["freeswitch"]
    event_socket: Address = "127.0.0.1:8021"
    password_file: Path
    domain: str = Field("default", pattern=r"^[A-Za-z0-9.-]{0,64}$")
    "What the names of queues and agents end in after `@`; empty: nothing."
    context: Name = "nirc"
    trunk_groups: tuple[FreeswitchTrunkConfig, ...] = Field(min_length=1)
    queues: tuple[QueueConfig, ...] = Field(min_length=1)
    other_queues: OtherQueues = ()
    refer: bool = False
    "This FreeSWITCH was seen to keep a caller whose REFER failed."
    hold_by: Literal["break", "ready_time"] = "break"
    hold_guard_s: int = Field(60, ge=10, le=600)
    move_guard_s: int = Field(90, ge=30, le=600)
    queue_after_s: float = Field(3.0, ge=0, le=60)
    time_base: Literal["queue", "system"] = "queue"
    moh: MusicSource = "local_stream://moh"
    resync_every_s: float = Field(60.0, ge=5, le=3600)
    agent_data_keys: tuple[str, ...] = ()

    alarm_after_s: AlarmAfterS = 10.0

    @model_validator(mode="after")
    def _whole(self) -> FreeswitchConfig:
        only_once("trunk_groups[{}].name", [group.name for group in self.trunk_groups])
        only_once("trunk_groups[{}].profile", [group.profile for group in self.trunk_groups])
        only_once("queues[{}].name", [queue.name for queue in self.queues])
        return self
