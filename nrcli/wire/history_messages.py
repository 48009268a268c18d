"""What a site tells for the records, after the fact.

Rule of this file: frozen data only. A record alone may carry wall time (`_unix_s`): it is read by
people later, and nothing is decided by it. An instant of 0 has not happened; a record is told once,
by `incarnation` and `number`, which grows by one with each record of its kind in that start of the
site agent: a number that is missing is a record that was lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from nrcli.wire.words import AgentState


class LegOutcome(Enum):
    """What became of a leg. The first line of the callers' outcomes is the balance of a queue:
    offered is the sum of all but `continued` and `callback`, and of who still waits."""

    ANSWERED = "answered"  # an agent of this site took the caller
    ABANDONED = "abandoned"  # the caller hung up while they waited; short ones are told apart later
    MOVED_OUT = "moved_out"  # another site has the caller now
    REDIRECTED = "redirected"  # sent to a handler (voicemail and the like) or an outside number
    REFUSED = "refused"  # turned away: by a policy, a closed queue, or at our edge (blocked)
    FAILED = "failed"  # ended by the site or the network, and by no person's will
    CALLBACK = "callback"  # promised to be called back, and let go; keeps the place in the queue
    CONTINUED = "continued"  # goes on what an earlier leg of the call counted: offers nothing anew
    CALLBACK_SERVED = "callback_served"  # leg `callback`: reached, an agent talked
    CALLBACK_FAILED = "callback_failed"  # leg `callback`: attempts or time over


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLegRecord:
    """One leg of a call, told once when it has ended.

    Leg `caller` is one stay in one queue: offered once, ended by one `outcome`. Waits and outcomes
    are counted from these. Leg `agent` is the part of one agent: ring, talk, hold and after-call
    work are counted from those. A caller whom an agent passes on begins another `caller` leg.
    """

    interaction_id: str
    call_id: str
    sip_call_id: str
    site: str
    leg: str
    "caller | agent | bridge | callback (a promise to call back, which ended by `end_reason`)"
    trunk_group: str
    queue: str
    agent: str
    ani: str
    "As normalised, E.164 where it could be read."
    dialed_number: str
    method: str
    "Transfer method that ended this leg, or empty."
    token: str
    "By which it arrived; not empty: moved in from another site."
    started_unix_s: float
    "When it entered the queue at this site; of an agent, when their telephone began to ring."
    waited_s: float
    "Since the first queue of the network (`offered_unix_s`) to the agent's answer, or the end."
    talked_s: float
    "With the caller, without hold."
    released_by: str
    "caller | agent | site | moved | redirected"
    sip_status: int
    end_reason: str = ""
    tenant: str = ""
    "Empty: of a site that does not tell."
    leg_id: str = ""
    "Of this leg, alone in the network."
    parent_leg_id: str = ""
    "Of the leg it belongs to, or came from, at this site; empty: it began the call here."
    incarnation: int = 0
    "Start of the site agent that told it; 0: of a version before."
    number: int = 0
    "Of the record, from 1 within the incarnation."
    sip_from_tag: str = ""
    sip_to_tag: str = ""
    session_id: str = ""
    "Session-ID of RFC 7989."
    icid: str = ""
    "Of P-Charging-Vector, RFC 7315 section 5.6."
    service: str = ""
    entry_site: str = ""
    "Where the caller entered the network."
    path: str = ""
    "By which the caller left."
    left_token: str = ""
    "By which the caller arrives elsewhere: `token` of the leg there."
    target_site: str = ""
    "Where the caller went, of `moved_out`; the handler, of `redirected`."
    target_queue: str = ""
    ani_received: str = ""
    dialed_received: str = ""
    setup_unix_s: float = 0.0
    "INVITE."
    offered_unix_s: float = 0.0
    "First queue entry in the network, after the IVR; never later after a move."
    queued_unix_s: float = 0.0
    "Entry into `queue` here."
    answered_unix_s: float = 0.0
    "200 OK to the caller, by music, an announcement or an agent."
    connected_unix_s: float = 0.0
    "An agent talks."
    ended_unix_s: float = 0.0
    rang_s: float = 0.0
    held_s: float = 0.0
    acw_s: float = 0.0
    "After-call work; of an agent's leg alone."
    ewt_known: bool = False
    "An expected wait was known on entering: the three figures after it, in seconds."
    ewt_s: float = 0.0
    ewt_low_s: float = 0.0
    ewt_high_s: float = 0.0
    threshold_s: float = 0.0
    "Service level threshold of the queue at that time; 0: none."
    q850_cause: int = 0
    "ITU-T Q.850; 0: not told."
    outcome: str = ""
    "A word of LegOutcome; empty: of a version before, or of a leg `agent` or `bridge`."
    moves_count: int = 0
    "How often the caller was moved before."


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStateRecord:
    """One time an agent was in one state, told when it ended. A long one is told in pieces."""

    site: str
    agent: str
    state: AgentState
    began_unix_s: float
    lasted_s: float
    reason: str = ""
    "Why not ready: the agent's own word, `unanswered`, `elsewhere`."
    queue: str = ""
    "Of the call, of reserved, busy and after-call work; empty: none, or not known."
    queues: tuple[str, ...] = ()
    "In which the agent could be given calls."
    call_id: str = ""
    network_id: str = ""
    "Who it is in the whole network; empty: nobody has another log-in."
    tenant: str = ""
    continues: bool = False
    "The state had begun before: a further piece of it."
    incarnation: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkBusyRecord:
    """One time during which all channels of a trunk group were in use; told in pieces if long."""

    site: str
    trunk_group: str
    began_unix_s: float
    lasted_s: float
    channels_max: int = 0
    continues: bool = False
    incarnation: int = 0
    number: int = 0


SiteRecord = CallLegRecord | AgentStateRecord | TrunkBusyRecord
"What a site tells for the records."


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceAsk:
    """A node asks what was said over SIP about one call."""

    id: str
    call: str
    unmasked: bool = False
    "Numbers and attached data whole, where the site's file allows it."


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceTold:
    """Part of the answer: of a `CallTrace` as JSON, compressed by zlib."""

    id: str
    part: int
    "From 0, in order."
    parts_count: int
    data: bytes
