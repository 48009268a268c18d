"""Moves callers to other sites by the dialplan: `Transfer` (302 or REFER) and `Dial` (a bridge).

Rule of this file: what the PBX says about a move is told as it is, never guessed; what it does not
say in time is told as silence, and the caller is taken out of a `Transfer` that would block. While
a call is in motion own agents do not get it, and it keeps rank and time waited.
"""

from __future__ import annotations

from nrcli.sip.diversion import diverted
from nrcli.wire.messages import TransferMethod
from site_agent.adapters import base
from site_agent.adapters.asterisk.ami_events import DialplanSaid, DialSign
from site_agent.adapters.asterisk.asterisk_protocol import AmiAction, action, setvar
from site_agent.adapters.asterisk.callers import Callers
from site_agent.adapters.asterisk.desk import Desk
from site_agent.adapters.asterisk.state import Call, Move, Place
from site_agent.adapters.asterisk.talks import Talks
from site_agent.adapters.asterisk.variables import (
    data_variables,
    harmless_id,
    is_address,
    told_variables,
    user_to_user,
)

MOVE = "move"
CONTEXT = "nirc-move"
BACK_CONTEXT = "nirc-back"
REDIRECTED = "redirect"
HANDLER = "handler"
STATUS_OF_CAUSE = {1: 404, 17: 486, 18: 408, 19: 480, 20: 480, 21: 403, 28: 484, 34: 503, 42: 503}
"Q.850 cause of a bridge that failed to SIP status (RFC 3398 section 7.2.4.1)."
REFUSED_BY_PHONE = frozenset({405, 420, 501})
"""Statuses of a failed `Transfer` that only the caller's side gives: REFER itself was refused. Any
other may have come from the target by NOTIFY."""
BRIDGE_RING_S = 180
GIVEN_UP = "CANCEL"


class Moves:
    """Carries out `StartMove` and its companions, and tells the signs."""

    def __init__(self, desk: Desk, callers: Callers, talks: Talks) -> None:
        self._desk = desk
        self._callers = callers
        self._talks = talks

    def start(self, command: base.StartMove) -> None:
        """Begin to move a call, or say that it cannot begin (`REFUSED`)."""
        call = self._desk.calls.get(command.call_id)
        status = self._cannot(call, command)
        if status or call is None:
            self._desk.tell(
                base.MoveProgress(
                    call_id=command.call_id,
                    move_id=command.move_id,
                    sign=base.MoveSign.REFUSED,
                    sip_status=status,
                )
            )
            return
        call.move = Move(command.move_id, command.method, self._desk.now_s)
        call.place = Place.MOVING
        self._desk.say(*self._go(call, command))
        set_up_s = command.set_up_s
        if command.method is TransferMethod.REFER:
            set_up_s = min(set_up_s, self._desk.settings.refer_s_max)
        self._desk.timers.start((MOVE, call.call_id), self._desk.now_s + set_up_s)

    def _cannot(self, call: Call | None, command: base.StartMove) -> int:
        """Status of a refusal, or 0."""
        if call is None or not self._desk.connected:
            return 481 if call is None else 503
        if call.place not in (Place.QUEUED, Place.SENT, Place.MOVING):
            return 491
        if call.place is Place.MOVING and call.move is not None and not call.move.settled:
            return 491
        trunk = self._desk.trunks.get(call.trunk_group)
        allowed = {
            TransferMethod.REDIRECT_302: not call.up and (trunk is None or trunk.redirect_302),
            TransferMethod.REFER: call.up and (trunk is None or trunk.refer),
            TransferMethod.BRIDGE: trunk is None or trunk.bridge,
        }
        if command.method not in allowed:
            return 501
        if not allowed[command.method]:
            return 491
        if command.return_address:
            return 501  # `Transfer` writes one Contact: nothing would lead home.
        return 0 if is_address(command.address) else 416

    def _go(self, call: Call, command: base.StartMove) -> list[AmiAction]:
        uui = user_to_user(command.user_to_user)
        target = command.address
        if uui and command.method is TransferMethod.REFER:
            target = f"{target}?User-to-User={uui}%3Bencoding%3Dhex"
        variables = {
            "NIRC_MOVE": harmless_id(command.move_id) or "m",
            "NIRC_TARGET": target,
            "NIRC_QUEUE": call.queue,
            "NIRC_POSITION": self._desk.position(call),
            "__NIRC_UUI": uui,
        }
        extension = "transfer"
        if command.method is TransferMethod.BRIDGE:
            extension = HANDLER if command.because else "bridge"
            variables["NIRC_RING_S"] = str(BRIDGE_RING_S)
            bytes_max = self._desk.settings.agent_data_bytes_max
            if command.because:
                variables |= told_variables(command.data, bytes_max)
                told = dict(diverted(command.dialed_number, command.because, command.address))
                variables["__NIRC_DIVERSION"] = told.get("Diversion", "")
                variables["__NIRC_HISTORY"] = told.get("History-Info", "")
            else:
                variables |= data_variables(command.data, (), bytes_max)
        redirect = self._redirect(call, CONTEXT, extension)
        return [*setvar(call.channel, variables), redirect]

    # ---- stopping ------------------------------------------------------------------------------

    def abort(self, command: base.AbortMove) -> None:
        """Stop a bridge that does not stand yet; the caller hears music."""
        call, move = self._moving(command.call_id)
        if call is None or move is None or move.move_id != command.move_id:
            return
        if move.method is not TransferMethod.BRIDGE or move.settled:
            return
        self._desk.say(self._redirect(call, CONTEXT, "wait"))
        self._settle(call, base.MoveSign.REFUSED, 487)

    def put_back(self, call_id: str) -> None:
        """The move is over: the caller is where they were, by rank and time waited."""
        call, _ = self._moving(call_id)
        if call is None:
            return
        call.place, call.move = Place.SENT, None
        self._desk.timers.stop((MOVE, call_id))
        place = {"NIRC_QUEUE": call.queue, "NIRC_POSITION": self._desk.position(call)}
        self._desk.say(*setvar(call.channel, place), self._redirect(call, BACK_CONTEXT, "s"))
        self._desk.touch(call)

    def end_moved(self, call_id: str) -> None:
        """The target has the caller; a bridge is left standing."""
        call, move = self._moving(call_id)
        if call is None or (move is not None and move.method is TransferMethod.BRIDGE):
            return
        self._desk.say(action("Hangup", Channel=call.channel, Cause="16"))
        call.ended_by = "moved"
        self._callers.close(call, "moved")

    def probe(self, call_id: str) -> None:
        """Whether the caller's channel stands: AMI cannot send a re-INVITE."""
        alive = call_id in self._desk.calls
        self._desk.tell(base.CallerProbed(call_id=call_id, alive=alive))

    # ---- what the PBX says ---------------------------------------------------------------------

    def said(self, event: DialplanSaid) -> None:
        """`NircMove`: `Transfer` or `Dial` is over, and the caller is still there."""
        call = self._desk.channels.get(event.unique_id)
        move = call.move if call is not None else None
        if call is None or move is None or move.settled or call.place is not Place.MOVING:
            return
        if event.fields.get("move") not in (harmless_id(move.move_id), "m"):
            return
        status = event.fields.get("status", "").upper()
        protocol = _number(event.fields.get("protocol", ""))
        if move.method is TransferMethod.BRIDGE:
            self._settle(call, base.MoveSign.REFUSED, STATUS_OF_CAUSE.get(protocol, 480))
        elif status == "SUCCESS":
            self._settle(call, base.MoveSign.NOTIFIED, 200)
        elif status == "UNSUPPORTED" or protocol in REFUSED_BY_PHONE:
            self._settle(call, base.MoveSign.REFUSED, protocol or 501)
        else:
            self._settle(call, base.MoveSign.NOTIFIED, protocol if protocol >= 300 else 500)

    def dialed(self, event: DialSign, call: Call) -> None:
        """The bridge's own leg: it rings, or was answered."""
        move = call.move
        if move is None or move.settled or move.method is not TransferMethod.BRIDGE:
            return
        if event.ended and event.status == "ANSWER":
            call.place = Place.BRIDGED
            self._talks.answered(call)
            self._settle(call, base.MoveSign.BRIDGED, 200)
            self._desk.touch(call)
        elif event.status in ("RINGING", "PROGRESS") and not move.accepted:
            move.accepted = True
            self._tell(call, move, base.MoveSign.ACCEPTED, 180)

    def redirect_failed(self, call_id: str) -> None:
        """The PBX did not do a `Redirect`: the caller is where they were."""
        call, move = self._moving(call_id)
        if call is not None and move is not None and not move.settled:
            self._settle(call, base.MoveSign.REFUSED, 500)
            call.place = Place.QUEUED

    def late(self, call_id: str) -> None:
        """The rung's time is over without a word that settles it."""
        call, move = self._moving(call_id)
        if call is None or move is None or move.settled:
            return
        if move.method is TransferMethod.BRIDGE and move.accepted:
            return
        if move.method is TransferMethod.REFER:
            self._desk.say(self._redirect(call, CONTEXT, "wait"))
        self._settle(call, base.MoveSign.SILENT, 408)

    # ---- inner ---------------------------------------------------------------------------------

    def _moving(self, call_id: str) -> tuple[Call | None, Move | None]:
        call = self._desk.calls.get(call_id)
        if call is None or call.place is not Place.MOVING:
            return None, None
        return call, call.move

    def _redirect(self, call: Call, context: str, extension: str) -> AmiAction:
        return action(
            "Redirect",
            action_id=self._desk.ask(REDIRECTED, call.call_id),
            Channel=call.channel,
            Context=context,
            Exten=extension,
            Priority="1",
        )

    def _settle(self, call: Call, sign: base.MoveSign, status: int) -> None:
        move = call.move
        if move is not None:
            move.settled = True
            self._desk.timers.stop((MOVE, call.call_id))
            self._tell(call, move, sign, status)

    def _tell(self, call: Call, move: Move, sign: base.MoveSign, status: int) -> None:
        self._desk.tell(
            base.MoveProgress(
                call_id=call.call_id, move_id=move.move_id, sign=sign, sip_status=status
            )
        )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
