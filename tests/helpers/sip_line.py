"""A caller and a server on a perfect wire, driven command by command."""

from __future__ import annotations

from typing import Any

from sip_wire import Station, Wire

from nrcli.sip.message import SipUri, parse
from site_agent.sip.settings import SipSettings
from site_agent.sip.signals import AckReceived, InviteReceived

NOTHING = {
    "legs": 0, "tags": 0, "transactions": 0, "timers": 0, "pending": 0, "merged": 0,
}  # fmt: skip


class Line:
    """A caller, a server and the wire between them."""

    def __init__(self, settings: SipSettings | None = None) -> None:
        self.caller = Station("c", 5001, settings)
        self.server = Station("s", 5002, settings)
        self.wire = Wire(self.caller, self.server)

    def call(self, leg: str = "out", **options: object) -> str:
        """Place a call and return the server's leg."""
        self.caller.take(
            self.caller.agent.invite(
                leg,
                SipUri.parse("sip:sales@127.0.0.1:5002"),
                self.caller.peer(self.server),
                self.wire.now_s,
                from_="<sip:ana@127.0.0.1:5001>",
                to="<sip:sales@127.0.0.1:5002>",
                body=b"offer",
                **options,  # type: ignore[arg-type]
            ),
            self.wire.now_s,
        )
        self.pause()
        received = self.last(self.server, InviteReceived)
        return received.leg

    def pause(self, seconds: float = 0.05) -> None:
        self.wire.run(self.wire.now_s + seconds)

    def server_does(self, command: str, *args: object, **options: object) -> None:
        now_s = self.wire.now_s
        self.server.take(getattr(self.server.agent, command)(*args, now_s, **options), now_s)
        self.pause()

    def caller_does(self, command: str, *args: object, **options: object) -> None:
        now_s = self.wire.now_s
        self.caller.take(getattr(self.caller.agent, command)(*args, now_s, **options), now_s)
        self.pause()

    def talk(self) -> str:
        """A call that stands."""
        leg = self.call()
        self.server_does("answer", leg, b"answer")
        self.caller_does("ack", "out")
        assert isinstance(self.server.events[-1], AckReceived)
        return leg

    @staticmethod
    def last(station: Station, kind: type) -> Any:
        return next(event for event in reversed(station.events) if isinstance(event, kind))

    @staticmethod
    def kinds(station: Station) -> list[type]:
        return [type(event) for event in station.events]

    def call_refused(self) -> None:
        """A call that the server refuses before it tells its owner."""
        flow = self.caller.peer(self.server)
        uri = SipUri.parse("sip:x@127.0.0.1:5002")
        outputs = self.caller.agent.invite(
            "refused", uri, flow, self.wire.now_s, from_="<sip:a@h>", to="<sip:x@h>"
        )
        self.caller.take(outputs, self.wire.now_s)
        self.pause()
        assert self.server.events == []

    def raw(self, data: bytes, sender: Station | None = None) -> list[Any]:
        """Bytes from nowhere to the server; what it sent back, parsed, and its events."""
        peer = self.server.peer(sender or self.caller)
        outputs = self.server.agent.receive(data, peer, self.wire.now_s)
        return [parse(o.data) if hasattr(o, "data") else o for o in outputs]

    def sent(self, sender: str, start: str) -> list[Any]:
        """Messages of a station whose first line begins so, parsed."""
        return [
            parse(d) for name, d in self.wire.log if name == sender and d.startswith(start.encode())
        ]

    def ends_clean(self) -> None:
        self.wire.run()
        assert self.caller.leftovers() == NOTHING
        assert self.server.leftovers() == NOTHING
