"""What an ACD tells its site agent: calls, agents, queues, trunks, holds, moves.

Rule of this file: plain frozen data; no adapter and no I/O is named here. A call has one `call_id`
at a site from the moment it is offered until it has ended there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from nrcli.wire.messages import AgentQueue, AgentState
from site_agent.adapters.acd_leg_facts import NO_FACTS, CallBlocked, LegFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOffered:
    """A caller entered a queue of this site (not by a token). The clock of `waited_s` starts."""

    call_id: str
    interaction_id: str
    service: str
    queue: str
    trunk_group: str
    dialed_number: str = ""
    ani: str = ""
    priority: int = 0
    waited_s: float = 0.0
    agent_ready: bool = False
    "An own agent takes it at once: the network is not asked."
    emergency: bool = False
    "Emergency and priority-marked calls are never moved."
    held_back: bool = False
    """The queue is closed, or shifted: offered to no own agent until `PutBack`, or the end of a
    move."""
    data: bytes = b""
    "Attached data as canonical JSON, only from named IVR peers; empty if none."
    withheld: bool = False
    "The caller does not show the number: `ani` is empty."
    verified: bool = False
    "Somebody the trunk group trusts vouches for the caller's number (verstat)."
    consult_of: str = ""
    """The call of the caller about whom an agent calls; moved by a bridge only. With `held_back`
    nobody at this site serves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallArriving:
    """An INVITE whose user part is a token (`nirc-...`) or a number of one of this site's pools
    (`token` is the number then, in E.164) came in; nothing was answered yet.

    The daemon answers with `AcceptArrival`, `RefuseArrival` or `TreatAsOrdinary`, in the same turn.
    """

    call_id: str
    token: str
    invite_key: str
    "SIP Call-ID and From tag: retransmissions and forks of one INVITE have the same key."
    trunk_group: str
    ani: str = ""
    data: bytes = b""
    "Attached data that came in the INVITE, as canonical JSON; believed only with its seal."
    service: str = ""
    """By a number: what it asks for by itself, where the ACD or the number plan says so; used when
    the number is lent to nobody."""
    queue: str = ""
    "Where such a caller waits."


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered:
    """The site answered the caller (200 and ACK), with media or an agent."""

    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSilent:
    """An answered caller hears nothing for a moment, or hears somebody or something again."""

    call_id: str
    silent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallConnected:
    """An agent talks with the caller."""

    call_id: str
    agent: str
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded:
    """The call's leg at this site is over, for whatever reason. Told exactly once per call."""

    call_id: str
    released_by: str
    "caller | agent | site | moved | redirected"
    sip_call_id: str = ""
    sip_status: int = 0
    agent: str = ""
    talked_s: float = 0.0
    waited_s: float = 0.0
    facts: LegFacts = NO_FACTS


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentChanged:
    """An agent's state or membership changed (ready, busy, log-in, phone unregistered, ...)."""

    agent: str
    state: AgentState
    queues: tuple[AgentQueue, ...]
    calls_count: int = 0
    holdable: bool = True
    "False: this ACD cannot hold agents, NIRC is promised places only."
    reason: str = ""
    "Why they are not ready, or will be: their own word, or `unanswered`, `elsewhere`."
    pending: bool = False
    "Not ready from the end of the call on."
    network_id: str = ""
    "Who it is in the whole network; empty: nobody has another log-in."


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentUnanswered:
    """An agent did not answer, or refused: they are not ready now (RONA)."""

    agent: str
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentGone:
    """An agent is no longer known at this site."""

    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueChanged:
    """A queue's own figures changed (agents are counted by the daemon from `AgentChanged`)."""

    queue: str
    open: bool
    waiting_count: int
    places_max: int
    answered_count: int
    abandoned_count: int
    aht_s: float
    oldest_offered_at_s: float | None
    "When the longest waiting call entered (its age included), CLOCK_BOOTTIME; None if none waits."


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkChanged:
    """Channels in use on a trunk group changed."""

    trunk_group: str
    channels_max: int
    channels_used_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldGranted:
    """The ACD holds the agent or place for `hold_id`."""

    hold_id: str
    queue: str
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRefused:
    """The ACD cannot hold it. `reason`: no_agent | no_place | closed | unknown."""

    hold_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLost:
    """A granted hold is gone before it was used (agent logged out, queue closed)."""

    hold_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalAcknowledged:
    """Target: the arrived caller was answered (200) and the ACK came."""

    call_id: str


class MoveSign(Enum):
    """What the origin's ACD learns while it moves a call. `NOTIFY` is a hint, never a proof."""

    REDIRECTED = "redirected"
    "302 was sent and acknowledged: the leg at the origin is over, it cannot be taken back."
    ACCEPTED = "accepted"
    "REFER got 202 (or the bridge's INVITE a 1xx): the target may be called from now on."
    REFUSED = "refused"
    "Definitely not begun, or definitely ended by the target: 4xx-6xx to REFER or to the bridge."
    NOTIFIED = "notified"
    "NOTIFY with a final sipfrag status in `sip_status` (2xx to 6xx)."
    SILENT = "silent"
    "No answer to REFER, or the subscription ended without a final status: outcome unknown."
    BRIDGED = "bridged"
    "Bridge only: the target's 200 was acknowledged, media is joined."
    CALLER_GONE = "caller_gone"
    "The caller's leg ended (BYE or CANCEL); after a REFER that may be the carrier's own way."


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveProgress:
    """One sign about a move that `StartMove` began."""

    call_id: str
    move_id: str
    sign: MoveSign
    sip_status: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerProbed:
    """Answer to `ProbeCaller`: the caller's device still holds the old dialog, or does not."""

    call_id: str
    alive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementOver:
    """Answer to `PlayAnnouncement`: it was played to its end, or could not be."""

    call_id: str
    name: str
    played: bool
    problem: str = ""
    "Why it was not played, and the remedy."


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerDialed:
    """Answer to `DialCaller`, once. Only after `answered` there is a call; `CallConnected` (or
    `CallEnded`) follows then. After any other the agent is still held, until `ReleaseHold`."""

    call_id: str
    outcome: str
    "answered | busy | no_answer | failed"
    trunk_group: str = ""
    sip_status: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackWanted:
    """A waiting caller asks to be called back (a key pressed, the IVR's or the web's word)."""

    call_id: str
    number: str = ""
    "Another number than the one they call from; it is dialed only if it is on the allowed list."
    from_unix_s: float = 0.0
    "Not before; 0: as soon as it is their turn."
    until_unix_s: float = 0.0
    "Not after; 0: as long as the site keeps callbacks."
    announcement: str = ""
    "Played before their call ends; empty: none."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeEnded:
    """Answer to `PlaceProbe`."""

    call_id: str
    sip_status: int
    "200: answered; 408: nobody did in time; 0: it could not be placed."
    took_s: float = 0.0
    "From the INVITE to its final answer."
    let_go: bool = False
    "Whoever answered ended it, as they should."


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferBegun:
    """An agent passes a caller on: the caller hears music and waits again, for `service`; the agent
    stays on the line, or hangs up. Answer: `ReturnToAgent` where nobody takes them."""

    call_id: str
    agent: str
    service: str
    queue: str
    "Where own agents may take them; with `away` the queue they came from."
    away: bool = False
    "Nobody serves it at this site: the ACD offers the call to no own agent."
    number: str = ""
    "An outside number, which the ACD dials by itself: NIRC is not asked."
    waited_s: float = 0.0
    "The wait counts on from what the caller had waited before the agent answered."
    priority: int = 0
    agent_ready: bool = False
    consult_call_id: str = ""
    "The agent consulted somebody by this call: the caller is to be joined with them."


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferEnded:
    """A transfer that an agent began is over, or they wait for its outcome no longer."""

    call_id: str
    agent: str
    outcome: str
    "served | moved | dialed | joined | back | agent_left | caller_gone | failed"
    sip_status: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRefused:
    """An agent may not send a caller there, or there is no such place. Nothing has changed."""

    agent: str
    to: str
    reason: str
    "not_allowed | unknown | no_trunk | busy"
    call_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackAsked:
    """The agent who began a transfer wants the caller back, or has waited long enough. Answer:
    `ReturnToAgent`, at once or when the move has ended without success; none once it has not."""

    call_id: str
    sip_status: int = 487


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxSeen:
    """A telephone system that runs by itself is reached now, or is not; told when that changes, and
    when the reason does. Agents and queues are told by their own events."""

    pbx: str
    "What it is and where, for a person: `asterisk 127.0.0.1:5038`."
    reached: bool
    problem: str = ""
    "Why it is not reached."
    is_cti: bool = False
    "It calls the site agent, and is silent."


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxName:
    """A name that the site's file and its telephone system do not share."""

    name: str
    "`queue sals`."
    problem: str
    "What is wrong, and the remedy, for a person."


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxNames:
    """All names that do not fit now; told when that changes."""

    wrong: tuple[PbxName, ...]


AcdEvent = (
    CallOffered
    | CallArriving
    | CallAnswered
    | CallSilent
    | CallConnected
    | CallEnded
    | CallBlocked
    | AgentChanged
    | AgentGone
    | QueueChanged
    | TrunkChanged
    | HoldGranted
    | HoldRefused
    | HoldLost
    | ArrivalAcknowledged
    | MoveProgress
    | CallerProbed
    | AnnouncementOver
    | CallerDialed
    | CallbackWanted
    | ProbeEnded
    | TransferBegun
    | TransferEnded
    | TransferRefused
    | TakeBackAsked
    | AgentUnanswered
    | PbxSeen
    | PbxNames
)
