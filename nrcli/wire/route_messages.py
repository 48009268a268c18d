"""Asking where a call could be served better, and holding what it needs at the target.

Rule of this file: frozen data only. No message carries a dialable address; every command and every
answer to one carries the epoch of the leader it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from nrcli.wire.words import DOMAIN_FIRST, Epoch, FailedWay, RequeryReason, TransferMethod


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
    withheld: bool = False
    "The caller hides the number: `ani` is empty."
    verified: bool = False
    "The caller's number is vouched for (verstat passed), or a second factor was given."
    entry_id: str = ""
    "The call waits in the network queue under this id; asked again for safety only."
    callback: bool = False
    "Nobody is on the line: whoever takes it calls `ani` back. Asked by the leader itself alone."
    failed_ways: tuple[FailedWay, ...] = ()
    "Not to be offered again to this call. An older leader does; the origin passes them over."


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
    number_on: str = ""
    """The call carries the number that the target lent, not the token: trunk group of the target
    on which calls to it come in. `arrives_on` is empty then, so that an older origin, which can
    only send tokens, finds no address for this rung and passes it over."""
    at_trunk: bool = False
    "The number goes to the domain of the caller's trunk group, not to the target's host."
    trunk_domain: str = ""
    "Which of that group's domains; empty: its first."


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
    broadcast: bool = False
    "Ring all ready agents of the queue at once; the first to answer has the call."
    data: bytes = b""
    "Canonical JSON when small (4 kB); else empty, and the target asks with `DataGet`."
    callback: bool = False
    "No call will come: the target calls `ani` back when the origin says so (`Cancel.dial`)."
    number_on: str = ""
    """Lend a number too, of a pool whose calls come in on this trunk group; empty: none is needed.
    An older target lends none, and the rungs that need one fall away."""
    number_only: bool = False
    "No rung gets by without the number: refuse if there is none."
    probe: bool = False
    """Hold nobody: give a token for one test call that is answered and let go. `queue` is empty, so
    that an older target refuses."""


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
    NO_NUMBER = "no_number"
    "All numbers are lent or rest. Told only to a leader that asked for one."


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
    number: str = ""
    "E.164 number that is lent to the call, where one was asked for."


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftOrder:
    """A share of the callers of one queue is asked about though own agents are ready."""

    shift_id: str
    queue: str
    service: str = ""
    "Empty: callers of every service."
    share_percent: int
    "Of the callers, by `shift_share_of` the shift and their interaction id; 0 to 100."


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftOrders:
    """All shifts of calls away from this site, instead of all told before; none: they are over."""

    domain: str
    epoch: Epoch
    orders: tuple[ShiftOrder, ...] = ()
    holds_s: float = 0.0
    "Unless told again within this time they are over."


class RouteOutcome(Enum):
    """What the router says about a call."""

    MOVE = "move"
    STAY = "stay"
    ACT_LOCALLY = "act_locally"
    "Overload, draining or no usable policy: the site uses its own means and need not ask soon."
    ANNOUNCE = "announce"
    "The call stays; the origin plays `announcement` to the caller."
    RETRY_AFTER = "retry_after"
    "The call stays and is asked about again after `retry_after_s`."
    REJECT = "reject"
    "The origin ends the call with `reject_reason`, unless an own agent has it by now."
    NETWORK_QUEUE = "network_queue"
    """The call waits in the network queue from now on, and at its origin as before. Told only where
    version 3 of the link is spoken."""


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
    policy: str = ""
    announcement: str = ""
    retry_after_s: float = 0.0
    reject_reason: str = ""
    "busy | closed | blocked | not_in_service | try_later"
    entry_id: str = ""
    """Of the network queue: the entry that this moves, or that the call is from now on. An answer
    to no question names the call by it alone."""
    callback: bool = False
    """The caller is to be called back: the origin makes an entry of their number, plays
    `announcement` and ends the call, if it may; else, and at older origins, the call stays."""
    taken_out: bool = False
    """An operator took `entry_id` out of the network queue: its caller waits on at home, hears
    `announcement`, and is asked about no more. Older origins do nothing."""
    probe_from: str = ""
    """No answer but an order: place a test call from this trunk group of yours by the one rung, and
    tell a `TransferOutcome`. An older origin does nothing."""
    probe_round: bool = False
    """The test call goes to a number of the origin's own, by its carrier, comes back in and is
    moved by the rung's method. An older origin places a plain one, and says so by its outcome."""
    number: str = ""
    """Number that the target lent to this call, for the rungs with `number_on`. The origin dials it
    only if its own signed site table gives that number to that site and trunk group."""
    handler: str = ""
    """The call stays unless this Handler takes it: the origin sends the caller there by its own
    copy of the document, and tells `reject_reason` there. At older origins the call stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePosition:
    """The leader tells the origin how a caller stands in the network queue, to be announced."""

    domain: str
    epoch: Epoch
    entry_id: str
    position: int
    "1: the next."
    ewt_low_s: float
    ewt_high_s: float
    "Expected wait as a range; both 0 where nothing is known."
