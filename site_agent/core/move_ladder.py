"""The ladder of a move: which rungs fit a call, and how each is begun.

Rule of this file: rungs are tried in the order of the answer, each with the same token, as long as
the reservation has time left and nothing about it is uncertain. What the site's own settings do not
allow on a trunk group is never tried there, whatever a path says.
"""

from __future__ import annotations

from nrcli.wire.messages import RouteAnswer, Rung, TransferMethod
from site_agent.adapters.base import StartMove
from site_agent.core.calls import Call
from site_agent.core.failed_ways import way_of
from site_agent.core.handler_moves import Manner
from site_agent.core.move_desk import (
    HEARD_LATELY_S,
    LATE_TIMER,
    PLACE_TIMER,
    RETRY_TIMER,
    MoveDesk,
)
from site_agent.core.move_endings import MoveEndings
from site_agent.core.moves import BRIDGES, FIRST_STATE, Move
from site_agent.core.number_pools import RETURN
from site_agent.core.plan_tokens import is_plan_token
from site_agent.core.settings import SiteSettings
from site_agent.core.transfer_table import MoveState

BUSY = (486, 600, 603)
REFERS = (TransferMethod.REFER, TransferMethod.REFER_REPLACES)


class MoveLadder:
    """Begins rungs."""

    __slots__ = ("_desk", "_endings")

    def __init__(self, desk: MoveDesk, endings: MoveEndings) -> None:
        self._desk = desk
        self._endings = endings

    def fits(self, call: Call, answer: RouteAnswer, rung: Rung) -> bool:
        """May this rung be tried for the call as it stands now?"""
        if rung.method not in FIRST_STATE or not self._allowed(call, rung):
            return False
        if way_of(rung) in call.failed_ways:
            return False
        if rung.method is TransferMethod.REDIRECT_302 and call.answered:
            return False
        if rung.method in REFERS and not call.answered:
            return False
        if rung.origin_channels > max(0, self._desk.free_channels(call.trunk_group)):
            return False
        return bool(self._desk.addresses.of_rung(call.trunk_group, answer, rung))

    def _allowed(self, call: Call, rung: Rung) -> bool:
        """Does the trunk group the call came in on take this method, by the site's own word?"""
        if call.consult_of and rung.method is not TransferMethod.BRIDGE:
            return False
        rules = self._desk.settings.trunks.get(call.trunk_group)
        if rules is None:
            return True
        if rung.method is TransferMethod.REDIRECT_302:
            return rules.redirect_302
        return rules.refer or rung.method not in REFERS

    def next_rung(self, move: Move, now_s: float) -> None:
        """Try the next rung that fits now; with none left, or no time, the caller is put back."""
        rung = self._take_next(move)
        if rung is None or now_s >= move.valid_until_s or move.leg_gone or move.call.agent:
            move.state = MoveState.ENDED
            self._endings.put_back(move, now_s)
            return
        move.rung = rung
        move.retried = False
        self._start_rung(move, move.rung, now_s)

    def _take_next(self, move: Move) -> Rung | None:
        rungs = move.answer.rungs
        while move.next_rung < len(rungs):
            rung = rungs[move.next_rung]
            move.next_rung += 1
            if self.fits(move.call, move.answer, rung):
                return rung
        return None

    def _start_rung(self, move: Move, rung: Rung, now_s: float) -> None:
        move.state = FIRST_STATE[rung.method]
        move.method = rung.method
        move.move_id = self._desk.new_id()
        move.was_silent = False
        manner, set_up_s = self._manner(move), self.set_up_s(move, rung)
        return_address = ""
        if rung.method is TransferMethod.REDIRECT_302 and rung.follows_contacts:
            return_address = self._return_address(move, rung, now_s)
        if rung.method is not TransferMethod.REDIRECT_302:
            self._desk.out.start(LATE_TIMER + move.token, now_s + set_up_s)
        self._write_started(move, rung)
        self._desk.out.do(
            StartMove(
                call_id=move.call.call_id,
                move_id=move.move_id,
                method=rung.method,
                address=self._desk.addresses.of_rung(move.call.trunk_group, move.answer, rung),
                by_carrier=rung.at_trunk or self._desk.addresses.by_name(move.answer, rung),
                return_address=return_address,
                user_to_user=_user_to_user(move, manner),
                set_up_s=set_up_s,
                data=self._data(move, manner),
                dialed_number=_dialed(move, manner),
                because=manner.because if manner is not None else "",
            )
        )

    def set_up_s(self, move: Move, rung: Rung) -> float:
        """How long a rung may be under way."""
        settings, manner = self._desk.settings, self._manner(move)
        rings = manner is not None and rung.method in REFERS
        usual_s = max(settings.set_up_s_min, settings.set_up_factor * rung.set_up_p99_s)
        return usual_s + (manner.ring_s if manner is not None and rings else 0.0)

    def waits_out(self, move: Move, now_s: float) -> bool:
        """After a restart. The device may still be calling a handler as a REFER told it to, and has
        our dialog meanwhile: asked now it would say so. It is asked when that is over."""
        rung = next((one for one in move.answer.rungs if one.method is move.method), None)
        if not move.to_handler or move.method not in REFERS or rung is None:
            return False
        taken = move.state in (MoveState.TRANSFERRING, MoveState.PROBING)
        move.state = MoveState.TRANSFERRING if taken else MoveState.REFERRING
        move.was_silent = True
        self._desk.out.start(LATE_TIMER + move.token, now_s + self.set_up_s(move, rung))
        return True

    def _manner(self, move: Move) -> Manner | None:
        handlers = self._desk.handlers
        return handlers.manner(move) if move.to_handler and handlers is not None else None

    def _data(self, move: Move, manner: Manner | None) -> bytes:
        """What goes along in the INVITE of a bridge."""
        by_plan = is_plan_token(move.token)
        known, goes = move.call.data, by_plan or (manner is not None and manner.ours)
        return known.data if known is not None and goes else b""

    def ring_on(self, move: Move, now_s: float) -> None:
        """The handler rings: it may, for its time."""
        manner = self._manner(move)
        if manner is not None:
            self._desk.out.start(LATE_TIMER + move.token, now_s + manner.ring_s)

    def next_unless_busy(self, move: Move, now_s: float) -> None:
        """A handler that is busy is busy by any method; else the next one is tried."""
        if move.sip_status in BUSY:
            move.state = MoveState.ENDED
            self._endings.put_back(move, now_s)
        else:
            self.next_rung(move, now_s)

    def _return_address(self, move: Move, rung: Rung, now_s: float) -> str:
        address = self._number_home(move, rung, now_s) if rung.number_on else ""
        if not address:
            move.return_token = self._desk.new_token()
            address = self._desk.addresses.home(move.call.trunk_group, move.return_token)
        if address:
            self._desk.by_return_token[move.return_token] = move
            move.place_until_s = now_s + self._desk.settings.return_place_s
        return address

    def _number_home(self, move: Move, rung: Rung, now_s: float) -> str:
        """Where numbers alone pass: a number of ours, which stands for the way home meanwhile."""
        desk, call = self._desk, move.call
        if desk.numbers is None or not desk.numbers.lends(call.trunk_group):
            return ""
        number = desk.numbers.lend(
            call.trunk_group,
            RETURN + move.token,
            now_s,
            to=move.answer.target_site,
            interaction=call.interaction_id,
        )
        address = desk.addresses.home_by_number(call.trunk_group, number, rung) if number else ""
        if address:
            move.return_token = number
        elif number:
            desk.numbers.unused(number, now_s)
        return address

    def keep_place(self, move: Move, now_s: float) -> None:
        """The 302 is out: the leg is over, the place at home is kept."""
        move.leg_gone = True
        if move.to_handler:
            move.call.left_by = move.answer
        if move.return_token:
            move.place_until_s = now_s + self._desk.settings.return_place_s
        self._desk.out.start(PLACE_TIMER + move.token, now_s + self._desk.settings.return_place_s)

    def retry_or_next(self, move: Move, now_s: float) -> None:
        """A REFER refused right after the ACK is tried once more."""
        again_at_s = now_s + self._desk.settings.refer_retry_s
        if move.retried or again_at_s >= move.valid_until_s or move.call.agent:
            self.next_rung(move, now_s)
            return
        move.retried = True
        move.state = MoveState.RETRYING
        self._desk.out.stop(LATE_TIMER + move.token)
        self._desk.out.start(RETRY_TIMER + move.token, again_at_s)

    def retry(self, move: Move, now_s: float) -> None:
        """The same rung again, unless an own agent has the caller by now."""
        assert move.rung is not None, "a retry follows a rung"
        if move.call.agent:
            self.next_rung(move, now_s)
        else:
            self._start_rung(move, move.rung, now_s)

    def _ring_s(self, move: Move) -> float:
        manner = self._manner(move)
        return manner.ring_s if manner is not None else 0.0

    def _write_started(self, move: Move, rung: Rung) -> None:
        call = move.call
        self._desk.out.count("moves_started")
        self._desk.out.write(
            "move_started",
            call=call.call_id,
            interaction=call.interaction_id,
            token=move.token,
            target=move.answer.target_site,
            method=rung.method.value,
            limit_s=longest_s(self._desk.settings, rung.method) + self._ring_s(move),
        )
        if call.data is not None and not move.to_handler:
            self._desk.out.write(
                "data",
                call=call.call_id,
                token=move.token,
                reason="sent",
                digest=call.data.digest.hex(),
            )


def _dialed(move: Move, manner: Manner | None) -> str:
    """For a handler, the number that was called. A REFER that was refused is tried again without:
    some refuse any header in Refer-To that they do not know."""
    return move.call.dialed_number if manner is not None and not move.retried else ""


def _user_to_user(move: Move, manner: Manner | None) -> str:
    """Hex: the token, for its target; the interaction, for a handler of our own; else nothing."""
    if manner is None:
        return move.token.encode("ascii").hex()
    return move.call.interaction_id.encode("utf-8").hex() if manner.ours else ""


def longest_s(settings: SiteSettings, method: TransferMethod) -> float:
    """After this, at the latest, a rung has ended the move, or another rung has begun: the target
    was asked, then the caller's own device, and both were silent; or it rang in vain."""
    asked_s = max(settings.probe_after_s, settings.return_place_s)
    if method in BRIDGES:
        asked_s = max(asked_s, settings.bridge_ring_s)
    return asked_s + settings.probe_answer_s + HEARD_LATELY_S
