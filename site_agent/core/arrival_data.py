"""Attached data of calls that come by a token: fetched early, given late rather than never.

Rule of this file: what the agent sees is whole and matches its seal, or is absent with the reason;
never partial, never another call's.
"""

from __future__ import annotations

from hashlib import sha256

from nrcli.wire.messages import DataAnswer, DataGet
from site_agent.adapters.base import GiveData
from site_agent.core.actions import TellCti
from site_agent.core.attached_data import AttachedData, is_whole
from site_agent.core.calls import Call, CallBook
from site_agent.core.hold import Hold
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox
from site_agent.core.target_holds import TargetHolds

DATA_TIMER = "data:"


class ArrivalData:
    """Data of holds and arrivals."""

    __slots__ = ("_calls", "_holds", "_leaders", "_out", "_site")

    def __init__(
        self, *, site: str, holds: TargetHolds, calls: CallBook, leaders: Leaders, out: Outbox
    ) -> None:
        self._site = site
        self._holds = holds
        self._calls = calls
        self._leaders = leaders
        self._out = out

    def fetch(self, hold: Hold) -> None:
        """Something is held for a call with data that did not come along: ask for it."""
        message = hold.message
        if is_whole(message.data, message.data_digest):
            hold.data = message.data
        elif message.data_version > 0:
            self.get(hold, 0)

    def came(self, answer: DataAnswer) -> None:
        """Data came: keep it, or give it late if the call is here already."""
        hold = self._holds.by_token(answer.token)
        if hold is None or hold.data or not answer.data:
            return
        if answer.digest != hold.message.data_digest or not is_whole(answer.data, answer.digest):
            self._out.count("data_broken")
            self._out.alarm("data_broken", self._site, "attached data does not match its seal")
            return
        hold.data = answer.data
        call = self._calls.get(hold.call_id)
        if call is None or call.token != answer.token:
            return
        self.have(call, hold)
        self._out.stop(DATA_TIMER + answer.token)
        self._out.do(GiveData(call_id=call.call_id, data=hold.data))
        self._tell_cti(call, "attached_data", "")

    def late(self, token: str, now_s: float) -> None:
        """The budget is over: the agent starts without data, with the reason."""
        hold = self._holds.by_token(token)
        call = self._calls.get(hold.call_id) if hold else None
        if hold is None or call is None or hold.data:
            return
        self._out.count("data_absent")
        self._write_data(call, "too_late", "")
        self._tell_cti(call, "data_absent", "too_late")
        self.get(hold, 1)

    def get(self, hold: Hold, attempt: int) -> None:
        """Ask a node for the data of a hold."""
        message = hold.message
        get = DataGet(
            token=hold.token,
            interaction_id=message.interaction_id,
            version=message.data_version,
        )
        self._out.send(self._leaders.relay(attempt), get)

    def have(self, call: Call, hold: Hold) -> None:
        """The data is here, whole: it belongs to the call from now on."""
        message = hold.message
        call.data = AttachedData(
            version=message.data_version, digest=message.data_digest, data=hold.data
        )
        self._write_data(call, "", sha256(hold.data).hexdigest())

    def _write_data(self, call: Call, reason: str, digest: str) -> None:
        self._out.write("data", call=call.call_id, token=call.token, reason=reason, digest=digest)

    def _tell_cti(self, call: Call, kind: str, reason: str) -> None:
        self._out.do(
            TellCti(
                kind=kind,
                call_id=call.call_id,
                agent=call.agent,
                interaction_id=call.interaction_id,
                data=call.data.data if call.data else b"",
                reason=reason,
                ani=call.ani,
                queue=call.queue,
            )
        )
