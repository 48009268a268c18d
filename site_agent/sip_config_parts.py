"""What a site agent's file may say about SIP itself: certificates, passwords, floods.

Rule of this file: data only, with bounds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from site_agent.config_parts import AgentConfig, Part

Transport = Literal["udp", "tcp", "tls"]


class SipTlsConfig(Part):
    """Files of SIP over TLS, and whom we speak with."""

    ca: Path
    cert: Path
    key: Path
    names: tuple[str, ...] = ()
    """Subject alternative names, one of which a far end's certificate must have; none: one that we
    dial must have the IP address dialed."""


class DigestConfig(Part):
    """How agents' phones are asked for their passwords."""

    realm: str = Field("nirc", min_length=1, max_length=64, pattern=r'^[^"\\\r\n]*$')
    algorithms: tuple[Literal["SHA-256", "MD5"], ...] = Field(("SHA-256", "MD5"), min_length=1)
    nonce_s: float = Field(300.0, ge=10, le=86_400)


class SipLimitsConfig(Part):
    """Connections and floods."""

    connections_max: int = Field(2_000, ge=10, le=60_000)
    connections_per_source_max: int = Field(200, ge=1, le=60_000)
    handshake_s_max: float = Field(5.0, ge=0.5, le=60)
    stranger_messages_per_s: float = Field(20.0, gt=0, le=100_000)
    strangers_messages_per_s: float = Field(200.0, gt=0, le=100_000)


class PhoneConfig(AgentConfig):
    """An agent with a phone of their own."""

    password: SecretStr = SecretStr("")
    "What the phone registers with; empty: it is not asked. It is not shown anywhere."


def one_port(place: str, transports: tuple[str, ...], *, has_files: bool) -> None:
    """tcp and tls share no port, and tls needs its files. Raises ValueError."""
    if {"tcp", "tls"} <= set(transports):
        raise ValueError(
            f"{place}: tcp and tls cannot share one port: make two trunk groups, or leave one out"
        )
    if "tls" in transports and not has_files:
        raise ValueError(f"{place}: tls needs `tls: {{ca: ..., cert: ..., key: ...}}` under `acd`")
