"""Takes an agent's leg off their caller while it stands, and joins a caller with a leg that stands.

Rule of this file: a caller whose agent is parked hears music; a parked phone hears nothing and its
sound goes nowhere. Joining anew is flow I of RFC 3725: the leg is asked for an offer, which goes to
the caller. Why somebody is parked (a hold, a transfer, a consult call) is decided elsewhere.
"""

from __future__ import annotations

from site_agent.adapters.sip_acd import sdp
from site_agent.adapters.sip_acd.caller_leg import CallerLeg
from site_agent.adapters.sip_acd.calls import Call, Hears, Leg, LegState, Parked
from site_agent.adapters.sip_acd.desk import Desk

REJOIN_S = 0.5
"Pause before a leg that could not be asked for an offer is asked again."


class Parking:
    """Parks agents, and takes legs that stand to a caller."""

    __slots__ = ("_caller", "_desk")

    def __init__(self, desk: Desk, caller: CallerLeg) -> None:
        self._desk = desk
        self._caller = caller

    def park(self, call: Call) -> Parked:
        """The agent stays on the line, the caller hears music. They talk; a phone that holds the
        caller already is not put on hold again."""
        desk, leg = self._desk, call.far
        assert leg is not None and call.joined, "somebody talks with the caller"
        talked_s = desk.now_s - call.joined_at_s
        parked = Parked(leg, service=call.service, queue=call.queue, talked_s=talked_s)
        parked.held_by_phone = leg.held
        call.far, call.agent, call.joined, call.parked = None, "", False, parked
        call.hears = Hears.SILENCE
        if not leg.held:
            body = self._nothing(call)
            parked.holding = desk.sip(desk.ua.reinvite, leg.leg_id, body, desk.now_s)
        self._caller.settle(call)
        return parked

    def held(self, call: Call, parked: Parked) -> None:
        """The phone took our hold, or did not: a caller who is to come back comes now."""
        parked.holding = False
        if parked.returns:
            self.back(call, parked)

    def can_hear_music(self, call: Call) -> bool:
        """Did the caller last agree to something that the player sends, and listen?"""
        try:
            read = sdp.read(call.caller_sdp, bytes_max=self._desk.settings.limits.sdp_bytes_max)
            return read.target() is not None
        except sdp.SdpError:
            return False

    def answer_phone(self, call: Call, leg: Leg, body: bytes) -> None:
        """A parked phone changes its session: it is told where nobody listens."""
        desk = self._desk
        try:
            answer = self._answer(call, body) if body else self._nothing(call)
        except sdp.SdpError as error:
            desk.sip(desk.ua.refuse_reinvite, leg.leg_id, error.status, desk.now_s)
            return
        desk.sip(desk.ua.accept_reinvite, leg.leg_id, answer, desk.now_s)

    def back(self, call: Call, parked: Parked) -> None:
        """The parked agent has the caller again, as soon as nothing is on its way to the phone."""
        if parked.leg is None:
            return
        parked.returns = parked.holding
        if not parked.holding:
            call.parked = None
            self.join(call, parked.leg)

    def join(self, call: Call, leg: Leg) -> None:
        """Join a caller who hears music with a leg that stands."""
        leg.call, call.far, call.agent = call, leg, leg.agent
        leg.state, leg.offerless = LegState.REJOINING, True
        self.ask(call)

    def ask(self, call: Call) -> None:
        """Ask the leg that is to be joined for an offer; again soon, where it cannot be now."""
        desk, leg = self._desk, call.far
        if leg is None or leg.state is not LegState.REJOINING:
            return
        if not desk.sip(desk.ua.reinvite, leg.leg_id, b"", desk.now_s):
            desk.timer("rejoin", call, REJOIN_S)

    def _nothing(self, call: Call) -> bytes:
        host, port = self._desk.media_address
        call.sdp_version += 1
        offer = sdp.write_offer(host, port, session=call.serial, version=call.sdp_version)
        return offer.replace(b"a=sendrecv", b"a=inactive")

    def _answer(self, call: Call, body: bytes) -> bytes:
        host, port = self._desk.media_address
        call.sdp_version += 1
        read = sdp.read(body, bytes_max=self._desk.settings.limits.sdp_bytes_max)
        return sdp.write_answer(read, host, port, session=call.serial, version=call.sdp_version)


def is_hold(body: bytes, *, bytes_max: int) -> bool:
    """Does this session description ask for no sound (RFC 3264 8.4)? Unreadable ones do not."""
    try:
        return sdp.read(body, bytes_max=bytes_max).target() is None
    except sdp.SdpError:
        return False
