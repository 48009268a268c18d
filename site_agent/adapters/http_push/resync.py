"""A snapshot of a CTI joined with what was known of it: what is gone or new is told.

Rule of this file: after it the mirror is what the CTI says, and every hold and call that was open
before stands, or was told to be over.
"""

from __future__ import annotations

from typing import Any

from site_agent.adapters import base
from site_agent.adapters.acd_events import AcdEvent
from site_agent.adapters.http_push.asked import Asked
from site_agent.adapters.http_push.desk import Desk
from site_agent.adapters.http_push.heard import Heard
from site_agent.adapters.http_push.http_push_protocol import as_event
from site_agent.adapters.http_push.said_by_cti import Snapshot, SnapshotCall


class Resync:
    """Takes snapshots."""

    def __init__(self, desk: Desk, asked: Asked, heard: Heard) -> None:
        self._desk = desk
        self._asked = asked
        self._heard = heard
        self._mirror = desk.mirror

    def lose_sync(self, reason: str) -> list[AcdEvent]:
        """The CTI is not heard: its agents are not ready, and nothing is promised any more."""
        mirror = self._mirror
        mirror.synced = False
        events: list[AcdEvent] = []
        for hold in list(mirror.holds.values()):
            self._desk.waits.stop(("hold", hold.hold_id))
            if not hold.by_count:
                self._desk.push(base.ReleaseHold(hold_id=hold.hold_id, agent=hold.agent))
            events += mirror.lose(hold.hold_id, reason)
        for command in list(self._asked.dialing.values()):
            events += self._asked.not_dialed(command)
        return events + mirror.tell_all()

    def take(self, snapshot: Snapshot, events_of: dict[int, AcdEvent]) -> list[AcdEvent]:
        """Make the mirror what the CTI says. `events_of`: its parts as events, by their identity,
        read before anything was changed."""
        mirror, heard = self._mirror, self._heard
        mirror.synced = True
        mirror.holdable = self._desk.can.hold_agent is not base.HoldLevel.NONE
        events = self._ended({call.call_id for call in snapshot.calls})  # type: ignore[attr-defined]
        events += self._holds(set(snapshot.holds))
        mirror.queues.clear()
        mirror.trunks.clear()
        for part in (*snapshot.queues, *snapshot.trunk_groups):
            events += heard.take(events_of[id(part)])
        present = {agent.agent for agent in snapshot.agents}
        for agent in [name for name in mirror.agents if name not in present]:
            events += mirror.agent_gone(agent)
        for part in snapshot.agents:
            events += heard.take(events_of[id(part)])
        events += mirror.tell_all()
        for call in snapshot.calls:
            events += self._call(call, events_of[id(call)])
        return events

    def _ended(self, present: set[str]) -> list[AcdEvent]:
        events: list[AcdEvent] = []
        for call_id in [call_id for call_id in self._mirror.calls if call_id not in present]:
            events += self._heard.ended(base.CallEnded(call_id=call_id, released_by="site"))
        return events

    def _holds(self, kept: set[str]) -> list[AcdEvent]:
        events: list[AcdEvent] = []
        for hold in [one for one in self._mirror.holds.values() if not one.by_count]:
            if hold.hold_id not in kept:
                self._desk.waits.stop(("hold", hold.hold_id))
                events += self._mirror.lose(hold.hold_id, "not in the snapshot")
        for hold_id in kept - self._mirror.holds.keys():
            self._desk.push(base.ReleaseHold(hold_id=hold_id))
        return events

    def _call(self, call: SnapshotCall, event: AcdEvent) -> list[AcdEvent]:
        call_id: str = call.call_id  # type: ignore[attr-defined]
        events = [] if call_id in self._mirror.calls else self._heard.take(event)
        seen = self._mirror.calls.get(call_id)
        if seen is None:
            return events
        if call.answered:
            events += self._heard.answered(base.CallAnswered(call_id=call_id))
        if call.agent and call.agent != seen.agent:
            talks = base.CallConnected(call_id=call_id, agent=call.agent, queue=seen.queue)
            events += self._heard.connected(talks)
        return events


def parts_as_events(
    snapshot: Snapshot, place: str, now_s: float, unix_s: float, most: int
) -> dict[int, AcdEvent]:
    """Every part of a snapshot as an event, by its identity. Raises ProtocolError."""
    found: dict[int, AcdEvent] = {}
    named: dict[str, tuple[Any, ...]] = {
        "agents": snapshot.agents,
        "queues": snapshot.queues,
        "trunk_groups": snapshot.trunk_groups,
        "calls": snapshot.calls,
    }
    for name, parts in named.items():
        for number, part in enumerate(parts):
            there = f"{place}.{name}[{number}]"
            event = as_event(part, there, now_s, unix_s, most)
            if isinstance(part, SnapshotCall) and isinstance(event, base.CallOffered):
                event = _as_it_stands(part, event)
            found[id(part)] = event
    return found


def _as_it_stands(call: SnapshotCall, offered: base.CallOffered) -> base.CallOffered | Any:
    if not call.token:
        return offered
    return base.CallArriving(
        call_id=offered.call_id,
        token=call.token,
        invite_key=call.invite_key,
        trunk_group=offered.trunk_group,
        ani=offered.ani,
        data=offered.data,
    )
