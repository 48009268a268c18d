"""Counts channels of trunk groups in use, and the time in which none was free.

Rule of this file: what the site said of a full group counts as it is; most channels at once are
found by going through the calls in the order of time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from nrcli.reports.facts import AllBusy, ChannelUse
from nrcli.reports.places import trunk_place
from nrcli.reports.tables import Table


def count_trunk_time(
    table: Table, channels: Iterable[ChannelUse], all_busy: Iterable[AllBusy]
) -> None:
    """Add trunk groups' time to a table."""
    groups: dict[tuple[str, str], list[ChannelUse]] = defaultdict(list)
    for one in channels:
        place = trunk_place(table.by, one)
        table.add(place, one.began_us, "trunk_seized")
        table.spend(place, one.began_us, one.ended_us, "trunk_used_us")
        groups[one.site, one.trunk_group].append(one)
    for group in groups.values():
        _most_at_once(table, group)
    for busy in all_busy:
        until_us = busy.began_us + busy.lasted_us
        table.spend(trunk_place(table.by, busy), busy.began_us, until_us, "trunk_all_busy_us")


def _most_at_once(table: Table, group: list[ChannelUse]) -> None:
    """Of one group, interval by interval. A channel that is freed at an instant is free for a call
    of that instant."""
    place = trunk_place(table.by, group[0])
    if place is None:
        return
    steps = sorted(
        step
        for one in group
        if one.ended_us > one.began_us
        for step in ((one.began_us, 1), (one.ended_us, -1))
    )
    used, at_us = 0, 0
    for step_us, change in steps:
        if used and step_us > at_us:
            for index, _ in table.periods.pieces(at_us, step_us):
                table.cell(place, index).most("trunk_used_most", used)
        used += change
        at_us = step_us
