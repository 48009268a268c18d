"""Kinds that say where calls go: `RoutingPolicy` of the network, `OverflowRules` of a site.

Rule of this file: the form. What expressions mean stands in `expressions`, what selections do in
`selection`, which parts of a rule go together is checked by `compiler`.

    {apiVersion: nirc/v1, kind: RoutingPolicy, metadata: {name: default},
     spec: {rules: [{name: own-agent, when: origin.free_count > 0, action: queue_at_origin},
                    {name: less-wait, select: min_expected_delay, min_gain_s: 5, action: route}],
            otherwise: {action: queue_at_origin}}}
    {apiVersion: nirc/v1, kind: OverflowRules, metadata: {name: lisbon},
     spec: {queues: [{queue: "*", ask: [{name: late, when: call.waited_s > 20}],
                      lend: {max_loan: 3, min_reserve: 1, service_level_floor: 0.8}}]}}
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from routing_policies.kinds_base import (
    BY_NAME,
    AnyDocument,
    Count,
    Expression,
    Moment,
    Name,
    QueueOrAny,
    Seconds,
    Share,
    Strict,
    Words,
)

SelectionName = Literal[
    "longest_available",
    "least_occupied",
    "fewest_calls",
    "highest_skill",
    "lowest_skill",
    "broadcast",
    "ordered",
    "rotary",
    "min_expected_delay",
    "proportional",
    "cost",
    "last_agent",
    "preferred_site",
    "service_level_risk",
]
Action = Literal[
    "route",
    "network_queue",
    "queue_at_origin",
    "announce",
    "retry_after",
    "redirect",
    "reject",
    "callback",
    "to_handler",
]
RejectReason = Literal["busy", "closed", "blocked", "not_in_service", "try_later"]


def _named(value: Any) -> Any:
    return {"by": value} if isinstance(value, str) else value


class SelectBy(Strict):
    """One selection and its parameters; `by` alone may be written as the plain name."""

    by: SelectionName
    measure: Literal["now", "average", "count", "per_hour"] | None = None
    "longest_available: now (default) or average; fewest_calls: count (default) or per_hour."
    sites: Annotated[tuple[Name, ...], Field(min_length=1, max_length=1_000)] | None = None
    "ordered: from first choice to last. Other sites are no candidates."
    shares: Annotated[dict[Name, Share], Field(min_length=1, max_length=1_000), BY_NAME] | None = (
        None
    )
    "proportional: share of each site; together 1."
    weight: Expression | None = None
    "proportional: computed share of each queue, such as queue.staffed_count."
    site: Name | None = None
    "preferred_site: which one; another is taken only if it gains at least min_gain_s."
    threshold_s: Annotated[float, Field(gt=0, le=3600)] | None = None
    "service_level_risk: answer within this; else the service's own threshold."


class SelectByRegime(Strict):
    """One selection while some candidate has an agent waiting, another while calls wait."""

    agents_wait: Annotated[SelectBy, BeforeValidator(_named)]
    calls_wait: Annotated[SelectBy, BeforeValidator(_named)]


_BESIDE = tuple(SelectBy.model_fields)
"Keys of a single selection: they do not go with regimes."


def _regime(value: Any) -> Any:
    """Lets one model read both forms, so that a mistake is told once, where it is."""
    if isinstance(value, dict) and ("agents_wait" in value or "calls_wait" in value):
        beside = [key for key in _BESIDE if key in value]
        if beside:
            words = "has {key} beside agents_wait and calls_wait"
            raise PydanticCustomError("regimes", words, {"key": beside[0]})
        return {"regimes": value}
    if isinstance(value, dict) and "by" not in value:
        raise PydanticCustomError("select_by", "does not say by what to select")
    return _named(value)


class Select(Strict):
    """How candidates are ranked: by one selection, or by one per regime."""

    by: SelectionName | None = None
    measure: Literal["now", "average", "count", "per_hour"] | None = None
    sites: Annotated[tuple[Name, ...], Field(min_length=1, max_length=1_000)] | None = None
    shares: Annotated[dict[Name, Share], Field(min_length=1, max_length=1_000), BY_NAME] | None = (
        None
    )
    weight: Expression | None = None
    site: Name | None = None
    threshold_s: Annotated[float, Field(gt=0, le=3600)] | None = None
    regimes: SelectByRegime | None = None


class Hysteresis(Strict):
    """The rule sleeps until `value` rises above one threshold, then works until it falls below
    the other; remembered per queue of the caller."""

    value: Expression
    on_above: float
    off_below: float


class Loan(Strict):
    """Agents of another site are asked for only within these limits; the donor has its own."""

    max_loan: Count | None = None
    "No more calls of other sites at a queue than this."
    min_reserve: Count | None = None
    "That many ready agents of a queue are left to it."
    service_level_min: Share | None = None
    "Nothing from a queue whose own service level is below this; unknown counts as good."


class Step(Strict):
    """From this waiting time on, the rule reads so instead."""

    after_s: Seconds
    candidates: Expression | None = None
    min_level: Annotated[int, Field(ge=1, le=10)] | None = None
    min_gain_s: Seconds | None = None


class NamedTarget(Strict):
    """A queue of a site, named outright."""

    site: Name
    queue: Name


class Rule(Strict):
    """One rule: when it holds, its action is taken, if it finds what it needs."""

    name: Name
    description: Words = ""
    when: Expression = True
    hysteresis: Hysteresis | None = None
    candidates: Expression = True
    "Which queues (and agents) of other sites may be chosen."
    min_level: Annotated[int, Field(ge=1, le=10)] | None = None
    "Lowest skill level of an agent who may be chosen."
    select: Annotated[Select, BeforeValidator(_regime)] | None = None
    adjust: Expression = 0
    "Added to what a candidate is ranked by: seconds for delays, money for cost."
    min_gain_s: Seconds = 0.0
    "Shortening of the wait below which the call is not moved."
    loan: Loan = Loan()
    steps: Annotated[tuple[Step, ...], Field(max_length=20)] = ()
    action: Action
    to: NamedTarget | None = None
    "redirect: where to."
    announcement: Name | None = None
    """announce: which; the caller goes on waiting at home. callback: played before the call ends,
    none if not named."""
    retry_after_s: Annotated[float, Field(ge=1, le=3600)] | None = None
    "retry_after: the caller waits at home and is asked about again then."
    reason: RejectReason | None = None
    """reject: what the caller is told. to_handler: why they come, as the handler is told; none:
    what the site knows."""
    handler: Name | None = None
    "to_handler: which Handler takes the caller."


class Otherwise(Strict):
    """What happens when no rule decides. It always works."""

    action: Action = "queue_at_origin"
    announcement: Name | None = None
    retry_after_s: Annotated[float, Field(ge=1, le=3600)] | None = None
    reason: RejectReason | None = None


class CaseAgent(Strict):
    """A ready agent in a test case."""

    agent: Name
    level: Annotated[int, Field(ge=1, le=10)] = 5
    ready_s: Seconds = 0.0
    calls_count: Count = 0
    occupied_s: Seconds = 0.0
    ready_before_s: Seconds = 0.0
    ready_periods: Count = 0


class CaseQueue(Strict):
    """A queue in a test case. What is not said is as in an idle, open, shared queue."""

    site: Name
    queue: Name
    open: bool = True
    site_open: bool = True
    shared: bool = True
    accepting: bool = True
    staffed_count: Count | None = None
    "Else as many as are ready."
    ready_count: Count | None = None
    "Else as many as `agents` names."
    waiting_count: Count = 0
    oldest_wait_s: Seconds = 0.0
    places_free_count: Count = 100
    aht_s: Annotated[float, Field(gt=0, le=86_400)] = 180.0
    max_loan: Count = 100_000
    loan_count: Count = 0
    min_reserve: Count = 0
    service_level: Share | None = None
    patience_s: Seconds | None = None
    age_s: Seconds = 0.0
    "How long ago it was reported."
    cost: Annotated[float, Field(ge=0)] = 0.0
    "What moving the call there costs."
    closes_in_s: Seconds | None = None
    agents: Annotated[tuple[CaseAgent, ...], Field(max_length=1_000)] = ()


class CaseCall(Strict):
    """The call of a test case."""

    origin: Name
    "Site where it came in."
    queue: Name | None = None
    "The caller's own queue there; else that of the service's name."
    service: Name = "default"
    waited_s: Seconds = 0.0
    priority: Annotated[int, Field(ge=0, le=10)] = 0
    answered: bool = False
    ani: str = ""
    dialed_number: str = ""
    trunk_group: str = ""
    withheld: bool = False
    verified: bool = False
    moves_count: Count = 0
    last_agent: str | None = None
    "site/agent"
    interaction_id: str = "case"
    data: dict[str, str | int | float | bool] = Field(default_factory=dict)
    lists: tuple[Name, ...] = ()
    "Number lists the caller is on."


class Expected(Strict):
    """What the policy must say. What is not named is not compared."""

    action: Action | None = None
    rule: Name | None = None
    site: Name | None = None
    queue: Name | None = None
    agent: Name | None = None
    handler: Name | None = None
    order: tuple[Name, ...] | None = None
    "Sites of the ranked candidates, best first."
    lost: Annotated[dict[Name, str], BY_NAME] | None = None
    "Sites that lost, each with words of its reason."


class CaseShares(Strict):
    """Over many calls of this case, the share of each site."""

    calls: Annotated[int, Field(ge=1, le=10_000)]
    shares: Annotated[dict[Name, Share], BY_NAME]
    within: Share = 0.01


class Case(Strict):
    """One test of the policy, run by `nrcli policy test` and before every publish."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    at: Moment | None = None
    "UTC; decides what calendars say. None: calendars named in `calendars`, else open."
    calendars: Annotated[dict[Name, bool], BY_NAME] = Field(default_factory=dict)
    "Calendars that are open (true) or closed in this case, whatever the time."
    handlers: Annotated[dict[Name, bool], BY_NAME] = Field(default_factory=dict)
    "Handlers that take this caller (true) or do not: closed, full, no way there; else they do."
    call: CaseCall
    queues: Annotated[tuple[CaseQueue, ...], Field(min_length=1, max_length=1_000)]
    expect: Expected | None = None
    expect_shares: CaseShares | None = None


class RoutingPolicySpec(Strict):
    """Rules, tried in order."""

    description: Words = ""
    rules: Annotated[tuple[Rule, ...], Field(max_length=100)]
    otherwise: Otherwise = Otherwise()
    tests: Annotated[tuple[Case, ...], Field(max_length=500)] = ()


class RoutingPolicyDoc(AnyDocument):
    """Kind `RoutingPolicy`."""

    kind: Literal["RoutingPolicy"]
    spec: RoutingPolicySpec


class AskRule(Strict):
    """When NIRC is asked about a waiting call. The first that holds decides."""

    name: Name
    when: Expression = True
    """Over call, queue (the caller's own), site, service, calendar."""
    ask: bool = True
    "false: not asked about while this holds."


class Lend(Strict):
    """What the site lends of a queue, enforced by the site itself."""

    shared: bool = True
    max_loan: Count | None = None
    "None: as in the site agent's settings."
    min_reserve: Count | None = None
    service_level_floor: Share | None = None
    "Donor guard: no new loans while the queue's service level over 15 minutes is below this."


class CallbackAfter(Strict):
    """Who waits long is called back, if they may be."""

    after_s: Annotated[float, Field(ge=1, le=86_400)]
    "Time a caller has waited, at other sites too."
    announcement: Name | None = None
    "Played before the call ends."


class HandlerAfter(Strict):
    """Callers go to a handler by the site's own word, asked or not."""

    name: Name
    when: Expression = True
    "Over call, queue (the caller's own), site, service, calendar."
    handler: Name
    reason: RejectReason | None = None
    "What the handler is told of why they come, if not what the site knows."


class QueueOverflow(Strict):
    """One queue's rules; `queue: "*"` is for those not named."""

    queue: QueueOrAny
    ask: Annotated[tuple[AskRule, ...], Field(max_length=50)] = ()
    "None: NIRC is asked whenever no own agent is ready."
    requery_s: Annotated[float, Field(ge=0.5, le=3600)] | None = None
    callback: CallbackAfter | None = None
    to_handler: Annotated[tuple[HandlerAfter, ...], Field(max_length=20)] = ()
    "The first that holds, and whose handler can take the caller, does."
    lend: Lend = Lend()


class OverflowRulesSpec(Strict):
    """A site's own rules: when to ask the network, what to lend."""

    description: Words = ""
    queues: Annotated[tuple[QueueOverflow, ...], Field(min_length=1, max_length=1_000)]


class OverflowRulesDoc(AnyDocument):
    """Kind `OverflowRules`; its name is the site's."""

    kind: Literal["OverflowRules"]
    spec: OverflowRulesSpec
