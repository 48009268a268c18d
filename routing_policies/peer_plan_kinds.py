"""The kind PeerPlan: to whom sites overflow by themselves while no NIRC node leads.

Rule of this file: what the document may say, and the instant it ends; who picks a peer, and who
takes the call, is decided at the sites. One plan is the same text for all of them.

    {apiVersion: nirc/v1, kind: PeerPlan, metadata: {name: network},
     spec: {serial: 7, valid_until: "2027-01-31T00:00:00Z",
            sites: [{site: porto, host: 10.0.0.2, port: 5062},
                    {site: faro, host: 10.0.0.3, port: 5062}],
            services: [{service: sales,
                        peers: [{site: porto, queue: sales, share: 0.7, calls_max: 10},
                                {site: faro, queue: sales, share: 0.3, calls_max: 5,
                                 calls_per_minute_max: 20}]}]}}
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from ipaddress import ip_address
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from routing_policies.kinds_base import AnyDocument, Name, Strict
from routing_policies.shapes import shape

_UTC = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z"
UtcMoment = Annotated[
    str,
    shape('a moment in UTC, in quotes, such as "2027-01-31T00:00:00Z"', re.compile(_UTC).fullmatch),
    Field(json_schema_extra={"pattern": f"^(?:{_UTC})$"}),
]
PlanNumber = Annotated[str, Field(pattern=r"^\+[0-9]{2,15}$")]
"E.164."
PlanMethod = Literal["bridge", "redirect_302"]
"The ways of moving a call by which the origin keeps the caller, or gets them back."


def _ip_literal(host: str) -> str:
    try:
        ip_address(host)
    except ValueError:
        raise PydanticCustomError("host_name", "should be an IP address") from None
    return host


class PlanSite(Strict):
    """Where a site takes the calls of its peers."""

    site: Name
    host: Annotated[str, AfterValidator(_ip_literal)]
    "An IP address: sites look up no names."
    port: Annotated[int, Field(ge=1, le=65535)]
    transport: Literal["udp", "tcp", "tls"] = "udp"


class PlanWay(Strict):
    """By which trunk group of an origin a peer is reached, and how."""

    from_site: Name
    trunk_group: Name
    "The one that the caller came in on."
    methods: Annotated[tuple[PlanMethod, ...], Field(min_length=1)] = ("bridge",)
    "In this order."
    number: PlanNumber | None = None
    """Where tokens do not pass: a number of the peer's, called by the trunk group's `dial_to`. It
    is an ordinary new call there; the origin alone keeps the peer's bounds."""
    set_up_p99_s: Annotated[float, Field(gt=0, le=30)] | None = None
    "None: the plan's."


class PlanPeer(Strict):
    """One peer that may take a service's calls, and how many."""

    site: Name
    queue: Name
    "Queue of the peer that serves them."
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    "Share of the overflow, against those of the other peers that are in reach."
    calls_max: Annotated[int, Field(ge=0, le=100_000)] = 10
    "Most such calls at once; the peer itself keeps to it. 0 takes none."
    calls_per_minute_max: Annotated[int, Field(ge=0, le=100_000)] = 60
    "Most such calls in a minute; the peer itself keeps to it."
    ways: Annotated[tuple[PlanWay, ...], Field(max_length=500)] = ()
    "None: from everywhere, by the plan's methods. Else only from the trunk groups named here."

    def way(self, from_site: str, trunk_group: str) -> PlanWay | None:
        """How it is reached from there, if that is said."""
        here = (from_site, trunk_group)
        return next((one for one in self.ways if (one.from_site, one.trunk_group) == here), None)

    def reached(self, from_site: str, trunk_group: str) -> bool:
        """May calls that came in there go to it?"""
        return not self.ways or self.way(from_site, trunk_group) is not None


class PlanService(Strict):
    """Who may take the calls of one service. A peer's own callers are not sent to itself."""

    service: Name
    peers: Annotated[tuple[PlanPeer, ...], Field(min_length=1, max_length=500)]


class PeerPlanSpec(Strict):
    """Shares by service, and the sites' addresses."""

    serial: Annotated[int, Field(ge=1, le=2**31)]
    "Grows with each plan: a site that has seen one takes no plan of a lower serial."
    valid_until: UtcMoment
    "From then on no site uses the plan."
    sites: Annotated[tuple[PlanSite, ...], Field(max_length=500)] = ()
    services: Annotated[tuple[PlanService, ...], Field(max_length=1000)] = ()
    "None: nobody overflows without NIRC. So is a plan withdrawn."
    methods: Annotated[tuple[PlanMethod, ...], Field(min_length=1)] = ("bridge",)
    """In this order. redirect_302 only where every trunk group that allows it follows the second
    Contact, by which a refused caller comes home."""
    set_up_p99_s: Annotated[float, Field(gt=0, le=30)] = 0.5
    "In which time a peer has spoken, in 99 of 100 calls."
    tokens: Literal["long", "short"] = "long"
    """Form of the user part by which a peer is called. Short: at most 79 characters, as an Asterisk
    and edges that cut long ones need it; site agents of the version before refuse such a plan."""


class PeerPlanDoc(AnyDocument):
    """Kind `PeerPlan`."""

    kind: Literal["PeerPlan"]
    spec: PeerPlanSpec

    @property
    def valid_until_unix_s(self) -> float:
        """End of the plan, as seconds since 1970. Raises ValueError for a day that is none."""
        return datetime.fromisoformat(self.spec.valid_until).timestamp()

    def service(self, name: str) -> PlanService | None:
        """The entry of a service."""
        return next((one for one in self.spec.services if one.service == name), None)

    def peer(self, service: str, site: str) -> PlanPeer | None:
        """What a site takes of a service."""
        found = self.service(service)
        peers = found.peers if found is not None else ()
        return next((one for one in peers if one.site == site), None)


Wrong = tuple[str, str, str]
"Place, problem, remedy."


def peer_plan_wrong(document: PeerPlanDoc) -> list[Wrong]:
    """What the shape of a plan cannot show."""
    spec = document.spec
    wrong = [
        *_twice("spec.sites[{}].site", (one.site for one in spec.sites)),
        *_twice("spec.services[{}].service", (one.service for one in spec.services)),
        *_twice("spec.methods[{}]", spec.methods),
    ]
    try:
        document.valid_until_unix_s  # noqa: B018
    except ValueError:
        wrong.append(("spec.valid_until", "is no day of the calendar", "correct the date"))
    known = {one.site for one in spec.sites}
    for i, service in enumerate(spec.services):
        place = f"spec.services[{i}].peers[{{}}].site"
        wrong += _twice(place, (peer.site for peer in service.peers))
        for j, peer in enumerate(service.peers):
            if peer.site not in known:
                remedy = "add its address to spec.sites"
                wrong.append((place.format(j), f"{peer.site} has no address in the plan", remedy))
            wrong += _ways_wrong(f"spec.services[{i}].peers[{j}].ways", peer)
    return wrong


def _ways_wrong(place: str, peer: PlanPeer) -> list[Wrong]:
    names = (f"{way.from_site}/{way.trunk_group}" for way in peer.ways)
    wrong = [*_twice(place + "[{}].trunk_group", names)]
    for k, way in enumerate(peer.ways):
        wrong += _twice(f"{place}[{k}].methods[{{}}]", way.methods)
        if way.from_site == peer.site:
            remedy = "name the site whose callers go there"
            wrong.append((f"{place}[{k}].from_site", f"{peer.site} is the peer itself", remedy))
        if way.number is not None and way.methods != ("bridge",):
            problem = "a number is called by a bridge alone: nobody there knows whose call it is"
            wrong.append((f"{place}[{k}].methods", problem, "leave methods out"))
    return wrong


def _twice(place: str, names: Iterable[str]) -> list[Wrong]:
    seen: set[str] = set()
    wrong: list[Wrong] = []
    for i, name in enumerate(names):
        if name in seen:
            wrong.append((place.format(i), f"{name} is given twice", "keep one of the two"))
        seen.add(name)
    return wrong
