"""What can happen to the router: every event its core handles.

Rule of this file: frozen data only; no event carries an instant of another machine. Instants named
`..._at_s` are CLOCK_BOOTTIME seconds of this node, taken by the shell that saw the thing happen.
"""

from __future__ import annotations

from dataclasses import dataclass

from nrcli.sip.redirect_words import PreRouteAsked
from nrcli.wire.control_models import Control, ControlWanted
from nrcli.wire.messages import (
    DOMAIN_FIRST,
    Epoch,
    Hello,
    PeerMessage,
    ProvedPath,
    RouteRequest,
    SiteMessage,
)
from routing_policies.compiler import CompiledPolicy
from routing_policies.document import NetworkDocuments


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbePath:
    """Somebody wants a path tried by a test call; how it went stands in the view, under `id`."""

    id: str
    path: str
    to_site: str = ""
    "For a path that leads to all sites: which; empty: the first in reach."
    domain: str = DOMAIN_FIRST
    scheduled: bool = False
    method: str = ""
    "Through the carrier, by this: redirect_302 | refer; empty: a call by the origin itself."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofsRead:
    """What test calls had proved, as it is kept outside the nodes."""

    proved: tuple[ProvedPath, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLinkUp:
    """A site's stream was accepted (identity, version and incarnation checked)."""

    site: str
    hello: Hello


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLinkDown:
    """A site's stream ended, or was silent too long."""

    site: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSaid:
    """A site sent a message; `message` is never link control (hello, heartbeat)."""

    site: str
    message: SiteMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAlive:
    """A heartbeat or any message arrived on a site's stream."""

    site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerUp:
    """The stream to another node stands."""

    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerDown:
    """The stream to another node ended; `refused` when its host says that no process listens."""

    node: str
    refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerSaid:
    """Another node sent a message."""

    node: str
    message: PeerMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignWon:
    """The leader key is ours, on a lease whose last keepalive was *sent* at `sent_at_s`."""

    domain: str
    epoch: Epoch
    sent_at_s: float
    ttl_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepaliveConfirmed:
    """etcd confirmed a keepalive that was *sent* at `sent_at_s`."""

    domain: str
    sent_at_s: float
    ttl_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadershipLost:
    """The leader key or its lease is gone, or we resigned."""

    domain: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderObserved:
    """etcd's leader key names a node (empty: nobody)."""

    domain: str
    node: str
    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class EtcdAnswered:
    """etcd answered a question that was asked at `asked_at_s`; told about once a second."""

    asked_at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EtcdWrote:
    """A write to etcd, which a majority of disks must keep, took so long; told by who leads."""

    took_s: float
    problem: str = ""
    "Why it failed; empty: it did not."


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopWoke:
    """How much later than planned this node's loop came to its work; told about once a second."""

    late_s: float
    waited_share: float = 0.0
    "Of the time since the last of these: ready to run, and no processor was given; 0 to 1."


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignHeld:
    """What became of a `HoldCampaign`; not `held` where a campaign was under way."""

    domain: str
    node: str
    epoch: Epoch
    round: int
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersKnown:
    """Every node that belongs to the network, as etcd last named them."""

    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsChanged:
    """A whole, checked set of documents replaces the one in use."""

    documents: NetworkDocuments


@dataclass(frozen=True, slots=True, kw_only=True)
class DataWasStored:
    """The store took a call's data, or did not (`reason`)."""

    site: str
    interaction_id: str
    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataWasFetched:
    """The store answered a fetch; `data` is empty with a `reason`."""

    site: str
    token: str
    version: int
    digest: bytes
    data: bytes
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrainAsked:
    """The operator wants this node to stop taking work: resign, answer `act_locally`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WallTimeRead:
    """The clock on the wall, told every second: calendars follow it, and nothing else does."""

    unix_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """A person asks what would be decided now: `DryRunTold` answers, and nothing is reserved."""

    id: str
    site: str
    "Where the call would be."
    request: RouteRequest
    policy: CompiledPolicy | None = None
    "Instead of the one in use."


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeEntryOut:
    """An operator takes an entry out of the network queue: `EntryTold` answers."""

    id: str
    entry_id: str
    author: str
    reason: str = ""
    announcement: str = ""
    "Played to the caller, who waits on at home; empty: none."


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlsRead:
    """All emergency controls that are kept; those that were and are not among them have ended."""

    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighControl:
    """Somebody wants a control, or to know what it would do: `ControlWeighed` answers, and nothing
    is in force yet."""

    id: str
    control_id: str
    "Its id if it begins."
    wanted: ControlWanted
    wants_effect: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFilled:
    """How full this node's inbox is: told when a tenth of it more, or less, is taken."""

    share: float
    "0 to 1."


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired:
    """A timer started by `StartTimer` is due."""

    name: str


Event = (
    SiteLinkUp
    | SiteLinkDown
    | SiteSaid
    | SiteAlive
    | PeerUp
    | PeerDown
    | PeerSaid
    | CampaignWon
    | KeepaliveConfirmed
    | LeadershipLost
    | LeaderObserved
    | EtcdAnswered
    | EtcdWrote
    | LoopWoke
    | CampaignHeld
    | ProofsRead
    | MembersKnown
    | DocumentsChanged
    | DataWasStored
    | DataWasFetched
    | DrainAsked
    | ProbePath
    | WallTimeRead
    | DryRun
    | TakeEntryOut
    | ControlsRead
    | WeighControl
    | PreRouteAsked
    | InboxFilled
    | TimerFired
)
