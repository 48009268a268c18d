"""Moves of callers to other sites, as the site daemon orders them.

Rule of this file: a move that the CTI cannot begin is refused at once, one of which it says nothing
is silent after its set-up time; the CTI's own signs are heard elsewhere.
"""

from __future__ import annotations

from site_agent.adapters import base
from site_agent.adapters.acd_events import AcdEvent
from site_agent.adapters.http_push.desk import Desk


class AskedMoves:
    """Moves."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def start(self, command: base.StartMove) -> list[AcdEvent]:
        """Begin a move, if the CTI and the settings know the method; else it was never begun."""
        call = self._desk.mirror.calls.get(command.call_id)
        if call is None and self._desk.mirror.is_over(command.call_id):
            return []
        able = self._desk.mirror.synced and command.method in self._desk.methods
        if call is None or call.agent or not able or not self._desk.push(command):
            return [sign_of(command, base.MoveSign.REFUSED)]
        call.moving, call.move_id, call.sign = True, command.move_id, None
        call.method = command.method
        at_s = self._desk.now_s + command.set_up_s + self._desk.settings.move_margin_s

        def silent(now_s: float) -> list[AcdEvent]:
            if call.move_id != command.move_id or call.sign is not None:
                return []
            call.sign = base.MoveSign.SILENT
            return [sign_of(command, base.MoveSign.SILENT)]

        self._desk.waits.start(("move", command.call_id), at_s, silent)
        return []

    def not_begun(self, command: base.StartMove) -> list[AcdEvent]:
        """The CTI could not begin it."""
        call = self._desk.mirror.calls.get(command.call_id)
        if call is None or call.move_id != command.move_id or call.sign is not None:
            return []
        self._desk.waits.stop(("move", command.call_id))
        call.sign = base.MoveSign.REFUSED
        return [sign_of(command, base.MoveSign.REFUSED)]

    def put_back(self, command: base.PutBack) -> list[AcdEvent]:
        """The caller is in the queue again, with rank and time waited."""
        call = self._desk.mirror.calls.get(command.call_id)
        if call is not None:
            call.moving = False
            self._desk.waits.stop(("move", command.call_id))
            self._desk.push(command)
        return []

    def end_moved(self, command: base.EndMoved) -> list[AcdEvent]:
        """End the leg; a bridge is left standing."""
        call = self._desk.mirror.calls.get(command.call_id)
        if call is not None:
            self._desk.waits.stop(("move", command.call_id))
            self._desk.push(command)
            if not call.bridged:
                self.await_end(command.call_id, "moved")
        return []

    def await_end(self, call_id: str, released_by: str) -> None:
        """A call that the CTI was told to end, and never says it did, is over in the end."""
        ended = base.CallEnded(call_id=call_id, released_by=released_by)
        at_s = self._desk.now_s + self._desk.settings.end_answer_s
        self._desk.waits.start(
            ("end", call_id), at_s, lambda now_s: self._desk.mirror.end_call(ended)
        )


def sign_of(command: base.StartMove, sign: base.MoveSign) -> base.MoveProgress:
    """What became of a move, in one word."""
    return base.MoveProgress(call_id=command.call_id, move_id=command.move_id, sign=sign)
