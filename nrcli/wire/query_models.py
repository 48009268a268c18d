"""What may stand after the `?` of a request to a node's HTTP API.

Rule of this file: models only; unknown parameters are refused, so that a filter with a slip in its
name never means "no filter".
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from nrcli.wire.control_models import Reason, Who
from nrcli.wire.live_models import KINDS

LIMIT_MAX = 1_000
CURSOR_CHARS_MAX = 400
Word = Annotated[str, Field(max_length=128)]
Id = Annotated[str, Field(max_length=200)]
Cursor = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]*$", max_length=CURSOR_CHARS_MAX)]
YesOrNo = Literal["true", "false"]


def whole(text: object) -> object:
    """Digits and nothing else."""
    if isinstance(text, str) and not (text.isascii() and text.isdecimal()):
        raise ValueError(f"expected a whole number, got {text[:20]!r}")
    return text


def _kinds(text: str) -> str:
    for one in text.split(","):
        if one not in KINDS:
            known = ", ".join(KINDS)
            raise ValueError(f"{one[:40]!r} is no kind: {known}, with commas between")
    return text


_KINDS = "^({0})(,({0}))*$".format("|".join(KINDS))


class Query(BaseModel):
    """No parameters."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Page(Query):
    """Which part of a list."""

    limit: Annotated[int, Field(ge=1, le=LIMIT_MAX), BeforeValidator(whole)] = LIMIT_MAX
    "At most so many."
    after: Cursor = ""
    "The `next` of the page before; empty: from the beginning."


class SitesQuery(Page):
    """Filters of sites."""

    liveness: Literal["alive", "suspect", "dead", "unknown"] | None = None
    linked: YesOrNo | None = None
    usable: YesOrNo | None = None


class QueuesQuery(Page):
    """Filters of queues."""

    site: Word | None = None
    queue: Word | None = None
    open: YesOrNo | None = None


class AgentsQuery(Page):
    """Filters of agents."""

    site: Word | None = None
    agent: Word | None = None
    state: Word | None = None
    queue: Word | None = None
    "Agents who serve it."


class CallsQuery(Page):
    """Filters of calls in motion."""

    origin_site: Word | None = None
    target_site: Word | None = None
    queue: Word | None = None
    state: Word | None = None
    interaction_id: Id | None = None


class EntriesQuery(Page):
    """Filters of the network queue."""

    service: Word | None = None
    site: Word | None = None
    queue: Word | None = None
    state: Word | None = None
    kind: Literal["call", "callback"] | None = None


class ReservationsQuery(Page):
    """Filters of reservations."""

    site: Word | None = None
    origin_site: Word | None = None
    queue: Word | None = None
    agent: Word | None = None


class DecisionsQuery(Query):
    """Which decisions."""

    limit: Annotated[int, Field(ge=1, le=LIMIT_MAX), BeforeValidator(whole)] = 100
    "At most so many, the newest; without `call` pages lead to older ones."
    after: Cursor = ""
    "The `next` of the page before: decisions before that page."
    call: Id = ""
    "Interaction, request or decision id, or its first six characters at least."
    service: Word | None = None
    origin_site: Word | None = None
    target_site: Word | None = None
    outcome: Word | None = None
    mode: Word | None = None
    policy: Word | None = None


class AlarmsQuery(Page):
    """Filters of alarms."""

    code: Word | None = None
    place: Word | None = None


class AlarmHistoryQuery(Page):
    """Filters of what happened to alarms."""

    code: Word | None = None
    place: Word | None = None
    node: Word | None = None
    happened: Literal["raised", "cleared", "acknowledged"] | None = None
    severity: Literal["critical", "major", "minor", "warning"] | None = None
    rule: Word | None = None


class AlarmRulesQuery(Page):
    """Filters of alarm rules."""

    figure: Word | None = None
    document: Word | None = None
    severity: Literal["critical", "major", "minor", "warning"] | None = None


class DocumentsQuery(Page):
    """Filters of documents."""

    kind: Word | None = None


class EventsQuery(Query):
    """What a reader of the live stream wants."""

    kinds: (
        Annotated[str, Field(json_schema_extra={"pattern": _KINDS}), AfterValidator(_kinds)] | None
    ) = None
    "With commas between; nothing: all kinds."


class ActQuery(Query):
    """Who does it and why, where the request has no JSON to say so."""

    author: Annotated[str, Field(max_length=100)] = ""
    reason: Annotated[str, Field(max_length=200)] = ""


class LeaderQuery(ActQuery):
    """Of what only the leader does."""

    redirected_by: Word = ""
    "The node that sent this here; it is not sent on."


class AuditQuery(Query):
    """Which acts."""

    limit: Annotated[int, Field(ge=1, le=LIMIT_MAX), BeforeValidator(whole)] = 100
    act: Word | None = None
    author: Word | None = None


class EndControlQuery(Query):
    """Who ends a control, and why."""

    author: Who
    reason: Reason
