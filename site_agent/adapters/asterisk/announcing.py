"""Words to waiting callers, callers turned away, and what this PBX cannot do.

Rule of this file: what cannot be done is said at once, with the reason; nothing waits for it.
"""

from __future__ import annotations

from site_agent.adapters import base
from site_agent.adapters.asterisk.ami_events import DialplanSaid
from site_agent.adapters.asterisk.arrivals import CAUSE_DEFAULT, CAUSES
from site_agent.adapters.asterisk.asterisk_protocol import action, setvar
from site_agent.adapters.asterisk.callers import Callers
from site_agent.adapters.asterisk.desk import Desk
from site_agent.adapters.asterisk.state import Place

NOT_PLAYED = (
    "callers in a queue of Asterisk hear that queue's own announcements only: set"
    " `periodic-announce` in queues.conf"
)


class Announcing:
    """Announcements and refusals."""

    def __init__(self, desk: Desk, callers: Callers) -> None:
        self._desk = desk
        self._callers = callers

    def position(self, command: base.Announce) -> None:
        """Place and expected wait as variables of the channel, for the dialplan to speak."""
        call = self._desk.calls.get(command.call_id)
        if call is None or call.place not in (Place.QUEUED, Place.RINGING):
            return
        wait_s = command.ewt_s if command.ewt_s >= 0 else command.ewt_s_max
        told = {"NIRC_PLACE": str(command.position), "NIRC_EWT_S": f"{max(0.0, wait_s):.0f}"}
        self._desk.say(*setvar(call.channel, told))

    def play(self, command: base.PlayAnnouncement) -> None:
        """Not possible without taking the caller out of the queue."""
        self._desk.tell(
            base.AnnouncementOver(
                call_id=command.call_id, name=command.name, played=False, problem=NOT_PLAYED
            )
        )

    def said(self, event: DialplanSaid) -> None:
        """`NircPlayed` of a dialplan that plays by itself: nothing follows from it."""

    def reject(self, command: base.RejectCall) -> None:
        """End a call that no own agent has or is being rung for."""
        call = self._desk.calls.get(command.call_id)
        if call is None or call.place not in (Place.QUEUED, Place.SENT, Place.LEFT):
            return
        status = base.REJECT_STATUS.get(command.reason, 480)
        cause = str(CAUSES.get(status, CAUSE_DEFAULT))
        self._desk.say(action("Hangup", Channel=call.channel, Cause=cause))
        call.ended_by = "site"
        self._callers.close(call, "site")

    def dial(self, command: base.DialCaller) -> None:
        """Calling somebody back is not done through this PBX."""
        self._desk.tell(base.CallerDialed(call_id=command.call_id, outcome="failed"))

    def unsupported(self, command: base.AcdCommand) -> None:
        """app_queue neither holds new callers back nor lets their priority grow; it owns no lent
        numbers, and what agents do is not asked of it."""
