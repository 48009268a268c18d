"""What a site daemon shows of itself: read-only, for the status page and for tests.

Rule of this file: data only, built by `SiteDaemon.view`; nothing reads it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nrcli.wire.messages import PoolReport, ShiftOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """One queue."""

    queue: str
    open: bool
    ready_count: int
    busy_count: int
    reserved_count: int
    staffed_count: int
    waiting_count: int
    oldest_wait_s: float
    loan_count: int
    places_held_count: int
    answered_count: int
    abandoned_count: int
    accepting: bool = True
    guard: str = ""
    "Why nothing is lent now, if the donor guard holds."


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentView:
    """One agent."""

    agent: str
    state: str
    in_state_s: float
    queues: Mapping[str, int]
    reason: str = ""
    "Why they are not ready, or will be after the call."
    pending: bool = False
    "Not ready from the end of the call on."
    network_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkView:
    """One trunk group."""

    trunk_group: str
    channels_max: int
    channels_used_count: int
    channels_reserved_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """One call at this site."""

    call_id: str
    interaction_id: str
    queue: str
    service: str
    state: str
    "waiting | moving | connected | arriving"
    agent: str
    waited_s: float
    "Of one who talks: until the talk began."
    move_state: str = ""
    target_site: str = ""
    entry_id: str = ""
    "Of the network queue; empty: the call waits here alone."


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackView:
    """One caller who is to be called back."""

    entry_id: str
    interaction_id: str
    number: str
    queue: str
    state: str
    "pledged (still on the line) | resting | due | holding | dialing"
    waited_s: float
    attempts_count: int
    target_site: str = ""
    "Who dials, if it is another site."


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmView:
    """One alarm that stands."""

    code: str
    place: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverflowRulesView:
    """The site's own rules."""

    source: str = ""
    "File in force; empty: the site agent's settings alone."
    problem: str = ""
    "Why the file as it stands now is refused; empty: it is in force."
    clamped: tuple[str, ...] = ()
    "What the NOC's guard rails changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerPlanView:
    """The peer plan in use."""

    serial: int = 0
    "0: there is none."
    valid_until: str = ""
    usable: bool = False
    "Signed and not over: calls go by it while no node leads."
    peers_left_out: tuple[str, ...] = ()
    "`service/site` of peers that refused or were silent lately."


@dataclass(frozen=True, slots=True, kw_only=True)
class PreRoutesView:
    """Edges that ask before delivery; how often what was answered stands in `counters`."""

    waiting_count: int = 0
    last_default: str = ""
    "Why the last answer without NIRC was given, in this run; empty: there was none."


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxView:
    """A telephone system that runs by itself."""

    pbx: str
    reached: bool
    for_s: float
    "How long it has been so."
    problem: str = ""
    "Why it is not reached."
    wrong_names: tuple[str, ...] = ()
    "Names of the site's file and the PBX that do not fit, with the remedy."


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDaemonView:
    """The whole site daemon at one moment."""

    site: str
    incarnation: int
    tier: int
    "0 full, 1 leader changing, 2 peer plan, 3 local only."
    leading_node: str
    "Node that leads the first domain, or empty."
    node_links: tuple[str, ...]
    queues: tuple[QueueView, ...]
    agents: tuple[AgentView, ...]
    trunks: tuple[TrunkView, ...]
    calls: tuple[CallView, ...]
    holds_open_count: int
    requests_open_count: int
    moves_open_count: int
    cancels_open_count: int
    counters: Mapping[str, int]
    alarms: tuple[AlarmView, ...]
    overflow_rules: OverflowRulesView = OverflowRulesView()
    peer_plan: PeerPlanView = PeerPlanView()
    callbacks: tuple[CallbackView, ...] = ()
    dialing_count: int = 0
    "People whose telephones ring, or for whom an agent is held, by this site."
    pre_routes: PreRoutesView = PreRoutesView()
    pbx: PbxView | None = None
    "None: the telephone system is part of the site agent."
    number_pools: tuple[PoolReport, ...] = ()
    shifts: tuple[ShiftOrder, ...] = ()
    "Callers whom the leader wants served elsewhere though own agents are ready."
