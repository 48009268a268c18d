"""What a node's HTTP API says of alarms, and takes to acknowledge one.

Rule of this file: models only, as in `api_models`.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from nrcli.wire.policy_models import Author, Words


class Alarm(BaseModel):
    """One alarm that stands."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: str
    place: str
    text: str
    since_unix_s: float
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
