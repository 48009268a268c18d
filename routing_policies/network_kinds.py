"""Kinds that say what the network is: sites, services, paths, addresses, tenants, pools, plans.

Rule of this file: what one document may say, and nothing about how documents fit together.

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
    {apiVersion: nirc/v1, kind: Tenant, metadata: {name: acme},
     spec: {policy: local-first, lists: [{name: vip, numbers: ["+351910000001"], priority: 3}]}}
    {apiVersion: nirc/v1, kind: NumberPool, metadata: {name: moves},
     spec: {site: lisbon, numbers: ["+351211000000"], hold_s: 45}}
    {apiVersion: nirc/v1, kind: Plan, metadata: {name: porto-lost},
     spec: {closed_sites: [porto], service_policies: [{service: sales, policy: disaster}],
            lasts_s: 14400}}
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from routing_policies.kinds_base import (
    AnyDocument,
    Count,
    Domain,
    Method,
    Name,
    Number,
    NumberPrefix,
    Priority,
    Seconds,
    Share,
    SiteOrAny,
    Strict,
    TimeZone,
    Words,
)
from routing_policies.shapes import shape

WhatOfWaiting = Literal["drain", "interflow", "announce", "callback"]
"""drain: served out; interflow: asked about at NIRC; announce: told and let go; callback: called
back, and where that cannot be, interflow."""


def _ip_literal(host: str) -> str:
    try:
        ip_address(host)
    except ValueError:
        raise PydanticCustomError("host_name", "should be an IP address") from None
    return host


_HOST_NAME = re.compile(
    r"(?=.{4,253}\Z)(?!\d+(?:\.\d+){3}\Z)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
HostName = Annotated[
    str,
    shape("a DNS name with a dot in it, such as sip.porto.example", _HOST_NAME.fullmatch),
    Field(json_schema_extra={"pattern": f"^(?:{_HOST_NAME.pattern})$".replace(r"\Z", "$")}),
]


class SiteQueue(Strict):
    """A queue of a site; empty `services` means the service whose `queue` has this name."""

    name: Name
    services: tuple[Name, ...] = ()
    calendar: Name | None = None
    "Opening hours of this queue, where they differ from the site's."
    on_close_with_waiting: WhatOfWaiting | None = None
    "What becomes of waiting callers when the queue closes."
    on_unstaffed: WhatOfWaiting | None = None
    "What becomes of waiting callers when its last agent leaves."
    stop_accepting: bool = False
    "Take no new caller once the expected wait exceeds the time to closing."
    announcement: Name | None = None
    "Announcement for `announce`, and before the end of a call for `callback`."


class GuardRails(Strict):
    """What a site's own OverflowRules may say at most. The site agent keeps to these."""

    requery_s_min: Seconds = 1.0
    "Shortest time between two questions about one waiting call."
    max_loan_max: Count = 100_000
    max_loan_min: Count = 0
    "Least that the site lends of each shared queue."
    min_reserve_max: Count = 100_000
    service_level_floor_max: Share = 1.0
    "Highest floor of the donor guard."


class SiteSpec(Strict):
    """One complete call centre."""

    tenant: Name = "default"
    time_zone: TimeZone = "UTC"
    calendar: Name | None = None
    "Opening hours of the site; none: always open."
    queues: tuple[SiteQueue, ...] = ()
    guard_rails: GuardRails = GuardRails()


class SiteDoc(AnyDocument):
    """Kind `Site`."""

    kind: Literal["Site"]
    spec: SiteSpec = SiteSpec()


class ServiceLevel(Strict):
    """Share of callers answered within a time."""

    target: Annotated[float, Field(gt=0, le=1)] = 0.8
    threshold_s: Annotated[float, Field(gt=0, le=3600)] = 20.0


class Ageing(Strict):
    """Priority that grows with waiting."""

    every_s: Annotated[float, Field(gt=0, le=3600)]
    "One step of priority for each such time waited."
    most: Priority = 10
    "Never beyond this priority."


class ServiceSpec(Strict):
    """What callers want, and the queue that serves it where a site names no other."""

    tenant: Name = "default"
    numbers: tuple[Number, ...] = ()
    queue: Name
    aht_s: Annotated[float, Field(gt=0, le=86400)] = 180.0
    "Mean handle time used until a site reports its own."
    priority: Priority = 0
    ageing: Ageing | None = None
    policy: Name | None = None
    "RoutingPolicy of this service; else the tenant's, else `default`, else the built-in one."
    service_level: ServiceLevel = ServiceLevel()


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
    address: Literal["token_user", "e164_pool@trunk_domain", "e164_pool@site"] = "token_user"
    """What a moved call is addressed to: the token at the target's own address, or a number that
    the target lends it, at the domain of the trunk it came in on or at the target's address."""
    trunk_domain: Domain | None = None
    """Where `e164_pool@trunk_domain` leads: one of the domains that the origin's trunk group takes
    by its own settings; none: the first of them."""
    user_part_max: Annotated[int, Field(ge=1, le=255)] | None = None
    "Longest user part that gets through whole; none: any length."
    arrives_on: Name
    "Trunk group of the target on which the call comes in."
    origin_channels: Annotated[int, Field(ge=0, le=8)] = 0
    "Further channels the origin holds while the call stands."
    target_channels: Annotated[int, Field(ge=0, le=8)] = 1
    set_up_p99_s: Annotated[float, Field(gt=0, le=120)] = 0.5
    cost: Annotated[float, Field(ge=0, le=1_000_000)] = 0.0
    "Money that moving one call this way costs, in the network's currency."
    follows_contacts: bool = False
    "302 only: tries the second Contact when the first fails."
    proven: bool = False
    """Somebody vouches for the path: it is used without a test call. Else it is used while the last
    good test call (`nrcli probe`) is young enough."""


class PathDoc(AnyDocument):
    """Kind `Path`."""

    kind: Literal["Path"]
    spec: PathSpec


class SiteAddress(Strict):
    """Where calls for one site arrive."""

    site: Name
    trunk_group: Name
    host: Annotated[str, AfterValidator(_ip_literal)] | None = None
    """An IP address: sites look up no names. What a site dials itself, and peer plans, need it;
    none: the row has a name alone."""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    "Of the host."
    transport: Literal["udp", "tcp", "tls"] = "udp"
    name: HostName | None = None
    """Written instead of the host where somebody else looks it up: in the Contact of a 302, in a
    Refer-To."""
    name_port: Annotated[int, Field(ge=1, le=65535)] | None = None
    "Behind the name; none: whoever looks it up asks for SRV records (RFC 3263 4.2)."
    numbers: Annotated[tuple[NumberPrefix, ...], Field(max_length=10_000)] = ()
    """Numbers whose calls come in there, or their beginnings with * behind them: no other number is
    ever dialed to move a call to this site."""


class SiteTableSpec(Strict):
    """Every site's addresses."""

    addresses: tuple[SiteAddress, ...]


class SiteTableDoc(AnyDocument):
    """Kind `SiteTable`."""

    kind: Literal["SiteTable"]
    spec: SiteTableSpec


class NumberList(Strict):
    """Callers that are treated alike."""

    name: Name
    numbers: Annotated[tuple[NumberPrefix, ...], Field(max_length=100_000)]
    "E.164, or the beginning of one with * behind it."
    priority: Priority = 0
    "Priority of these callers where it is above the service's."
    blocked: bool = False
    "These callers are refused at once."
    needs_verified: bool = True
    "A favour is given only if the number is vouched for (verstat passed) or by a second factor."


class TenantLimits(Strict):
    """The most one tenant may have at once; none: no limit."""

    agents_max: Count | None = None
    calls_max: Count | None = None
    requests_open_max: Count | None = None
    "Undecided route requests of its services; over it a call is served at home at once."
    requests_per_s: Annotated[float, Field(gt=0, le=100_000)] | None = None
    "Route requests of its services per second, with a second's worth at once."
    policies_max: Annotated[int, Field(ge=1, le=10_000)] = 1_000


class TenantSpec(Strict):
    """One virtual call centre."""

    description: Words = ""
    policy: Name | None = None
    "RoutingPolicy of its services that name none."
    lists: Annotated[tuple[NumberList, ...], Field(max_length=100)] = ()
    limits: TenantLimits = TenantLimits()
    change_freeze: Name | None = None
    "While this Calendar is open nothing is published for the tenant, unless a reason overrides."
    suspended: bool = False


class TenantDoc(AnyDocument):
    """Kind `Tenant`."""

    kind: Literal["Tenant"]
    spec: TenantSpec = TenantSpec()


class NumberPoolSpec(Strict):
    """Numbers lent to moving calls where a token cannot be in the address."""

    site: Name
    "Owner: calls to these numbers arrive there."
    trunk_group: Name | None = None
    "Trunk group of the owner on which they come in, and no other counts; none: any."
    numbers: Annotated[tuple[Number, ...], Field(min_length=1, max_length=10_000)]
    hold_s: Annotated[float, Field(gt=0, le=600)] = 45.0
    "How long a number stays lent to one call."
    quarantine_s: Annotated[float, Field(ge=32, le=3600)] = 60.0
    """How long a number rests after it was used or given back, so that a late caller of one call
    never meets the data of another."""
    straggler_service: Name | None = None
    "What a caller wants who comes by a number that is lent to nobody; none: refused as unknown."


class NumberPoolDoc(AnyDocument):
    """Kind `NumberPool`."""

    kind: Literal["NumberPool"]
    spec: NumberPoolSpec


class ServicePolicy(Strict):
    """A policy for one service, while a plan is active."""

    service: Name
    policy: Name


class PlanSpec(Strict):
    """A prepared change of routing for a bad day, staged and ending by itself."""

    description: Words = ""
    service_policies: tuple[ServicePolicy, ...] = ()
    closed_sites: tuple[Name, ...] = ()
    paths_off: tuple[Name, ...] = ()
    lasts_s: Annotated[float, Field(gt=0, le=604_800)]
    "It ends by itself after this."


class PlanDoc(AnyDocument):
    """Kind `Plan`."""

    kind: Literal["Plan"]
    spec: PlanSpec
