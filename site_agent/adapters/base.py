"""The contract between a site agent and an ACD: what an adapter tells, and what it is told to do.

Rule of this file: plain frozen data and one small protocol; no adapter and no I/O is named here. A
call has one `call_id` at a site from the moment it is offered until it has ended there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from nrcli.wire.messages import AgentQueue, AgentState, TransferMethod


class HoldLevel(Enum):
    """How exactly an ACD can hold an agent for a call that is on its way."""

    EXACT = "exact"
    PAUSE = "pause"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What this ACD can do, with levels that policies may read."""

    hold_agent: HoldLevel
    insert_by_age: HoldLevel
    "EXACT: a call enters the queue by its age; PAUSE is not used here; NONE: at the end."
    methods: tuple[TransferMethod, ...]


# ---- what the ACD tells (events of the site daemon) ----------------------------------------------


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
    data: bytes = b""
    "Attached data as canonical JSON, only from named IVR peers; empty if none."


@dataclass(frozen=True, slots=True, kw_only=True)
class CallArriving:
    """An INVITE whose user part is a token (`nirc-...`) came in; nothing was answered yet.

    The daemon answers with `AcceptArrival`, `RefuseArrival` or `TreatAsOrdinary`, in the same turn.
    """

    call_id: str
    token: str
    invite_key: str
    "SIP Call-ID and From tag: retransmissions and forks of one INVITE have the same key."
    trunk_group: str
    ani: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered:
    """The site answered the caller (200 and ACK), with media or an agent."""

    call_id: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentChanged:
    """An agent's state or membership changed (ready, busy, log-in, phone unregistered, ...)."""

    agent: str
    state: AgentState
    queues: tuple[AgentQueue, ...]
    calls_count: int = 0


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


AcdEvent = (
    CallOffered
    | CallArriving
    | CallAnswered
    | CallConnected
    | CallEnded
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
)


# ---- what the ACD is told to do (actions of the site daemon) ------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldAgent:
    """Hold a ready agent: state `reserved`, offered no other call. Answer: granted or refused."""

    hold_id: str
    agent: str
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlace:
    """Hold a place in a queue. Answer: granted or refused."""

    hold_id: str
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold:
    """Let go of an agent or place; unknown ids are fine."""

    hold_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptArrival:
    """Put an arriving call on what was held for it; never end it with a final error any more.

    With an agent: ring that agent; one who does not answer sends it to the head of `queue`."""

    call_id: str
    hold_id: str
    "Empty for a caller who came back by a return token: join `queue` by age."
    interaction_id: str
    service: str
    queue: str
    agent: str = ""
    waited_s: float
    priority: int = 0
    answer_now: bool
    "Answer within 1 s, with media if no agent has answered by then."
    data: bytes = b""
    "Attached data for the agent (canonical JSON); empty if none or not here yet."
    data_within_s: float = 0.0
    "Data is on its way: ring the agent when `GiveData` brought it, at the latest after this."


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseArrival:
    """End the INVITE with this final status (480 or 503; never 486 or 6xx)."""

    call_id: str
    sip_status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatAsOrdinary:
    """A dead or unknown token: an ordinary new call, with what age and data are still known."""

    call_id: str
    interaction_id: str
    queue: str
    service: str
    waited_s: float = 0.0
    priority: int = 0
    data: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartMove:
    """Move a call by one method. The caller keeps rank and time waited until it has arrived.

    From now until `PutBack`, `EndMoved` or `CallEnded` the queue does not offer it to own agents.
    """

    call_id: str
    move_id: str
    method: TransferMethod
    address: str
    "SIP URI with the token as user part, made from the site's own table."
    return_address: str = ""
    "302 only: the second Contact, which leads home; empty where the path does not follow it."
    user_to_user: str = ""
    "RFC 7433 second copy of the token, hex; empty for none."
    set_up_s: float = 5.0
    "How long the rung may take before it counts as silent."


@dataclass(frozen=True, slots=True, kw_only=True)
class AbortMove:
    """Stop a rung as far as it can be stopped (CANCEL of a bridge's INVITE); the caller stays."""

    call_id: str
    move_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """The move is over without success: the caller is back in place, with rank and time waited."""

    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMoved:
    """The target has the caller: end the origin's leg (BYE). A bridge is left standing."""

    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeCaller:
    """Ask the caller's own device by re-INVITE in the old dialog. Answer: `CallerProbed`."""

    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveData:
    """Attached data that came after the arrival: for the agent's screen and header."""

    call_id: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    """Tell the caller position and expected wait (a range, in seconds)."""

    call_id: str
    position: int
    ewt_s_min: float
    ewt_s_max: float


AcdCommand = (
    HoldAgent
    | HoldPlace
    | ReleaseHold
    | AcceptArrival
    | RefuseArrival
    | TreatAsOrdinary
    | StartMove
    | AbortMove
    | PutBack
    | EndMoved
    | ProbeCaller
    | GiveData
    | Announce
)


class AcdAdapter(Protocol):
    """What the site agent's shell needs of an adapter.

    `command` returns the events that happened at once.
    """

    def capabilities(self) -> Capabilities:
        """What this ACD can do."""

    def snapshot(self, now_s: float) -> list[AcdEvent]:
        """Agents, queues and trunks as they are now, as events."""

    def command(self, command: AcdCommand, now_s: float) -> list[AcdEvent]:
        """Carry out one command."""
