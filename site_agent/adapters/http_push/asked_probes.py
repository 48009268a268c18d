"""Test calls that a CTI is asked to place, or to answer for other sites.

Rule of this file: only a CTI that said it can is asked; who placed one is told once how it ended.
"""

from __future__ import annotations

from site_agent.adapters import base
from site_agent.adapters.acd_events import AcdEvent
from site_agent.adapters.http_push.desk import Desk


class AskedProbes:
    """Test calls."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def place(self, command: base.PlaceProbe) -> list[AcdEvent]:
        """Have one placed; its end is owed."""
        desk = self._desk
        able = desk.can.test_calls and desk.mirror.synced
        known = command.trunk_group in desk.mirror.trunk_names
        if not able or not known or not desk.push(command):
            return [base.ProbeEnded(call_id=command.call_id, sip_status=0)]
        at_s = desk.now_s + command.ring_s + desk.settings.dial_margin_s
        late = base.ProbeEnded(call_id=command.call_id, sip_status=408)
        desk.waits.start(("probe", command.call_id), at_s, lambda now_s: [late])
        return []

    def not_placed(self, command: base.PlaceProbe) -> list[AcdEvent]:
        """The CTI took the command and cannot carry it out."""
        owed = self.ended(command.call_id)
        return [base.ProbeEnded(call_id=command.call_id, sip_status=0)] if owed else []

    def ended(self, call_id: str) -> bool:
        """Was its end owed? It is not any more."""
        return bool(self._desk.waits.stop(("probe", call_id)))

    def answer(self, command: base.AnswerProbe) -> list[AcdEvent]:
        """One of another site came: it is no call of this site."""
        desk = self._desk
        if desk.mirror.drop_call(command.call_id) is None:
            return []
        if desk.can.test_calls:
            desk.push(command)
        else:
            desk.push(base.RefuseArrival(call_id=command.call_id, sip_status=503))
        return []
