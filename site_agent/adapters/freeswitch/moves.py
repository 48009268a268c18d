"""Moves of callers to other sites: 302 before the answer, REFER after it, or a bridge.

Rule of this file: a caller who is moved is in no queue; a REFER is sent only by a FreeSWITCH that
keeps the caller when it fails; each rung tells its end once, and what comes of an older rung
changes nothing.
"""

from __future__ import annotations

from nrcli.wire.messages import TransferMethod
from site_agent.adapters import base
from site_agent.adapters.base import MoveSign
from site_agent.adapters.freeswitch.calls import Call, CallBook, Stage
from site_agent.adapters.freeswitch.channel_steps import ChannelSteps, is_address
from site_agent.adapters.freeswitch.desk import Desk
from site_agent.adapters.freeswitch.esl_protocol import EslEvent, is_word
from site_agent.adapters.freeswitch.tables import status_in, whole

PROBE_S = 2.0
REFUSED_BY_STATE = 491


class Moves:
    """All moves under way."""

    def __init__(self, desk: Desk, calls: CallBook, steps: ChannelSteps) -> None:
        self._desk = desk
        self._calls = calls
        self._steps = steps

    def start(self, command: base.StartMove) -> None:
        """Begin one rung; refused where the call does not stand for it."""
        call = self._calls.get(command.call_id)
        fits = (
            call is not None
            and call.stage in (Stage.PARKED, Stage.KEPT, Stage.QUEUED)
            and not call.own_agent_rings
            and self._desk.line.up
            and is_word(command.move_id)
            and is_address(command.address)
        )
        if call is None or not fits:
            self._tell(command.call_id, command.move_id, MoveSign.REFUSED, REFUSED_BY_STATE)
            return
        self._desk.timers.stop(f"queue {call.call_id}")
        call.move_id = command.move_id
        if command.method is TransferMethod.REDIRECT_302:
            began = self._redirect(call, command)
        elif command.method is TransferMethod.BRIDGE:
            call.data = call.data or (b"" if command.because else command.data)
            began = self._bridge(call, command)
        else:
            began = self._refer(call, command)
        if not began:
            self._settle(call, MoveSign.REFUSED, REFUSED_BY_STATE)

    def abort(self, command: base.AbortMove) -> None:
        """Stop a bridge that is not joined yet; the caller is kept."""
        call = self._calls.get(command.call_id)
        if call is None or call.move_id != command.move_id or call.stage is Stage.BRIDGED:
            return
        call.move_id = ""
        self._steps.keep(call)

    def end_moved(self, command: base.EndMoved) -> None:
        """The target has the caller: our leg ends, a bridge stands, also one of which FreeSWITCH
        has not told yet that it is joined: the target's word may be here before."""
        call = self._calls.get(command.call_id)
        if call is None or call.stage is Stage.BRIDGED:
            return
        self._desk.timers.stop(f"move {call.call_id}")
        if call.move_id and call.move_id == call.bridge_id:
            call.stage = Stage.BRIDGED
            return
        call.moved = "moved"
        self._steps.end(call)

    def probe(self, command: base.ProbeCaller) -> None:
        """re-INVITE: who still stands a while later is there."""
        call = self._calls.get(command.call_id)
        if call is None:
            self._desk.tell(base.CallerProbed(call_id=command.call_id, alive=False))
            return

        def asked(good: bool, text: str) -> None:
            if not good and self._desk.timers.runs(f"probe {call.call_id}"):
                self._probed(call, alive=False)

        self._desk.timers.start(
            f"probe {call.call_id}",
            self._desk.now_s + PROBE_S,
            lambda: self._probed(call, alive=True),
        )
        self._desk.line.api(f"uuid_media_reneg {call.call_id}", asked)

    # ---- what FreeSWITCH told ----------------------------------------------------------------

    def ended(self, call: Call) -> str:
        """The channel of a caller who is moved is gone: who released it, empty if nobody knows."""
        if self._desk.timers.runs(f"probe {call.call_id}"):
            self._probed(call, alive=False)
        if not call.move_id or call.stage is Stage.BRIDGED:
            return ""
        if call.moved == "redirected":
            self._tell(call.call_id, call.move_id, MoveSign.REDIRECTED, call.sip_status or 302)
            return "redirected"
        return ""

    def far_leg(self, event: EslEvent) -> None:
        """The leg to another site rings, is joined, or is over."""
        call = self._of(event.get("variable_nirc_move"))
        if call is None:
            return
        if event.name in ("CHANNEL_PROGRESS", "CHANNEL_PROGRESS_MEDIA"):
            if not self._desk.timers.runs(f"move {call.call_id}"):
                return
            self._desk.timers.stop(f"move {call.call_id}")
            self._tell(call.call_id, call.move_id, MoveSign.ACCEPTED, 180)
        elif event.name == "CHANNEL_HANGUP_COMPLETE" and call.stage is not Stage.BRIDGED:
            status = whole(event.get("variable_sip_term_status"))
            found = event.get("variable_proto_specific_hangup_cause").partition(":")[2]
            self._settle(call, MoveSign.REFUSED, status or whole(found) or 480)

    def joined(self, call: Call, move_id: str) -> None:
        """The caller and the other site are joined."""
        if call.move_id and call.move_id == move_id and call.stage is not Stage.BRIDGED:
            call.stage = Stage.BRIDGED
            self._desk.timers.stop(f"move {call.call_id}")
            self._tell(call.call_id, call.move_id, MoveSign.BRIDGED, 200)

    def bridge_over(self, call: Call, event: EslEvent) -> None:
        """The dialplan's `bridge` has ended; without any leg nobody else tells."""
        if call.move_id and call.stage is not Stage.BRIDGED:
            found = event.get("variable_last_bridge_proto_specific_hangup_cause").partition(":")[2]
            self._settle(call, MoveSign.REFUSED, whole(found) or 480)

    # ---- inner -------------------------------------------------------------------------------

    def _redirect(self, call: Call, command: base.StartMove) -> bool:
        if call.answered or call.stage is not Stage.PARKED:
            return False
        contacts = f"<{command.address}>"
        if command.return_address:
            if not is_address(command.return_address):
                return False
            contacts = f"<{command.address}>;q=1.0,<{command.return_address}>;q=0.5"
        call.moved = "redirected"
        call.sip_status = 300 if command.return_address else 302

        def sent(good: bool, text: str) -> None:
            if good or call.move_id != command.move_id:
                return
            call.moved, call.sip_status = "", 0
            self._settle(call, MoveSign.REFUSED if text else MoveSign.SILENT, 0)

        self._desk.timers.start(
            f"move {call.call_id}",
            self._desk.now_s + command.set_up_s,
            lambda: self._silent(call, command.move_id),
        )
        self._desk.line.execute(call.call_id, "redirect", contacts, sent)
        return True

    def _bridge(self, call: Call, command: base.StartMove) -> bool:
        """Nothing of the far end within the rung's time is silence; the daemon aborts it then."""
        move_id = call.bridge_id = command.move_id

        def silent() -> None:
            if call.move_id == move_id:
                call.silent_move = move_id
                self._tell(call.call_id, move_id, MoveSign.SILENT, 0)

        self._desk.timers.start(f"move {call.call_id}", self._desk.now_s + command.set_up_s, silent)
        return self._steps.bridge_away(call, command)

    def _refer(self, call: Call, command: base.StartMove) -> bool:
        if not call.answered or not self._desk.keeps_after_refer:
            return False
        if call.stage is not Stage.KEPT:
            self._steps.keep(call)
        name = call.call_id

        def over(good: bool, text: str) -> None:
            if call.move_id != command.move_id or self._calls.get(name) is not call:
                return
            if good and (status := status_in(text)):
                self._tell(name, command.move_id, MoveSign.NOTIFIED, status)
            else:
                refused = not good and bool(text)
                self._settle(call, MoveSign.REFUSED if refused else MoveSign.SILENT, 0)

        self._desk.line.api(f"uuid_setvar {name} sip_refer_continue_after_reply true")
        self._desk.line.job(f"uuid_deflect {name} {command.address}", command.move_id, over)
        return True

    def _silent(self, call: Call, move_id: str) -> None:
        if call.move_id == move_id and self._calls.get(call.call_id) is call:
            self._settle(call, MoveSign.SILENT, 0)

    def _settle(self, call: Call, sign: MoveSign, status: int) -> None:
        """The rung is over, the caller is still here."""
        move_id, call.move_id = call.move_id, ""
        self._desk.timers.stop(f"move {call.call_id}")
        if move_id and move_id != call.silent_move:
            self._tell(call.call_id, move_id, sign, status)

    def _probed(self, call: Call, *, alive: bool) -> None:
        self._desk.timers.stop(f"probe {call.call_id}")
        self._desk.tell(base.CallerProbed(call_id=call.call_id, alive=alive))

    def _of(self, move_id: str) -> Call | None:
        if not move_id:
            return None
        return next((one for one in self._calls.all() if one.move_id == move_id), None)

    def _tell(self, call_id: str, move_id: str, sign: MoveSign, status: int) -> None:
        self._desk.tell(
            base.MoveProgress(call_id=call_id, move_id=move_id, sign=sign, sip_status=status)
        )
