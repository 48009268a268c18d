"""Every limit and time of a site daemon, named once, with unit and default.

Rule of this file: data only. Files are read and checked in `site_agent/config.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from site_agent.core.callback_settings import CallbackSettings
from site_agent.core.late_match_settings import LateMatchSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRules:
    """What a site lends of one of its queues."""

    queue: str
    shared: bool = True
    "May calls of other sites be served here."
    max_loan: int = 10
    "Most calls of other sites held or served at once; 0 lends nothing."
    min_reserve: int = 0
    "Ready agents that are never lent."


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkRules:
    """One trunk group: what stays for own callers, where it is reached, what may be sent on it."""

    trunk_group: str
    min_free: int = 0
    "Channels kept for the site's own callers."
    address: str = ""
    "host:port on which the site is reached by this group, for return addresses; empty: site table."
    transport: str = "udp"
    kind: str = "carrier"
    "carrier | network (where moved calls arrive)."
    plan_calls: bool = False
    "A carrier group by which other sites call too: calls by the peer plan may come in on it."
    redirect_302: bool = True
    "May its callers be moved by 302. This site's own word: it wins over paths that NIRC knows."
    refer: bool = True
    "May its callers be moved by REFER."
    dials: bool = False
    "Callers may be called back by it."
    dial_to: str = ""
    "host:port by which it calls numbers out; empty: it calls nobody."
    dial_from: str = ""
    "The number that they see."
    test_number: str = ""
    "E.164: its carrier brings calls to it back in by this group; empty: it has none."
    number_domains: tuple[str, ...] = ()
    "Domains at which its carrier takes plain numbers, in a 302 and a REFER; the first is usual."


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindShare:
    """Callers of one service who go elsewhere unasked while there is neither NIRC nor a plan."""

    share: float
    "Share of the callers who would have overflowed, 0 to 1."
    address: str
    "SIP URI of the other centre's public number."
    set_up_p99_s: float = 10.0
    "In which time it rings, in 99 of 100 calls."


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """All limits of one site daemon."""

    queues: Mapping[str, QueueRules] = field(default_factory=dict)
    trunks: Mapping[str, TrunkRules] = field(default_factory=dict)
    late_match: LateMatchSettings = field(default_factory=LateMatchSettings)
    callbacks: CallbackSettings = field(default_factory=CallbackSettings)
    test_calls: bool = True
    "The telephone system places and answers test calls."

    coalesce_s: float = 0.1
    "State changes are gathered this long before they are told to every node; 0.05 to 0.2."
    resend_state_s: float = 2.0
    "A delta that a node did not acknowledge is sent again after this."
    snapshot_every_s: float = 300.0
    "Every so often a whole snapshot, whatever was acknowledged."

    ask_after_s: float = 0.0
    "A call without a ready agent waits this long before NIRC is asked."
    requery_s: float = 5.0
    "While a call waits it is asked about again this often."
    entry_requery_s: float = 30.0
    "A call in the network queue is asked about again this often, for safety only."
    deadline_s: float = 3.0
    "An answer later than this is not used."
    act_locally_pause_s: float = 10.0
    "After `ACT_LOCALLY` the call is not asked about for this long."
    back_up_calls_per_s: float = 50.0
    "When a leader is there again, waiting calls are asked about at this rate, not as a herd."
    requests_open_max: int = 5000
    leaderless_s: float = 10.0
    "Links stand but nobody leads: after this the site acts by the peer plan, or local only."
    peer_plan_after_s: float = 2.0
    "No link stands: after this the site acts by the peer plan."
    plan_call_s: float = 5.0
    "A call by the plan is given up at its peer if it could not begin in this time."
    plan_refused_pause_s: float = 2.0
    "A peer that refused is asked for the same service again after this; doubled each time."
    plan_silent_pause_s: float = 5.0
    "The same for a peer that was silent."
    plan_pause_s_max: float = 60.0
    "Longest such pause."
    plan_token_s: float = 600.0
    "A token of the plan is remembered this long after its call, so that it connects one call."
    plan_expires_soon_s: float = 604_800.0
    "A plan that ends within this time is told."
    return_ramp_s: float = 5.0
    "NIRC leads again: over this time a growing share of callers is asked about."
    return_jitter_s: float = 2.0
    "Sites begin that at instants spread over this time."
    blind_shares: Mapping[str, BlindShare] = field(default_factory=dict)
    "By service; none: nobody goes elsewhere unasked."

    holds_max: int = 2000
    "Open reservations for other sites; more are refused as overload."
    hold_answer_s: float = 1.0
    "The ACD must grant or refuse a hold in this time; the asker's own limit may be shorter."
    stuck_claim_s: float = 10.0
    "An agent who is reserved for no call for this long is freed, and told."
    tombstone_s: float = 60.0
    "A dead token is remembered this long after it was last spoken of."
    tombstones_max: int = 20000
    "Most tokens remembered that were cancelled before this site knew them; the oldest go first."

    return_place_s: float = 40.0
    "How long a caller sent away by 302 keeps the place at home."
    refer_retry_s: float = 1.0
    "A REFER refused right after the ACK is tried once more after this."
    failed_way_s: float = 60.0
    "A path and method that failed a call is tried for it again after this."
    set_up_factor: float = 2.0
    "A rung may take this many times its path's 99th percentile before it counts as silent."
    set_up_s_min: float = 1.0
    cancel_first_s: float = 0.5
    "A `Cancel` without an answer is repeated after this, then in growing steps."
    cancel_s_max: float = 4.0
    "Longest step between two `Cancel`s."
    cancel_give_up_s: float = 60.0
    "A `Cancel` that nobody waits for is given up after this."
    probe_after_s: float = 35.0
    "Target unreachable this long after the move began: the caller's own device is asked."
    probe_answer_s: float = 10.0
    "No answer of the device in this time: it is gone."
    bridge_ring_s: float = 180.0
    "A bridge rings at its target at most so long (RFC 3261 16.6, timer C)."
    finished_moves_max: int = 20000

    arrived_first_s: float = 0.5
    "`CallArrived` without `MoveSettled` is repeated after this, then in growing steps."
    arrived_s_max: float = 4.0
    arrived_give_up_s: float = 120.0
    moves_since_person_max: int = 2
    "Most moves without a person's answer in between."
    moves_max: int = 6

    service_level_threshold_s: float = 20.0
    "A call counts as answered in time within this, where no document says so for its service."
    service_level_window_s: float = 900.0
    "Service level and the last wait are of the last 15 minutes."
    short_abandon_s: float = 5.0
    "Who gives up sooner than this was never a caller to be answered, nor impatient."
    patience_window_s: float = 3600.0
    "Callers' patience is measured over the last hour."
    ewt_gain_min: float = 0.15
    "Another estimator of the expected wait needs a squared error lower by this share; 1: none."

    short_call_s: float = 10.0
    "A talk shorter than this counts as ended at once, where outcomes are told to NIRC."
    caller_counts_again_s: float = 900.0
    "Of one caller one talk a queue is counted within this time, however often they redial."
    callers_counted_max: int = 20_000
    "Callers remembered for that."

    pre_route_homes: Mapping[str, tuple[str, int, str]] = field(default_factory=dict)
    """By name of an edge that asks before delivery: (host, port, transport) where this site takes
    its calls; none: as the site table, else the trunk group says."""
    pre_route_emergency: frozenset[str] = field(default_factory=frozenset)
    "Numbers as edges dial them that are never asked about, besides those of the number plans."
    pre_route_margin_s: float = 0.05
    "The default answer leaves so long before the deadline of an edge's question."
    pre_routes_open_max: int = 5_000
    "Questions of edges that may wait for the leader at once."

    records_waiting_max: int = 10_000
    "Records kept while no node is there to be told; the oldest go first, and are counted."
    record_piece_s: float = 300.0
    "An agent's state, or a trunk group without a free channel, that lasts is told this often."

    pbx_away_s: float = 10.0
    "A foreign PBX is not reached, or a CTI not heard, for this long: an alarm, at the nodes too."
    unix_offset_s: float = 0.0
    "Wall time minus boot time at the start; records carry it, calendars follow the clock."
    data_bytes_max: int = 65536
    data_budget_s: float = 0.05
    "Attached data later than this after the arrival is told as absent first, given when it comes."

    @property
    def dials(self) -> bool:
        """Can this site call callers back?"""
        return any(trunk.dials for trunk in self.trunks.values())


def rules_of(settings: SiteSettings, queue: str) -> QueueRules:
    """Rules of one queue; a queue that the settings do not name is not shared."""
    return settings.queues.get(queue) or QueueRules(queue=queue, shared=False, max_loan=0)
