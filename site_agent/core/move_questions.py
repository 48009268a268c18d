"""Asks, when a move's outcome is unknown: the target by token, then the caller's own device.

Rule of this file: nothing is guessed; a question is repeated until it is answered or the move ends.
"""

from __future__ import annotations

from site_agent.adapters.base import ProbeCaller
from site_agent.core.move_desk import HEARD_LATELY_S, LATE_TIMER, UNREACHABLE_TIMER, MoveDesk
from site_agent.core.move_endings import MoveEndings
from site_agent.core.moves import Move
from site_agent.core.transfer_table import MoveState


class MoveQuestions:
    """Asks about moves."""

    __slots__ = ("_desk", "_endings")

    def __init__(self, desk: MoveDesk, endings: MoveEndings) -> None:
        self._desk = desk
        self._endings = endings

    def cancel(self, move: Move, now_s: float) -> None:
        """Ask the target until it says taken or never."""
        if move.state is MoveState.CALLER_LEFT:
            latest_s = max(
                move.started_at_s + self._desk.settings.probe_after_s,
                now_s + self._desk.settings.probe_answer_s,
            )
            self._desk.out.start(UNREACHABLE_TIMER + move.token, latest_s)
        self._desk.ask(move, now_s, watched=True)

    def wait_then_cancel(self, move: Move, now_s: float) -> None:
        """The leg is gone: perhaps by the carrier, whose INVITE to the target is on its way."""
        self._desk.out.start(LATE_TIMER + move.token, now_s + self._desk.settings.set_up_s_min)

    def probe(self, move: Move, now_s: float) -> None:
        """The target is silent: ask the caller's own device, unless it spoke lately."""
        if now_s - move.heard_at_s < HEARD_LATELY_S:
            self._desk.out.start(UNREACHABLE_TIMER + move.token, now_s + HEARD_LATELY_S)
            return
        move.state = MoveState.PROBING
        self._desk.ask(move, now_s, watched=True)
        self._desk.out.start(LATE_TIMER + move.token, now_s + self._desk.settings.probe_answer_s)
        self._desk.out.do(ProbeCaller(call_id=move.call.call_id))

    def ask_device(self, move: Move, now_s: float) -> None:
        """A handler cannot be asked: is the caller still in our dialog?"""
        self._desk.out.start(LATE_TIMER + move.token, now_s + self._desk.settings.probe_answer_s)
        self._desk.out.do(ProbeCaller(call_id=move.call.call_id))

    def ask_if_there(self, move: Move, now_s: float) -> None:
        """A bridge has rung for long: is its target still there? With no node to ask by, it rings
        on, until the signalling itself says that it is over."""
        if now_s - move.started_at_s >= self._desk.settings.bridge_ring_s:
            move.state = MoveState.ENDED
            self._endings.abort(move, now_s)
            return
        if not self._desk.leaders.relay():
            self.is_there(move, now_s)
            return
        move.state = MoveState.BRIDGE_ASKED
        self._desk.ask(move, now_s, watched=False)
        self._desk.out.start(LATE_TIMER + move.token, now_s + self._desk.settings.probe_answer_s)

    def is_there(self, move: Move, now_s: float) -> None:
        """It is: it may go on ringing, and is asked again later."""
        self._desk.out.stop(LATE_TIMER + move.token)
        settings = self._desk.settings
        again_at_s = min(now_s + settings.probe_after_s, move.started_at_s + settings.bridge_ring_s)
        self._desk.out.start(UNREACHABLE_TIMER + move.token, again_at_s)
