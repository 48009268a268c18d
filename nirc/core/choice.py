"""What a policy said about one request, as the rest of the router works with it.

Rule of this file: data only. What was read while deciding is copied here, for the network changes
while targets are asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nirc.core.actions import ReplayNote
from nirc.core.paths import Ladder
from nirc.core.ways import Ways
from nrcli.wire.messages import ReservationReport, RouteOutcome, RouteRequest
from routing_policies.model import CallFacts, Lost

LIVE = "live"
SHADOW = "shadow"
DRY_RUN = "dry run"


@dataclass(slots=True)
class Target:
    """One queue that may be asked."""

    site: str
    queue: str
    row: int
    wants_agent: bool
    value: float
    ladder: Ladder
    held: ReservationReport | None = None
    lost_because: str = "not needed"
    agent: str = ""
    "Whom the policy chose, then who was reserved; empty for a place."


@dataclass(slots=True)
class Seen:
    """What the policy read of the network: the record keeps it."""

    ways: Ways
    at_s: float
    columns: tuple[int, ...]
    "The columns that follow."
    values: list[tuple[float, ...]]
    "By column, then position in `ways.rows`."
    origin: list[float]
    reported_at: tuple[float, ...]
    barred: dict[int, str]
    "By row: why no policy may choose it."
    facts: CallFacts
    "Of the call, without its attached data."
    share: float
    "Of the call."
    memory: tuple[float, ...] = ()


@dataclass(slots=True)
class Question:
    """One call as all versions of a policy see it at one moment."""

    origin: str
    request: RouteRequest
    facts: CallFacts
    ways: Ways
    named: tuple[tuple[str, str], ...]
    "Queues that the redirects of the policy asked first name."
    barred: list[float]
    told: dict[int, str]
    "By row: why it is barred."
    origin_row: int
    now_s: float


@dataclass(slots=True)
class Choice:
    """What the policy said about one request."""

    policy: str
    policy_version: int
    reason: str
    "Rule that decided, or why nothing could be chosen."
    mode: str = LIVE
    outcome: RouteOutcome = RouteOutcome.STAY
    "What is answered if no target grants; MOVE never stands here."
    targets: list[Target] = field(default_factory=list)
    "Best first."
    lost: Sequence[Lost] = ()
    rules: tuple[tuple[str, str], ...] = ()
    "(rule, what became of it)"
    rule_names: tuple[str, ...] = ()
    selection: str = ""
    "By what the targets were ranked."
    broadcast: bool = False
    announcement: str = ""
    retry_after_s: float = 0.0
    reject_reason: str = ""
    callback: bool = False
    "The caller is to be called back, by the origin's leave."
    handler: str = ""
    "The handler that is to take the caller, by its origin's leave."
    controls: tuple[str, ...] = ()
    "Emergency controls that it was chosen under, in words."
    priority: int = 0
    "Of the call, grown with waiting."
    seen: Seen | None = None
    question: Question | None = None
    call: list[float] = field(default_factory=list)
    "The vector the policy read."
    replay: ReplayNote | None = None
    failed: str = ""
    "What went wrong in the policy in use; the built-in one decided instead."
