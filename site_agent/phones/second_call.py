"""What an agent's phone does beside answering: holds its caller, consults somebody in a second
call, joins the two by REFER with Replaces (RFC 3891), or does not.

Rule of this file: decisions only, for one phone; every method returns what the user agent core
returned. The far end of a call is known by what it says of itself in its session description.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nrcli.sip.message import SipUri
from site_agent.phones.sdp import offer_or_answer, session_name
from site_agent.sip.signals import (
    AnswerReceived,
    ByeReceived,
    InviteFailed,
    LegLost,
    Output,
    Peer,
    ProvisionalReceived,
    ReinviteReceived,
    UserAgentCore,
    UserAgentEvent,
)

RESUMED, HELD = "sendrecv", "sendonly"


@dataclass(slots=True)
class SecondCall:
    """The second call of a phone, and which of its calls it holds."""

    user_agent: UserAgentCore
    agent: str
    name: str
    "What this phone says of itself in a session description."
    rtp: tuple[str, int]
    new_leg: Callable[[], str]
    leg: str = ""
    status: int = 0
    "Of the INVITE: the last provisional or final answer, 0 before any."
    talks_with: str = ""
    held: dict[str, str] = field(default_factory=dict)
    "Leg to the direction that was asked for last."

    def dial(self, to: str, first: Peer, now_s: float) -> list[Output]:
        """Call somebody where the first call came from. `to`: a URI's user part."""
        host, port = first.remote
        self.leg, self.status, self.talks_with = self.new_leg(), 0, ""
        uri = SipUri.parse(f"sip:{to}@{host}:{port}")
        return self.user_agent.invite(
            self.leg,
            uri,
            first,
            now_s,
            from_=f"<sip:{self.agent}@{first.local[0]}:{first.local[1]}>",
            to=f"<{uri}>",
            body=self._sdp(RESUMED),
            headers=[("Content-Type", "application/sdp")],
        )

    def hold(self, leg: str, now_s: float) -> list[Output]:
        """Hold a call: its far end shall hear nothing of us (RFC 3264 8.4)."""
        return self._change(leg, HELD, now_s)

    def resume(self, leg: str, now_s: float) -> list[Output]:
        """Take the hold off."""
        return self._change(leg, RESUMED, now_s)

    def join(self, first: str, to: str, now_s: float) -> list[Output]:
        """Tell the far end of the first call to take the place of this one."""
        known = self.user_agent.kept(self.leg) or self.user_agent.kept_invite(self.leg)
        if known is None:
            raise ValueError(f"{self.agent} calls nobody")
        tags = (
            f"%3Bto-tag%3D{known.get('remote_tag', '')}%3Bfrom-tag%3D{known.get('local_tag', '')}"
        )
        named = f"{known['call_id'].replace('@', '%40')}{tags}"
        return self.user_agent.refer(first, f"<sip:{to}@site?Replaces={named}>", now_s)

    def drop(self, now_s: float) -> list[Output]:
        """Hang up, or give up while it rings."""
        leg, rings = self.leg, self.status < 200
        self.over(leg)
        return self.user_agent.cancel(leg, now_s) if rings else self.user_agent.bye(leg, now_s)

    def on(self, event: UserAgentEvent, now_s: float) -> list[Output]:
        """One event of this call."""
        match event:
            case ProvisionalReceived():
                self.status = event.response.status
            case AnswerReceived():
                self.status = 200
                self.talks_with = session_name(event.response.body)
                return self.user_agent.ack(event.leg, now_s)
            case ReinviteReceived():
                self.talks_with = session_name(event.request.body) or self.talks_with
                answer = self._sdp(self.held.get(event.leg, RESUMED))
                return self.user_agent.accept_reinvite(event.leg, answer, now_s)
            case InviteFailed():
                if not event.is_reinvite:
                    self.status = event.status
                    self.over(event.leg)
            case ByeReceived() | LegLost():
                self.over(event.leg)
        return []

    def over(self, leg: str) -> None:
        """A call of this phone has ended."""
        self.held.pop(leg, None)
        if leg == self.leg:
            self.leg, self.talks_with = "", ""

    def as_json(self) -> dict[str, Any]:
        """For whoever watches the phone."""
        return {"stands": bool(self.leg), "status": self.status, "talks_with": self.talks_with}

    def _change(self, leg: str, direction: str, now_s: float) -> list[Output]:
        self.held[leg] = direction
        return self.user_agent.reinvite(leg, self._sdp(direction), now_s)

    def _sdp(self, direction: str) -> bytes:
        return offer_or_answer(self.name, *self.rtp, direction=direction)
