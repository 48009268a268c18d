"""Moves calls away, rung by rung, and keeps each caller until the target has them.

Rule of this file: what happens when stands in `transfer_table`; here is only how each effect is
done. A `Cancel` is repeated until the target said `taken` or `never`; nothing is guessed.
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
    Rung,
    TransferMethod,
    TransferOutcome,
)
from site_agent.adapters.base import (
    AbortMove,
    CallerProbed,
    EndMoved,
    MoveProgress,
    MoveSign,
    ProbeCaller,
    PutBack,
    StartMove,
)
from site_agent.core.addresses import Addresses
from site_agent.core.calls import Call, CallBook, CallState
from site_agent.core.cancels import Cancels
from site_agent.core.leaders import Leaders
from site_agent.core.moves import FIRST_STATE, REASONS, SIGNS, Move, outcome_of
from site_agent.core.outbox import Outbox
from site_agent.core.settings import SiteSettings
from site_agent.core.transfer_table import TABLE, Effect, MoveState, Sign

LATE_TIMER = "move-late:"
RETRY_TIMER = "move-retry:"
UNREACHABLE_TIMER = "move-unreachable:"
PLACE_TIMER = "move-place:"
FORGET_TIMER = "forget-moves"
FORGET_EVERY_S = 10.0
HEARD_LATELY_S = 5.0
REFERS = (TransferMethod.REFER, TransferMethod.REFER_REPLACES)
TIMER_SIGNS = {
    LATE_TIMER: Sign.LATE,
    RETRY_TIMER: Sign.RETRY_DUE,
    UNREACHABLE_TIMER: Sign.UNREACHABLE,
    PLACE_TIMER: Sign.PLACE_OVER,
}
Requery = Callable[[Call, float, RequeryReason | None], None]
Decline = Callable[[RouteAnswer, MoveOutcome, float], None]


class TransferExecution:
    """All moves that this site began, by token."""

    __slots__ = (
        "_addresses",
        "_by_call",
        "_by_return_token",
        "_by_token",
        "_calls",
        "_cancels",
        "_decline",
        "_effects",
        "_free_channels",
        "_leaders",
        "_new_id",
        "_new_token",
        "_out",
        "_requery",
        "_settings",
        "_site",
        "_sweeping",
        "open_count",
    )

    def __init__(
        self,
        *,
        site: str,
        settings: SiteSettings,
        addresses: Addresses,
        leaders: Leaders,
        calls: CallBook,
        cancels: Cancels,
        out: Outbox,
        new_id: Callable[[], str],
        new_token: Callable[[], str],
        free_channels: Callable[[str], int],
        requery: Requery,
        decline: Decline,
    ) -> None:
        self.open_count = 0
        self._site = site
        self._settings = settings
        self._addresses = addresses
        self._leaders = leaders
        self._calls = calls
        self._cancels = cancels
        self._out = out
        self._new_id = new_id
        self._new_token = new_token
        self._free_channels = free_channels
        self._requery = requery
        self._decline = decline
        self._by_token: dict[str, Move] = {}
        self._by_call: dict[str, Move] = {}
        "Open moves only."
        self._by_return_token: dict[str, Move] = {}
        self._sweeping = False
        self._effects: dict[Effect, Callable[[Move, float], None]] = {
            Effect.NONE: lambda move, now_s: None,
            Effect.KEEP_PLACE: self._keep_place,
            Effect.NEXT_RUNG: self._next_rung,
            Effect.RETRY_OR_NEXT: self._retry_or_next,
            Effect.RETRY: self._retry,
            Effect.STOP_LATE: lambda move, now_s: out.stop(LATE_TIMER + move.token),
            Effect.CANCEL: self._cancel,
            Effect.WAIT_THEN_CANCEL: self._wait_then_cancel,
            Effect.PROBE: self._probe,
            Effect.ARRIVED: self._arrived,
            Effect.PUT_BACK: self._put_back,
            Effect.ABORT: self._abort,
            Effect.ABORT_GONE: self._abort_gone,
            Effect.CALLER_GONE: lambda move, now_s: self._end(move, MoveOutcome.CALLER_GONE, now_s),
            Effect.BACK_UNRESOLVED: self._back_unresolved,
            Effect.END_UNRESOLVED: self._end_unresolved,
            Effect.RETURNED: lambda move, now_s: self._end(move, MoveOutcome.REFUSED, now_s),
            Effect.LATE_ARRIVAL: self._late_arrival,
        }

    # ---- what comes in ---------------------------------------------------------------------

    def begin(self, call: Call, answer: RouteAnswer, now_s: float) -> None:
        """Carry out an answer, or decline it if no rung fits the call as it stands now."""
        if answer.token in self._by_token:
            return
        rungs = tuple(rung for rung in answer.rungs if self._fits(call, answer, rung))
        if call.state is not CallState.WAITING or not rungs:
            self._out.count("moves_without_rung")
            self._decline(answer, MoveOutcome.ERROR, now_s)
            if call.state is CallState.WAITING:
                call.refused_targets = (*call.refused_targets, answer.target_site)
                self._requery(call, now_s, RequeryReason.ABORTED)
            return
        move = Move(call, answer, rungs, now_s)
        self._by_token[answer.token] = move
        self._by_call[call.call_id] = move
        self.open_count += 1
        self._calls.put(call, CallState.MOVING)
        self._out.start(UNREACHABLE_TIMER + move.token, now_s + self._settings.probe_after_s)
        self._next_rung(move, now_s)

    def progress(self, event: MoveProgress, now_s: float) -> None:
        """The ACD learnt something about a rung; signs of an older rung change nothing."""
        move = self._by_call.get(event.call_id)
        if move is None:
            return
        if event.sign is MoveSign.CALLER_GONE:
            self._leg_gone(move, now_s)
        elif event.move_id == move.move_id:
            move.sip_status = event.sip_status or move.sip_status
            move.was_silent = move.was_silent or event.sign is MoveSign.SILENT
            self._step(move, _sign_of(event), now_s)

    def leg_ended(self, call_id: str, released_by: str, now_s: float) -> None:
        """The caller's leg at this site is over."""
        move = self._by_call.get(call_id)
        if move is None:
            return
        if released_by in ("redirected", "moved") and move.state is MoveState.REDIRECTING:
            self._step(move, Sign.REDIRECTED, now_s)
        if move.open:
            self._leg_gone(move, now_s)

    def told(
        self, message: CallTaken | CallArrived | CancelAnswer, node: str, now_s: float
    ) -> None:
        """The target spoke. An arrival is always acknowledged, known or not."""
        if isinstance(message, CallArrived):
            settled = MoveSettled(
                token=message.token, from_site=self._site, to_site=message.from_site
            )
            self._out.send(node, settled)
        if isinstance(message, CancelAnswer):
            self._cancels.answered(message.token, message.verdict)
        move = self._by_token.get(message.token)
        if move is None:
            return
        move.heard_at_s = now_s
        self._step(move, _sign_told(message), now_s)

    def probed(self, event: CallerProbed, now_s: float) -> None:
        """The caller's own device answered, or did not."""
        move = self._by_call.get(event.call_id)
        if move is not None:
            self._step(move, Sign.ALIVE if event.alive else Sign.GONE, now_s)

    def timer(self, name: str, now_s: float) -> None:
        """One of this part's timers is due."""
        prefix, _, token = name.partition(":")
        move = self._by_token.get(token)
        if move is not None:
            sign = TIMER_SIGNS[prefix + ":"]
            move.was_silent = move.was_silent or sign is Sign.LATE
            self._step(move, sign, now_s)

    def returned(self, return_token: str, now_s: float) -> Move | None:
        """A caller comes back by a return token: the move, once, while the place is kept."""
        move = self._by_return_token.get(return_token)
        if move is None or move.returned or now_s > move.place_until_s:
            return None
        move.returned = True
        self._step(move, Sign.RETURNED, now_s)
        call = move.call
        if move.answer.target_site not in call.refused_targets:
            call.refused_targets = (*call.refused_targets, move.answer.target_site)
        return move

    def knows(self, token: str) -> bool:
        """Is, or was, this the token of one of our moves?"""
        return token in self._by_token

    def shown(self, call_id: str) -> tuple[str, str]:
        """State and target of a call's open move, for the status page."""
        move = self._by_call.get(call_id)
        return (move.state.value, move.answer.target_site) if move else ("", "")

    def forget_due(self, now_s: float) -> None:
        """Forget moves that ended long ago."""
        self._sweeping = False
        for move in list(self._by_token.values()):
            if move.open or (move.forget_at_s > now_s and not self._too_many()):
                continue
            del self._by_token[move.token]
            self._by_return_token.pop(move.return_token, None)
        if self._by_token:
            self._time_forget(now_s)

    # ---- the table -------------------------------------------------------------------------

    def _step(self, move: Move, sign: Sign, now_s: float) -> None:
        before = move.state
        state, effect = TABLE[before][sign]
        if state is not None:
            move.state = state
        if before is MoveState.PROBING and state is MoveState.TAKEN:
            self._out.start(UNREACHABLE_TIMER + move.token, now_s + HEARD_LATELY_S)
            self._out.start(LATE_TIMER + move.token, now_s)
        if sign is Sign.NEVER:
            move.decided = True
        self._effects[effect](move, now_s)

    def _leg_gone(self, move: Move, now_s: float) -> None:
        move.leg_gone = True
        self._step(move, Sign.CALLER_GONE, now_s)

    def _fits(self, call: Call, answer: RouteAnswer, rung: Rung) -> bool:
        """May this rung be tried for the call as it stands now?"""
        if rung.method not in FIRST_STATE:
            return False
        if rung.method is TransferMethod.REDIRECT_302 and call.answered:
            return False
        if rung.method in REFERS and not call.answered:
            return False
        if rung.origin_channels > max(0, self._free_channels(call.trunk_group)):
            return False
        return bool(self._addresses.of(answer.target_site, rung.arrives_on, answer.token))

    # ---- effects ---------------------------------------------------------------------------

    def _next_rung(self, move: Move, now_s: float) -> None:
        used_up = move.next_rung >= len(move.rungs) or now_s >= move.valid_until_s
        if used_up or move.leg_gone or move.call.agent:
            move.state = MoveState.ENDED
            self._put_back(move, now_s)
            return
        move.rung = move.rungs[move.next_rung]
        move.next_rung += 1
        move.retried = False
        self._start_rung(move, move.rung, now_s)

    def _start_rung(self, move: Move, rung: Rung, now_s: float) -> None:
        move.state = FIRST_STATE[rung.method]
        move.method = rung.method
        move.move_id = self._new_id()
        move.was_silent = False
        set_up_s = max(
            self._settings.set_up_s_min, self._settings.set_up_factor * rung.set_up_p99_s
        )
        return_address = ""
        if rung.method is TransferMethod.REDIRECT_302 and rung.follows_contacts:
            return_address = self._return_address(move, now_s)
        if rung.method is not TransferMethod.REDIRECT_302:
            self._out.start(LATE_TIMER + move.token, now_s + set_up_s)
        self._write_started(move, rung)
        self._out.do(
            StartMove(
                call_id=move.call.call_id,
                move_id=move.move_id,
                method=rung.method,
                address=self._addresses.of(move.answer.target_site, rung.arrives_on, move.token),
                return_address=return_address,
                user_to_user=move.token.encode("ascii").hex(),
                set_up_s=set_up_s,
            )
        )

    def _return_address(self, move: Move, now_s: float) -> str:
        move.return_token = self._new_token()
        address = self._addresses.home(move.call.trunk_group, move.return_token)
        if address:
            self._by_return_token[move.return_token] = move
            move.place_until_s = now_s + self._settings.return_place_s
        return address

    def _keep_place(self, move: Move, now_s: float) -> None:
        move.leg_gone = True
        if move.return_token:
            move.place_until_s = now_s + self._settings.return_place_s
        self._out.start(PLACE_TIMER + move.token, now_s + self._settings.return_place_s)

    def _retry_or_next(self, move: Move, now_s: float) -> None:
        again_at_s = now_s + self._settings.refer_retry_s
        if move.retried or again_at_s >= move.valid_until_s or move.call.agent:
            self._next_rung(move, now_s)
            return
        move.retried = True
        move.state = MoveState.RETRYING
        self._out.stop(LATE_TIMER + move.token)
        self._out.start(RETRY_TIMER + move.token, again_at_s)

    def _retry(self, move: Move, now_s: float) -> None:
        assert move.rung is not None, "a retry follows a rung"
        self._start_rung(move, move.rung, now_s)

    def _cancel(self, move: Move, now_s: float) -> None:
        if move.state is MoveState.CALLER_LEFT:
            latest_s = max(
                move.started_at_s + self._settings.probe_after_s,
                now_s + self._settings.probe_answer_s,
            )
            self._out.start(UNREACHABLE_TIMER + move.token, latest_s)
        self._ask(move, now_s, watched=True)

    def _wait_then_cancel(self, move: Move, now_s: float) -> None:
        """The leg is gone: perhaps by the carrier, whose INVITE to the target is on its way."""
        self._out.start(LATE_TIMER + move.token, now_s + self._settings.set_up_s_min)

    def _probe(self, move: Move, now_s: float) -> None:
        if now_s - move.heard_at_s < HEARD_LATELY_S:
            self._out.start(UNREACHABLE_TIMER + move.token, now_s + HEARD_LATELY_S)
            return
        move.state = MoveState.PROBING
        self._ask(move, now_s, watched=True)
        self._out.start(LATE_TIMER + move.token, now_s + self._settings.probe_answer_s)
        self._out.do(ProbeCaller(call_id=move.call.call_id))

    def _arrived(self, move: Move, now_s: float) -> None:
        move.decided = True
        if not move.leg_gone:
            self._calls.put(move.call, CallState.LEFT)
            self._out.do(EndMoved(call_id=move.call.call_id))
        self._end(move, MoveOutcome.ARRIVED, now_s)

    def _put_back(self, move: Move, now_s: float) -> None:
        outcome = outcome_of(move)
        self._end(move, outcome, now_s)
        if not move.leg_gone and not move.call.agent:
            self._back_in_place(move, REASONS.get(outcome, RequeryReason.ERROR), now_s)

    def _abort(self, move: Move, now_s: float) -> None:
        self._out.do(AbortMove(call_id=move.call.call_id, move_id=move.move_id))
        self._put_back(move, now_s)

    def _abort_gone(self, move: Move, now_s: float) -> None:
        self._out.do(AbortMove(call_id=move.call.call_id, move_id=move.move_id))
        self._end(move, MoveOutcome.CALLER_GONE, now_s)

    def _back_unresolved(self, move: Move, now_s: float) -> None:
        self._unresolved(move)
        self._end(move, MoveOutcome.UNRESOLVED, now_s)
        if not move.leg_gone:
            self._back_in_place(move, RequeryReason.TIMEOUT, now_s)

    def _end_unresolved(self, move: Move, now_s: float) -> None:
        self._unresolved(move)
        if not move.leg_gone:
            self._calls.put(move.call, CallState.LEFT)
            self._out.do(EndMoved(call_id=move.call.call_id))
        self._end(move, MoveOutcome.UNRESOLVED, now_s)

    def _late_arrival(self, move: Move, now_s: float) -> None:
        """The target has the caller after all: a leg that still waits here is only a shadow."""
        call = move.call
        here = self._calls.get(call.call_id) is call
        if here and call.state is CallState.WAITING and move.method is not TransferMethod.BRIDGE:
            self._calls.put(call, CallState.LEFT)
            self._out.do(EndMoved(call_id=call.call_id))

    # ---- inner -----------------------------------------------------------------------------

    def _back_in_place(self, move: Move, reason: RequeryReason, now_s: float) -> None:
        call = move.call
        self._calls.put(call, CallState.WAITING)
        self._out.do(PutBack(call_id=call.call_id))
        if move.answer.target_site not in call.refused_targets:
            call.refused_targets = (*call.refused_targets, move.answer.target_site)
        self._requery(call, now_s, reason)

    def _unresolved(self, move: Move) -> None:
        target = move.answer.target_site
        text = f"a move to {target} has no known outcome; is {target} or its link down?"
        self._out.alarm("unresolved_move", target, text)

    def _end(self, move: Move, outcome: MoveOutcome, now_s: float) -> None:
        move.state = MoveState.ENDED
        move.forget_at_s = now_s + max(self._settings.tombstone_s, self._settings.return_place_s)
        self._by_call.pop(move.call.call_id, None)
        self.open_count -= 1
        for prefix in TIMER_SIGNS:
            self._out.stop(prefix + move.token)
        if move.decided or outcome is MoveOutcome.ARRIVED:
            self._cancels.stop(move.token)
        else:
            self._ask(move, now_s, watched=False)
        self._tell_outcome(move, outcome, now_s)
        self._time_forget(now_s)

    def _ask(self, move: Move, now_s: float, *, watched: bool) -> None:
        answer = move.answer
        self._cancels.ask(
            answer.token, answer.request_id, answer.target_site, now_s, watched=watched
        )

    def _tell_outcome(self, move: Move, outcome: MoveOutcome, now_s: float) -> None:
        method = move.method.value if move.method else ""
        self._out.count(f"moves_{outcome.value}")
        if outcome is MoveOutcome.ARRIVED:
            self._out.count(f"moved_{method}")
            self._out.clear("unresolved_move", move.answer.target_site)
        self._out.write(
            "move_ended",
            call=move.call.call_id,
            interaction=move.call.interaction_id,
            token=move.token,
            target=move.answer.target_site,
            outcome=outcome.value,
            method=method,
            sip_status=move.sip_status,
        )
        self._out.send(
            self._leaders.node_of(move.answer.domain),
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

    def _write_started(self, move: Move, rung: Rung) -> None:
        call = move.call
        self._out.count("moves_started")
        self._out.write(
            "move_started",
            call=call.call_id,
            interaction=call.interaction_id,
            token=move.token,
            target=move.answer.target_site,
            method=rung.method.value,
        )
        if call.data is not None:
            self._out.write(
                "data",
                call=call.call_id,
                token=move.token,
                reason="sent",
                digest=call.data.digest.hex(),
            )

    def _time_forget(self, now_s: float) -> None:
        if not self._sweeping:
            self._sweeping = True
            self._out.start(FORGET_TIMER, now_s + FORGET_EVERY_S)

    def _too_many(self) -> bool:
        return len(self._by_token) > self._settings.finished_moves_max


def _sign_of(event: MoveProgress) -> Sign:
    if event.sign is MoveSign.NOTIFIED:
        return Sign.NOTIFIED_OK if 200 <= event.sip_status < 300 else Sign.NOTIFIED_BAD
    return SIGNS[event.sign]


def _sign_told(message: CallTaken | CallArrived | CancelAnswer) -> Sign:
    if isinstance(message, CallArrived):
        return Sign.CALL_ARRIVED
    if isinstance(message, CancelAnswer) and message.verdict is CancelVerdict.NEVER:
        return Sign.NEVER
    return Sign.CALL_TAKEN
