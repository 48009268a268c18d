"""What nodes say to each other.

Rule of this file: frozen data only; a node passes on what sites say to sites as it came.
"""

from __future__ import annotations

from dataclasses import dataclass

from nrcli.wire.link_messages import KnownEpoch
from nrcli.wire.move_messages import SiteToSite
from nrcli.wire.route_messages import RouteAnswer, RouteRequest
from nrcli.wire.words import VERSION_NEWEST, VERSION_OLDEST, Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerHello:
    """First message between nodes."""

    node: str
    version_newest: int = VERSION_NEWEST
    version_oldest: int = VERSION_OLDEST


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendedPlace:
    """A path, queue or agent that gets few calls or none, for its outcomes are bad."""

    kind: str
    "queue | agent | path"
    site: str
    "Where the calls go to."
    name: str
    cause: str
    "talk | transfer | refusal: which outcomes were bad, and must be good again."
    reason: str
    "What was seen, in words."
    returning: bool = False
    "Its probes were good: it gets a growing share of calls."
    since_s: float = 0.0
    probes_good_count: int = 0
    "In a row."
    probes_failed_count: int = 0
    "In a row."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedPath:
    """What test calls say of a path."""

    path: str
    tried_for_s: float
    "How long ago the last one ended."
    good_for_s: float = 0.0
    "How long ago the last good one ended, if there was one."
    has_good: bool = False
    bad_count: int = 0
    "Bad ones in a row."
    problem: str = ""
    took_s: float = 0.0
    "99th percentile of the set-up times measured."


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerStatus:
    """What a node says of itself, each heartbeat."""

    node: str
    leading: tuple[KnownEpoch, ...] = ()
    sites: tuple[str, ...] = ()
    "Sites with a live stream to this node."
    suspended: tuple[SuspendedPlace, ...] = ()
    "Said by a leader, so that whoever leads next goes on with it."
    pre_routes: bool = False
    "Takes `PreRouteAsk`; older nodes do not, and must not be sent one."
    proved: tuple[ProvedPath, ...] = ()
    "What this node knows of test calls; the newest word on a path counts."


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerRelay:
    """A site-to-site message handed to a node that has the receiving site's stream."""

    message: SiteToSite


@dataclass(frozen=True, slots=True, kw_only=True)
class FailsafeAsk:
    """The leader, without etcd, asks every other node whether it may go on."""

    domain: str
    epoch: Epoch
    round: int
    "Counts up; an answer to an earlier one is void."


@dataclass(frozen=True, slots=True, kw_only=True)
class FailsafeAnswer:
    """One node's word. `granted`: it campaigns for, and revokes, nothing for one lease's time."""

    domain: str
    epoch: Epoch
    round: int
    granted: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreRouteAsk:
    """A node or a site hands the leader the question of an edge: where to, before any site has the
    call?"""

    client: str
    "Who asked, as the settings of whoever was asked call them; in records in brackets."
    request: RouteRequest
    "Its `trunk_group` is that on which the edge's calls arrive at sites."
    entry_sites: tuple[str, ...] = ()
    "Where the call goes by default."
    handlers: bool = False
    "Whoever asks can send the call to a handler."


@dataclass(frozen=True, slots=True, kw_only=True)
class PreRouteAnswer:
    """What the leader says; nothing is reserved."""

    answer: RouteAnswer
    "MOVE with a target, REJECT, or ACT_LOCALLY: whoever was asked answers from its table."
    further_sites: tuple[str, ...] = ()
    "Where to try next if the target does not take the call."
    by_default: bool = False
    "No policy chose the target: it is the first entry site that can be used."
