"""Agents and places that the site daemon wants held for a call that is on its way.

Rule of this file: an agent is asked of the CTI only while it calls them ready and nobody else has
them; what the CTI does not answer in time is refused here, and let go there.
"""

from __future__ import annotations

from nrcli.wire.messages import AgentState
from site_agent.adapters import base
from site_agent.adapters.acd_events import AcdEvent
from site_agent.adapters.http_push.desk import Desk
from site_agent.adapters.http_push.mirror import HoldSeen


class AskedHolds:
    """Holds."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def agent(self, command: base.HoldAgent) -> list[AcdEvent]:
        """Hold an agent whom the CTI calls ready, and who is held for nobody."""
        seen = self._desk.mirror.agents.get(command.agent)
        reason = "no_agent" if seen is not None else "unknown"
        ready = self._desk.mirror.state_of(command.agent) is AgentState.READY
        free = seen is not None and ready and not seen.hold_id
        if not (self._desk.mirror.holdable and free and self._desk.push(command)):
            return [base.HoldRefused(hold_id=command.hold_id, reason=reason)]
        self._desk.mirror.hold(HoldSeen(command.hold_id, command.queue, command.agent))
        self._await_hold(command.hold_id)
        return []

    def place(self, command: base.HoldPlace) -> list[AcdEvent]:
        """Hold a place: in the CTI where it wants to be asked, else by the queue's figures."""
        hold = HoldSeen(command.hold_id, command.queue, by_count=not self._desk.can.hold_place)
        reason = self._no_place(command.queue)
        if not reason and not hold.by_count and not self._desk.push(command):
            reason = "no_place"
        if reason:
            return [base.HoldRefused(hold_id=command.hold_id, reason=reason)]
        self._desk.mirror.hold(hold)
        if not hold.by_count:
            self._await_hold(command.hold_id)
            return []
        hold.granted = True
        return [base.HoldGranted(hold_id=command.hold_id, queue=command.queue)]

    def _no_place(self, queue: str) -> str:
        figures = self._desk.mirror.queues.get(queue)
        if figures is None:
            return "unknown"
        if not (figures.open and self._desk.mirror.synced):
            return "closed"
        return "" if self._desk.mirror.places_free(queue) > 0 else "no_place"

    def _await_hold(self, hold_id: str) -> None:
        def late(now_s: float) -> list[AcdEvent]:
            hold = self._desk.mirror.holds.get(hold_id)
            if hold is not None:
                self._desk.push(base.ReleaseHold(hold_id=hold_id, agent=hold.agent))
            return self._desk.mirror.lose(hold_id, "silent")

        self._desk.waits.start(
            ("hold", hold_id), self._desk.now_s + self._desk.settings.hold_answer_s, late
        )

    def release(self, command: base.ReleaseHold) -> list[AcdEvent]:
        """Let go; ids that nobody knows are fine."""
        seen = self._desk.mirror.agents.get(command.agent)
        hold = self._desk.mirror.let_go(command.hold_id or (seen.hold_id if seen else ""))
        if hold is not None:
            self._desk.waits.stop(("hold", hold.hold_id))
            if not hold.by_count:
                release = base.ReleaseHold(hold_id=hold.hold_id, agent=hold.agent)
                self._desk.push(release)
            return self._desk.mirror.tell_agent(hold.agent)
        if seen is not None and seen.said is AgentState.RESERVED:
            self._desk.push(command)
        return []
