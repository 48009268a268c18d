"""The kinds of documents, each typed by one model.

Rule of this file: what one document may say, and nothing about how documents fit together. Unknown
keys are errors, values are never converted, numbers have bounds and units.

One of each kind, as an operator writes it:

    {apiVersion: nirc/v1, kind: Site, metadata: {name: lisbon},
     spec: {tenant: default, time_zone: Europe/Lisbon, queues: [{name: sales, services: [sales]}]}}
    {apiVersion: nirc/v1, kind: NetworkService, metadata: {name: sales},
     spec: {numbers: ["+351210000001"], queue: sales, aht_s: 180, priority: 0}}
    {apiVersion: nirc/v1, kind: Path, metadata: {name: lisbon-carrier},
     spec: {from_site: lisbon, trunk_group: carrier, to_site: "*", methods: [redirect_302, refer],
            acted_on_by: carrier, address: token_user, arrives_on: network, origin_channels: 0,
            target_channels: 1, set_up_p99_s: 0.5, follows_contacts: true, proven: true}}
    {apiVersion: nirc/v1, kind: SiteTable, metadata: {name: network},
     spec: {addresses: [{site: porto, trunk_group: network, host: 10.0.0.2, port: 5062,
                         transport: udp}]}}
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from routing_policies.shapes import NAME, NAME_IN_WORDS, is_name, shape

API_VERSION = "nirc/v1"
ANY_SITE = "*"

Name = Annotated[str, NAME]
SiteOrAny = Annotated[
    str, shape(f"* or {NAME_IN_WORDS}", lambda text: text == ANY_SITE or is_name(text))
]
Number = Annotated[
    str,
    shape(
        "a telephone number: 1 to 32 of the digits, * and #, with or without + before them",
        re.compile(r"\+?[0-9*#]{1,32}").fullmatch,
    ),
]
Method = Literal["redirect_302", "refer", "refer_replaces", "bridge", "translation_route"]


def _ip_literal(host: str) -> str:
    try:
        ip_address(host)
    except ValueError:
        raise PydanticCustomError("host_name", "should be an IP address") from None
    return host


def _no_tls(transport: str) -> str:
    if transport == "tls":
        raise PydanticCustomError("sip_over_tls", "is not available yet")
    return transport


def _by_token(address: str) -> str:
    if address != "token_user":
        raise PydanticCustomError("address_form", "is not available yet")
    return address


class Strict(BaseModel):
    """What every part of a document shares: nothing unknown, nothing converted, nothing changed."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class Metadata(Strict):
    """Who this document is."""

    name: Name


class AnyDocument(Strict):
    """The outside of every document."""

    apiVersion: Literal["nirc/v1"]
    metadata: Metadata

    @property
    def name(self) -> str:
        """The document's own name."""
        return self.metadata.name


class SiteQueue(Strict):
    """A queue of a site; empty `services` means the service whose `queue` has this name."""

    name: Name
    services: tuple[Name, ...] = ()


class SiteSpec(Strict):
    """One complete call centre."""

    tenant: Name = "default"
    time_zone: Annotated[
        str,
        shape("a time zone such as Europe/Lisbon", re.compile(r"[A-Za-z0-9_+/-]{1,64}").fullmatch),
    ] = "UTC"
    queues: tuple[SiteQueue, ...] = ()


class SiteDoc(AnyDocument):
    """Kind `Site`."""

    kind: Literal["Site"]
    spec: SiteSpec = SiteSpec()


class ServiceSpec(Strict):
    """What callers want, and the queue that serves it where a site names no other."""

    numbers: tuple[Number, ...] = ()
    queue: Name
    aht_s: Annotated[float, Field(gt=0, le=86400)] = 180.0
    "Mean handle time used until a site reports its own."
    priority: Annotated[int, Field(ge=0, le=10)] = 0


class ServiceDoc(AnyDocument):
    """Kind `NetworkService`."""

    kind: Literal["NetworkService"]
    spec: ServiceSpec


class PathSpec(Strict):
    """How calls that came in on one trunk group of one site are moved to another site."""

    from_site: Name
    trunk_group: Name
    to_site: SiteOrAny
    methods: Annotated[tuple[Method, ...], Field(min_length=1)]
    acted_on_by: Literal["carrier", "edge_sbc", "site"] = "site"
    address: Annotated[
        Literal["token_user", "e164_pool@trunk_domain", "e164_pool@site"],
        AfterValidator(_by_token),
    ] = "token_user"
    "Only `token_user` is carried out yet: the others are refused."
    arrives_on: Name
    "Trunk group of the target on which the call comes in."
    origin_channels: Annotated[int, Field(ge=0, le=8)] = 0
    "Further channels the origin holds while the call stands."
    target_channels: Annotated[int, Field(ge=0, le=8)] = 1
    set_up_p99_s: Annotated[float, Field(gt=0, le=120)] = 0.5
    follows_contacts: bool = False
    "302 only: tries the second Contact when the first fails."
    proven: bool = False
    "A test call has shown that the path works; an unproven path is not used."


class PathDoc(AnyDocument):
    """Kind `Path`."""

    kind: Literal["Path"]
    spec: PathSpec


class SiteAddress(Strict):
    """Where calls for one site arrive."""

    site: Name
    trunk_group: Name
    host: Annotated[str, AfterValidator(_ip_literal)]
    "An IP address: sites look up no names."
    port: Annotated[int, Field(ge=1, le=65535)]
    transport: Annotated[Literal["udp", "tcp", "tls"], AfterValidator(_no_tls)] = "udp"


class SiteTableSpec(Strict):
    """Every site's addresses."""

    addresses: tuple[SiteAddress, ...]


class SiteTableDoc(AnyDocument):
    """Kind `SiteTable`."""

    kind: Literal["SiteTable"]
    spec: SiteTableSpec


class Rule(Strict):
    """One rule of a policy: when it holds, its candidates are ranked and the best is taken."""

    name: Name
    when: Literal["always", "origin_agent_ready"] = "always"
    candidates: Literal["open_shared_queues_elsewhere"] | None = None
    select: Literal["longest_available", "min_expected_delay"] | None = None
    min_gain_s: Annotated[float, Field(ge=0, le=3600)] = 0.0
    "Shortening of the wait below which the call is not moved."
    adjust_s: Annotated[float, Field(ge=-3600, le=3600)] = 0.0
    "Added to the expected wait of every candidate."
    action: Literal["stay", "route"]


class Otherwise(Strict):
    """What happens when no rule decides."""

    action: Literal["stay"] = "stay"


class RoutingPolicySpec(Strict):
    """Rules, tried in order."""

    rules: Annotated[tuple[Rule, ...], Field(max_length=100)]
    otherwise: Otherwise = Otherwise()


class RoutingPolicyDoc(AnyDocument):
    """Kind `RoutingPolicy`."""

    kind: Literal["RoutingPolicy"]
    spec: RoutingPolicySpec


Document = SiteDoc | ServiceDoc | PathDoc | SiteTableDoc | RoutingPolicyDoc

KINDS: dict[str, type[Document]] = {
    "Site": SiteDoc,
    "NetworkService": ServiceDoc,
    "Path": PathDoc,
    "SiteTable": SiteTableDoc,
    "RoutingPolicy": RoutingPolicyDoc,
}
