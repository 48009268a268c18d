"""Passes re-INVITEs and INFO through between the two ends of a call.

Rule of this file: session descriptions go through untouched; the caller's trunk never gets a re-
INVITE without an offer; a caller who waits is answered by the player.
"""

from __future__ import annotations

from nrcli.sip.message import Request, Response
from site_agent.adapters.sip_acd.caller_leg import CallerLeg
from site_agent.adapters.sip_acd.calls import Call, Hears, Leg, LegState, Passing, Role
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.adapters.sip_acd.music import Music
from site_agent.adapters.sip_acd.sdp import SdpError
from site_agent.sip.signals import RequestReceived


class PassThrough:
    """In-dialog requests of one end that concern the other."""

    __slots__ = ("_caller", "_desk", "_infos", "_music")

    def __init__(self, desk: Desk, caller: CallerLeg, music: Music) -> None:
        self._desk = desk
        self._caller = caller
        self._music = music
        self._infos: dict[str, str] = {}

    def other_end(self, leg: Leg) -> Leg | None:
        """Who this leg is joined with now."""
        call = leg.call
        if leg.role is not Role.CALLER:
            joined = call.joined or (leg is call.music and call.hears is Hears.MUSIC)
            return call.caller if joined else None
        if call.joined:
            return call.far
        return call.music if call.hears is Hears.MUSIC else None

    # ---- re-INVITE -----------------------------------------------------------------------------

    def reinvite(self, leg: Leg, request: Request) -> None:
        """One end wants to change the session."""
        desk, call, other = self._desk, leg.call, self.other_end(leg)
        if call.passing is not None or call.reinvite is not None:
            desk.sip(desk.ua.refuse_reinvite, leg.leg_id, 491, desk.now_s)
        elif other is None or other.state is not LegState.UP:
            self._without_other(leg, request.body)
        elif not request.body and other.role is Role.CALLER:
            call.passing = Passing(leg, other, had_offer=False)
            desk.sip(desk.ua.accept_reinvite, leg.leg_id, call.caller_sdp, desk.now_s)
        else:
            call.passing = Passing(leg, other, had_offer=bool(request.body))
            if leg is call.caller and request.body:
                call.caller_sdp = request.body
            if not desk.sip(desk.ua.reinvite, other.leg_id, request.body, desk.now_s):
                self.failed(call, 491)

    def _without_other(self, leg: Leg, body: bytes) -> None:
        desk, call = self._desk, leg.call
        if leg.role is not Role.CALLER or call.hears is not Hears.PLAYER:
            desk.sip(desk.ua.refuse_reinvite, leg.leg_id, 491, desk.now_s)
            return
        try:
            answer = self._music.answer(call, body) if body else self._music.offer(call)
        except SdpError as error:
            desk.sip(desk.ua.refuse_reinvite, leg.leg_id, error.status, desk.now_s)
            return
        call.sent_sdp = answer
        desk.sip(desk.ua.accept_reinvite, leg.leg_id, answer, desk.now_s)
        if body:
            call.caller_sdp = body
            self._music.play_to(call, body)

    def is_answer(self, leg: Leg) -> bool:
        """Does a final answer on this leg belong to a re-INVITE that passes through?"""
        passing = leg.call.passing
        return passing is not None and passing.to_leg is leg

    def answered(self, leg: Leg, response: Response) -> None:
        """The other end took the re-INVITE."""
        desk, call, passing = self._desk, leg.call, leg.call.passing
        assert passing is not None
        source = passing.from_leg
        desk.sip(desk.ua.accept_reinvite, source.leg_id, response.body, desk.now_s)
        if source is call.caller:
            call.sent_sdp = response.body
        else:
            call.caller_sdp = response.body
        if passing.had_offer:
            call.passing = None
            desk.sip(desk.ua.ack, leg.leg_id, desk.now_s)
            self._caller.settle(call)

    def acknowledged(self, leg: Leg, body: bytes) -> None:
        """The ACK of our 200 to a re-INVITE came."""
        desk, call, passing = self._desk, leg.call, leg.call.passing
        if passing is None:
            if leg is call.caller and body and call.hears is Hears.PLAYER:
                call.caller_sdp = body
                self._music.play_to(call, body)
            return
        if passing.from_leg is not leg or passing.had_offer:
            return
        call.passing = None
        if passing.to_leg is not call.caller:
            call.caller_sdp = body or call.caller_sdp
            desk.sip(desk.ua.ack, passing.to_leg.leg_id, desk.now_s, body=body)
        elif body:
            self._caller.catch_up(call, body)
        self._caller.settle(call)

    def failed(self, call: Call, status: int) -> None:
        """The other end refused the re-INVITE; the session stays as it was."""
        passing, call.passing = call.passing, None
        if passing is not None:
            desk = self._desk
            refusal = status if 400 <= status < 700 and status not in (408, 481) else 488
            desk.sip(desk.ua.refuse_reinvite, passing.from_leg.leg_id, refusal, desk.now_s)
            self._caller.settle(call)

    # ---- INFO ----------------------------------------------------------------------------------

    def info(self, leg: Leg, event: RequestReceived) -> None:
        """INFO (DTMF): to the other end if there is one, else taken and dropped."""
        desk, other = self._desk, self.other_end(leg)
        request = event.request
        if other is None or other.state is not LegState.UP:
            desk.sip(desk.ua.respond, event.transaction, 200, desk.now_s)
            return
        handle = f"info-{desk.new_id()}"
        self._infos[handle] = event.transaction
        kind = request.headers.get("Content-Type")
        sent = desk.sip(
            desk.ua.request,
            handle,
            "INFO",
            request.uri,
            event.peer,
            desk.now_s,
            from_="",
            to="",
            headers=[("Content-Type", kind)] if kind else [],
            body=request.body,
            leg=other.leg_id,
        )
        if not sent:
            self.info_answered(handle, 481)

    def info_answered(self, handle: str, status: int) -> None:
        """The other end's word on an INFO goes back."""
        transaction = self._infos.pop(handle, None)
        if transaction is not None:
            self._desk.sip(self._desk.ua.respond, transaction, status, self._desk.now_s)
