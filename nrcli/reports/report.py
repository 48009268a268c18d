"""Makes a report of facts: figures by place and interval, with the whole of each place.

Rule of this file: facts and the question in, rows out; the same facts in any order give the same
rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nrcli.errors import SettingsError
from nrcli.reports.agent_time import Shift, count_agent_time
from nrcli.reports.calls import CallRules, View, count_calls
from nrcli.reports.facts import Facts
from nrcli.reports.figure_table import figures_of
from nrcli.reports.figures import Figure
from nrcli.reports.periods import Periods
from nrcli.reports.places import TITLES, By, Place
from nrcli.reports.repeat_calls import RepeatRules, count_repeats
from nrcli.reports.stories import Stories
from nrcli.reports.tables import Table
from nrcli.reports.tally import Tally
from nrcli.reports.trunk_time import count_trunk_time

TOTAL = "total"
"Instead of an interval: all of them."
ROWS_MAX = 1_000_000
"Most rows of a report: places times intervals."


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a report is asked for."""

    by: By
    periods: Periods
    view: View = View.DECIDED
    rules: CallRules = field(default_factory=CallRules)
    repeats: RepeatRules | None = None
    "None: first-contact resolution is not worked out."
    shifts: tuple[Shift, ...] = ()
    "An imported schedule; without one there is no adherence."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Figures of one place in one interval, or in all."""

    place: Place
    interval: str
    "When it begins, by the clock of the report's time zone; or `total`."
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An answer, ready to be shown."""

    question: Question
    figures: tuple[Figure, ...]
    rows: tuple[Row, ...]
    totals: tuple[Row, ...]
    "One for each place."

    @property
    def titles(self) -> tuple[str, ...]:
        """Names of all columns."""
        places = TITLES[self.question.by]
        return (*places, "interval", *(one.name for one in self.figures))


def counted(facts: Facts, asked: Question) -> Table:
    """Everything that was counted, before figures are worked out."""
    table = Table(by=asked.by, periods=asked.periods)
    stories = Stories(facts.stays)
    count_calls(table, facts, stories, asked.rules, asked.view)
    count_agent_time(table, facts.spells, asked.shifts)
    count_trunk_time(table, facts.channels, facts.all_busy)
    if asked.repeats is not None:
        count_repeats(table, stories, asked.repeats)
    return table


def report(facts: Facts, asked: Question) -> Report:
    """The report that was asked for. Raises SettingsError where it would have too many rows."""
    table = counted(facts, asked)
    rows_count = len(table.places) * asked.periods.count
    if rows_count > ROWS_MAX:
        problem = f"would be {rows_count} rows, {ROWS_MAX} are allowed"
        raise SettingsError("report", problem, "ask for fewer days, or for longer intervals")
    figures, edges, places = figures_of(asked.by), asked.periods.edges_us, table.places
    nothing = Tally()
    rows = []
    for index in range(asked.periods.count):
        told, length_us = asked.periods.told(index), edges[index + 1] - edges[index]
        for place in places:
            tally = table.cells.get((place, index), nothing)
            values = _values(figures, tally, length_us)
            rows.append(Row(place=place, interval=told, values=values))
    totals = [
        Row(
            place=place,
            interval=TOTAL,
            values=_values(figures, table.whole(place), edges[-1] - edges[0]),
        )
        for place in places
    ]
    return Report(question=asked, figures=figures, rows=tuple(rows), totals=tuple(totals))


def _values(figures: Sequence[Figure], tally: Tally, length_us: int) -> tuple[float | None, ...]:
    return tuple(one.work(tally, length_us) for one in figures)
