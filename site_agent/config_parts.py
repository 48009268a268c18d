"""Parts of a site agent's file that several of its sections share: addresses, names, queues.

Rule of this file: data only, and what makes a value a good one.
"""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import Annotated, Literal, TypedDict

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from routing_policies.shapes import HOST_PORT, LISTEN, shape
from site_agent.sip_contacts import SipContact


def _ip_address(text: str) -> str:
    try:
        ip_address(text)
    except ValueError:
        raise ValueError(f'expected an IP address, got "{text}"') from None
    return text


def _ip_host(text: str) -> str:
    host = text.rpartition(":")[0].strip("[]")
    try:
        ip_address(host)
    except ValueError:
        told = f'expected IP:port, got the name "{host}": names are not looked up here'
        raise ValueError(told) from None
    return text


def _network(text: str) -> str:
    try:
        ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f'expected a network such as 10.0.0.0/8, got "{text}"') from None
    return text


Address = Annotated[str, HOST_PORT]
Listen = Annotated[str, LISTEN]
IpListen = Annotated[str, LISTEN, AfterValidator(_ip_host)]
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

OtherQueues = tuple[
    Annotated[
        str,
        shape(
            "a queue's name, or its beginning with * behind",
            re.compile(r"[A-Za-z0-9_.@-]{0,64}\*?").fullmatch,
        ),
    ],
    ...,
]
"Queues of a PBX that NIRC has nothing to do with."


def split_address(address: str) -> tuple[str, int]:
    """`host:port` as a pair; `address` was checked before."""
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


class Part(BaseModel):
    """A section: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class QueueConfig(Part):
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


class QueueFields(TypedDict):
    """What the adapters that distribute by queues are told of each."""

    name: str
    places_max: int
    acw_s: float
    ring_s: float
    aht_s: float
    open: bool


def queue_fields(queue: QueueConfig) -> QueueFields:
    """For the settings of an adapter."""
    return QueueFields(
        name=queue.name,
        places_max=queue.places_max,
        acw_s=queue.acw_s,
        ring_s=queue.ring_s,
        aht_s=queue.aht_s,
        open=queue.open,
    )


AlarmAfterS = Annotated[float, Field(ge=1, le=3600)]
"A PBX that runs by itself is not reached, or its CTI silent, for this long: an alarm."


class AgentConfig(Part):
    """One agent: a static contact, or none and the phone registers."""

    name: Name
    contact: SipContact = ""
    network_id: str = Field("", max_length=128)
    "Who it is in the whole network, e.g. a staff number; a second log-in elsewhere takes over."
    queues: dict[Name, Annotated[int, Field(ge=1, le=10)]] = Field(min_length=1)


def only_once(place: str, names: list[str]) -> None:
    """Names differ; so do addresses, but for port 0, which means any free one and may repeat."""
    for number, name in enumerate(names):
        if name in names[:number] and not name.endswith(":0"):
            raise ValueError(f"{place.format(number)}: {name} stands twice")


def known(place: str, name: str, known: set[str]) -> None:
    if name not in known:
        raise ValueError(f'{place}: no queue "{name}" (queues: {", ".join(sorted(known))})')
