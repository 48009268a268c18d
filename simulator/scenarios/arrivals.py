"""When calls come: rates, profiles, records, days that are unlike others.

Rule of this file: what may be written. What an arrival's expected calls are at an instant stands in
`rates`; drawing is the business of `simulator.sampling`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from routing_policies.calendar_kinds import Weekday
from routing_policies.kinds_base import Date, Name, Share, Strict, TimeOfDay, TimeZone, Words
from simulator.scenarios.distributions import FileName

RATE_MAX = 10_000.0
"Most calls a second of one arrival."
CALLS_MAX = 10_000_000.0
"Most calls expected of one interval of a profile."
INTERVALS_MAX = 1_440
"Most intervals of a day: one a minute."
Interval = Annotated[float, Field(ge=60, le=86_400)]
Factor = Annotated[float, Field(ge=0, le=1_000)]
MappingName = Annotated[str, Field(max_length=500, pattern=r"\.ya?ml$")]
"A YAML file, from the scenario's folder."
Calls = Annotated[float, Field(ge=0, le=CALLS_MAX)]


class DayProfile(Strict):
    """Expected calls of each interval of a day, from `begins` on; it repeats every day."""

    name: Name
    "Arrivals name it."
    interval_s: Interval = 900.0
    calls: Annotated[tuple[Calls, ...], Field(max_length=INTERVALS_MAX)] = ()
    file: FileName | None = None
    "CSV file with a heading, in place of `calls`."
    column: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    begins: TimeOfDay = "00:00"
    "Local time at which the first interval begins."


class Profile(Strict):
    """Expected calls of each interval of a day: written out, from a file, or by name."""

    name: Name | None = None
    "One of `spec.profiles`, in place of what follows."
    interval_s: Interval = 900.0
    calls: Annotated[tuple[Calls, ...], Field(max_length=INTERVALS_MAX)] = ()
    file: FileName | None = None
    column: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    begins: TimeOfDay = "00:00"
    factor: Factor = 1.0
    "All numbers times this."
    later_s: Annotated[float, Field(ge=-86_400, le=86_400)] = 0.0
    "The whole profile this much later; what passes midnight comes in again at the other end."


class Busyness(Strict):
    """A day as a whole is busier or calmer than expected: its rates are multiplied by a factor,
    gamma distributed with mean 1, drawn once a local day."""

    gamma_shape: Annotated[float, Field(gt=0, le=1_000_000)]
    "Variance 1 / shape: 400 is a standard deviation of 5 %."
    shared: bool = False
    """True: all arrivals that say so have the same luck on a date, so that sites are busy together;
    with the same shape, the same factor. False: each arrival has luck of its own."""


class Records(Strict):
    """Calls that were recorded, at their time of day."""

    file: FileName | None = None
    "From the scenario's folder; none with format bank, whose month comes with the program."
    format: Literal["nirc", "csv", "parquet", "bank"] | MappingName = "nirc"
    """nirc: Parquet or CSV as `nirc-sim` writes it, by the file's ending; csv: columns arrival_s
    (or date and arrive_s) and what else a calls table has; bank: the sample month of a bank; or the
    name of a YAML file that says which column is what (docs/calls_table.md)."""
    dates: Annotated[tuple[Date, ...], Field(max_length=1_000)] = ()
    "Only these days; none: all. The first is put on the first day of the run, and so on."
    skills: Annotated[tuple[Annotated[str, Field(max_length=100)], ...], Field(max_length=100)] = ()
    "Only calls with one of these in the record's column skill (or service); none: all."
    ingresses: Annotated[
        tuple[Annotated[str, Field(max_length=200)], ...], Field(max_length=1_000)
    ] = ()
    "Only calls with one of these in the record's column ingress; none: all."
    talk: Literal["recorded", "drawn"] = "recorded"
    "Talk times as recorded where an agent answered; the others are drawn."
    share: Share = 1.0
    "Only this share of the calls, drawn."


class Arrival(Strict):
    """Calls of one ingress: `per_s`, `profile` or `records`. Several for one ingress add up."""

    ingress: Name
    per_s: Annotated[float, Field(ge=0, le=RATE_MAX)] | None = None
    "Constant rate, calls per second; Poisson."
    profile: Profile | None = None
    "Poisson with a rate of its own in each interval of the day."
    records: Records | None = None
    busyness: Busyness | None = None
    days: tuple[Weekday, ...] = ()
    "Only on these days of the week; none: on all."
    time_zone: TimeZone | None = None
    "Of days and profile; none: the scenario's."
    from_s: Annotated[float, Field(ge=0, le=34_560_000)] = 0.0
    "Seconds of the run from which these calls come; with `to_s` a burst."
    to_s: Annotated[float, Field(gt=0, le=34_560_000)] | None = None
    "Until then; none: to the end."


class SpecialDay(Strict):
    """A date that is unlike its weekday. Records are not changed by it."""

    date: Date
    name: Words = ""
    factor: Factor = 1.0
    "Arrivals times this."
    ingresses: tuple[Name, ...] = ()
    "Only arrivals of these; none: of all."
    staff_share: Share = 1.0
    "Share of each group of agents who work, rounded up."
    sites: tuple[Name, ...] = ()
    "Only agents of these; none: of all."
