"""Every message between sites and nodes, and between nodes, each defined once.

Rule of this file: standard library only, frozen data only. Times are durations in seconds (`_s`),
counted from the moment of receipt; an instant never crosses the wire. `codec.py` turns these into
bytes and back, and is the only place that knows how.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from hashlib import blake2b

VERSION_NEWEST = 2
VERSION_OLDEST = 1
DOMAIN_FIRST = "default"


class Lane(Enum):
    """Which of a link's three lanes a message takes; a lower value is sent first."""

    DECISION = 0
    STATE = 1
    HISTORY = 2


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Epoch:
    """One leadership of one routing domain: the fence on every command. Compared in field order."""

    generation: int
    "Kept in etcd, starts at 1, raised when etcd was wiped or restored."
    revision: int
    "etcd revision at which the leader key was created."


NO_EPOCH = Epoch(generation=0, revision=0)


class AgentState(Enum):
    """Agent states of ECMA-269 6.1.3.2, and `reserved`: held for a call that is on its way."""

    NULL = "null"
    NOT_READY = "not_ready"
    READY = "ready"
    RESERVED = "reserved"
    BUSY = "busy"
    WORKING_AFTER_CALL = "working_after_call"


class TransferMethod(Enum):
    """How a call is moved, in the order of the usual ladder."""

    REDIRECT_302 = "redirect_302"
    REFER = "refer"
    REFER_REPLACES = "refer_replaces"
    BRIDGE = "bridge"
    TRANSLATION_ROUTE = "translation_route"


class RequeryReason(Enum):
    """Why a call is asked about again."""

    REFUSED = "refused"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    ERROR = "error"
    TIMEOUT = "timeout"
    ABORTED = "aborted"
    STILL_WAITING = "still_waiting"


# ---- link control ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEpoch:
    """The highest epoch a site has stored for one domain."""

    domain: str
    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """First message of a site on a stream."""

    site: str
    incarnation: int
    "Grows at every start of the site agent; a lower one is refused while a higher one is known."
    version_newest: int = VERSION_NEWEST
    version_oldest: int = VERSION_OLDEST
    epochs: tuple[KnownEpoch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """A node accepts the link and says which version is spoken."""

    node: str
    version: int
    heartbeat_s: float
    silence_s_max: float
    "Silence after which either end calls the link dead."


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRefused:
    """A node refuses the link: `code` for programs, `reason` for people."""

    code: str
    "version | identity | unknown_site | incarnation | sequence | overload | draining"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """Sent when nothing else was for `heartbeat_s`."""


# ---- leadership --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Leading:
    """A node says that it leads a domain; the site stores the epoch, then acknowledges."""

    domain: str
    epoch: Epoch
    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadingAck:
    """From now on this site refuses lower epochs of this domain."""

    domain: str
    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLeading:
    """A node that does not lead was asked to decide; the site asks the right one, or acts alone."""

    domain: str
    request_id: str
    leader: str
    "Name of the node believed to lead, or empty."


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochRefused:
    """A site refused a command because it knows a higher epoch."""

    domain: str
    highest: Epoch
    request_id: str


# ---- state -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueReport:
    """One queue of one site, as the site knows it."""

    queue: str
    open: bool = True
    shared: bool = True
    "May calls of other sites be served here."
    staffed_count: int = 0
    ready_count: int = 0
    reserved_count: int = 0
    busy_count: int = 0
    acw_count: int = 0
    not_ready_count: int = 0
    waiting_count: int = 0
    oldest_wait_s: float = 0.0
    aht_s: float = 0.0
    "Mean handle time over a sliding window, or the configured value before there is one."
    answered_count: int = 0
    abandoned_count: int = 0
    places_max: int = 0
    places_held_count: int = 0
    "Places promised to calls that have not arrived."
    max_loan: int = 0
    "Most calls of other sites held or talked to at once; 0 lends nothing."
    loan_count: int = 0
    min_reserve: int = 0
    "Ready agents never lent."


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentQueue:
    """An agent's membership of a queue; a higher level is a better skill (1 to 10)."""

    queue: str
    level: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReport:
    """One shared agent."""

    agent: str
    state: AgentState
    in_state_s: float
    "Time in this state; durations never count as a change and stay out of the checksum."
    queues: tuple[AgentQueue, ...] = ()
    calls_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkReport:
    """One trunk group."""

    trunk_group: str
    channels_max: int
    channels_used_count: int = 0
    channels_reserved_count: int = 0
    min_free: int = 0
    "Channels kept for the site's own callers."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationReport:
    """One open reservation; part of the site's state, so that a new leader finds it."""

    token: str
    request_id: str
    queue: str
    agent: str
    "Empty when a place is held."
    origin_site: str
    taken: bool
    expires_in_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCallReport:
    """One call waiting at the site; what a rebuilt view of the network's waiting calls needs."""

    call_id: str
    interaction_id: str
    queue: str
    service: str
    priority: int
    waited_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """An entity that is gone. `kind` is queue, agent, trunk, reservation or waiting."""

    kind: str
    name: str


Entity = QueueReport | AgentReport | TrunkReport | ReservationReport | WaitingCallReport


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSnapshot:
    """The whole state at `version`."""

    incarnation: int
    version: int
    checksum: int
    "`state_checksum` over all entities."
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StateDelta:
    """What changed after `base_version` up to `version`; `checksum` is of the whole then."""

    incarnation: int
    base_version: int
    version: int
    checksum: int
    entities: tuple[Entity, ...]
    removed: tuple[Removed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StateAck:
    """The node holds the site's state at this version."""

    incarnation: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StateResync:
    """The node cannot apply what it got (gap, checksum); the site answers with a snapshot."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDocuments:
    """Opaque documents for a site, carried but not read by NIRC; the site keeps them on disk."""

    revision: int
    site_table: bytes
    "A `SiteTable` document as the operator wrote it."


# ---- route requests and reservations -----------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRequest:
    """An origin asks where a call could be served better. Idempotent by `request_id`."""

    request_id: str
    domain: str = DOMAIN_FIRST
    interaction_id: str
    call_id: str
    service: str
    queue: str
    "The origin's own queue for this call."
    dialed_number: str = ""
    ani: str = ""
    trunk_group: str = ""
    "Trunk group the call came in on: with the target site and method it names the path."
    answered: bool = False
    "Was the caller answered (200 sent)? Decides between 302 and REFER."
    waited_s: float = 0.0
    priority: int = 0
    visited_sites: tuple[str, ...] = ()
    moves_since_person_count: int = 0
    moves_count: int = 0
    deadline_s: float = 3.0
    reason: RequeryReason | None = None
    refused_targets: tuple[str, ...] = ()
    "Sites that failed this call just now, not to be offered again."
    data_version: int = 0
    "0: no attached data."
    data_digest: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRequestCancel:
    """The origin needs no answer any more (own agent took the call, or the caller left)."""

    request_id: str
    domain: str = DOMAIN_FIRST
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelClaim:
    """Channels a move uses on one trunk group of the site that is told."""

    trunk_group: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of the method ladder: a path, with what the origin must know about it."""

    method: TransferMethod
    path: str
    arrives_on: str
    "Trunk group of the target on which the call comes in; with the site it names the address."
    set_up_p99_s: float = 0.5
    origin_channels: int = 0
    "Further channels the origin holds while the call stands (a bridge: 1 or 2)."
    follows_contacts: bool = False
    "302 only: the path is proven to try the second Contact."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """The leader asks a target to hold an agent or a place, and channels, for one call."""

    domain: str
    epoch: Epoch
    request_id: str
    interaction_id: str
    origin_site: str
    service: str
    queue: str
    agent: str = ""
    "Empty: a place in the queue at the caller's age."
    methods: tuple[TransferMethod, ...]
    channels: tuple[ChannelClaim, ...] = ()
    expires_s: float = 5.0
    answer_within_s: float = 1.0
    waited_s: float = 0.0
    priority: int = 0
    answered: bool = False
    "The caller has been answered before: answer at arrival within 1 s, agent or not."
    ani: str = ""
    dialed_number: str = ""
    visited_sites: tuple[str, ...] = ()
    moves_since_person_count: int = 0
    moves_count: int = 0
    data_version: int = 0
    data_digest: bytes = b""
    data: bytes = b""
    "Canonical JSON when small (4 kB); else empty, and the target asks with `DataGet`."


class ReserveRefusal(Enum):
    """Why a target refuses."""

    NO_AGENT = "no_agent"
    NO_PLACE = "no_place"
    NO_CHANNEL = "no_channel"
    NOT_SHARED = "not_shared"
    LOAN_LIMIT = "loan_limit"
    CLOSED = "closed"
    UNKNOWN_TARGET = "unknown_target"
    OVERLOAD = "overload"
    HOP_BUDGET = "hop_budget"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveGranted:
    """The target holds what was asked under `token` for `expires_s`."""

    domain: str
    epoch: Epoch
    request_id: str
    token: str
    queue: str
    agent: str = ""
    expires_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveRefused:
    """The target holds nothing for this request."""

    domain: str
    epoch: Epoch
    request_id: str
    reason: ReserveRefusal
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The leader no longer needs a reservation whose token was never handed to an origin."""

    domain: str
    epoch: Epoch
    request_id: str
    reason: str = ""


class RouteOutcome(Enum):
    """What the router says about a call."""

    MOVE = "move"
    STAY = "stay"
    ACT_LOCALLY = "act_locally"
    "Overload, draining or no usable policy: the site uses its own means and need not ask soon."


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteAnswer:
    """The one answer to a route request. Never carries a dialable address."""

    domain: str
    epoch: Epoch
    request_id: str
    outcome: RouteOutcome
    target_site: str = ""
    queue: str = ""
    agent: str = ""
    token: str = ""
    rungs: tuple[Rung, ...] = ()
    expires_s: float = 0.0
    decision_id: str = ""
    policy_version: int = 0
    reason: str = ""


# ---- the move itself ---------------------------------------------------------------------------


class MoveOutcome(Enum):
    """How a move ended, told by the origin."""

    ARRIVED = "arrived"
    REFUSED = "refused"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    ERROR = "error"
    TIMEOUT = "timeout"
    CALLER_GONE = "caller_gone"
    SERVED_AT_HOME = "served_at_home"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOutcome:
    """The origin tells the leader how a move ended. The reservation is settled by it."""

    domain: str = DOMAIN_FIRST
    request_id: str
    token: str
    target_site: str
    method: TransferMethod | None
    "The last rung tried; none if the move never began."
    outcome: MoveOutcome
    sip_status: int = 0
    took_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTaken:
    """Target to origin: an INVITE with the live token was accepted; the target owns the caller."""

    token: str
    from_site: str
    to_site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallArrived:
    """Target to origin: answered (200) and acknowledged; the origin ends its leg now.

    Sent again until the origin says `MoveSettled`.
    """

    token: str
    from_site: str
    to_site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveSettled:
    """Origin to target: the arrival was noted; stop telling me."""

    token: str
    from_site: str
    to_site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Origin to target, by any node, without an epoch: never accept this token from now on.

    Repeated until a `CancelAnswer` is heard, and while the origin holds the caller.
    """

    token: str
    request_id: str
    from_site: str
    to_site: str


class CancelVerdict(Enum):
    """The target's word."""

    TAKEN = "taken"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAnswer:
    """Target to origin: the token was taken (the target owns the caller), or never will be."""

    token: str
    verdict: CancelVerdict
    from_site: str
    to_site: str


SiteToSite = CallTaken | CallArrived | MoveSettled | Cancel | CancelAnswer


# ---- attached data -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPut:
    """Store a call's attached data. `data` is canonical JSON of an object, at most 64 kB."""

    interaction_id: str
    version: int
    digest: bytes
    "SHA-256 of `data`."
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DataStored:
    """The data is stored, or is not: `reason` is empty when it is."""

    interaction_id: str
    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataGet:
    """A target asks for the data of a call; the token it granted is the right to read."""

    token: str
    interaction_id: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAnswer:
    """The data, whole and sealed, or nothing and the reason."""

    token: str
    version: int
    digest: bytes
    data: bytes
    reason: str = ""
    "not_found | store_unavailable | too_late | not_allowed; empty when `data` is there."


# ---- history -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLegRecord:
    """One leg of a call, told once when it has ended."""

    interaction_id: str
    call_id: str
    sip_call_id: str
    site: str
    leg: str
    "caller | agent | bridge"
    trunk_group: str
    queue: str
    agent: str
    ani: str
    dialed_number: str
    method: str
    "Transfer method that ended this leg, or empty."
    token: str
    started_unix_s: float
    waited_s: float
    talked_s: float
    released_by: str
    "caller | agent | site | moved | redirected"
    sip_status: int
    end_reason: str = ""


# ---- node to node ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerHello:
    """First message between nodes."""

    node: str
    version_newest: int = VERSION_NEWEST
    version_oldest: int = VERSION_OLDEST


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerStatus:
    """What a node says of itself, each heartbeat."""

    node: str
    leading: tuple[KnownEpoch, ...] = ()
    sites: tuple[str, ...] = ()
    "Sites with a live stream to this node."


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerRelay:
    """A site-to-site message handed to a node that has the receiving site's stream."""

    message: SiteToSite


SiteMessage = (
    Hello
    | Heartbeat
    | LeadingAck
    | EpochRefused
    | StateSnapshot
    | StateDelta
    | RouteRequest
    | RouteRequestCancel
    | ReserveGranted
    | ReserveRefused
    | TransferOutcome
    | CallTaken
    | CallArrived
    | MoveSettled
    | Cancel
    | CancelAnswer
    | DataPut
    | DataGet
    | CallLegRecord
)
"What a site may say to a node."

NodeMessage = (
    Welcome
    | LinkRefused
    | Heartbeat
    | Leading
    | NotLeading
    | StateAck
    | StateResync
    | SiteDocuments
    | Reserve
    | Release
    | RouteAnswer
    | CallTaken
    | CallArrived
    | MoveSettled
    | Cancel
    | CancelAnswer
    | DataStored
    | DataAnswer
)
"What a node may say to a site."

PeerMessage = PeerHello | PeerStatus | PeerRelay | Heartbeat
"What a node may say to another."

_STATE_LANE = (StateSnapshot, StateDelta, StateAck, StateResync, SiteDocuments, DataStored)
INLINE_DATA_BYTES_MAX = 4096
"Attached data up to this size travels inside `Reserve` and on the first lane."


def lane_of(message: SiteMessage | NodeMessage | PeerMessage) -> Lane:
    """Which lane `message` takes. Link control and everything about a call goes first."""
    if isinstance(message, CallLegRecord):
        return Lane.HISTORY
    if isinstance(message, _STATE_LANE):
        return Lane.STATE
    if isinstance(message, DataPut) and len(message.data) > INLINE_DATA_BYTES_MAX:
        return Lane.STATE
    return Lane.DECISION


# ---- one number for a site's whole state -------------------------------------------------------

_CHECKSUM_MODULUS = 1 << 64

_ENTITY_KEY: dict[type, Callable[..., tuple[str, str]]] = {
    QueueReport: lambda e: ("queue", e.queue),
    AgentReport: lambda e: ("agent", e.agent),
    TrunkReport: lambda e: ("trunk", e.trunk_group),
    ReservationReport: lambda e: ("reservation", e.token),
    WaitingCallReport: lambda e: ("waiting", e.call_id),
}


def _queue_form(e: QueueReport) -> object:
    flags = (e.queue, bool(e.open), bool(e.shared), round(e.aht_s * 1000))
    agents = (e.staffed_count, e.ready_count, e.reserved_count, e.busy_count, e.acw_count)
    calls = (e.not_ready_count, e.waiting_count, e.answered_count, e.abandoned_count)
    limits = (e.places_max, e.places_held_count, e.max_loan, e.loan_count, e.min_reserve)
    return ("queue", flags, agents, calls, limits)


def _agent_form(e: AgentReport) -> object:
    queues = [(q.queue, q.level) for q in e.queues]
    return ("agent", e.agent, e.state.value, queues, e.calls_count)


def _trunk_form(e: TrunkReport) -> object:
    channels = (e.channels_max, e.channels_used_count, e.channels_reserved_count, e.min_free)
    return ("trunk", e.trunk_group, channels)


def _reservation_form(e: ReservationReport) -> object:
    names = (e.token, e.request_id, e.queue, e.agent, e.origin_site)
    return ("reservation", names, bool(e.taken))


def _waiting_form(e: WaitingCallReport) -> object:
    return ("waiting", (e.call_id, e.interaction_id, e.queue, e.service), e.priority)


_ENTITY_FORM: dict[type, Callable[..., object]] = {
    QueueReport: _queue_form,
    AgentReport: _agent_form,
    TrunkReport: _trunk_form,
    ReservationReport: _reservation_form,
    WaitingCallReport: _waiting_form,
}


def entity_key(entity: Entity) -> tuple[str, str]:
    """(kind, name) of `entity`: unique within a site, and what `Removed` names."""
    return _ENTITY_KEY[type(entity)](entity)


def entity_hash(entity: Entity) -> int:
    """64 bits of `entity` without its running durations; the mean handle time counts in ms.

    The same at both ends of a link, whatever the Python version: the form hashed is ASCII.
    """
    form = ascii(_ENTITY_FORM[type(entity)](entity)).encode("ascii")
    return int.from_bytes(blake2b(form, digest_size=8).digest(), "big")


def state_checksum(entities: Iterable[Entity]) -> int:
    """Checksum of a whole state: the sum of its entities' hashes modulo 2**64.

    The order does not matter, so either end may keep it as it goes: subtract the hash of the old
    form of an entity, add the hash of the new one, modulo 2**64.
    """
    return sum(map(entity_hash, entities)) % _CHECKSUM_MODULUS
