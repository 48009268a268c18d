"""How a move ends, and who is told.

Rule of this file: each ending tells the leader once, writes one line of history, and leaves the
caller in exactly one place.
"""

from __future__ import annotations

from nrcli.wire.messages import MoveOutcome, RequeryReason, TransferMethod, TransferOutcome
from site_agent.adapters.base import AbortMove, EndMoved, PutBack
from site_agent.core.calls import CallState
from site_agent.core.failed_ways import other_way_left
from site_agent.core.move_desk import MOVE_TIMERS, MoveDesk
from site_agent.core.moves import BRIDGES, REASONS, Move, outcome_of
from site_agent.core.transfer_table import MoveState

TO_HANDLER = "to_handler"
"Outcome in the history: a voicemail or the like has the caller."


class MoveEndings:
    """All ways a move can end."""

    __slots__ = ("_desk",)

    def __init__(self, desk: MoveDesk) -> None:
        self._desk = desk

    def caller_gone(self, move: Move, now_s: float) -> None:
        """The caller left on the way."""
        self.end(move, MoveOutcome.CALLER_GONE, now_s)

    def returned(self, move: Move, now_s: float) -> None:
        """The caller came back by the return token."""
        self.end(move, MoveOutcome.REFUSED, now_s)

    def arrived(self, move: Move, now_s: float) -> None:
        """The target has the caller: our leg ends."""
        move.decided = True
        move.call.left_by = move.answer
        if not move.leg_gone:
            self._desk.calls.put(move.call, CallState.LEFT)
            self._desk.out.do(EndMoved(call_id=move.call.call_id))
        self.end(move, MoveOutcome.ARRIVED, now_s)

    def handed_over(self, move: Move, now_s: float) -> None:
        """A handler has the caller; or nobody can know, where the 302 was never acknowledged."""
        if move.method is TransferMethod.REDIRECT_302 and move.was_silent:
            self.end_unresolved(move, now_s)
            return
        call = move.call
        call.left_by = move.answer
        if self._desk.calls.get(call.call_id) is call:
            self._desk.calls.put(call, CallState.LEFT)
        if not move.leg_gone:
            self._desk.out.do(EndMoved(call_id=call.call_id))
        self.end(move, MoveOutcome.ARRIVED, now_s)

    def put_back(self, move: Move, now_s: float) -> None:
        """The target never takes: the caller is back in place, or gone."""
        outcome = outcome_of(move)
        self.end(move, outcome, now_s)
        if not move.leg_gone and not move.call.agent:
            self._back_in_place(move, REASONS.get(outcome, RequeryReason.ERROR), now_s)

    def abort(self, move: Move, now_s: float) -> None:
        """A bridge is given up: nothing of it is joined any more."""
        self._desk.out.do(AbortMove(call_id=move.call.call_id, move_id=move.move_id))
        self.put_back(move, now_s)

    def abort_gone(self, move: Move, now_s: float) -> None:
        """The caller left while a bridge was being built."""
        self._desk.out.do(AbortMove(call_id=move.call.call_id, move_id=move.move_id))
        self.end(move, MoveOutcome.CALLER_GONE, now_s)

    def back_unresolved(self, move: Move, now_s: float) -> None:
        """Nobody knows, but the device is still ours: back in place."""
        self._unresolved(move)
        self.end(move, MoveOutcome.UNRESOLVED, now_s)
        if not move.leg_gone:
            self._back_in_place(move, RequeryReason.TIMEOUT, now_s)

    def end_unresolved(self, move: Move, now_s: float) -> None:
        """Nobody knows, and the device is not ours any more."""
        self._unresolved(move)
        if not move.leg_gone:
            self._desk.calls.put(move.call, CallState.LEFT)
            self._desk.out.do(EndMoved(call_id=move.call.call_id))
        self.end(move, MoveOutcome.UNRESOLVED, now_s)

    def late_arrival(self, move: Move, now_s: float) -> None:
        """The target has the caller after all: a leg that still waits here is only a shadow."""
        call = move.call
        here = self._desk.calls.get(call.call_id) is call
        if here and call.state is CallState.WAITING and move.method not in BRIDGES:
            self._desk.calls.put(call, CallState.LEFT)
            self._desk.out.do(EndMoved(call_id=call.call_id))

    def bridged_late(self, call_id: str) -> None:
        """The target had answered when the bridge was given up: it stands, whatever we thought."""
        call = self._desk.calls.get(call_id)
        if call is not None and call.state is CallState.WAITING:
            self._desk.out.count("bridges_late")
            self._desk.calls.put(call, CallState.LEFT)

    def _back_in_place(self, move: Move, reason: RequeryReason, now_s: float) -> None:
        call = move.call
        self._desk.calls.put(call, CallState.WAITING)
        self._desk.out.do(PutBack(call_id=call.call_id))
        if not other_way_left(move) and move.answer.target_site not in call.refused_targets:
            call.refused_targets = (*call.refused_targets, move.answer.target_site)
        self._desk.requery(call, now_s, reason)

    def _unresolved(self, move: Move) -> None:
        target = move.answer.target_site
        if move.by_plan:
            self._desk.out.count("plan_calls_without_word")
            return
        text = f"a move to {target} has no known outcome; is {target} or its link down?"
        self._desk.out.alarm("unresolved_move", target, text)

    def end(self, move: Move, outcome: MoveOutcome, now_s: float) -> None:
        """The move is over: say so, and see that its token is never taken."""
        move.state = MoveState.ENDED
        settings = self._desk.settings
        move.forget_at_s = now_s + max(settings.tombstone_s, settings.return_place_s)
        self._desk.by_call.pop(move.call.call_id, None)
        for prefix in MOVE_TIMERS:
            self._desk.out.stop(prefix + move.token)
        if move.decided or outcome is MoveOutcome.ARRIVED or _ours_to_end(move):
            self._desk.cancels.stop(move.token)
        else:
            self._desk.ask(move, now_s, watched=False)
        self._tell_outcome(move, outcome, now_s)

    def _tell_outcome(self, move: Move, outcome: MoveOutcome, now_s: float) -> None:
        method = move.method.value if move.method else ""
        handed = move.to_handler and outcome is MoveOutcome.ARRIVED
        word = TO_HANDLER if handed else outcome.value
        self._desk.out.count(f"moves_{word}")
        if outcome is MoveOutcome.ARRIVED:
            self._desk.out.count(f"moved_{method}")
            self._desk.out.clear("unresolved_move", move.answer.target_site)
        self._desk.out.write(
            "move_ended",
            call=move.call.call_id,
            interaction=move.call.interaction_id,
            token=move.token,
            target=move.answer.target_site,
            outcome=word,
            method=method,
            sip_status=move.sip_status,
        )
        if move.by_plan:
            self._desk.plan_ended(move, outcome, now_s)
            return
        if move.to_handler and self._desk.handlers is not None:
            self._desk.handlers.ended(move, outcome, now_s)
        if move.call.consult_id:
            return
        self._desk.out.send(
            self._desk.leaders.node_of(move.answer.domain),
            TransferOutcome(
                domain=move.answer.domain,
                request_id=move.answer.request_id,
                token=move.token,
                target_site=move.answer.target_site,
                method=move.method,
                outcome=outcome,
                sip_status=move.sip_status,
                took_s=max(0.0, now_s - move.started_at_s),
            ),
        )


def _ours_to_end(move: Move) -> bool:
    """Was it our own INVITE, by nobody's reservation? Then its end is ours: nobody is asked."""
    return move.to_handler or (move.by_plan and move.method is TransferMethod.BRIDGE)
