"""What a waiting caller hears: the announcement server's music, or the built-in player's.

Rule of this file: an answered caller who is joined with nobody has a source of music or a
re-INVITE on its way to one. The player is what always works; it steps in for the server, so each
caller who is answered with media has a seat at the player until somebody talks with them.
"""

from __future__ import annotations

from nrcli.sip.message import MessageError, SipUri
from site_agent.adapters.sip_acd import sdp
from site_agent.adapters.sip_acd.calls import Call, Leg, LegState, Role
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.adapters.sip_acd.media import PlayMedia, StopMedia
from site_agent.adapters.sip_acd.registrar import peer_of


class Music:
    """Session descriptions of the player, and the leg to the announcement server."""

    __slots__ = ("_desk", "_seated")

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seated: set[str] = set()

    def take_seat(self, call: Call) -> bool:
        """Keep a session of the player for a caller about to be answered. False: none is free."""
        if call.call_id not in self._seated:
            if len(self._seated) >= self._desk.settings.sessions_max:
                self._desk.counts["player_full"] += 1
                return False
            self._seated.add(call.call_id)
        return True

    def offer(self, call: Call) -> bytes:
        """The player's own offer to a caller."""
        host, port = self._desk.media_address
        call.sdp_version += 1
        return sdp.write_offer(host, port, session=call.serial, version=call.sdp_version)

    def answer(self, call: Call, offer: bytes) -> bytes:
        """The player's answer to a caller's offer.

        Raises:
            SdpError: the offer has nothing the player can play to.
        """
        host, port = self._desk.media_address
        description = self._read(offer)
        call.sdp_version += 1
        return sdp.write_answer(
            description, host, port, session=call.serial, version=call.sdp_version
        )

    def play_to(self, call: Call, caller_sdp: bytes) -> None:
        """Start, or send elsewhere, or pause while the caller holds us."""
        try:
            description = self._read(caller_sdp)
            remote, payload_type = description.target(), description.payload_type()
        except sdp.SdpError:
            self._desk.counts["media_unreadable"] += 1
            return
        if remote is None:
            self._stop_player(call)
            return
        call.playing = True
        self._desk.tell(
            PlayMedia(
                session=call.call_id, remote=remote, payload_type=payload_type, source=call.source
            )
        )

    def stop(self, call: Call) -> None:
        """The caller hears somebody else, or nobody any more."""
        call.source = ""
        self._desk.stop_timer("announcement", call)
        self._seated.discard(call.call_id)
        self._stop_player(call)
        self.drop_server(call)

    def _stop_player(self, call: Call) -> None:
        if call.playing:
            call.playing = False
            self._desk.tell(StopMedia(session=call.call_id))

    def call_server(self, call: Call) -> bool:
        """Invite the announcement server with the caller's offer. False: there is none."""
        desk, uri_text = self._desk, self._desk.settings.media.announcement_uri
        if not uri_text or not call.caller_sdp or call.music is not None:
            return call.music is not None
        try:
            uri = SipUri.parse(uri_text)
            peer = peer_of(uri, call.peer.local)
        except (MessageError, ValueError):
            desk.counts["announcement_uri_unusable"] += 1
            return False
        leg = desk.new_leg(Role.MUSIC, call, offerless=False)
        call.music = leg
        sent = desk.sip(
            desk.ua.invite,
            leg.leg_id,
            uri,
            peer,
            desk.now_s,
            from_=f"<sip:queue@{call.peer.local[0]}>",
            to=f"<{uri}>",
            body=call.caller_sdp,
            headers=[("Content-Type", "application/sdp")],
            ring_s=desk.settings.media.announcement_s,
        )
        if not sent:
            self.drop_server(call)
        return sent

    def drop_server(self, call: Call) -> None:
        """End the leg to the announcement server, however far it has come."""
        leg, call.music = call.music, None
        if leg is None:
            return
        self._desk.forget_leg(leg)
        ua, now_s = self._desk.ua, self._desk.now_s
        if leg.state is LegState.UP:
            self._desk.sip(ua.bye, leg.leg_id, now_s)
        elif leg.state is LegState.EARLY:
            self._desk.sip(ua.cancel, leg.leg_id, now_s)

    def server_gone(self, leg: Leg) -> None:
        """The announcement server refused or hung up."""
        self._desk.counts["announcement_failed"] += 1
        self._desk.forget_leg(leg)
        leg.call.music = None

    def _read(self, body: bytes) -> sdp.Description:
        return sdp.read(body, bytes_max=self._desk.settings.limits.sdp_bytes_max)
