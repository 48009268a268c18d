"""Reads a site agent's file once and types it once; a bad file is refused with place and remedy.

Rule of this file: nothing here opens a socket. Unknown keys are errors, and what would let callers
hear silence (an answered queue without media) is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from routing_policies.errors import DocumentError, Fault, where
from routing_policies.settings_faults import settings_faults, told_after_the_first
from routing_policies.shapes import HOST_PORT, LISTEN, shape
from routing_policies.yaml_reader import read_yaml
from site_agent.callback_config import CallbacksConfig
from site_agent.errors import ConfigError
from site_agent.journal_config import JournalConfig
from site_agent.pair_config import PairConfig
from site_agent.peer_plan_config import BlindShareConfig, PeerPlanConfig
from site_agent.sip_contacts import SipContact

ANSWER_AFTER_S_DEFAULT = 10.0
CONFIG_BYTES_MAX = 1_000_000


def _ip_address(text: str) -> str:
    try:
        ip_address(text)
    except ValueError:
        raise ValueError(f'expected an IP address, got "{text}"') from None
    return text


def _network(text: str) -> str:
    try:
        ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f'expected a network such as 10.0.0.0/8, got "{text}"') from None
    return text


Address = Annotated[str, HOST_PORT]
Listen = Annotated[str, LISTEN]
IpAddress = Annotated[str, AfterValidator(_ip_address)]
Network = Annotated[str, AfterValidator(_network)]
Name = Annotated[
    str,
    shape(
        "a name of at most 64 letters, digits, dots, dashes and underscores, "
        "with a letter or digit first",
        re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}").fullmatch,
    ),
]


def split_address(address: str) -> tuple[str, int]:
    """`host:port` as a pair; `address` was checked before."""
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NodeConfig(_Model):
    """One NIRC node."""

    name: Name
    address: Address


class TlsConfig(_Model):
    """Files of mutual TLS; all three or the section is left out."""

    ca: Path
    cert: Path
    key: Path


class LocalHttpConfig(_Model):
    """The site's own HTTP API for its CTI: loopback, behind a bearer token."""

    listen: Listen
    token_file: Path


class OverflowConfig(_Model):
    """When NIRC is asked, and how long an answer is waited for; seconds."""

    ask_after_s: float = Field(default=0.0, ge=0, le=3600)
    requery_s: float = Field(default=5.0, ge=0.1, le=3600)
    deadline_s: float = Field(default=3.0, ge=0.05, le=30)
    short_call_s: float = Field(default=10.0, ge=0.1, le=60)


class AllowConfig(_Model):
    """Which ways of moving a call this trunk takes; the site's own word wins over any path."""

    redirect_302: bool = True
    refer: bool = True


class TrunkGroupConfig(_Model):
    """One trunk group: its own listen address names it."""

    name: Name
    listen: Listen
    kind: Literal["carrier", "network"] = "carrier"
    transports: tuple[Literal["udp", "tcp"], ...] = Field(("udp", "tcp"), min_length=1)
    peers: tuple[Network, ...] = Field(min_length=1)
    channels_max: int = Field(ge=1, le=100_000)
    min_free: int = Field(0, ge=0)
    answer_after_s: float | None = Field(None, ge=0, le=60)
    allow: AllowConfig = AllowConfig()
    ivr_peers: tuple[Network, ...] = ()
    identity_peers: tuple[Network, ...] = ()
    "Networks (CIDR) whose P-Asserted-Identity and verstat are believed."
    numbers: dict[str, Name] = Field(default_factory=dict)
    emergency_numbers: tuple[str, ...] = ()
    queued_182: bool = False
    refer_user: str = ""
    refer_password: str = ""
    dial_to: Address | None = None
    dial_from: str = ""

    @model_validator(mode="after")
    def _sensible(self) -> TrunkGroupConfig:
        if self.min_free >= self.channels_max:
            raise ValueError(
                f"min_free ({self.min_free}) leaves nothing of channels_max ({self.channels_max})"
            )
        if self.kind == "network" and self.numbers:
            raise ValueError("a trunk group of kind network takes tokens only: remove `numbers`")
        return self


class MediaConfig(_Model):
    """What an answered caller hears: the built-in player, or an announcement server."""

    kind: Literal["player", "announcement_server"]
    uri: SipContact = ""
    file: Path | None = None
    announcements: Path | None = None
    "Folder of announcements for the player: NAME.wav (8 kHz, mono, 16 bit) is NAME."
    rtp_listen: Listen | None = None
    "Where the player sends from; port 0: any. None: the first trunk group's host, any port."
    rtp_address: IpAddress | None = None
    "What session descriptions name; None: the host of `rtp_listen`."

    @model_validator(mode="after")
    def _whole(self) -> MediaConfig:
        if self.kind == "announcement_server" and not self.uri.startswith("sip:"):
            raise ValueError('kind announcement_server needs `uri: "sip:..."`')
        return self


class QueueConfig(_Model):
    """One queue."""

    name: Name
    places_max: int = Field(50, ge=0, le=100_000)
    shared: bool = True
    max_loan: int = Field(10, ge=0)
    min_reserve: int = Field(0, ge=0)
    acw_s: float = Field(0.0, ge=0, le=3600)
    ring_s: float = Field(15.0, ge=1, le=20)
    aht_s: float = Field(180.0, gt=0)
    open: bool = True
    distribution: Literal["longest_ready", "broadcast"] = "longest_ready"
    "broadcast: all ready agents are rung at once, the first to answer has the call."


class AgentConfig(_Model):
    """One agent: a static contact, or none and the phone registers."""

    name: Name
    contact: SipContact = ""
    queues: dict[Name, Annotated[int, Field(ge=1, le=10)]] = Field(min_length=1)


class ServiceConfig(_Model):
    """Where a network service is served at this site."""

    queue: Name
    priority: int = Field(0, ge=0, le=100)


class SipAcdConfig(_Model):
    """The built-in ACD over SIP."""

    kind: Literal["sip_acd"]
    trunk_groups: tuple[TrunkGroupConfig, ...] = Field(min_length=1)
    agents_listen: Listen | None = None
    agents_peers: tuple[Network, ...] | None = Field(None, min_length=1)
    "Networks (CIDR) whose phones may REGISTER; none given: loopback and private networks."
    media: MediaConfig | None = None
    queues: tuple[QueueConfig, ...] = Field(min_length=1)
    agents: tuple[AgentConfig, ...] = ()
    services: dict[Name, ServiceConfig] = Field(default_factory=dict)
    rona_rest_s: float = Field(30.0, ge=0, le=3600)
    "How long an agent who did not answer is not ready; 0: until they say ready."
    liveness_s: float = Field(75.0, ge=0, le=3600)
    """How often the ends of an answered call are asked whether they are there, in seconds, from 40;
    0: never. (sipp answers such a question only with `-aa`.)"""
    redirect_options_s: float = Field(1.0, ge=0, le=10)
    """Before a caller is redirected (302) the target's SIP port must answer an OPTIONS within this
    time; 0: it is not asked, for targets that only the carrier can reach."""
    agent_data_keys: tuple[str, ...] = ()
    "Keys of the attached data that the agent's header carries; empty: all that fit."

    @model_validator(mode="after")
    def _whole(self) -> SipAcdConfig:
        _only_once("trunk_groups[{}].name", [group.name for group in self.trunk_groups])
        _only_once("queues[{}].name", [queue.name for queue in self.queues])
        _only_once("agents[{}].name", [agent.name for agent in self.agents])
        _only_once("trunk_groups[{}].listen", [group.listen for group in self.trunk_groups])
        self._check_media()
        self._check_player()
        self._check_names()
        return self

    @property
    def rtp_listen(self) -> str:
        """`host:port` that the built-in player sends from."""
        if self.media is not None and self.media.rtp_listen is not None:
            return self.media.rtp_listen
        return f"{self.trunk_groups[0].listen.rpartition(':')[0]}:0"

    def _check_player(self) -> None:
        host, _ = split_address(self.rtp_listen)
        told = self.media.rtp_address if self.media is not None else None
        if _is_any(told or host):
            raise ValueError(
                f"media.rtp_address: callers cannot send to {told or host}: name the address of"
                " this host that callers reach, e.g. `media: {kind: player, rtp_address: 10.1.0.2}`"
            )

    def _check_media(self) -> None:
        for number, group in enumerate(self.trunk_groups):
            if group.answer_after_s is not None and self.media is None:
                raise ValueError(
                    f"trunk_groups[{number}].answer_after_s needs `media`: callers answered without"
                    " it would hear silence (add `media: {kind: player}` or an announcement server)"
                )

    def _check_names(self) -> None:
        queues = {queue.name for queue in self.queues}
        for number, agent in enumerate(self.agents):
            for queue in agent.queues:
                _known(f"agents[{number}].queues.{queue}", queue, queues)
        for name, service in self.services.items():
            _known(f"services.{name}.queue", service.queue, queues)
        for number, group in enumerate(self.trunk_groups):
            for dialed, name in group.numbers.items():
                if name not in self.services:
                    _known(f"trunk_groups[{number}].numbers.{dialed}", name, queues)


class InMemoryAcdConfig(_Model):
    """An ACD that lives in memory only: to try the site agent without SIP."""

    kind: Literal["in_memory"]
    queues: tuple[QueueConfig, ...] = Field(min_length=1)
    agents: tuple[AgentConfig, ...] = ()


AcdConfig = Annotated[SipAcdConfig | InMemoryAcdConfig, Field(discriminator="kind")]


class SiteConfig(_Model):
    """One site agent's whole file."""

    site: Name
    incarnation_file: Path
    nodes: tuple[NodeConfig, ...] = ()
    tls: TlsConfig | None = None
    history_file: Path | None = None
    local_http: LocalHttpConfig | None = None
    journal: JournalConfig = JournalConfig()
    pair: PairConfig | None = None
    "None: this site agent is alone."
    overflow: OverflowConfig = OverflowConfig()
    callbacks: CallbacksConfig = CallbacksConfig()
    peer_plan: PeerPlanConfig | None = None
    blind_shares: tuple[BlindShareConfig, ...] = ()
    overflow_rules: Path | None = None
    "The site's own OverflowRules; read at the start, when the file changes, and on SIGHUP."
    acd: AcdConfig

    @field_validator("nodes")
    @classmethod
    def _nodes_once(cls, nodes: tuple[NodeConfig, ...]) -> tuple[NodeConfig, ...]:
        _only_once("[{}].name", [node.name for node in nodes])
        return nodes


def _is_any(host: str) -> bool:
    """Does this host mean every address of the machine?"""
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False


def _only_once(place: str, names: list[str]) -> None:
    """Names differ; so do addresses, but for port 0, which means any free one and may repeat."""
    for number, name in enumerate(names):
        if name in names[:number] and not name.endswith(":0"):
            raise ValueError(f"{place.format(number)}: {name} stands twice")


def _known(place: str, name: str, known: set[str]) -> None:
    if name not in known:
        raise ValueError(f'{place}: no queue "{name}" (queues: {", ".join(sorted(known))})')


def load_config(path: Path) -> SiteConfig:
    """Read and check a site agent's file.

    Raises `ConfigError` with the file, the place in it and the remedy.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        remedy = "give the path of a site agent's file"
        raise ConfigError(str(path), f"cannot be read: {error.strerror}", remedy) from error
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), "is not UTF-8 text", "save it as UTF-8") from error
    return parse_config(text, source=str(path))


def parse_config(text: str, *, source: str) -> SiteConfig:
    """`text` as a checked `SiteConfig`; `source` names it in errors. Raises `ConfigError`."""
    if len(text) > CONFIG_BYTES_MAX:
        raise ConfigError(source, f"larger than {CONFIG_BYTES_MAX} bytes", "is it the right file?")
    try:
        read = read_yaml(text, source=source)
    except DocumentError as error:
        raise _refused(error.faults) from error
    if not isinstance(read.value, dict):
        raise ConfigError(source, "holds no settings", "start it with `site: NAME`")
    try:
        return SiteConfig.model_validate(read.value)
    except ValidationError as error:
        raise _refused(
            settings_faults(error, read=read, model=SiteConfig, source=source)
        ) from error


def _refused(faults: Sequence[Fault]) -> ConfigError:
    """All that is wrong as one error, the first mistake first."""
    first, more = faults[0], told_after_the_first(faults)
    place = where(first.source, first.line, first.place)
    return ConfigError(place, first.problem, first.remedy, more)
