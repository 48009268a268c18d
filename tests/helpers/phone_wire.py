"""The phones against a site that the test plays with the same core, on a jumping clock.

Rule of this file: nothing sleeps; time moves only by `Wire.run`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from nrcli.sip.message import SipUri
from site_agent.phones.agent_phone import AgentSettings
from site_agent.phones.attached_data import canonical, to_header
from site_agent.phones.plan import CallPlan, Door
from site_agent.phones.sdp import offer_or_answer
from site_agent.phones.switchboard import Switchboard
from site_agent.sip.settings import SipSettings
from site_agent.sip.signals import (
    AckReceived,
    AnswerReceived,
    InviteReceived,
    Peer,
    SendBytes,
    UserAgentEvent,
)
from site_agent.sip.user_agent import UserAgent

SITE = ("127.0.0.1", 5061)
CALLERS = ("127.0.0.1", 5080)
IVR = ("127.0.0.9", 5080)
PORTO = ("127.0.0.1", 6002)
DATA = canonical({"customer": "C1"})
MUSIC = offer_or_answer("music", "127.0.0.1", 7000)
AGENT_URI = f"sip:diogo@{PORTO[0]}:{PORTO[1]}"


class Wire:
    """The site's user agent and the phones, joined; time moves only by `run`."""

    def __init__(self, **agent: object) -> None:
        ids = count(1)
        new_id = lambda: f"id{next(ids)}"  # noqa: E731
        self.now_s = 100.0
        self.site = UserAgent(SipSettings(), new_id)
        settings = AgentSettings(
            name="diogo",
            site="porto",
            listen=PORTO,
            answer_after_s=(0.2, 0.2),
            talk_s=(2.0, 2.0),
            **agent,  # type: ignore[arg-type]
        )
        self.phones = Switchboard(
            UserAgent(SipSettings(), new_id),
            agents=[settings],
            caller_local=CALLERS,
            ivr_local=IVR,
            rtp=("127.0.0.1", 4000),
            seed=1,
            new_id=new_id,
        )
        self.events: list[UserAgentEvent] = []
        self.on_event: Callable[[UserAgentEvent], list[object]] = lambda _: []

    def carry(self, sends: list[SendBytes]) -> None:
        """Hand bytes over until nobody says anything more."""
        pending = list(sends)
        while pending:
            send = pending.pop(0)
            there = Peer(send.peer.transport, send.peer.remote, send.peer.local)
            if send.peer.remote == SITE:
                pending += self.site_outputs(self.site.receive(send.data, there, self.now_s))
            else:
                pending += self.phones.receive(send.data, there, self.now_s)

    def site_outputs(self, outputs: list[object]) -> list[SendBytes]:
        found: list[SendBytes] = []
        for output in outputs:
            if isinstance(output, SendBytes):
                found.append(output)
            else:
                self.events.append(output)  # type: ignore[arg-type]
                found += self.site_outputs(self.on_event(output))  # type: ignore[arg-type]
        return found

    def do(self, outputs: list[object]) -> None:
        """Carry out what the site's user agent was told."""
        self.carry(self.site_outputs(outputs))

    def run(self, seconds: float) -> None:
        """Let time pass, timer by timer."""
        end_s = self.now_s + seconds
        while True:
            due = [at for at in (self.site.next_timer_s(), self.phones.next_timer_s()) if at]
            self.now_s = min([end_s, *(max(at, self.now_s) for at in due)])
            self.do(self.site.fire(self.now_s))  # type: ignore[arg-type]
            self.carry(self.phones.fire(self.now_s))
            if self.now_s >= end_s:
                return

    def place(self, **more: object) -> int:
        fields: dict[str, object] = {
            "number": 1,
            "at_s": 0.0,
            "door": Door(site="lisbon", trunk_group="carrier", address=SITE),
            "dialed": "+351210000001",
            "ani": "+351910000001",
            "interaction_id": "ab" * 16,
        }
        plan = CallPlan(**{**fields, **more})  # type: ignore[arg-type]
        self.carry(self.phones.place(plan, self.now_s))
        return plan.number

    def invite_without_offer(self, uri: str) -> None:
        """The site rings an agent's phone as it does for an answered caller (RFC 3725 flow I)."""
        address = SipUri.parse(uri)
        caller = offer_or_answer("call 77", "127.0.0.1", 7002)

        def acknowledge(event: UserAgentEvent) -> list[object]:
            if isinstance(event, AnswerReceived):
                return self.site.ack(event.leg, self.now_s, body=caller)  # type: ignore[return-value]
            return []

        self.on_event = acknowledge
        self.do(
            self.site.invite(  # type: ignore[arg-type]
                "to-agent",
                address,
                Peer("udp", SITE, (address.host, address.port or 5060)),
                self.now_s,
                from_="<sip:site@127.0.0.1>",
                to=f"<{uri}>",
                headers=[("X-NIRC-Data", to_header(DATA))],
            )
        )

    def last(self, kind: type) -> UserAgentEvent:
        return next(event for event in reversed(self.events) if isinstance(event, kind))

    @property
    def result(self) -> object:
        return self.phones.results()[0]


def redirect(wire: Wire, *contacts: str) -> None:
    leg = wire.last(InviteReceived).leg  # type: ignore[union-attr]
    headers = [("Contact", ", ".join(contacts))]
    wire.do(wire.site.reject(leg, 302, wire.now_s, headers=headers))  # type: ignore[arg-type]


def answer_with_music(wire: Wire) -> str:
    leg = wire.last(InviteReceived).leg  # type: ignore[union-attr]
    wire.do(wire.site.answer(leg, MUSIC, wire.now_s))  # type: ignore[arg-type]
    assert isinstance(wire.last(AckReceived), AckReceived)
    return leg
