"""Moves calls away, rung by rung, and keeps each caller until the target has them.

Rule of this file: signs come in, `transfer_table` says what follows; how each effect is done stands
in `move_ladder`, `move_questions` and `move_endings`. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable

from nrcli.wire.messages import (
    CallArrived,
    CallTaken,
    CancelAnswer,
    CancelVerdict,
    MoveOutcome,
    MoveSettled,
    RequeryReason,
    RouteAnswer,
)
from site_agent.adapters.base import MoveProgress, MoveSign
from site_agent.core.calls import Call, CallState
from site_agent.core.failed_ways import note
from site_agent.core.handler_table import HANDLER_TABLE
from site_agent.core.move_desk import (
    FORGET_TIMER,
    HEARD_LATELY_S,
    LATE_TIMER,
    PLACE_TIMER,
    RETRY_TIMER,
    UNREACHABLE_TIMER,
    MoveDesk,
)
from site_agent.core.move_endings import MoveEndings
from site_agent.core.move_ladder import MoveLadder
from site_agent.core.move_questions import MoveQuestions
from site_agent.core.moves import SIGNS, Move
from site_agent.core.transfer_table import TABLE, Effect, MoveState, Sign, taken_up

FORGET_EVERY_S = 10.0
TIMER_SIGNS = {
    LATE_TIMER: Sign.LATE,
    RETRY_TIMER: Sign.RETRY_DUE,
    UNREACHABLE_TIMER: Sign.UNREACHABLE,
    PLACE_TIMER: Sign.PLACE_OVER,
}
TargetWord = CallTaken | CallArrived | CancelAnswer
Do = Callable[[Move, float], None]


class TransferExecution:
    """All moves that this site began, by token."""

    __slots__ = ("_desk", "_effects", "_endings", "_ladder", "_sweeping")

    def __init__(self, desk: MoveDesk) -> None:
        endings = MoveEndings(desk)
        self._desk = desk
        self._endings = endings
        self._ladder = MoveLadder(desk, endings)
        self._effects = _effects(desk, self._ladder, MoveQuestions(desk, endings), endings)
        self._sweeping = False

    @property
    def open_count(self) -> int:
        """Moves whose outcome is unknown."""
        return len(self._desk.by_call)

    def fits(self, call: Call, answer: RouteAnswer) -> bool:
        """Could an answer be carried out for the call as it stands now?"""
        return any(self._ladder.fits(call, answer, rung) for rung in answer.rungs)

    def begin(self, call: Call, answer: RouteAnswer, now_s: float) -> None:
        """Carry out an answer, or decline it if no rung fits the call as it stands now.

        A target is not to blame where the caller was answered after the question was asked.
        """
        if answer.token in self._desk.by_token:
            return
        if call.state is not CallState.WAITING or not self.fits(call, answer):
            self._desk.out.count("moves_without_rung")
            self._desk.decline(answer, MoveOutcome.ERROR, now_s)
            if call.state is CallState.WAITING:
                if call.asked_as_it_is:
                    call.refused_targets = (*call.refused_targets, answer.target_site)
                self._desk.requery(call, now_s, RequeryReason.ABORTED)
            return
        move = Move(call, answer, now_s)
        self._desk.by_token[answer.token] = move
        self._desk.by_call[call.call_id] = move
        self._desk.calls.put(call, CallState.MOVING)
        self._desk.out.start(
            UNREACHABLE_TIMER + move.token, now_s + self._desk.settings.probe_after_s
        )
        self._ladder.next_rung(move, now_s)
        self._desk.mark("move", move.token)

    def progress(self, event: MoveProgress, now_s: float) -> None:
        """The ACD learnt something about a rung; signs of an older rung change nothing."""
        move = self._desk.by_call.get(event.call_id)
        if move is None and event.sign is MoveSign.BRIDGED:
            self._endings.bridged_late(event.call_id)
        elif move is None:
            return
        elif event.sign is MoveSign.CALLER_GONE:
            self._leg_gone(move, now_s)
        elif event.move_id == move.move_id:
            move.sip_status = event.sip_status or move.sip_status
            move.was_silent = move.was_silent or event.sign is MoveSign.SILENT
            note(move, event.sign, event.sip_status, now_s + self._desk.settings.failed_way_s)
            self._step(move, _sign_of(event, move), now_s)
            if move.by_plan and event.sign is MoveSign.BRIDGED:
                self._step(move, Sign.CALL_ARRIVED, now_s)

    def agent_ready(self, queue: str, now_s: float) -> None:
        """An own agent is ready and no caller who waits here had them: one whose peer has not
        spoken comes back for them."""
        for move in self._desk.by_call.values():
            asked = move.by_plan and move.state is MoveState.BRIDGING
            if asked and move.call.queue == queue:
                move.recalled = True
                self._step(move, Sign.LATE, now_s)
                return

    def leg_ended(self, call_id: str, released_by: str, now_s: float) -> Move | None:
        """The caller's leg at this site is over; the move that it was on, if any."""
        move = self._desk.by_call.get(call_id)
        if move is None:
            return None
        if released_by in ("redirected", "moved") and move.state is MoveState.REDIRECTING:
            self._step(move, Sign.REDIRECTED, now_s)
        if move.open:
            self._leg_gone(move, now_s)
        return move

    def told(self, node: str, message: TargetWord, now_s: float) -> None:
        """The target spoke. An arrival is always acknowledged, known or not."""
        if isinstance(message, CallArrived):
            settled = MoveSettled(
                token=message.token, from_site=self._desk.site, to_site=message.from_site
            )
            self._desk.out.send(node, settled)
        if isinstance(message, CancelAnswer):
            self._desk.cancels.answered(message.token, message.verdict)
        move = self._desk.by_token.get(message.token)
        if move is None:
            return
        move.heard_at_s = now_s
        self._step(move, _sign_told(message), now_s)

    def on_call(self, call_id: str, sign: Sign, now_s: float) -> None:
        """A sign about the open move of a call: the caller's own device answered, or did not; the
        agent who passed them on wants them back."""
        move = self._desk.by_call.get(call_id)
        if move is not None:
            self._step(move, sign, now_s)

    def timer(self, name: str, now_s: float) -> None:
        """One of this part's timers is due."""
        prefix, _, token = name.partition(":")
        move = self._desk.by_token.get(token)
        if move is not None:
            sign = TIMER_SIGNS[prefix + ":"]
            move.was_silent = move.was_silent or sign is Sign.LATE
            self._step(move, sign, now_s)

    def returned(self, return_token: str, now_s: float) -> Move | None:
        """A caller comes back by a return token: the move, once, while the place is kept."""
        move = self._desk.by_return_token.get(return_token)
        if move is None or move.returned or now_s > move.place_until_s:
            return None
        move.returned = True
        self._desk.mark("move", move.token)
        self._step(move, Sign.RETURNED, now_s)
        call = move.call
        if move.answer.target_site not in call.refused_targets:
            call.refused_targets = (*call.refused_targets, move.answer.target_site)
        return move

    def knows(self, token: str) -> bool:
        """Is, or was, this the token of one of our moves?"""
        return token in self._desk.by_token

    def by_token(self, token: str) -> Move | None:
        """The move of a token, while it is remembered."""
        return self._desk.by_token.get(token)

    def resume(self, move: Move, now_s: float, *, here: bool, bridged: bool) -> None:
        """Go on with a move of before a restart. `here`: the caller's leg still stands."""
        desk, settings = self._desk, self._desk.settings
        desk.by_token[move.token] = move
        if move.return_token:
            desk.by_return_token[move.return_token] = move
        if not move.open:
            move.forget_at_s = move.place_until_s
            self._time_forget(now_s)
            return
        desk.by_call[move.call.call_id] = move
        if here and move.call.state is CallState.WAITING:
            desk.calls.put(move.call, CallState.MOVING)
        if here and not bridged and self._ladder.waits_out(move, now_s):
            desk.mark("move", move.token)
            return
        latest_s = max(move.started_at_s + settings.probe_after_s, now_s + settings.probe_answer_s)
        desk.out.start(UNREACHABLE_TIMER + move.token, latest_s)
        move.leg_gone = not here
        move.was_silent = not (move.to_handler and move.state is MoveState.REDIRECTED)
        move.state, sign = taken_up(move.state, here=here, bridged=bridged)
        self._step(move, sign, now_s)

    def shown(self, call_id: str) -> tuple[str, str]:
        """State and target of a call's open move, for the status page."""
        move = self._desk.by_call.get(call_id)
        return (move.state.value, move.answer.target_site) if move else ("", "")

    def forget_due(self, now_s: float) -> None:
        """Forget moves that ended long ago."""
        self._sweeping = False
        for move in list(self._desk.by_token.values()):
            if move.open or (move.forget_at_s > now_s and not self._too_many()):
                continue
            del self._desk.by_token[move.token]
            self._desk.mark("move", move.token)
            if self._desk.by_return_token.get(move.return_token) is move:  # else it is lent again
                del self._desk.by_return_token[move.return_token]
        if self._desk.by_token:
            self._time_forget(now_s)

    def _step(self, move: Move, sign: Sign, now_s: float) -> None:
        before = move.state
        state, effect = (HANDLER_TABLE if move.to_handler else TABLE)[before][sign]
        if state is not None:
            move.state = state
        if before is MoveState.PROBING and state is MoveState.TAKEN:
            self._desk.out.start(UNREACHABLE_TIMER + move.token, now_s + HEARD_LATELY_S)
            self._desk.out.start(LATE_TIMER + move.token, now_s)
        if sign is Sign.NEVER:
            move.decided = True
        self._effects[effect](move, now_s)
        self._desk.mark("move", move.token)
        if not move.open:
            self._time_forget(now_s)

    def _leg_gone(self, move: Move, now_s: float) -> None:
        move.leg_gone = True
        self._step(move, Sign.CALLER_GONE, now_s)

    def _time_forget(self, now_s: float) -> None:
        if not self._sweeping:
            self._sweeping = True
            self._desk.out.start(FORGET_TIMER, now_s + FORGET_EVERY_S)

    def _too_many(self) -> bool:
        return len(self._desk.by_token) > self._desk.settings.finished_moves_max


def _effects(
    desk: MoveDesk, ladder: MoveLadder, questions: MoveQuestions, endings: MoveEndings
) -> dict[Effect, Do]:
    return {
        Effect.NONE: lambda move, now_s: None,
        Effect.KEEP_PLACE: ladder.keep_place,
        Effect.NEXT_RUNG: ladder.next_rung,
        Effect.RETRY_OR_NEXT: ladder.retry_or_next,
        Effect.RETRY: ladder.retry,
        Effect.STOP_LATE: lambda move, now_s: desk.out.stop(LATE_TIMER + move.token),
        Effect.CANCEL: questions.cancel,
        Effect.WAIT_THEN_CANCEL: questions.wait_then_cancel,
        Effect.PROBE: questions.probe,
        Effect.ASK_IF_THERE: questions.ask_if_there,
        Effect.IS_THERE: questions.is_there,
        Effect.ARRIVED: endings.arrived,
        Effect.PUT_BACK: endings.put_back,
        Effect.ABORT: endings.abort,
        Effect.ABORT_GONE: endings.abort_gone,
        Effect.CALLER_GONE: endings.caller_gone,
        Effect.BACK_UNRESOLVED: endings.back_unresolved,
        Effect.END_UNRESOLVED: endings.end_unresolved,
        Effect.RETURNED: endings.returned,
        Effect.LATE_ARRIVAL: endings.late_arrival,
        Effect.HANDED_OVER: endings.handed_over,
        Effect.NEXT_UNLESS_BUSY: ladder.next_unless_busy,
        Effect.ASK_DEVICE: questions.ask_device,
        Effect.RING_ON: ladder.ring_on,
    }


def _sign_of(event: MoveProgress, move: Move) -> Sign:
    """Without NIRC nobody but the peer's own 18x can tell that it took the call."""
    if event.sign is MoveSign.ACCEPTED and move.by_plan and move.state is MoveState.BRIDGING:
        return Sign.CALL_TAKEN
    if event.sign is MoveSign.NOTIFIED:
        return Sign.NOTIFIED_OK if 200 <= event.sip_status < 300 else Sign.NOTIFIED_BAD
    return SIGNS[event.sign]


def _sign_told(message: CallTaken | CallArrived | CancelAnswer) -> Sign:
    if isinstance(message, CallArrived):
        return Sign.CALL_ARRIVED
    if isinstance(message, CancelAnswer) and message.verdict is CancelVerdict.NEVER:
        return Sign.NEVER
    return Sign.CALL_TAKEN
