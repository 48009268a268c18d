"""Callers written as bytes: thousands a second for the built-in ACD, without sockets or a clock.

`ScriptedCallers` is the far end of a trunk: it says what sipp would say (INVITE and ACK; or answer,
REFER, NOTIFY, BYE) and reads only what it needs to go on. `Site` is the ACD behind it with a daemon
that moves every call at once. Their clock is an argument, so that a million calls need no waiting.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable
from typing import Any

from nrcli.sip.flow import Peer
from nrcli.wire.messages import TransferMethod
from site_agent.adapters.base import (
    CallAnswered,
    CallOffered,
    EndMoved,
    MoveProgress,
    MoveSign,
    StartMove,
)
from site_agent.adapters.sip_acd.adapter import SipAcd
from site_agent.adapters.sip_acd.settings import (
    LimitSettings,
    QueueSettings,
    SipAcdSettings,
    TrunkGroupSettings,
)
from site_agent.sip.settings import SipSettings
from site_agent.sip.signals import SendBytes
from site_agent.sip.user_agent import UserAgent

SERVICES = ("redirect", "refer")
TARGET = "sip:nirc-token@127.0.0.1:9"
MANY = 100_000
LISTEN = ("127.0.0.1", 5060)
CALLER = Peer("udp", LISTEN, ("127.0.0.1", 5061))
SDP = (
    b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    b"m=audio 9 RTP/AVP 8\r\n"
)


def acd_settings(listen: tuple[str, int] = LISTEN) -> SipAcdSettings:
    """One trunk group without narrow limits, a queue for each way to move a call, no agents."""
    group = TrunkGroupSettings(
        name="carrier",
        listen=listen,
        peers=("127.0.0.0/8",),
        numbers={name: name for name in SERVICES},
        channels_max=MANY,
        calls_per_s_per_source=MANY,
        answer_after_s=0.0,
    )
    return SipAcdSettings(
        trunk_groups=(group,),
        queues=tuple(QueueSettings(name=name, places_max=MANY) for name in SERVICES),
        limits=LimitSettings(redirect_options_s=0.0, calls_max=MANY),
    )


def moves_for(event: object) -> list[Any]:
    """What a daemon says that moves every call: by 302, or by REFER once it is answered."""
    match event:
        case CallOffered(call_id=call_id, service="redirect"):
            return [_move(call_id, TransferMethod.REDIRECT_302)]
        case CallAnswered(call_id=call_id):
            return [_move(call_id, TransferMethod.REFER)]
        case MoveProgress(call_id=call_id, sign=MoveSign.NOTIFIED):
            return [EndMoved(call_id=call_id)]
    return []


def _move(call_id: str, method: TransferMethod) -> StartMove:
    return StartMove(call_id=call_id, move_id=call_id, method=method, address=TARGET)


class Site:
    """The ACD's core with its daemon; what it sends goes to `send`."""

    def __init__(self, new_id: Callable[[], str], send: Callable[[bytes], None]) -> None:
        self.user_agent = UserAgent(SipSettings(), new_id)
        self.acd = SipAcd(acd_settings(), self.user_agent, new_id)
        self._send = send

    def receive(self, data: bytes, now_s: float) -> None:
        self._take(self.acd.receive(data, CALLER, now_s), now_s)

    def fire(self, now_s: float) -> None:
        next_s = self.acd.next_timer_s()
        if next_s is not None and next_s <= now_s:
            self._take(self.acd.fire(now_s), now_s)

    def _take(self, outcomes: list[Any], now_s: float) -> None:
        waiting = deque(outcomes)
        while waiting:
            outcome = waiting.popleft()
            if isinstance(outcome, SendBytes):
                self._send(outcome.data)
                continue
            for command in moves_for(outcome):
                waiting.extend(self.acd.command(command, now_s))


class ScriptedCallers:
    """One trunk's worth of callers; `call` places one, `said` is what they send next."""

    def __init__(self) -> None:
        self.said: deque[bytes] = deque()
        self.done_count = 0
        self._serial = itertools.count(1)

    def call(self, service: str) -> None:
        """One more INVITE."""
        number = next(self._serial)
        self.said.append(
            _head(b"INVITE", b"sip:%s@127.0.0.1:5060" % service.encode(), number, b"1")
            + b"To: <sip:%s@127.0.0.1:5060>\r\n" % service.encode()
            + b"Contact: <sip:caller@127.0.0.1:5061>\r\nMax-Forwards: 70\r\n"
            + b"Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n" % len(SDP)
            + SDP
        )

    def hear(self, data: bytes) -> None:
        """Go on with the call that a message belongs to."""
        start = data[:12]
        if start == b"SIP/2.0 302 ":
            self._acknowledge(data)
            self.done_count += 1
        elif start == b"SIP/2.0 200 " and b" INVITE\r\n" in data:
            self._acknowledge(data)
        elif start.startswith(b"REFER "):
            self.said.append(_echo(b"202 Accepted", data, contact=True))
            self.said.append(_notify(data))
        elif start.startswith(b"BYE "):
            self.said.append(_echo(b"200 OK", data))
            self.done_count += 1

    def _acknowledge(self, response: bytes) -> None:
        number = int(_line(response, b"Call-ID: ").partition(b"@")[0])
        branch = b"" if response.startswith(b"SIP/2.0 302") else b"a"
        self.said.append(
            _head(b"ACK", b"sip:x@127.0.0.1:5060", number, b"1", branch)
            + b"To: %s\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n" % _line(response, b"To: ")
        )


def _head(method: bytes, uri: bytes, number: int, cseq: bytes, branch: bytes = b"") -> bytes:
    return (
        b"%s %s SIP/2.0\r\n"
        b"Via: SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bK-%d-%s\r\n"
        b"From: <sip:caller@127.0.0.1:5061>;tag=t%d\r\n"
        b"Call-ID: %d@127.0.0.1\r\nCSeq: %s %s\r\n"
    ) % (method, uri, number, branch, number, number, cseq, method)


def _notify(refer: bytes) -> bytes:
    number = int(_line(refer, b"Call-ID: ").partition(b"@")[0])
    body = b"SIP/2.0 200 OK\r\n"
    return (
        _head(b"NOTIFY", b"sip:x@127.0.0.1:5060", number, b"2", b"n")
        + b"To: %s\r\nContact: <sip:caller@127.0.0.1:5061>\r\n" % _line(refer, b"From: ")
        + b"Max-Forwards: 70\r\nEvent: refer\r\n"
        + b"Subscription-State: terminated;reason=noresource\r\n"
        + b"Content-Type: message/sipfrag;version=2.0\r\nContent-Length: %d\r\n\r\n" % len(body)
        + body
    )


def _echo(status: bytes, request: bytes, *, contact: bool = False) -> bytes:
    names = (b"Via: ", b"From: ", b"To: ", b"Call-ID: ", b"CSeq: ")
    lines = b"".join(name + _line(request, name) + b"\r\n" for name in names)
    more = b"Contact: <sip:caller@127.0.0.1:5061>\r\n" if contact else b""
    return b"SIP/2.0 %s\r\n%s%sContent-Length: 0\r\n\r\n" % (status, lines, more)


def _line(data: bytes, name: bytes) -> bytes:
    start = data.index(b"\r\n" + name) + 2 + len(name)
    return data[start : data.index(b"\r\n", start)]
