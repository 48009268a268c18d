"""What a node's HTTP API says of alarms, and takes to acknowledge one.

Rule of this file: models only, as in `api_models`.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from nrcli.wire.policy_models import Author, Words

Severity = Literal["critical", "major", "minor", "warning"]
"Perceived severity (ITU-T X.733 section 8.1.2.3). `cleared` and `indeterminate` are not used."
Happened = Literal["raised", "cleared", "acknowledged"]


class Alarm(BaseModel):
    """One alarm that stands."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: str
    place: str
    text: str
    since_unix_s: float
    severity: Severity = "major"
    cause: str = ""
    "Probable cause, in the words of ITU-T X.733; empty: not known."
    advice: str = ""
    "What to do, in one line."
    rule: str = ""
    "The rule that raised it; empty: the node's own programs did."
    acknowledged_by: str = ""
    "Who has said that they care for it; empty: nobody yet."
    acknowledged_at_unix_s: float | None = None
    acknowledged_reason: str = ""


class Alarms(BaseModel):
    """Alarms that stand, oldest first."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    alarms: tuple[Alarm, ...]
    next: str = ""
    "The cursor of the next page; empty: this is the last."


class AcknowledgeAlarm(BaseModel):
    """Somebody cares for an alarm. It stands until its cause is gone, and then is forgotten."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    code: Annotated[str, Field(min_length=1, max_length=100)]
    place: Annotated[str, Field(max_length=300)] = ""
    author: Author
    reason: Words = ""


class AlarmEvent(BaseModel):
    """Something that happened to an alarm at one node."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    "Unlike all others; notices carry it, so that a receiver can leave out what it has."
    at_unix_s: float
    node: str
    code: str
    place: str
    happened: Happened
    severity: Severity
    text: str = ""
    rule: str = ""
    network: bool = False
    """Its rule is about the whole network: whoever leads watches it, and any node's word ends it.
    Else each node has its own."""
    advice: str = ""
    who: str = ""
    "Who acknowledged it."
    reason: str = ""


class AlarmHistory(BaseModel):
    """What happened to alarms at all nodes, newest first."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    events: tuple[AlarmEvent, ...]
    waiting_count: int = 0
    "Events of the node asked that are not in etcd yet; they stand here all the same."
    lost_count: int = 0
    "Events of the node asked that found no room while etcd was away."
    next: str = ""
    "The cursor of the next page; empty: this is the last."
