"""Every limit of the router, named, with its unit and what it is for.

Rule of this file: data only. Nothing in the core has a limit that does not stand here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RouterSettings:
    """How long, how many, how large."""

    leader_margin_s: float = 0.3
    "Taken off the lease before it may be relied on: clock drift and the time to send."
    quiet_s: float = 1.5
    "Silence of a site after which it is suspect and gets no new calls."
    dead_s: float = 3.0
    "Silence after which it is dead."
    sweep_s: float = 0.25
    "How often tables are looked through for what has run out."
    peer_status_s: float = 1.0
    "How often other nodes are told which sites are linked here."
    peer_sites_s: float = 0.1
    "Sites that come or go sooner than this after the last word to other nodes are told together."

    leader_heard_s: float = 3.0
    "Another node is shown as leader only while it, or etcd, said so within this time."
    leaderless_s: float = 6.0
    "Nobody leads a domain for this long: the alarm `no_leader`."
    etcd_away_s: float = 3.0
    "etcd has not answered for this long: the alarm `etcd_unreachable`."
    etcd_slow_s: float = 0.3
    "A write to etcd that takes longer than this is slow."
    node_slow_s: float = 0.25
    "This node's loop is slow when it comes later to its work than this."
    node_starved_share: float = 0.4
    "It is slow, too, when it waits for a processor for more than this share of the time; 0 to 1."
    slow_after_s: float = 4.0
    "Slow for this long without a good moment between: the alarm `etcd_slow` or `node_slow`."
    slow_over_s: float = 10.0
    "It ends when nothing was slow for this long."
    majority_after_s: float = 4.0
    "A leader hands over where another node has had clearly more sites for this long."
    majority_share: float = 0.1
    "Of all sites that either has: more by this, and by one at least, is clearly more."
    majority_rest_s: float = 60.0
    "It does not hand over again for that reason within this time."
    away_s: float = 5.0
    "A configured node, or a site never heard, is away for this long: an alarm."

    reserve_timeout_s: float = 0.6
    "How long a target may think about a reservation."
    answer_margin_s: float = 0.05
    "An answer leaves at least this long before the request's deadline."
    round_trip_first_s: float = 0.02
    "Round trip to a site taken until one was measured."
    deadline_s_max: float = 30.0
    "Longest deadline believed."
    candidates_asked_max: int = 5
    "Most targets asked for one request."
    answers_kept_s: float = 40.0
    "How long a repeated request gets the same answer."
    answers_kept_max: int = 100_000

    pre_route_margin_s: float = 0.05
    "The default answer leaves so long before the deadline of an edge's question."
    pre_route_expected_s: float = 2.0
    "What was chosen for an edge's call is withheld so long, for the site to show it; 0: not."
    pre_routes_open_max: int = 5_000
    "Questions of edges that may wait for the leader at once."

    requests_open_max: int = 5_000
    "Most requests undecided at once; over it a request is answered `act_locally` at once."
    requests_open_per_site_max: int = 1_000
    requests_per_site_per_s: float = 1_000.0
    "Sustained rate of one site, by token bucket."
    requests_per_site_burst: float = 1_000.0
    shed_history_share: float = 0.3
    "From so full an inbox, or table of open requests, on records are left out; 0 to 1."
    shed_statistics_share: float = 0.4
    "Then shadow decisions,"
    shed_again_share: float = 0.5
    "then calls asked about again, and the requests of a site with more than its share,"
    shed_entries_share: float = 0.6
    "then new entries of the network queue,"
    shed_requests_share: float = 0.8
    "and last new requests: they are answered `act_locally` at once."

    expires_s_min: float = 5.0
    "Shortest life of a reservation."
    expires_p99_factor: float = 2.0
    "Life of a reservation in set-up times (p99) of its slowest path."
    place_above_s: float = 3.0
    "Where the fastest path's set-up p99 is above this a place is held, not an agent."
    hops_without_person_max: int = 2
    hops_max: int = 6
    moves_settle_s: float = 60.0
    "How long after its reservation ran out an unsettled move stays in the table."
    arrived_kept_s: float = 5.0
    "How long an arrived move waits for the origin's word."
    moves_max: int = 100_000

    hole_window_s: float = 1_800.0
    "How long an outcome (a talk, a transfer, a reservation) counts for or against a place."
    hole_outcomes_max: int = 50
    "Newest outcomes of a place that are looked at."
    hole_outcomes_min: int = 6
    "Fewest outcomes that may suspend a place."
    hole_suspend_share: float = 0.5
    "Bad outcomes suspend from this far on the way from the usual share to all of them; 0 to 1."
    hole_chance_max: float = 2e-6
    "And only where so many would come by chance at most this often."
    hole_short_share_usual: float = 0.1
    "Talks ended at once that are usual where few are known elsewhere, and at least; 0 to 1."
    hole_failed_share_usual: float = 0.1
    "The same of failed transfers."
    hole_refused_share_usual: float = 0.5
    "The same of reservations refused or not answered: a busy site refuses, and does no harm."
    hole_usual_weight: float = 10.0
    "Outcomes elsewhere that weigh as much as these shares; more of them, and their own is usual."
    hole_places_share_max: float = 0.5
    "At most this share of a service's queues, of a site's agents, of all paths; one of two may."
    hole_probe_every_s: float = 20.0
    "First probe of a suspended place after this; each failed one doubles it."
    hole_probe_s_max: float = 120.0
    "Longest time between probes."
    hole_probe_share: float = 0.1
    "At most this share of the calls that could have gone there are probes."
    hole_probe_wait_s: float = 120.0
    "A probe without an outcome is forgotten after this."
    hole_probes_good: int = 3
    "Good probes in a row after which the place returns."
    hole_return_share: float = 0.25
    "A place that returns gets this share of its calls, then twice that, and so on to all."
    hole_return_step_s: float = 30.0
    "Time from one share to the next."
    hole_relapse_min: int = 3
    "Fewest outcomes that suspend a returning place again."
    hole_places_max: int = 20_000
    "Places whose outcomes are kept; the one heard of longest ago goes first."

    data_bytes_max: int = 65_536
    data_inline_bytes_max: int = 4_096
    data_cache_bytes_max: int = 16_000_000
    "Recent small data kept in memory, so that a reservation carries it."
    data_cached_s: float = 60.0
    data_ttl_s: float = 14_400.0
    "How long a call's data is stored."
    token_ttl_s: float = 3_600.0
    "How long a token may read data."

    queue_entries_max: int = 10_000
    "Calls in the network queue; over it a call is answered `stay` and waits at its site alone."
    queue_entries_per_site_max: int = 2_000
    queue_entries_per_service_max: int = 5_000
    queue_full_clear_share: float = 0.8
    "An alarm that the queue is full is cleared below this share of the bound."
    callbacks_per_tenant_max: int = 1_000
    "Callers of one tenant who may be promised to be called back at once."
    handler_rest_s: float = 10.0
    "A handler that failed a caller is offered to nobody for so long."
    callback_expires_s: float = 10.0
    "How long an agent is held until the origin says that they may dial."
    queue_unseen_s: float = 5.0
    "How long a new entry is counted before its site's state shows it."
    match_s: float = 2.0
    "How long targets are asked for one entry of the network queue before others may have them."
    match_asked_max: int = 20
    "Entries whose policy is asked for one report of a site, and for each sweep, at most."
    match_looks_max: int = 10
    "Entries looked at each sweep because time passes, in turn."
    match_pause_s: float = 3.0
    "A site that did not take an entry's call is not offered to it again before this."
    match_rest_s: float = 1.0
    "A queue that refused is offered no entry before this, unless its site reports."
    match_cost_s: float = 60.0
    "Seconds of waiting that a unit of a path's cost weighs when entries are compared."
    queue_look_s: float = 2.0
    "How often the positions of one service's entries are worked out."
    queue_told_every_s: float = 10.0
    "A caller's position is told again no sooner than this."
    queue_told_max: int = 200
    "Positions told at once, at most."

    probe_keep_s: float = 604_800.0
    "An unvouched path is used so long after its last good test call."
    probe_every_s: float = 0.0
    "Every path is tried by a test call this often, one at a time; 0: only when somebody asks."
    probe_paths_that_cost: bool = False
    "Try paths whose cost is above 0 too: each test call is paid for."

    ways_kept_max: int = 10_000
    "Sets of ways (service, queue, origin, trunk group) kept ready for decisions."
    last_agents_max: int = 200_000
    "Callers whose last agent is remembered."
    last_agent_s: float = 604_800.0
    "How long a caller's last agent is remembered."
    memory_recorded_max: int = 256
    "A policy that remembers more numbers than this leaves them out of its records."
    replay_numbers_max: int = 1_000
    "Numbers of a decision that its record keeps for a replay; where there are more it keeps none."
    shadows_waiting_max: int = 200
    "Shadow decisions put off until the live answer is out; over it they are left out."
    shadow_records_per_s: float = 5.0
    "Differences between live and shadow that are recorded; all are counted."
    site_documents_bytes_max: int = 2_000_000
    "Documents sent to one site, as JSON."

    shift_tell_s: float = 5.0
    "A site whose callers are shifted is told so again this often."
    shift_holds_s: float = 20.0
    "A site that is told no more serves its callers at home after this."

    controls_max: int = 100
    "Emergency controls in force at once."
    control_s: float = 3_600.0
    "An emergency control ends by itself after this, where nobody says when."
    control_s_max: float = 604_800.0
    "The longest that anybody may say."

    tombstone_s: float = 60.0
    "How long a cancelled token is remembered here."
    tombstones_max: int = 100_000
    entities_per_site_max: int = 50_000
    decisions_shown_max: int = 200
    "Decisions kept for people to look at."
    alarm_event_s: float = 900.0
    "How long `unresolved_move` and `site_speaks_for_another` stand after the last time."
    alarms_max: int = 1_000
