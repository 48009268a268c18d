"""What a site agent's file may say about the built-in ACD over SIP.

Rule of this file: data only. What would let callers hear silence (an answered queue without media)
is refused.
"""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from routing_policies.shapes import DOMAIN
from site_agent.config_parts import (
    Address,
    IpAddress,
    Listen,
    Name,
    Network,
    Part,
    QueueConfig,
    known,
    only_once,
    split_address,
)
from site_agent.sip_config_parts import (
    DigestConfig,
    PhoneConfig,
    SipLimitsConfig,
    SipTlsConfig,
    Transport,
    one_port,
)
from site_agent.sip_contacts import SipContact

ANSWER_AFTER_S_DEFAULT = 10.0


class AllowConfig(Part):
    """Which ways of moving a call this trunk takes; the site's own word wins over any path."""

    redirect_302: bool = True
    refer: bool = True


class TrunkGroupConfig(Part):
    """One trunk group: its own listen address names it."""

    name: Name
    listen: Listen
    kind: Literal["carrier", "network"] = "carrier"
    transports: tuple[Transport, ...] = Field(("udp", "tcp"), min_length=1)
    peers: tuple[Network, ...] = Field(min_length=1)
    channels_max: int = Field(ge=1, le=100_000)
    calls_per_s_per_source: float = Field(500.0, gt=0, le=100_000)
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
    responses: dict[
        Annotated[int, Field(ge=400, le=699)], Annotated[int, Field(ge=400, le=699)]
    ] = Field(default_factory=dict)
    bridge_identity: Literal["from", "asserted", "signed"] = "from"
    dial_to: Address | None = None
    dial_from: str = ""
    test_number: Annotated[str, Field(pattern=r"^(\+[0-9]{2,15})?$")] = ""
    "A number of its own that the carrier brings back in, for `nrcli probe --through-carrier`."
    number_domains: tuple[Annotated[str, DOMAIN], ...] = ()
    "Domains at which the carrier takes plain numbers in a 302 or REFER; usually the first."

    @model_validator(mode="after")
    def _sensible(self) -> TrunkGroupConfig:
        if self.min_free >= self.channels_max:
            raise ValueError(
                f"min_free ({self.min_free}) leaves nothing of channels_max ({self.channels_max})"
            )
        if self.test_number and self.dial_to is None:
            raise ValueError("test_number: it is called by `dial_to`, which is missing")
        if 503 in {*self.responses, *self.responses.values()}:
            raise ValueError("responses: 503 says that this server takes no calls: leave it out")
        if self.kind == "network" and self.numbers:
            raise ValueError("a trunk group of kind network takes tokens only: remove `numbers`")
        return self


class MediaConfig(Part):
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
        if self.kind == "announcement_server" and not self.uri.startswith(("sip:", "sips:")):
            raise ValueError('kind announcement_server needs `uri: "sip:..."`')
        return self


class ServiceConfig(Part):
    """Where a network service is served at this site."""

    queue: Name
    priority: int = Field(0, ge=0, le=100)


class TransferClassConfig(Part):
    """Where some agents may send callers: whoever is named, or serves a queue that is."""

    name: Name
    agents: tuple[str, ...] = ()
    queues: tuple[Name, ...] = ()
    services: tuple[str, ...] = ()
    numbers: tuple[Annotated[str, Field(pattern=r"^\+?[0-9]{0,15}\*?$")], ...] = ()

    @model_validator(mode="after")
    def _for_somebody(self) -> TransferClassConfig:
        if not self.agents and not self.queues:
            raise ValueError(f'class {self.name} is for nobody: give `agents: ["*"]`, or `queues`')
        return self


class TransfersConfig(Part):
    """Transfers and consult calls that agents begin from their phones."""

    short_numbers: dict[Annotated[str, Field(pattern=r"^[0-9*#]{1,8}$")], Name] = Field(
        default_factory=dict
    )
    classes: tuple[TransferClassConfig, ...] = ()
    search_s_max: Annotated[float, Field(ge=5, le=600)] = 60.0
    notify_answer_s: Annotated[float, Field(ge=0, le=32)] = 1.0


class SipAcdConfig(Part):
    """The built-in ACD over SIP."""

    kind: Literal["sip_acd"]
    trunk_groups: tuple[TrunkGroupConfig, ...] = Field(min_length=1)
    agents_listen: Listen | None = None
    agents_transports: tuple[Transport, ...] = Field(("udp", "tcp"), min_length=1)
    tls: SipTlsConfig | None = None
    digest: DigestConfig = DigestConfig.model_validate({})
    passwords_file: Path | None = None
    "Lines `name:password` of agents; one that stands with the agent wins."
    sip: SipLimitsConfig = SipLimitsConfig.model_validate({})
    agents_peers: tuple[Network, ...] | None = Field(None, min_length=1)
    "Networks (CIDR) whose phones may REGISTER; none given: loopback and private networks."
    media: MediaConfig | None = None
    queues: tuple[QueueConfig, ...] = Field(min_length=1)
    agents: tuple[PhoneConfig, ...] = ()
    services: dict[Name, ServiceConfig] = Field(default_factory=dict)
    agent_codes: dict[
        Annotated[str, Field(pattern=r"^[0-9*#]{1,8}$")],
        Annotated[
            str, Field(pattern=r"^(ready|not_ready( [A-Za-z0-9_.-]{1,64})?|working_after_call)$")
        ],
    ] = Field(default_factory=dict)
    "What an agent says by dialing a code: a state, with the reason behind a blank."
    transfers: TransfersConfig = Field(default_factory=TransfersConfig)
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
        only_once("trunk_groups[{}].name", [group.name for group in self.trunk_groups])
        only_once("queues[{}].name", [queue.name for queue in self.queues])
        only_once("agents[{}].name", [agent.name for agent in self.agents])
        only_once("trunk_groups[{}].listen", [group.listen for group in self.trunk_groups])
        self._check_media()
        self._check_player()
        self._check_names()
        self._check_transports()
        return self

    def _check_transports(self) -> None:
        for number, group in enumerate(self.trunk_groups):
            place = f"trunk_groups[{number}].transports"
            one_port(place, group.transports, has_files=self.tls is not None)
        one_port("agents_transports", self.agents_transports, has_files=self.tls is not None)

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
                known(f"agents[{number}].queues.{queue}", queue, queues)
        for name, service in self.services.items():
            known(f"services.{name}.queue", service.queue, queues)
        for number, one in enumerate(self.transfers.classes):
            for name in one.queues:
                known(f"transfers.classes[{number}].queues", name, queues)
        for number, group in enumerate(self.trunk_groups):
            for dialed, name in group.numbers.items():
                if name not in self.services:
                    known(f"trunk_groups[{number}].numbers.{dialed}", name, queues)


def _is_any(host: str) -> bool:
    """Does this host mean every address of the machine?"""
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False


def transfers_to_nowhere(acd: SipAcdConfig) -> tuple[str, ...]:
    """Short numbers and classes of `transfers` that lead nowhere as far as this file can tell."""
    transfers = acd.transfers
    here = {*acd.services, *(queue.name for queue in acd.queues)}
    named = {name for one in transfers.classes for name in one.services}
    found = [
        f"acd.transfers.short_numbers.{digits}: no queue or service here is called {name}; if the"
        " network has none either, its transfers are refused (404)"
        for digits, name in transfers.short_numbers.items()
        if name not in here | named
    ]
    people = {"*", *(agent.name for agent in acd.agents)}
    found += [
        f"acd.transfers.classes[{number}].agents: nobody of acd.agents is called {agent}"
        for number, one in enumerate(transfers.classes)
        for agent in one.agents
        if agent not in people
    ]
    return tuple(found)
