"""What a node's HTTP API says of policies and their versions, and takes to change them.

Rule of this file: models only, as in `api_models`. Wall times are `_unix_s`.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from nrcli.wire.json_numbers import WHOLE

WORDS_MAX = 500
Author = Annotated[str, Field(min_length=1, max_length=WORDS_MAX)]
Words = Annotated[str, Field(max_length=WORDS_MAX)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,62}$")]
Text = Annotated[str, Field(min_length=1)]
VersionNumber = Annotated[int, Field(ge=1), WHOLE]


class _Answer(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Request(BaseModel):
    """A part of a request: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class CanaryPart(_Answer):
    """The calls that a canary decides."""

    version: int
    sites: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    share: float = 1.0
    told: str = ""
    "In words."


class ScheduledVersion(_Answer):
    """An activation that waits for its time."""

    version: int
    at_unix_s: float
    author: str
    reason: str


class PolicyStatus(_Answer):
    """One policy and which of its versions are in use."""

    policy: str
    live: int
    "0: removed."
    newest: int
    in_use_here: int = 0
    "The live version that the node asked decides by; 0: none."
    shadow: int = 0
    shadow_same_count: int = 0
    "Calls for which the shadow said the same as the live version, since the node asked leads."
    shadow_differs_count: int = 0
    canary: CanaryPart | None = None
    scheduled: tuple[ScheduledVersion, ...] = ()


class Policies(_Answer):
    """All policies."""

    policies: tuple[PolicyStatus, ...]


class PolicyEvent(_Answer):
    """One line of a policy's history."""

    at_unix_s: float
    act: str
    version: int
    live: int
    author: str
    reason: str
    told: str


class PolicyHistory(_Answer):
    """What happened to a policy, oldest first."""

    policy: str
    events: tuple[PolicyEvent, ...]


class PolicyVersion(_Answer):
    """One version with its text."""

    policy: str
    version: int
    text: str
    author: str
    reason: str
    published_at_unix_s: float
    action: str
    equals: int = 0


class PolicyDone(_Answer):
    """What became of an act."""

    policy: str
    version: int
    live: int
    changed: bool
    told: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class _Act(_Request):
    """Who wants it, and why."""

    author: Author
    reason: Words = ""
    if_version: Annotated[int, Field(ge=0), WHOLE] | None = None
    "Only while this version is live."
    override_freeze: Words = ""
    "Why a change freeze does not count."


class PublishPolicy(_Act):
    """Make a text live."""

    text: Text
    only_check: bool = False
    "Judge it and change nothing."


class RollbackPolicy(_Act):
    """Go back to what a version said."""

    to_version: Annotated[int, Field(ge=0), WHOLE] = 0
    "0: to what was live before."


class ShadowPolicy(_Act):
    """Let a version decide beside the live one: a kept one by number, or a new text."""

    version: VersionNumber | None = None
    text: Text | None = None


class CanaryPolicy(ShadowPolicy):
    """Let a version decide for a part of the calls; what is named must all hold."""

    sites: Annotated[tuple[Name, ...], Field(max_length=1_000)] = ()
    services: Annotated[tuple[Name, ...], Field(max_length=1_000)] = ()
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    force: Words = ""
    "Why a share is right although agents are shared."


class PromotePolicy(_Act):
    """Make the canary, the shadow or a kept version live."""

    version: Annotated[int, Field(ge=0), WHOLE] = 0
    "0: the canary, else the shadow."


class StopPolicy(_Act):
    """End what is not live."""

    shadow: bool = False
    canary: bool = False
    schedule: bool = False


class SchedulePolicy(ShadowPolicy):
    """Make a version live at a time."""

    at_unix_s: float


class DryRun(_Request):
    """A call that is decided and not moved."""

    origin: Name
    "Site where the caller is."
    service: Name
    queue: Annotated[str, Field(max_length=63)] = ""
    "The caller's own queue; empty: the service's."
    trunk_group: Annotated[str, Field(max_length=63)] = ""
    ani: Annotated[str, Field(max_length=64)] = ""
    dialed_number: Annotated[str, Field(max_length=64)] = ""
    waited_s: Annotated[float, Field(ge=0, le=86_400)] = 0.0
    answered: bool = False
    verified: bool = False
    interaction_id: Annotated[str, Field(max_length=64)] = "dry-run"
    policy: Text | None = None
    "A policy's text to decide by; None: as the network decides now."
