"""Reads a balancer's file once and types it once; a bad file is refused with place and remedy.

Rule of this file: nothing is opened here but the file itself. Unknown keys are errors.
"""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from site_agent.balancer.settings import BalancerSettings, Door, MemberSettings
from site_agent.config import read_config, typed
from site_agent.config_parts import IpListen, Name, Network, Part, only_once, split_address


class DoorConfig(Part):
    """A listen address that callers or phones know."""

    name: Name
    listen: IpListen
    transports: tuple[Literal["udp", "tcp"], ...] = Field(("udp", "tcp"), min_length=1)
    peers: tuple[Network, ...] = Field(min_length=1)
    "Networks (CIDR) that may send here; members always may."


class MemberConfig(Part):
    """One telephone system behind the balancer."""

    name: Name
    addresses: dict[Name, IpListen] = Field(min_length=1)
    "By door: where it listens itself, `IP:port`."
    weight: int = Field(1, ge=1, le=1000)
    "Its share of the calls and log-ins, beside those of the others."
    draining: bool = False
    "Gets nothing new; calls that stand go on."


class StatusHttpConfig(Part):
    """Where people and programs ask how the members stand."""

    listen: IpListen


class BalancerConfig(Part):
    """A balancer's whole file."""

    balancer: Name
    doors: tuple[DoorConfig, ...] = Field(min_length=1, max_length=100)
    members: tuple[MemberConfig, ...] = Field(min_length=1, max_length=100)
    status_http: StatusHttpConfig | None = None
    record_route: bool = True
    "Requests within calls pass the balancer too; false: they go straight to the member."
    probe_s: float = Field(2.0, ge=0.1, le=60)
    probes_missed_max: int = Field(3, ge=1, le=20)
    silent_s: float = Field(1.4, ge=0.2, le=10)
    strikes_max: int = Field(2, ge=1, le=100)
    remember_s: float = Field(300.0, ge=64, le=86_400)
    calls_max: int = Field(100_000, ge=100, le=1_000_000)

    @model_validator(mode="after")
    def _whole(self) -> BalancerConfig:
        only_once("doors[{}].name", [door.name for door in self.doors])
        only_once("doors[{}].listen", [door.listen for door in self.doors])
        only_once("members[{}].name", [member.name for member in self.members])
        doors = {door.name for door in self.doors}
        for number, member in enumerate(self.members):
            for door in member.addresses:
                if door not in doors:
                    known = ", ".join(sorted(doors))
                    raise ValueError(
                        f'members[{number}].addresses.{door}: no door "{door}" (doors: {known})'
                    )
        return self

    def settings(self) -> BalancerSettings:
        """All but the members, as the core wants it."""
        return BalancerSettings(
            name=self.balancer,
            doors=tuple(
                Door(
                    name=door.name,
                    listen=split_address(door.listen),
                    transports=tuple(door.transports),
                    peers=tuple(ip_network(peer, strict=False) for peer in door.peers),
                )
                for door in self.doors
            ),
            record_route=self.record_route,
            probe_s=self.probe_s,
            probes_missed_max=self.probes_missed_max,
            silent_s=self.silent_s,
            strikes_max=self.strikes_max,
            remember_s=self.remember_s,
            calls_max=self.calls_max,
        )

    def member_settings(self) -> tuple[MemberSettings, ...]:
        """The members, as the core wants them."""
        return tuple(
            MemberSettings(
                name=one.name,
                addresses={door: split_address(at) for door, at in one.addresses.items()},
                weight=one.weight,
                draining=one.draining,
            )
            for one in self.members
        )


def load_balancer(path: Path) -> BalancerConfig:
    """Read and check a balancer's file. Raises `ConfigError` with place and remedy."""
    return parse_balancer(read_config(path, "a balancer's file"), source=str(path))


def parse_balancer(text: str, *, source: str) -> BalancerConfig:
    """`text` as a checked file; `source` names it in errors. Raises `ConfigError`."""
    return typed(text, BalancerConfig, source=source, first_line="balancer: NAME")
