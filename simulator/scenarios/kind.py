"""Kind `Scenario`: what is simulated.

Rule of this file: what one scenario may say; unknown keys are errors, every number has bounds,
times end in `_s`. Whether names lead anywhere is asked by `references`, whether parts fit by
`checks`.

Names that other parts of the simulator rely on, under `Scenario.doc.spec`:

- `seed start time_zone duration_s drain_s warm_up_s interval_s replications engine`
- `policy documents`
- `network` (ideal, nodes, peer_plan), `limits` (waiting_max, wait_s_max)
- `services[]` (name queue priority aht_s service_level) in `kind`
- `sites[]` (name time_zone queues agents shrinkage trunks asks link reports foreign_aht_factor) in
  `sites`; `sites[].agents[]` (group count skills shifts staffing shrinkage ring_s ...) in `staff`
- `paths[]` (from_site trunk_group to_site methods arrives_on set_up_s set_up_p99_s channels_s
  origin_channels cost)
- `ingresses[]` (name dialed_number service entry_sites switch_over_s lost_share retry_s)
- `caller_classes[]` (name share ingresses priority ahead_s patience balk_share redial talk acw) in
  `callers`; `callbacks` (in `callers` too); `talk acw patience` (by service); which holds for whom
  is told by `draws`
- `profiles[]`, `arrivals[]` (ingress per_s profile records busyness days time_zone from_s to_s),
  `special_days[]` in `arrivals`; expected calls by interval are told by `rates`
- `faults[]` (kind site node from_s lasts_s)
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from routing_policies.kinds_base import (
    AnyDocument,
    Moment,
    Name,
    Number,
    Priority,
    Share,
    SiteOrAny,
    Strict,
    TimeZone,
    Words,
)
from routing_policies.network_kinds import ServiceLevel
from routing_policies.peer_plan_kinds import PlanMethod
from simulator.scenarios.arrivals import Arrival, DayProfile, SpecialDay
from simulator.scenarios.callers import Callbacks, CallerClass, Distributions
from simulator.scenarios.distributions import FileName
from simulator.scenarios.sites import Site

DURATION_S_MAX = 34_560_000.0
"Longest run: 400 days."
SITES_MAX = 1_000
AGENTS_MAX = 100_000
"Most agents of all sites together."
ARRIVALS_MAX = 20_000
MoveMethod = Literal["redirect_302", "refer", "bridge"]


class PeerPlan(Strict):
    """What sites do by themselves while no node leads: every site that has a service's queue is a
    peer for it. The ways are those of `paths`."""

    methods: Annotated[tuple[PlanMethod, ...], Field(min_length=1)] = ("bridge",)
    "In this order."
    calls_max: Annotated[int, Field(ge=0, le=100_000)] = 10
    "Most such calls at once, of each peer and service."
    calls_per_minute_max: Annotated[int, Field(ge=0, le=100_000)] = 60
    set_up_p99_s: Annotated[float, Field(gt=0, le=30)] = 0.5
    leaderless_s: Annotated[float, Field(ge=0.1, le=600)] = 10.0
    "So long without a leader a site waits, where its links stand; without links 2 s."


class Network(Strict):
    """NIRC itself."""

    ideal: bool = False
    """NIRC sees everything at once and costs no time: no link delay, no reservation round trip; a
    move alone takes time."""
    nodes: Annotated[int, Field(ge=1, le=9)] = 1
    "More than one only in the world engine."
    peer_plan: PeerPlan | None = None
    "None: without NIRC calls wait at home. Only in the world engine."


class Service(Strict):
    """What callers want."""

    name: Name
    queue: Name | None = None
    "Queue that serves it, at every site that has one; none: of its own name."
    priority: Priority = 0
    aht_s: Annotated[float, Field(gt=0, le=86_400)] | None = None
    "Mean handle time that NIRC believes; none: mean talk and after-call work, else 180."
    service_level: ServiceLevel = ServiceLevel()


class PathKind(Strict):
    """How calls are moved from sites to sites. Where several fit, the one that names its target
    counts, then the one that names its origin, then its trunk group, then the first; for each
    method by itself."""

    from_site: SiteOrAny = "*"
    trunk_group: SiteOrAny = "*"
    "Trunk group on which the call came in; *: all, so that a moved call may be moved on."
    to_site: SiteOrAny = "*"
    methods: Annotated[tuple[MoveMethod, ...], Field(min_length=1)]
    arrives_on: Name = "network"
    "Trunk group of the target."
    set_up_s: Annotated[float, Field(ge=0, le=60)] = 1.0
    "What it really takes, from the 302, REFER or INVITE to the arrival at the target."
    set_up_p99_s: Annotated[float, Field(gt=0, le=120)] | None = None
    "What NIRC believes; none: the same. Above 3 s it holds places, not agents."
    channels_s: Annotated[float, Field(ge=0, le=60)] = 0.0
    "The home leg of a REFER stands this long after the arrival."
    origin_channels: Annotated[int, Field(ge=0, le=8)] = 1
    "Further channels that a bridge holds at home while the call stands."
    cost: Annotated[float, Field(ge=0, le=1_000_000)] = 0.0
    "Money that moving one call this way costs."


class EntrySite(Strict):
    """Where calls of an ingress enter."""

    site: Name
    trunk: Name | None = None
    "Trunk group; none: the site's first of kind carrier."


class Ingress(Strict):
    """A dialed number: the sites where its calls enter, the first that is not lost."""

    name: Name
    service: Name
    entry_sites: Annotated[tuple[EntrySite, ...], Field(min_length=1, max_length=50)]
    dialed_number: Number | None = None
    switch_over_s: Annotated[float, Field(ge=0, le=86_400)] = 0.0
    "A site is lost: until somebody has switched over, its callers meet nothing."
    lost_share: Share = 1.0
    "Share of those who meet nothing that is lost; the others try the next entry site."
    retry_s: Annotated[float, Field(ge=0, le=3_600)] = 3.0
    "After this."


class Fault(Strict):
    """Something is broken for a while."""

    kind: Literal["site", "link", "node", "etcd", "peer_link", "path"]
    """site: nobody can enter, its calls are cut, its agents gone; link: site and node do not hear
    one another; path: moves from the site fail; node, etcd, peer_link: parts of NIRC. Only site
    and link are known to the compiled engine."""
    site: Name | None = None
    "Of site, link and path."
    node: Annotated[int, Field(ge=0, le=8)] | None = None
    "Of node, peer_link, and of link where there are several nodes; counted from 0."
    from_s: Annotated[float, Field(ge=0, le=DURATION_S_MAX)]
    "Seconds of the run."
    lasts_s: Annotated[float, Field(gt=0, le=DURATION_S_MAX)]


class Limits(Strict):
    """Where a run ends itself."""

    waiting_max: Annotated[int, Field(ge=1, le=10_000_000)] = 100_000
    "More calls than this waiting in one queue: overloaded."
    wait_s_max: Annotated[float, Field(gt=0, le=DURATION_S_MAX)] = 3_600.0
    """Callers who never give up would surely wait longer than this, in a network where all agents
    could serve everybody: overloaded, and not run."""


class ScenarioSpec(Strict):
    """What is simulated."""

    description: Words = ""
    seed: Annotated[int, Field(ge=0, le=10**18 - 1)] = 1
    start: Moment = "2026-03-02T00:00:00"
    "Local time of `time_zone` at which the run begins (the default is a Monday)."
    time_zone: TimeZone = "UTC"
    duration_s: Annotated[float, Field(gt=0, le=DURATION_S_MAX)] = 3_600.0
    "Calls arrive for so long."
    drain_s: Annotated[float, Field(gt=0, le=86_400)] = 3_600.0
    "How long after that calls may go on before they count as unfinished."
    warm_up_s: Annotated[float, Field(ge=0, le=DURATION_S_MAX)] = 0.0
    "Calls that arrive before this are not measured."
    interval_s: Annotated[float, Field(ge=1, le=86_400)] = 900.0
    "Measures are told by intervals of this."
    replications: Annotated[int, Field(ge=1, le=100_000)] = 1
    engine: Literal["auto", "compiled", "world"] = "auto"
    network: Network = Network()
    documents: Annotated[tuple[FileName, ...], Field(max_length=100)] = ()
    """Files of documents used beside what follows, such as calendars and tenants. A document that
    has the kind and name of one made from this scenario replaces it; if there are Paths among them,
    they are all that NIRC knows of paths."""
    policy: Annotated[str, Field(min_length=1, max_length=500)] = "catalogue:default"
    "catalogue:NAME, a file of RoutingPolicy, or `stay`: calls are never moved."
    services: Annotated[tuple[Service, ...], Field(min_length=1, max_length=500)]
    sites: Annotated[tuple[Site, ...], Field(min_length=1, max_length=SITES_MAX)]
    paths: Annotated[tuple[PathKind, ...], Field(max_length=5_000)] = ()
    ingresses: Annotated[tuple[Ingress, ...], Field(min_length=1, max_length=10_000)]
    caller_classes: Annotated[tuple[CallerClass, ...], Field(max_length=200)] = ()
    callbacks: Callbacks | None = None
    "None: nobody is called back, and who would be waits on. Only in the world engine."
    talk: Distributions = Field(default_factory=dict)
    "By service; a service that is not named: exponential with its aht_s."
    acw: Distributions = Field(default_factory=dict)
    "After-call work, by service; a service that is not named: none."
    patience: Distributions = Field(default_factory=dict)
    "By service; a service that is not named: for ever."
    profiles: Annotated[tuple[DayProfile, ...], Field(max_length=1_000)] = ()
    arrivals: Annotated[tuple[Arrival, ...], Field(max_length=ARRIVALS_MAX)]
    special_days: Annotated[tuple[SpecialDay, ...], Field(max_length=1_000)] = ()
    faults: Annotated[tuple[Fault, ...], Field(max_length=1_000)] = ()
    limits: Limits = Limits()


class ScenarioDoc(AnyDocument):
    """Kind `Scenario`."""

    kind: Literal["Scenario"]
    spec: ScenarioSpec


KINDS: dict[str, type[ScenarioDoc]] = {"Scenario": ScenarioDoc}
