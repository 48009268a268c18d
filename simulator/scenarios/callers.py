"""Who calls: classes of callers, how long they wait, whether they try again.

Rule of this file: what may be written; which distribution holds for whom stands in `draws`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from routing_policies.kinds_base import BY_NAME, Name, Priority, Seconds, Share, Strict
from simulator.scenarios.distributions import Distribution, exponential

Distributions = Annotated[dict[Name, Distribution], BY_NAME]
"By name of a service."


class Redial(Strict):
    """Callers who gave up, balked, met a busy tone or were dropped by the carrier call again."""

    share: Annotated[float, Field(gt=0, le=1)]
    "Share of callers who try again at all."
    after: Distribution = exponential(300.0)
    "Time from the end of a try to the next; one draw a caller."
    times_max: Annotated[int, Field(ge=1, le=100)] = 1
    "Most further tries of one caller."


class Callbacks(Strict):
    """Callers let themselves be called back: by their wish, by `action: callback` of a policy, or
    by a site's own rules. Everybody's number is their own, and vouched for."""

    after_s: Annotated[float, Field(ge=0, le=86_400)] | None = None
    """Who has waited so long in their first queue is offered it, once; none: nobody is, only
    policies and sites have callers called back."""
    take_share: Share = 1.0
    "Chance that a caller takes the offer."
    answer_share: Share = 1.0
    "Chance that a caller answers one call, if it rings long enough."
    answer_after_s: Annotated[float, Field(ge=0, le=60)] = 5.0
    "From the first ring to the answer."
    busy_share: Share = 0.0
    "Chance that a caller is on the telephone."
    ring_s: Annotated[float, Field(ge=5, le=60)] = 30.0
    "How long the telephone rings; an agent is held meanwhile."
    attempts_max: Annotated[int, Field(ge=1, le=10)] = 3
    "Calls made to one caller before the promise ends."
    pause_s: Annotated[float, Field(ge=1, le=86_400)] = 600.0
    "Between two calls to one caller."
    keep_s: Annotated[float, Field(ge=60, le=604_800)] = 14_400.0
    "Who could not be reached for so long is not called any more."
    entries_max: Annotated[int, Field(ge=0, le=10_000)] = 200
    "Callers whom a site may be about to call back at once; more wait on."


class CallerClass(Strict):
    """A class of callers. Callers who belong to none are treated by what their service says."""

    name: Name
    share: Share
    "Share of the calls of an ingress; the shares of the classes that call there are at most 1."
    ingresses: tuple[Name, ...] = ()
    "Only callers of these; none: of all."
    priority: Priority = 0
    "Added to the service's; higher is served first."
    ahead_s: Seconds = 0.0
    "Head start: in queues the call ranks as if it had arrived this much earlier."
    patience: Distribution | None = None
    "How long they wait; none: as `spec.patience` says for the service, else for ever."
    balk_share: Share = 0.0
    "Hang up at once on hearing that no agent is ready."
    redial: Redial | None = None
    talk: Distributions = Field(default_factory=dict)
    "By service, where it differs from `spec.talk`."
    acw: Distributions = Field(default_factory=dict)
    "By service, where it differs from `spec.acw`."
