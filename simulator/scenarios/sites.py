"""Sites: queues, trunk groups, when a site asks NIRC, its link.

Rule of this file: what may be written of one site. Agents stand in `staff`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from routing_policies.kinds_base import Count, Name, Seconds, Share, Strict, TimeZone
from simulator.scenarios.distributions import FileName
from simulator.scenarios.staff import AgentGroup

CHANNELS_MAX = 100_000
MINUTE_S = 60.0


class Queue(Strict):
    """A queue of a site; it serves the services that name it."""

    name: Name
    places_max: Annotated[int, Field(ge=0, le=100_000)] = 200
    "Most calls waiting, places held for other sites included."
    shared: bool = True
    "May calls of other sites be served here."
    max_loan: Count = 100_000
    "Most calls of other sites held or served at once."
    min_reserve: Count = 0
    "Ready agents that are never lent."
    service_level_floor: Share | None = None
    "Donor guard: nothing is lent while the queue's service level over 15 minutes is below this."
    agent_choice: Literal["longest_available", "most_skilled", "least_occupied"] = (
        "longest_available"
    )
    "Which ready agent gets a call."
    aht_s: Annotated[float, Field(ge=0, le=86_400)] = 0.0
    "Mean handle time that the ACD reports; 0: the service's is used."
    answer_after_s: Annotated[float, Field(ge=0, le=3_600)] | None = None
    """A waiting caller is answered, with music, after this: from then on by REFER or bridge, before
    by 302 or bridge. None: answered by the agent only."""


class Trunk(Strict):
    """A trunk group."""

    name: Name
    channels: Annotated[int, Field(ge=0, le=CHANNELS_MAX)]
    min_free: Count = 0
    "Channels kept for the site's own callers."
    kind: Literal["carrier", "network"] = "carrier"
    "network: where moved calls arrive."
    no_answer_s: Annotated[float, Field(gt=0, le=3_600)] | None = None
    "The carrier drops a call that is not answered for this long; none: never."
    set_up_s: Annotated[float, Field(ge=0, le=MINUTE_S)] = 0.0
    "From the caller's dialing to the offer at the site."


class Asks(Strict):
    """When the site asks NIRC about a waiting call."""

    ask_after_s: Seconds = 0.0
    requery_s: Annotated[float, Field(ge=0.5, le=3_600)] = 5.0
    "While a call waits it is asked about again this often."
    deadline_s: Annotated[float, Field(gt=0, le=30)] = 3.0
    "An answer later than this is not used."
    act_locally_pause_s: Seconds = 10.0
    "After an answer to act locally the call is not asked about for this long."
    rules: FileName | None = None
    "File of OverflowRules, from the scenario's folder."


class Link(Strict):
    """Between the site agent and the node."""

    delay_s: Annotated[float, Field(ge=0, le=10)] = 0.01
    "One way, constant."


class Reports(Strict):
    """How fresh the figures are on which NIRC decides."""

    coalesce_s: Annotated[float, Field(ge=0, le=600)] = 0.1
    "A report leaves this long after the first change that was not reported."


DEFAULT_TRUNKS = (
    Trunk(name="carrier", channels=10_000),
    Trunk(name="network", channels=10_000, kind="network"),
)


class Site(Strict):
    """One call centre."""

    name: Name
    time_zone: TimeZone | None = None
    "Of its agents' shifts; none: the scenario's."
    queues: Annotated[tuple[Queue, ...], Field(min_length=1, max_length=200)]
    agents: Annotated[tuple[AgentGroup, ...], Field(max_length=500)] = ()
    shrinkage: Share = 0.0
    "Share of agents away for a whole shift (ill, training), drawn for each agent and day."
    trunks: Annotated[tuple[Trunk, ...], Field(min_length=1, max_length=50)] = DEFAULT_TRUNKS
    asks: Asks = Asks()
    link: Link = Link()
    reports: Reports = Reports()
    foreign_aht_factor: Annotated[float, Field(gt=0, le=100)] = 1.0
    "Talk and after-call work of calls from other sites take this many times as long."
