"""Counts agents' time by state, and how far they kept to their schedule.

Rule of this file: time counts where it passes; a spell that crosses the edge of an interval is cut
there. Two spells of one agent that overlap (told twice by a writer that died) count once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nrcli.reports.facts import Spell
from nrcli.reports.places import spell_place
from nrcli.reports.tables import Table

COLUMN_OF: Mapping[str, tuple[str, ...]] = {
    "null": (),
    "not_ready": ("signed_in_us", "not_ready_us"),
    "ready": ("signed_in_us",),
    "reserved": ("signed_in_us", "reserved_us"),
    "busy": ("signed_in_us", "busy_us"),
    "working_after_call": ("signed_in_us", "after_call_us"),
}
"ECMA-269's states of an agent, and what each counts as; `null` is not logged in."
AT_WORK = frozenset({"ready", "reserved", "busy", "working_after_call"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One time in which a schedule wants an agent at work, or away."""

    agent: str
    begin_us: int
    until_us: int
    at_work: bool
    site: str = ""
    "Empty: at whatever site the agent is."


def count_agent_time(table: Table, spells: Iterable[Spell], shifts: Iterable[Shift] = ()) -> None:
    """Add agents' time to a table."""
    by_agent = _by_agent(spells)
    for timeline in by_agent.values():
        for one, begin_us, until_us in timeline:
            table.spend(spell_place(table.by, one), begin_us, until_us, *COLUMN_OF[one.state])
    for shift in shifts:
        _adherence(table, shift, by_agent)


Timeline = list[tuple[Spell, int, int]]


def _by_agent(spells: Iterable[Spell]) -> dict[tuple[str, str], Timeline]:
    """Each agent's time as spells that follow one another."""
    found: dict[tuple[str, str], Timeline] = defaultdict(list)
    for one in sorted(spells, key=_order):
        timeline = found[one.site, one.agent]
        begin_us = max(one.began_us, timeline[-1][2]) if timeline else one.began_us
        until_us = one.began_us + one.lasted_us
        if until_us > begin_us:
            timeline.append((one, begin_us, until_us))
    return found


def _order(one: Spell) -> tuple[object, ...]:
    return one.began_us, one.site, one.agent, one.lasted_us, one.state


def _adherence(table: Table, shift: Shift, by_agent: Mapping[tuple[str, str], Timeline]) -> None:
    """Scheduled time, and that part of it in which the agent did as scheduled: at work where the
    schedule says work, on a break or logged out where it says away."""
    names = (
        [shift.site] if shift.site else sorted({s for s, agent in by_agent if agent == shift.agent})
    )
    for site in names or [""]:
        timeline = by_agent.get((site, shift.agent), [])
        example = (
            timeline[0][0]
            if timeline
            else Spell(site=site, agent=shift.agent, state="null", began_us=0, lasted_us=0)
        )
        place = spell_place(table.by, example)
        table.spend(place, shift.begin_us, shift.until_us, "scheduled_us")
        worked = [
            (max(begin, shift.begin_us), min(until, shift.until_us))
            for one, begin, until in timeline
            if one.state in AT_WORK and begin < shift.until_us and until > shift.begin_us
        ]
        for begin, until in worked if shift.at_work else _gaps(worked, shift):
            table.spend(place, begin, until, "adhered_us")


def _gaps(worked: list[tuple[int, int]], shift: Shift) -> list[tuple[int, int]]:
    """The rest of a shift."""
    gaps, at_us = [], shift.begin_us
    for begin, until in worked:
        gaps.append((at_us, begin))
        at_us = until
    return [*gaps, (at_us, shift.until_us)]
