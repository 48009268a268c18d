"""A site's state as its node knows it: entities, the snapshot or deltas that carry them, documents.

Rule of this file: frozen data only. Durations of entities run on by themselves: that they grow is
no change, and they stay out of the checksum.
"""

from __future__ import annotations

from dataclasses import dataclass

from nrcli.wire.standing_messages import SiteStanding
from nrcli.wire.words import AgentState, FailedWay


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
    accepting: bool = True
    "False while the expected wait exceeds the time to closing and the queue's rule says stop."
    last_wait_s: float = 0.0
    "Wait of the call that last went to an agent; 0 where none waited lately."
    patience_s: float = 0.0
    "Mean time until a caller gives up; 0 where it is not known."
    estimator: int = 1
    "Which estimator of the expected wait has been best here: 1 queue length, 2 with abandonment,"
    " 3 head of line, 4 last to enter."
    ewt_low_percent: int = 50
    "Range of the expected wait, as percent of it: nine of ten calls waited between the two."
    ewt_high_percent: int = 200
    window_offered_count: int = 0
    "Calls answered or abandoned within the last 15 minutes, short abandons apart."
    window_in_time_count: int = 0
    "Those of them answered within the service level's threshold."
    lasted_count: int = 0
    """Own callers whose talk with an agent lasted 10 s (the site's `short_call_s`), since the site
    agent's start. Of this and the counts that follow a caller counts once in 15 minutes; they stay
    out of the checksum, and leave with the next change of the queue."""
    short_count: int = 0
    "Own callers whose talk ended sooner."
    network_lasted_count: int = 0
    "The same of calls moved here."
    network_short_count: int = 0
    "By whomever they were ended."
    network_short_by_caller_count: int = 0
    "Those of them that the caller ended."
    network_unanswered_count: int = 0
    "Held agents who did not answer the call they were held for."
    dials: bool = False
    "The site can call callers back from this queue. Stays out of the checksum."
    left_count: int = 0
    """Calls answered or abandoned since the site agent's start, short abandons apart: all that ever
    were in `window_offered_count`. It and the next stay out of the checksum."""
    in_time_count: int = 0
    "Those of them answered within the service level's threshold; both 0 at older sites."


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
    ready_s: float = 0.0
    "Time in all ready periods before this state, since signing in."
    ready_periods_count: int = 0
    "How many ready periods those were."
    occupied_s: float = 0.0
    "Time reserved, busy or in after-call work before this state, since signing in."
    network_lasted_count: int = 0
    "Calls moved here whose talk with this agent lasted 10 s, since the site agent's start."
    network_short_count: int = 0
    network_unanswered_count: int = 0
    "Calls that the agent was held for and did not answer."
    network_id: str = ""
    """Who it is in the whole network; empty: this agent of this site. It and what follows stay out
    of the checksum."""
    logged_in_before_s: float = 0.0
    """How long they had been logged in when this state began, where they have a network-wide id:
    of two log-ins of one person the later counts."""
    reason: str = ""
    "Why they are not ready."


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentTakenOver:
    """A person logged in at another site: this agent counts no more. Older sites do nothing."""

    agent: str
    network_id: str
    by_site: str


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
    entry_id: str = ""
    """Id of the request that was answered `network_queue`: the call is an entry of the network
    queue, and what follows is told. Empty: it waits at its site alone."""
    domain: str = ""
    trunk_group: str = ""
    answered: bool = False
    dialed_number: str = ""
    ani: str = ""
    withheld: bool = False
    verified: bool = False
    visited_sites: tuple[str, ...] = ()
    moves_since_person_count: int = 0
    moves_count: int = 0
    refused_targets: tuple[str, ...] = ()
    "Sites that failed this call just now."
    data_version: int = 0
    data_digest: bytes = b""
    callback_state: str = ""
    """Not empty: nobody is on the line, the caller is to be called back at `ani`, and `call_id` is
    the entry's id. `due`: an agent is looked for; `resting`: not now; `dialing`: on its way."""
    callback_attempts_count: int = 0
    "Calls made in vain."
    failed_ways: tuple[FailedWay, ...] = ()
    "Paths and methods that failed this call just now."


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
    standing: tuple[SiteStanding, ...] = ()
    "One; none of a site of the version before."


@dataclass(frozen=True, slots=True, kw_only=True)
class StateDelta:
    """What changed after `base_version` up to `version`; `checksum` is of the whole then."""

    incarnation: int
    base_version: int
    version: int
    checksum: int
    entities: tuple[Entity, ...]
    removed: tuple[Removed, ...] = ()
    standing: tuple[SiteStanding, ...] = ()
    "One where it changed; none where what was told before still holds."


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
    documents: bytes = b""
    """What else the site works with, as JSON: `kind/name` to YAML text. Its own `Site`, the
    calendars and services it names, dialed number plans, number lists of its tenant."""
