"""How a leg that stands ends: BYE, ours and theirs.

Rule of this file: a BYE of ours waits for the ACK of our 2xx (RFC 3261 15) and for the answer to a
NOTIFY of ours; whatever the far end still waits for in the dialog is answered first.
"""

from __future__ import annotations

from collections.abc import Sequence

from nrcli.sip.wire import header_lines
from site_agent.sip.incoming_calls import IncomingCalls
from site_agent.sip.leg import Command, Leg, LegState, PendingRequest
from site_agent.sip.outgoing_calls import OutgoingCalls
from site_agent.sip.signals import ByeDone, ByeReceived, Header, Output


class EndOfLegs(IncomingCalls, OutgoingCalls):
    """BYE."""

    def bye(self, leg: str, now_s: float, *, headers: Sequence[Header] = ()) -> list[Output]:
        """End the leg. Allowed from the 2xx on (waits for the ACK as RFC 3261 15 demands).

        It waits for the answer to a NOTIFY of ours, too, `notify_answer_s` at most.
        """
        found = self._leg(leg)
        found.demand(Command.BYE)
        header_lines(headers)
        out = self._begin()
        if found.state is LegState.ANSWERED:
            found.state = LegState.ENDING
            found.bye_headers = headers
            return out
        if found.ack_cseq:
            self._acknowledge(found, b"")
        self._refuse_pending(found, now_s)
        self._stop_2xx(found)
        self._end_when_notified(found, headers, now_s)
        return out

    def _end_when_notified(self, leg: Leg, headers: Sequence[Header], now_s: float) -> None:
        """BYE, after the answer to a NOTIFY of ours: a border may send on first what came last."""
        if leg.notify is None or self.settings.notify_answer_s <= 0:
            self._end_with_bye(leg, headers, now_s)
            return
        leg.state, leg.bye_headers = LegState.ENDING, headers
        self._timers.stop(leg.timer)
        at_s = now_s + self.settings.notify_answer_s
        leg.timer = self._timers.start(at_s, self._notify_is_late, leg, None)

    def _notify_is_late(self, leg: Leg, sign: object, now_s: float) -> None:
        leg.notify = None
        self._after_notify(leg, now_s)

    def _after_notify(self, leg: Leg, now_s: float) -> None:
        """A NOTIFY of ours was answered, or is waited for no longer; a BYE may have waited."""
        waits = leg.state is LegState.ENDING and leg.bye_headers is not None
        if waits and leg.awaited is None:
            headers, leg.bye_headers = leg.bye_headers or (), None
            self._end_with_bye(leg, headers, now_s)

    def _after_ack(self, leg: Leg, now_s: float) -> None:
        headers = leg.bye_headers or ()
        leg.bye_headers = None
        self._end_when_notified(leg, headers, now_s)

    def _on_bye(self, leg: Leg, pending: PendingRequest, now_s: float) -> None:
        if leg.state is LegState.REFUSED:
            self._reply(pending, 481, now_s)
            return
        self._reply(pending, 200, now_s)
        if leg.state is LegState.INCOMING:
            self._end_unanswered(leg, now_s)
        elif leg.state is LegState.ENDING:
            if leg.bye_headers is not None:
                self._tell(leg, ByeDone(leg=leg.id))
                self._forget(leg)
        else:
            if leg.ack_cseq:
                self._acknowledge(leg, b"")
            self._refuse_pending(leg, now_s)
            self._tell(leg, ByeReceived(leg=leg.id))
            self._forget(leg)

    def _refuse_pending(self, leg: Leg, now_s: float) -> None:
        """Requests of the dialog that wait for an answer are refused with 487 (RFC 3261 15.1.2)."""
        for pending in (leg.their_reinvite, leg.refer_incoming):
            if pending is not None:
                self._reply(pending, 487, now_s)
        leg.their_reinvite = leg.refer_incoming = None
