"""What a node's HTTP API says and takes, typed once for the server and for every client.

Rule of this file: models only. Answers may grow by fields; clients ignore what they do not know.
Times are durations in seconds (`_s`) or wall time (`_unix_s`).
"""

from pydantic import BaseModel, ConfigDict

from nrcli.wire.path_models import PoolStatus
from nrcli.wire.records_models import RecordsStatus

API = "/api/v1"
PROBLEM_JSON = "application/problem+json"


class _Answer(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Page(_Answer):
    """A part of a list."""

    next: str = ""
    "The cursor of the next page; empty: this is the last."


class _Request(BaseModel):
    """A part of a request: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Problem(_Answer):
    """An error as RFC 9457 describes it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    place: str = ""
    "Where in a document or request the mistake is, such as `Site/lisbon:4`."
    remedy: str = ""


class DomainLeader(_Answer):
    """Who leads one routing domain, as this node sees it."""

    domain: str
    leader: str
    "Who leads now by this node's knowledge; empty when nobody does. The epoch is then the last."
    generation: int
    revision: int
    leads_here: bool
    "This node leads and would decide now."
    since_s: float | None = None
    "How long this node has known it to lead."
    heard_s: float | None = None
    "How old that knowledge is."
    acknowledged_sites: tuple[str, ...] = ()
    "On the leading node: sites that acknowledged its epoch and are used."


class StoreStatus(_Answer):
    """A service this node depends on."""

    in_reach: bool
    problem: str = ""


class PlaceOutcomes(_Answer):
    """What became of calls at one queue, agent or path, and whether it gets any now."""

    kind: str
    "queue | agent | path"
    site: str
    "Where the calls go to."
    name: str
    phase: str
    "open | suspended | returning"
    counts: dict[str, int] = {}
    """Of the newest, by what became of them: lasted, short, unanswered (talks); arrived, failed
    (transfers); granted, refused (reservations)."""
    reason: str = ""
    since_s: float = 0.0
    "How long ago the phase began; 0 while it is open."
    next_probe_s: float = 0.0
    share: float = 1.0
    "Of the calls it could have: 0 while it is suspended, probes apart."


class Status(_Answer):
    """One node at a glance."""

    node: str
    version: str
    up_s: float
    draining: bool
    domains: tuple[DomainLeader, ...]
    sites_linked: tuple[str, ...]
    sites_dead: tuple[str, ...] = ()
    "Sites that the documents name, or that were heard, and are believed dead here."
    sites_degraded: tuple[str, ...] = ()
    "Linked sites that say they are at tier 1, 2 or 3 now."
    peers_linked: tuple[str, ...]
    documents_revision: int
    documents_problem: str = ""
    documents_from_cache: bool = False
    etcd: StoreStatus
    redis: StoreStatus
    records: RecordsStatus = RecordsStatus()
    alarms_count: int
    calls_in_motion_count: int
    inbox_count: int
    counts: dict[str, float] = {}
    suspended: tuple[PlaceOutcomes, ...] = ()
    "Queues, agents and paths that network routing avoids, for their outcomes are bad."


class QueueStatus(_Answer):
    """One queue of one site, as this node believes it to be."""

    queue: str
    open: bool
    shared: bool
    staffed_count: int
    ready_count: int
    reserved_count: int
    busy_count: int
    acw_count: int
    not_ready_count: int
    waiting_count: int
    oldest_wait_s: float
    aht_s: float
    places_max: int
    places_held_count: int
    loan_count: int
    max_loan: int
    accepting: bool = True
    "False while a new caller would not be served before the queue closes."
    age_s: float | None = None
    "How long ago the site last said something new of it."
    ewt_s: float | None = None
    "Expected wait of a call that comes now, in seconds; None where it cannot be told."
    ewt_low_s: float | None = None
    "Nine of ten calls waited between this ..."
    ewt_high_s: float | None = None
    "... and this, measured against what was expected of them."
    ewt_by: str = ""
    "The estimator that has been best at this queue."
    service_level: float | None = None
    "Share answered in time over 15 minutes, 0 to 1; None where nothing was offered."
    patience_s: float = 0.0
    "Mean time until a caller gives up; 0 where it is not known."


class AgentStatus(_Answer):
    """One shared agent."""

    agent: str
    state: str
    in_state_s: float
    queues: tuple[str, ...] = ()


class SiteOutage(_Answer):
    """One time that a site was without NIRC, by its own word."""

    began_for_s: float
    "How long ago it began."
    lasted_s: float
    "While it lasts: up to what was last told."
    peer_plan_s: float = 0.0
    "Of that time by the peer plan (tier 2)."
    local_only_s: float = 0.0
    "Of that time served at home only (tier 3)."
    over: bool = True
    plan_calls_count: int = 0
    "Callers who arrived at other sites by the plan."
    blind_calls_count: int = 0


class SiteSummary(_Answer):
    """One site at a glance."""

    site: str
    liveness: str
    "alive | suspect | dead, or unknown where it has never been heard."
    linked: bool
    usable: bool
    "It acknowledged the leader's epoch: calls may be moved from and to it."
    state_age_s: float | None
    ready_count: int
    waiting_count: int
    busy_count: int
    tier: int | None = None
    """0 full, 1 leader changing, 2 peer plan, 3 local only; None where the site cannot be asked
    (no link to this node), or does not tell (a version before)."""
    tier_for_s: float | None = None
    plan_serial: int = 0
    "Of the peer plan that the site has; 0: none."
    plan_usable: bool = False
    "Signed, and not over."
    blind_share_percents: dict[str, int] = {}
    "By service: who goes to a public number with neither NIRC nor a plan."
    outages: tuple[SiteOutage, ...] = ()
    "Its last times without NIRC, newest first."


class SiteStatus(SiteSummary):
    """One site with its queues and agents."""

    queues: tuple[QueueStatus, ...] = ()
    agents: tuple[AgentStatus, ...] = ()
    outcomes: tuple[PlaceOutcomes, ...] = ()
    "Of its queues and the paths to it; of agents only those that are not open."
    pools: tuple[PoolStatus, ...] = ()
    "Numbers that it lends; none of a site that does not tell."


class CallInMotion(_Answer):
    """One call between its route request and the end of its move."""

    request_id: str
    interaction_id: str
    origin_site: str
    target_site: str
    queue: str
    agent: str
    state: str
    age_s: float


class QueueEntry(_Answer):
    """A call in the network queue."""

    entry_id: str
    interaction_id: str
    service: str
    site: str
    "Where the caller waits."
    queue: str
    priority: int
    "At the start; it may have grown."
    waited_s: float
    position: int
    "Among the entries of its service."
    state: str
    """waiting | offered | moving; the latter two the leader alone knows. Of a callback also
    resting | dialing."""
    kind: str = "call"
    "call | callback (nobody is on the line)"
    attempts_count: int = 0
    "Of a callback: calls made in vain."


class QueueEntries(_Page):
    """The network queue, by service, then position; at most a thousand entries."""

    entries_count: int
    entries: tuple[QueueEntry, ...]


class Candidate(_Answer):
    """One candidate of a decision."""

    site: str
    queue: str
    agent: str = ""
    value: float
    age_s: float
    lost_because: str = ""
    means: str = ""
    "What the value says, with its unit; empty where there is none."
    rule: str = ""
    "Rule that said why it lost."
    values: tuple[float | None, ...] = ()
    "What the policy read of it, as `Decision.value_names` names them; null: missing."


class Decision(_Answer):
    """One decision with its reasons."""

    decision_id: str
    request_id: str
    interaction_id: str
    at_unix_s: float
    node: str
    origin_site: str
    service: str
    domain: str
    generation: int
    revision: int
    policy: str
    policy_version: int
    rules_tried: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    outcome: str
    target_site: str
    queue: str
    agent: str
    took_s: float
    refusals: tuple[str, ...] = ()
    mode: str = "live"
    "live | canary | shadow | dry run"
    rules: tuple[tuple[str, str], ...] = ()
    "(rule, what became of it)"
    value_names: tuple[str, ...] = ()
    origin_values: tuple[float | None, ...] = ()
    "The same of the caller's own queue."
    call: tuple[tuple[str, str], ...] = ()
    "What was known of the call, the caller's number masked."
    memory: tuple[float, ...] = ()
    "What the policy remembered before, as numbers; empty if nothing, or too much."
    live_outcome: str = ""
    "Of a shadow: what the live version said instead."
    announcement: str = ""
    retry_after_s: float = 0.0
    reject_reason: str = ""
    handler: str = ""
    "To which Handler the caller was sent."
    reason: str = ""
    "The rule that decided, or why none did; empty at nodes of before."
    about: str = ""
    """Why it was asked: empty for the first question about a call; still_waiting, refused, busy and
    the like for others; offer, callback_offer: by the leader, for an entry of the network queue."""
    controls: tuple[str, ...] = ()
    "Emergency controls that it was made under, in words."


class Drained(_Answer):
    """The node takes no more work."""

    draining: bool


class Sites(_Page):
    """All sites."""

    sites: tuple[SiteSummary, ...]


class Calls(_Page):
    """Calls in motion; at most a thousand."""

    calls: tuple[CallInMotion, ...]


class Decisions(_Page):
    """Decisions, oldest first."""

    decisions: tuple[Decision, ...]
