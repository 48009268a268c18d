"""Reads from what happened to alarms which stand at which nodes, and keeps the list bounded.

Rule of this file: pure. An alarm of a rule about the network is one, whichever node leads; every
other alarm is its node's own. What raised an alarm that still stands is never thrown away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from nrcli.wire.alarm_models import AlarmEvent

Key = tuple[str, str]
"(code, place): what people take for one alarm."
OpenKey = tuple[str, str, str]
"(code, place, node); no node: of the whole network."


@dataclass(frozen=True, slots=True)
class Row:
    """One event and where it lies."""

    event: AlarmEvent
    revision: int | None
    "Of etcd; None: it is not there yet."

    @property
    def order(self) -> tuple[float, float, str]:
        """Oldest first: by revision, and what has none yet by its time."""
        revision = float("inf") if self.revision is None else float(self.revision)
        return (revision, self.event.at_unix_s, self.event.id)


def open_key(event: AlarmEvent) -> OpenKey:
    """By what an alarm that stands is known."""
    return (event.code, event.place, "" if event.network else event.node)


def told_key(event: AlarmEvent) -> Key:
    """By what people know it: what has no place is at its node."""
    return (event.code, event.place or ("" if event.network else event.node))


def standing(rows: Iterable[Row]) -> dict[OpenKey, AlarmEvent]:
    """What stands after all of `rows`, which are in order."""
    found: dict[OpenKey, AlarmEvent] = {}
    for row in rows:
        if row.event.happened == "raised":
            found[open_key(row.event)] = row.event
        elif row.event.happened == "cleared":
            found.pop(open_key(row.event), None)
    return found


def too_many(rows: Collection[Row], rows_max: int) -> list[Row]:
    """The oldest beyond `rows_max`, but none that raised what still stands."""
    excess = len(rows) - rows_max
    if excess <= 0:
        return []
    ordered = sorted(rows, key=lambda row: row.order)
    needed = {event.id for event in standing(ordered).values()}
    return [row for row in ordered if row.event.id not in needed][:excess]


def left_behind(
    rows: Iterable[Row], node: str, here: Collection[Key], away: Collection[str], leads: bool
) -> list[AlarmEvent]:
    """Alarms that nobody will clear: this node's of before its start, those that it should know of
    as the leader and does not, and those of nodes that are `away`. `here`: what stands here."""
    found = []
    for (code, place, owner), event in standing(rows).items():
        own = owner == node or (owner == "" and leads)
        if (own and (code, place) not in here) or (leads and owner in away):
            found.append(event)
    return found


def newest_first(rows: Iterable[Row]) -> list[AlarmEvent]:
    """Events by their time."""
    events = [row.event for row in rows]
    return sorted(events, key=lambda event: (event.at_unix_s, event.id), reverse=True)
