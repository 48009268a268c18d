"""Who works when: groups of agents alike, their shifts and breaks.

Rule of this file: what may be written, in local time of the site; `shifts` makes windows of it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from routing_policies.calendar_kinds import Weekday
from routing_policies.kinds_base import BY_NAME, Date, Name, Seconds, Share, Strict, TimeOfDay

GROUP_AGENTS_MAX = 100_000
Level = Annotated[int, Field(ge=1, le=10)]
AgentsCount = Annotated[int, Field(ge=0, le=GROUP_AGENTS_MAX)]


class Break(Strict):
    """A time away inside a shift."""

    from_: Annotated[TimeOfDay, Field(alias="from")]
    to: TimeOfDay
    lasts_s: Annotated[float, Field(gt=0, le=86_400)] | None = None
    "Each agent is away only this long; the group's agents spread evenly. None: the whole time."


class Shift(Strict):
    """Signed in from one time of day to another; `to` at or before `from` is on the next day."""

    from_: Annotated[TimeOfDay, Field(alias="from")]
    to: TimeOfDay
    days: tuple[Weekday, ...] = ()
    "Days of the week on which the shift begins; none: every day."
    breaks: Annotated[tuple[Break, ...], Field(max_length=20)] = ()


class Staffing(Strict):
    """So many agents of the group in each interval of the day, in place of `count` and `shifts`: a
    plan of a workforce manager."""

    interval_s: Annotated[float, Field(ge=60, le=86_400)] = 900.0
    agents: Annotated[tuple[AgentsCount, ...], Field(min_length=1, max_length=1_440)]
    begins: TimeOfDay = "00:00"
    "Local time at which the first interval begins; before and after those written, nobody."
    days: tuple[Weekday, ...] = ()
    dates: Annotated[tuple[Date, ...], Field(max_length=1_000)] = ()
    "Only on these dates; none: on every one."


class AgentGroup(Strict):
    """Agents alike. They are called site-group-1, site-group-2 and so on."""

    group: Name
    count: AgentsCount | None = None
    skills: Annotated[dict[Name, Level], BY_NAME]
    "Skill level, 1 to 10, by queue."
    shifts: Annotated[tuple[Shift, ...], Field(max_length=50)] = ()
    "None: signed in all the time."
    staffing: Staffing | None = None
    shrinkage: Share | None = None
    "Share of agents away for a whole shift (ill, training); none: the site's."
    ring_s: Annotated[float, Field(ge=0, le=300)] = 0.0
    "From the offer of a call to the answer."
    no_answer_share: Share = 0.0
    "Chance that a ring stays without an answer (RONA)."
    no_answer_s: Annotated[float, Field(gt=0, le=300)] = 15.0
    "Such a ring is taken back after this."
    pause_s: Seconds = 60.0
    "An agent who did not answer is not ready for this long."
