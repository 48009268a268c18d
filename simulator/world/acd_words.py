"""What the site daemon has callers told, and which queues and priorities it changes, at one ACD.

Rule of this file: one method per command; an announcement takes no time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from routing_policies.network_kinds import Ageing
from simulator.world.floor import Floor
from site_agent.adapters import base


class Words:
    """Carries out the commands that move nobody."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._queues = {queue.name: q for q, queue in enumerate(floor.model.queues)}
        self.table: dict[type, Callable[[Any], None]] = {
            base.Announce: self._announce,
            base.PlayAnnouncement: self._play,
            base.RejectCall: self._reject,
            base.SetQueueClosed: self._set_closed,
            base.SetQueueShifted: self._set_shifted,
            base.SetAgeing: self._set_ageing,
            base.WatchNumbers: _not_here,
            base.PlaceProbe: _not_here,
            base.AnswerProbe: _not_here,
            base.ReturnToAgent: floor.passing.back,
            base.JoinConsult: _not_here,
            base.SetAgentState: _not_here,
            base.DialCaller: lambda command: floor.callers.dial(floor, command),
        }

    def _announce(self, command: base.Announce) -> None:
        leg = self._floor.legs.get(command.call_id)
        if leg is not None:
            self._floor.callers.told_wait(leg, command)

    def _play(self, command: base.PlayAnnouncement) -> None:
        leg = self._floor.legs.get(command.call_id)
        if leg is None:
            return
        played = not leg.talking
        if played and not leg.answered:
            leg.answered = True
            self._floor.told.event(base.CallAnswered(call_id=leg.call_id))
        self._floor.told.event(
            base.AnnouncementOver(call_id=leg.call_id, name=command.name, played=played)
        )

    def _reject(self, command: base.RejectCall) -> None:
        leg = self._floor.legs.get(command.call_id)
        if leg is None or leg.talking or leg.ringing or leg.moving:
            return
        self._floor.close(leg, "site", base.REJECT_STATUS.get(command.reason, 480))

    def _set_closed(self, command: base.SetQueueClosed) -> None:
        queue = self._queues.get(command.queue)
        if queue is not None:
            self._floor.lines[queue].closed = command.closed

    def _set_shifted(self, command: base.SetQueueShifted) -> None:
        queue = self._queues.get(command.queue)
        if queue is not None:
            self._floor.lines[queue].shifted = command.shifted

    def _set_ageing(self, command: base.SetAgeing) -> None:
        leg = self._floor.legs.get(command.call_id)
        if leg is None or leg.ageing is not None:
            return
        leg.ageing = Ageing(every_s=command.every_s, most=command.most)
        if leg.waiting:
            self._floor.lines[leg.queue].age(leg)


def _not_here(command: base.AcdCommand) -> None:
    """Lent numbers, test calls, and what agents do by themselves are not simulated."""
