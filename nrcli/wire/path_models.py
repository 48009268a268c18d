"""What a node's HTTP API says and takes about paths and their test calls.

Rule of this file: models only, as in `api_models`.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class WayStatus(BaseModel):
    """The newest moves of callers over a path by one method to one site."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    method: str
    to_site: str
    arrived_count: int
    failed_count: int
    phase: str
    "open | suspended | returning"


class ThroughStatus(BaseModel):
    """A method that the carrier must follow, and what test calls through it say."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    method: str
    state: str
    "proved | untried | too_old | failing | bad (once)"
    proved_s_ago: float | None
    p99_measured_s: float
    problem: str


class TargetStatus(BaseModel):
    """One site that a path to many leads to, whose last test call was bad."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    to_site: str
    method: str
    "Through the carrier, by this; empty: a call by the origin itself."
    state: str
    "failing | bad (once)"
    tried_s_ago: float
    problem: str


class PathStatus(BaseModel):
    """One path, and what test calls say of it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    path: str
    from_site: str
    trunk_group: str
    to_site: str
    methods: tuple[str, ...]
    address: str
    cost: float
    state: str
    "vouched | proved | unproved | too_old | failing"
    used: bool
    proved_s_ago: float | None
    tried_s_ago: float | None
    p99_s: float
    p99_measured_s: float
    "0: nothing was measured."
    problem: str
    through: tuple[ThroughStatus, ...] = ()
    "What test calls through the carrier say; an older node tells nothing."
    moved: tuple[WayStatus, ...] = ()
    "What became of callers; an older node tells nothing."
    bad_targets: tuple[TargetStatus, ...] = ()
    "Of a path to all sites: those to which the last test call was bad; not of an older node."


class ProbeStatus(BaseModel):
    """One test call."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    path: str
    origin: str
    target: str
    state: str
    "reserving | calling | good | bad"
    steps: tuple[str, ...]
    problem: str
    took_s: float
    tried: bool = True
    "False: a site could not do it, and nothing was found out."


class Paths(BaseModel):
    """Every path, and the newest test calls."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    paths: tuple[PathStatus, ...]
    probes: tuple[ProbeStatus, ...]


class PooledNumber(BaseModel):
    """A number that is away."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: str
    state: str
    "lent | resting"
    lent_to: str
    "The site that has it, or had it last; empty: it rests after a restart of its owner."
    interaction_id: str
    back_in_s: float
    "Until it may be lent again, should its caller never come."


class PoolStatus(BaseModel):
    """A number pool, as its owner told."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    pool: str
    site: str
    trunk_group: str
    linked: bool
    "False: its site has no link to this node now; what stands here is its last word."
    numbers_count: int
    free_count: int = 0
    lent_count: int = 0
    resting_count: int = 0
    lent_per_minute: int = 0
    runs_out_in_s: float | None = None
    "At the rate of the last minute; None: not within ten minutes."
    refused_count: int = 0
    "Moves that got no_number since the site agent started."
    refused_s_ago: float | None = None
    refused_to: str = ""
    "The site that asked last in vain."
    numbers: tuple[PooledNumber, ...] = ()
    "Those away, at most 50."


class Pools(BaseModel):
    """Every number pool of the network."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    pools: tuple[PoolStatus, ...]


class ProbeWanted(BaseModel):
    """Try a path by a test call."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Annotated[str, Field(min_length=1, max_length=200)]
    to_site: Annotated[str, Field(max_length=200)] = ""
    method: Literal["", "redirect_302", "refer"] = ""
    "Through the carrier, by this. An older node refuses it."


class ProbeBegun(BaseModel):
    """It is under way, or has ended already; `Paths.probes` tells."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
