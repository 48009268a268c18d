"""What a traffic shift needs to know, and what it would do, as the HTTP API says and takes it.

Rule of this file: models only, as in `api_models`. A shift is an emergency control of the kind
`shift` or `drain-site`; the site that calls leave is the control's target.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(max_length=128)]
Percent = Annotated[int, Field(ge=1, le=100)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Times = Annotated[float, Field(ge=0, allow_inf_nan=False)]


def grow(steps: Sequence[int]) -> bool:
    """Whether each step is larger than the one before."""
    return all(one < later for one, later in pairwise(steps))


class ShiftParameters(BaseModel):
    """Whose callers go where, in which steps, and when the shift is given up by itself."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    to_site: Name = ""
    "Where callers go; empty of `drain-site`: wherever they are served."
    service: Name = ""
    "Callers of this service alone; empty: of every one."
    queue: Name = ""
    "Callers who enter this queue of the site alone; empty: any."
    steps: Annotated[tuple[Percent, ...], Field(min_length=1, max_length=20)] = (100,)
    "Percent of the callers, growing; the last stays."
    step_s: Annotated[float, Field(ge=10, le=86_400)] = 300.0
    "How long each step but the last lasts."
    floor: Share = 0.7
    """Share of callers answered in time, 0 to 1: where callers go must be able to keep it, and the
    shift is given up when fewer are. 0: neither."""
    window_s: Annotated[float, Field(ge=30, le=3_600)] = 300.0
    "The newest callers that are looked at to give it up."
    after_s: Annotated[float, Field(ge=0, le=3_600)] = 30.0
    "It is given up when they were too few for so long."
    calls_min: Annotated[int, Field(ge=1, le=10_000)] = 10
    "Fewer callers than this say nothing."
    force: bool = False
    "Begin it though those who get the calls cannot carry them."


class QueueOutlook(BaseModel):
    """One queue before and after a shift, in the long run (Erlang C, or A where callers' patience
    is known)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    site: str
    queue: str
    agents: Times
    "At work; who serves several queues counts for a part of one in each."
    calls_per_hour: Times
    calls_per_hour_after: Times
    occupancy: Times
    "Load for each agent: above 1 more comes in than can be served."
    occupancy_after: Times
    service_level: Share
    "Share answered in time, 0 to 1."
    service_level_after: Share


class ShiftOutlook(BaseModel):
    """What the last step of a shift would do."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    share: Share
    moved_calls_per_min: Times
    origins: tuple[QueueOutlook, ...]
    targets: tuple[QueueOutlook, ...]
    problems: tuple[str, ...]
    "Why it is refused without `force`; empty: those who get the calls carry them."
    share_max: Share
    "The largest share without a problem."


class ShiftState(BaseModel):
    """How a shift that is in force goes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    "Of the control."
    from_site: str
    to_site: str
    "Empty: the site is drained."
    service: str = ""
    queue: str = ""
    share: Share
    "Of the callers now."
    next_step_s: float | None = None
    "When the share grows; None: it does not any more."
    floor: Share
    service_level: float | None = None
    """Share of its newest callers answered in time where they go; only the leader knows, and None
    where too few say so."""
    ordered: bool = False
    """The site holds new callers back though own agents are ready. False at a node that does not
    lead, and where the agent is of a version before: then only callers who wait are moved."""
    given_up: str = ""
    "Why it ends by itself; empty: it goes on."


class Shifts(BaseModel):
    """Shifts in force, oldest first."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    shifts: tuple[ShiftState, ...]
    next: str = ""
    "The cursor of the next page; empty: this is the last."
