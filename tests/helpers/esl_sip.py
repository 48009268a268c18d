"""The SIP side of the FreeSWITCH in memory: callers and bridges by UDP, without media.

A caller's INVITE becomes a channel; what the channel answers, redirects or ends becomes SIP, and so
does a leg to another site. Session descriptions go through as they are.
Agents' phones are those of the PBX in memory: each is answered as soon as it rings.
"""

from __future__ import annotations

import itertools
import socket
import time
from collections.abc import Iterable, Mapping

from esl_channels import Channel
from esl_pbx import Pbx

from nrcli.sip.errors import LocalProtocolError
from nrcli.sip.message import SipUri
from site_agent.sip import signals as s
from site_agent.sip.settings import SipSettings
from site_agent.sip.user_agent import UserAgent

IVR_HOST = "127.0.0.9"
DATA, INTERACTION = "X-NIRC-Data", "X-NIRC-Interaction"


class SipFront:
    """Polled between two steps of the PBX. `ports` names the Sofia profile of each UDP port."""

    def __init__(self, pbx: Pbx, site: str, ports: Mapping[int, str]) -> None:
        self._pbx = pbx
        self._site = site
        self._profiles = dict(ports)
        self._sockets: dict[int, socket.socket] = {}
        self._ids = itertools.count(1)
        self._agent = UserAgent(SipSettings(), lambda: f"fs{next(self._ids)}")
        self._channels: dict[str, str] = {}
        "SIP leg to channel."
        self._told_answer: set[str] = set()
        self._offers: dict[str, bytes] = {}
        self._answers: dict[str, bytes] = {}
        "By the caller's channel."
        self._out: set[str] = set()
        "Legs to other sites: channel and SIP leg have one name."
        pbx.channels.far = "sip"
        self.requests: list[str] = []
        for port in ports:
            found = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            found.bind(("127.0.0.1", port))
            found.setblocking(False)
            self._sockets[port] = found

    def close(self) -> None:
        for one in self._sockets.values():
            one.close()

    def poll(self) -> None:
        """Take what came, tell what changed."""
        now_s = time.monotonic()
        for port, one in self._sockets.items():
            while True:
                try:
                    data, remote = one.recvfrom(65_536)
                except BlockingIOError:
                    break
                self.requests.append(data.split(b"\r\n", 1)[0].decode("utf-8", "replace"))
                peer = s.Peer("udp", ("127.0.0.1", port), remote)
                self._take(self._agent.receive(data, peer, now_s), now_s)
        self._take(self._agent.fire(now_s), now_s)
        for name in self._pbx.centre.agents:
            self._pbx.agent_answers(name)
        for leg, channel in list(self._channels.items()):
            self._follow(leg, channel, now_s)
        for leg in self._out - set(self._pbx.channels.legs):
            self._out.discard(leg)
            self._take(self._over(leg, now_s), now_s)
        for one in list(self._pbx.channels.legs.values()):
            if "nirc_move" in one.variables and one.uuid not in self._out:
                self._out.add(one.uuid)
                self._take(self._invite(one, now_s), now_s)

    def _take(self, outputs: Iterable[object], now_s: float) -> None:
        for output in list(outputs):
            match output:
                case s.SendBytes(peer=peer, data=data):
                    self._sockets[peer.local[1]].sendto(data, peer.remote)
                case s.InviteReceived():
                    self._invited(output)
                case s.ProvisionalReceived() | s.AnswerReceived() | s.InviteFailed():
                    self._far(output, now_s)
                case s.ByeReceived(leg=leg) if leg in self._out:
                    self._out.discard(leg)
                    self._pbx.channels.gone(self._pbx.channels.legs[leg], "NORMAL_CLEARING")
                case s.ReinviteReceived(leg=leg):
                    body = self._offers.get(leg, b"")
                    self._take(self._agent.accept_reinvite(leg, body, now_s), now_s)
                case s.CancelReceived(leg=leg) | s.ByeReceived(leg=leg):
                    self._pbx.hang_up(self._channels.pop(leg, ""))
                case s.RequestReceived(transaction=transaction):
                    self._take(self._agent.respond(transaction, 200, now_s), now_s)
                case _:
                    pass

    def _invited(self, event: s.InviteReceived) -> None:
        request, headers = event.request, event.request.headers
        variables = {"sip_call_id": headers.get("Call-ID") or "", "sip_req_user": request.uri.user}
        if event.peer.remote[0] == IVR_HOST:
            variables["nirc_data"] = headers.get(DATA) or ""
            variables["nirc_interaction"] = headers.get(INTERACTION) or ""
        extension = request.uri.user
        if not extension.startswith("nirc-"):
            extension = "nirc_keep"
            variables |= {"nirc_queue": "sales@default", "nirc_dialed": request.uri.user}
        profile = self._profiles[event.peer.local[1]]
        channel = self._pbx.call(extension, profile=profile, **variables)
        self._channels[event.leg] = channel.uuid
        self._offers[channel.uuid] = event.request.body

    def _follow(self, leg: str, uuid: str, now_s: float) -> None:
        channel = self._pbx.channels.legs.get(uuid)
        if channel is None:
            del self._channels[leg]
            self._take(self._ended(leg, uuid, now_s), now_s)
        elif channel.answered and leg not in self._told_answer:
            self._told_answer.add(leg)
            self._take(self._agent.answer(leg, self._sdp(uuid), now_s), now_s)

    def _invite(self, leg: Channel, now_s: float) -> Iterable[object]:
        _, profile, target = leg.number.split("/", 2)
        port = next(port for port, name in self._profiles.items() if name == profile)
        uri = SipUri.parse("sip:" + target)
        peer = s.Peer("udp", ("127.0.0.1", port), (uri.host, uri.port or 5060))
        self._offers[leg.uuid] = offer = self._offers[leg.other]
        caller = f"<sip:{leg.caller}@127.0.0.1:{port}>"
        headers = [
            (name.removeprefix("sip_h_"), value)
            for name, value in leg.variables.items()
            if name.startswith("sip_h_")
        ]
        return self._agent.invite(
            leg.uuid, uri, peer, now_s, from_=caller, to=f"<{uri}>", body=offer, headers=headers
        )

    def _far(
        self, output: s.ProvisionalReceived | s.AnswerReceived | s.InviteFailed, now_s: float
    ) -> None:
        leg = self._pbx.channels.legs.get(output.leg)
        if isinstance(output, s.AnswerReceived):
            self._take(self._agent.ack(output.leg, now_s), now_s)
        if leg is None:
            return
        if isinstance(output, s.ProvisionalReceived):
            self._pbx.channels.tell("CHANNEL_PROGRESS", leg)
        elif isinstance(output, s.InviteFailed):
            self._out.discard(leg.uuid)
            self._pbx.channels.leg_fails(leg, "CALL_REJECTED", output.status)
        else:
            self._answers[leg.other] = output.response.body
            self._pbx.channels.leg_answers(leg)

    def _over(self, leg: str, now_s: float) -> Iterable[object]:
        try:
            return self._agent.bye(leg, now_s)
        except LocalProtocolError:
            return self._agent.cancel(leg, now_s)

    def _ended(self, leg: str, uuid: str, now_s: float) -> Iterable[object]:
        if leg in self._told_answer:
            return self._agent.bye(leg, now_s)
        last = [one for one in self._pbx.channels.sent if one[0] == uuid and one[1].isdigit()]
        status = int(last[-1][1]) if last else 480
        contacts = [("Contact", one) for one in last[-1][2].split(",") if one] if last else []
        return self._agent.reject(leg, status, now_s, headers=contacts)

    def _sdp(self, uuid: str) -> bytes:
        if uuid in self._answers:
            return self._answers[uuid]
        legs = self._pbx.channels.legs.values()
        agents = [leg.variables["nirc_agent"] for leg in legs if leg.other == uuid]
        member = self._pbx.centre.member_of(uuid)
        agent = agents[0] if agents else member.agent if member else ""
        name = f"agent {agent.partition('@')[0]}@{self._site}" if agent else "music"
        lines = ("v=0", "o=- 1 1 IN IP4 127.0.0.1", f"s={name}", "c=IN IP4 127.0.0.1", "t=0 0")
        media = ("m=audio 40000 RTP/AVP 8 0", "a=sendrecv", "")
        return "\r\n".join((*lines, *media)).encode()
