"""A network of call centres as engines take it: every name resolved to a number, times in
microseconds, nothing left to draw but what the calls table brings.

Rule of this file: data only. `scenarios` makes these from YAML; tests may make them by hand. A
*row* is a queue of a site, an index into `NetworkModel.rows`; agents and trunk groups are numbered
through all sites alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from routing_policies.network_documents import NetworkDocuments
from simulator.model.instants import NEVER_US, US

AgentChoice = Literal["longest_available", "most_skilled", "least_occupied"]
MoveMethod = Literal["redirect_302", "refer", "bridge"]
Window = tuple[int, int]
"(from, to) in microseconds; `to` is outside."


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceModel:
    """A network service."""

    name: str
    queue: str
    "Name of the queue that serves it, at every site that has one."
    priority: int = 0
    aht_s: float = 180.0
    threshold_us: int = 20 * US
    "Service level: answered within this."
    target: float = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueModel:
    """One queue of a site."""

    name: str
    places_max: int = 200
    shared: bool = True
    max_loan: int = 1_000_000
    min_reserve: int = 0
    agent_choice: AgentChoice = "longest_available"
    """Which ready agent gets a call: longest ready; highest level, then longest ready; or least
    share of time occupied, then longest ready. Ties go to the agent who comes first."""
    aht_s: float = 0.0
    "Mean handle time that the ACD reports; 0: none, the service's is used."
    answer_after_us: int = NEVER_US
    "A waiting caller is answered with music after this; before that 302 may move the call."


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentModel:
    """One agent."""

    name: str
    levels: tuple[tuple[int, int], ...]
    "(index of a queue of the site, skill level 1 to 10), in the order of the site's queues."
    shifts: tuple[Window, ...]
    "When the agent is signed in, in order, apart; a call that stands at the end is finished."
    ring_us: int = 0
    "From the offer of a call to the answer."
    no_answer_share: float = 0.0
    "Chance that a ring stays without an answer (RONA)."
    no_answer_us: int = 15 * US
    "Such a ring is taken back after this."
    pause_us: int = 60 * US
    "An agent who did not answer is not ready for this long."


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkModel:
    """One trunk group."""

    name: str
    channels_max: int
    min_free: int = 0
    "Channels kept for the site's own callers."
    kind: Literal["carrier", "network"] = "carrier"
    no_answer_us: int = NEVER_US
    "The carrier drops a call that is not answered for this long (outcome `no_answer`)."
    set_up_us: int = 0
    "From the caller's dialing to the offer at the site."


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteModel:
    """One site: its ACD, its agents, its site agent and the link to NIRC."""

    name: str
    queues: tuple[QueueModel, ...]
    agents: tuple[AgentModel, ...]
    trunks: tuple[TrunkModel, ...]
    foreign_aht_factor: float = 1.0
    "Talk and after-call work of calls from other sites take this many times as long."
    link_delay_us: int = 10_000
    "One way, constant, between the site agent and the node."
    coalesce_us: int = 100_000
    "A report leaves this long after the first change that was not reported."
    ask_after_us: int = 0
    requery_us: int = 5 * US
    deadline_us: int = 3 * US
    act_locally_pause_us: int = 10 * US
    rules: str = ""
    "OverflowRules of the site as YAML; empty: none."


@dataclass(frozen=True, slots=True, kw_only=True)
class IngressModel:
    """One dialed number: a service, and the sites where its calls enter, the first that is
    reachable."""

    name: str
    service: int
    entries: tuple[tuple[int, int], ...]
    "(site, index of its trunk group), in order."
    dialed_number: str = ""
    switch_over_us: int = 0
    "A site is lost: until somebody has switched over, callers of it meet nothing."
    lost_share: float = 1.0
    """Share of those who meet nothing that is lost; the others try the next entry after
    `retry_us`. Drawn by `CallsTable.luck`."""
    retry_us: int = 3 * US


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveModel:
    """How moves really go from a site's trunk group to another site. (What NIRC believes of them is
    in the `Path` documents.)"""

    from_site: int
    trunk: int
    "Index of the trunk group of `from_site` on which the call came in."
    to_site: int
    method: MoveMethod
    arrives_on: int
    "Index of the trunk group of `to_site`."
    set_up_us: int = US
    "From the 302, REFER or INVITE to the call's arrival at the target."
    channels_us: int = 0
    "A REFER's home leg stands this long after the arrival."
    origin_channels: int = 0
    "Further channels of `trunk` that a bridge holds while the call stands."


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultModel:
    """Something is broken for a while."""

    kind: Literal[
        "site",
        "link",
        "node",
        "etcd",
        "peer_link",
        "path",
        "black_hole",
        "late",
        "loss",
        "twice",
        "pause",
        "agent",
        "clock",
        "store",
    ]
    """`site`: nobody can enter, its calls are cut, its agents gone; `link`: site and node do not
    hear one another; the others are the world engine's alone; `black_hole`: every talk at the site
    ends at once; what the rest do stands in `simulator.world.breaking`."""
    window: Window
    site: int = -1
    node: int = -1
    way: str = ""
    "How, where there is more than one way."
    amount: float = 0.0
    "Seconds or a share, as the kind has it."


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackModel:
    """Callers may be called back: by wish, by a policy's or a site's word. The bounds are those of
    the site agent's file (`callbacks`)."""

    after_us: int = NEVER_US
    """Who has waited so long in a queue is offered it by the telephone system; NEVER_US: nobody is,
    only policies and sites' own rules have callers called back."""
    take_share: float = 1.0
    "Chance that a caller takes the offer."
    answer_share: float = 1.0
    "Chance that a call to them is answered, if the telephone rings long enough."
    answer_after_us: int = 5 * US
    "From the first ring to the answer."
    busy_share: float = 0.0
    "Chance that they are on the telephone; neither this nor `answer_share`: nobody answers."
    entries_max: int = 200
    attempts_max: int = 3
    pause_us: int = 600 * US
    ring_us: int = 30 * US
    keep_us: int = 14_400 * US
    unresolved_us: int = 120 * US


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferModel:
    """Agents pass callers on to a service, from the middle of a talk."""

    services: tuple[str, ...]
    "Any of these."
    share: float = 0.3
    "Chance that the first agent of a call passes it on; of the second and last one half of it."
    stays_share: float = 0.5
    "Chance that the agent stays on the line until somebody has the caller; else they hang up."
    back_after_us: int = 12 * US
    "Who stays wants the caller back after this, and again."


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerPlanModel:
    """What sites do while no node leads."""

    text: str
    "The PeerPlan document; its hosts are those of `peer_plan_text`."
    by_hand: bool = True
    "Sites have it from the start; else NIRC carries it, if `documents` have it."
    laid: tuple[tuple[int, int, str], ...] = ()
    "Another plan is laid at a site by hand: (instant, site, text)."
    leaderless_s: float = 10.0
    "So long without a leader a site waits before it goes by its plan."


@dataclass(frozen=True, kw_only=True)
class NetworkModel:
    """Everything but the calls."""

    sites: tuple[SiteModel, ...]
    services: tuple[ServiceModel, ...]
    ingresses: tuple[IngressModel, ...]
    moves: tuple[MoveModel, ...]
    documents: NetworkDocuments
    "Sites, paths, services, calendars and the policies: what the router is given."
    faults: tuple[FaultModel, ...] = ()
    ideal: bool = False
    """NIRC sees everything at once and costs no time: no link delay, no reservation round trip;
    a move alone takes time."""
    start_unix_s: float = 1_767_600_000.0
    "Wall time at instant 0."
    duration_us: int = 3600 * US
    "Calls arrive until then."
    drain_us: int = 3600 * US
    "How long after that calls may go on before they count as unfinished."
    warm_up_us: int = 0
    "Calls that arrive before this, and time before it, are not measured."
    interval_us: int = 900 * US
    waiting_max: int = 100_000
    "More calls than this waiting in one row: overloaded."
    nodes_count: int = 1
    "More than one only in the world engine."
    failsafe: bool = False
    "Nodes lead on without etcd while all agree; in the world engine where things break."
    callbacks: CallbackModel | None = None
    "None: nobody is called back, and who would be waits on. Only in the world engine."
    transfers: TransferModel | None = None
    "None: whoever has an agent stays with them. Only in the world engine."
    peer_plan: PeerPlanModel | None = None
    "None: without NIRC callers wait at home. Only in the world engine."

    @cached_property
    def rows(self) -> tuple[tuple[int, int], ...]:
        """(site, index of the queue) of each row, site by site."""
        return tuple((s, q) for s, site in enumerate(self.sites) for q in range(len(site.queues)))

    @cached_property
    def trunks(self) -> tuple[tuple[int, int], ...]:
        """(site, index of the trunk group) through all sites."""
        return tuple((s, t) for s, site in enumerate(self.sites) for t in range(len(site.trunks)))

    @cached_property
    def agents(self) -> tuple[tuple[int, int], ...]:
        """(site, index of the agent) through all sites."""
        return tuple((s, a) for s, site in enumerate(self.sites) for a in range(len(site.agents)))

    @cached_property
    def row_of(self) -> Mapping[tuple[int, str], int]:
        """Row by (site, name of the queue)."""
        return {(s, self.sites[s].queues[q].name): row for row, (s, q) in enumerate(self.rows)}

    @cached_property
    def site_index(self) -> Mapping[str, int]:
        """Number of a site by its name."""
        return {site.name: s for s, site in enumerate(self.sites)}

    def home_row(self, ingress: int, site: int) -> int:
        """Row where calls of an ingress wait at a site; -1 where it has no such queue."""
        service = self.services[self.ingresses[ingress].service]
        return self.row_of.get((site, service.queue), -1)
