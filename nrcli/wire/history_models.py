"""What a node's HTTP API says of reports, of rows of records, and of the last hours.

Rule of this file: models only, as in `api_models`. What figures and columns mean is said in
docs/kpis.md and docs/records.md.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from nrcli.wire.query_models import Cursor, Id, Page, Query, Word, whole

INSTANT = r"^(\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?)?$"
ZONE = r"^[A-Za-z][A-Za-z0-9_+-]{0,30}(/[A-Za-z0-9_+-]{1,30}){0,2}$"
Instant = Annotated[str, Field(pattern=INSTANT, max_length=16)]
Zone = Annotated[str, Field(pattern=ZONE, max_length=64)]
Cell = str | int | float | bool | None
ROWS_MAX = 1_000
PLACES_MAX = 200


class _Answer(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ReportQuery(Query):
    """Which report."""

    begin: Instant = ""
    "First day, or an instant of it as 2026-11-23T08:00; empty: today."
    to: Instant = ""
    "Last day, the whole of it, or an end; empty: that of `begin`."
    time_zone: Zone = "UTC"
    by: Literal["network", "tenant", "site", "queue", "service", "agent", "trunk"] = "site"
    view: Literal["decided", "offered", "entry"] = "decided"
    every: Literal["15min", "hour", "whole"] | None = None
    "Of `interval` alone; nothing: quarters of an hour."


class Finding(_Answer):
    """A call that records do not account for."""

    fault: str
    site: str
    interaction_id: str
    at_unix_s: float
    told: str
    cause: str


class Report(_Answer):
    """Figures by place and interval."""

    by: str
    view: str
    every: str
    time_zone: str
    units: dict[str, str]
    "Of each figure, in their order."
    rows: tuple[dict[str, str | float | None], ...]
    "The place, by the names of its parts; `interval`; every figure."
    totals: tuple[dict[str, str | float | None], ...]
    findings: tuple[Finding, ...] = ()


class RecordsQuery(Query):
    """Which rows."""

    limit: Annotated[int, Field(ge=1, le=ROWS_MAX), BeforeValidator(whole)] = 100
    after: Cursor = ""
    "The `next` of the page before."
    begin: Instant = ""
    "From this day or instant on; empty: today."
    to: Instant = ""
    "Up to the end of this day, or this instant; empty: that of `begin`."
    time_zone: Zone = "UTC"
    call: Id = ""
    "Interaction id, whole."
    site: Word | None = None
    queue: Word | None = None


class RecordRows(_Answer):
    """Rows of one table, in the order in which they were kept. Callers' numbers are masked."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    next: str = ""
    "The cursor of the next page; empty: this is the last."


class HistoryQuery(Page):
    """Of which places."""

    limit: Annotated[int, Field(ge=1, le=PLACES_MAX), BeforeValidator(whole)] = PLACES_MAX
    site: Word | None = None
    queue: Word | None = None


class PlaceHistory(_Answer):
    """One place through the last hours: a value for each of `History.begin_unix_s`, null where the
    node did not see it."""

    site: str
    "Empty: the whole network."
    queue: str
    "Empty: the whole site."
    waiting_max: tuple[float | None, ...]
    waiting_mean: tuple[float | None, ...]
    ready_mean: tuple[float | None, ...]
    busy_mean: tuple[float | None, ...]
    answered: tuple[float | None, ...]
    "Calls that agents of the place answered."
    abandoned: tuple[float | None, ...]
    service_level: tuple[float | None, ...]
    "At the end of the interval, over 15 minutes; of a queue alone."
    moved: tuple[float | None, ...]
    "Of the whole network alone: calls answered after a move, as this node saw them while it led."


class History(_Answer):
    """The last hours as the node asked has seen them since it started."""

    node: str
    interval_s: float
    begin_unix_s: tuple[float, ...]
    "Of each interval, oldest first; the last one is not over."
    places: tuple[PlaceHistory, ...]
    next: str = ""
    "The cursor of the next page; empty: this is the last."
