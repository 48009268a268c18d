"""Finds ends of calls that are gone without a word: their device lost power, or its network.

Rule of this file: it asks, and says which leg is lost. Every leg that stands is sent an OPTIONS in
its dialog now and then; any answer but 408 and 481 says that the end is there (RFC 3261 12.2.1.2),
and the SIP core turns those two, and silence for 64*T1, into `LegLost`. An end to which no
connection can be opened is lost the second time in a row: it may have been between two.
"""

from __future__ import annotations

from site_agent.adapters.sip_acd.calls import Call, Leg, LegState
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.sip.signals import ResponseReceived

HANDLE = "liveness-"
"Start of the handles of its requests; the leg follows."
UNREACHABLE_MAX = 2


class Liveness:
    """Asks the ends of each call whether they are there, every `liveness_s` of the settings."""

    __slots__ = ("_desk",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def begin(self, call: Call) -> None:
        """Ask for the first time after one interval; 0 in the settings: never."""
        interval_s = self._desk.settings.limits.liveness_s
        if interval_s > 0 and not call.ended:
            self._desk.timer("liveness", call, interval_s)

    def ask(self, call: Call) -> None:
        """The interval is over: ask every end that stands, and begin again."""
        parked = call.parked.leg if call.parked is not None else None
        for leg in (call.caller, call.far, call.music, parked):
            if leg is not None and leg.state is LegState.UP:
                self._ask(leg)
        self.begin(call)

    def answered(self, event: ResponseReceived) -> Leg | None:
        """An answer, or none; the leg if it is lost by it."""
        leg = self.asked(event)
        if leg is None:
            return None
        unreachable = event.response is None and event.status == 503
        leg.unreachable_count = leg.unreachable_count + 1 if unreachable else 0
        return leg if leg.unreachable_count >= UNREACHABLE_MAX else None

    def asked(self, event: ResponseReceived) -> Leg | None:
        """Which leg was asked, if it stands."""
        return self._desk.legs.get(event.handle.removeprefix(HANDLE))

    def _ask(self, leg: Leg) -> None:
        desk, call = self._desk, leg.call
        desk.sip(
            desk.ua.request,
            HANDLE + leg.leg_id,
            "OPTIONS",
            call.invite.uri,
            call.peer,
            desk.now_s,
            from_="",
            to="",
            leg=leg.leg_id,
        )
