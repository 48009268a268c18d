"""What an emergency control is, as it is kept in etcd, and what the HTTP API says and takes of it.

Rule of this file: models only, as in `api_models`. A control that an older node does not know is
left out there, and told in its log.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from nrcli.wire.shift_models import ShiftOutlook, ShiftParameters

Kind = Literal[
    "freeze", "path_off", "close", "holiday", "announce", "flush", "plan", "shift", "drain_site"
]
TargetKind = Literal["all", "site", "service", "path", "calendar", "plan"]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)]
Who = Annotated[str, Field(min_length=1, max_length=100)]
Seconds = Annotated[float, Field(ge=10, le=2_592_000)]


class _Answer(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ControlTarget(BaseModel):
    """What a control is about."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    of: TargetKind = "all"
    name: Annotated[str, Field(max_length=128)] = ""
    "Of the site, service, path and so on; empty of `all`."

    def told(self) -> str:
        """In words, such as `site lisbon`."""
        return f"{self.of} {self.name}".rstrip()


class ControlParameters(BaseModel):
    """What else a kind needs to know; what is no business of its kind is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    announcement: Annotated[str, Field(max_length=100)] = ""
    "Of `announce`: which announcement callers hear, as site agents know it."
    shift: ShiftParameters | None = None
    "Of `shift`, which needs it, and `drain-site`."


class ControlWanted(BaseModel):
    """A control that somebody wants."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: Kind
    target: ControlTarget = ControlTarget()
    parameters: ControlParameters = ControlParameters()
    for_s: Seconds | None = None
    "It ends by itself after this; none: after `router.control_s`."
    author: Who
    reason: Reason


class Control(_Answer):
    """A control that stands: what is kept in etcd, and what every node applies until its end."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]
    kind: Kind
    target: ControlTarget
    parameters: ControlParameters = ControlParameters()
    reason: str
    who: str
    began_unix_s: Annotated[float, Field(allow_inf_nan=False)]
    ends_unix_s: Annotated[float, Field(allow_inf_nan=False)]


class Controls(_Answer):
    """Controls in force, oldest first."""

    controls: tuple[Control, ...]
    next: str = ""
    "The cursor of the next page; empty: this is the last."


class ControlChange(_Answer):
    """What would become of a caller who asks now."""

    site: str
    trunk_group: str
    service: str
    now: str
    "What is decided without it, such as `moves to porto`, or `stays: no target`."
    then: str
    "What would be decided with it."


class ControlEffect(_Answer):
    """What a control would do, from what the node knows at this moment."""

    control: Control
    "As it would begin now."
    lines: tuple[str, ...]
    "In plain words, the most important first."
    figures: tuple[tuple[str, float], ...] = ()
    "(name, value) of the counts behind the words; `_count` and `_s` as everywhere."
    changes: tuple[ControlChange, ...] = ()
    "Only what would change; the first hundred."
    shift: ShiftOutlook | None = None
    "Of `shift` and `drain-site`: whether those who get the calls can carry them."
    asked_count: int = 0
    "Of so many kinds of caller (site, trunk group, service) that were looked at."
    etag: str = ""
    "For `If-Match` of the request that begins it: refused if documents or controls changed."
