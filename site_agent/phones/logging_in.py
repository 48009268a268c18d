"""One agent's phone logs in at a PBX (REGISTER with a password), and stays logged in.

Rule of this file: pure; it sends, hears the answer and sets its next timer. What refuses it or does
not answer is asked again soon, for a PBX may be started after its phones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from nrcli.sip.message import SipUri
from site_agent.phones.agent_phone import AgentSettings
from site_agent.sip.signals import Output, Peer, ResponseReceived, UserAgentCore

EXPIRES_S = 60
AGAIN_S = EXPIRES_S / 2
RETRY_S = 1.0


@dataclass(slots=True)
class LogIn:
    """State of one phone's log-in; `settings.register_at` is set."""

    settings: AgentSettings
    user_agent: UserAgentCore
    start_timer: Callable[[float, Callable[[float], list[Output]]], None]
    status: int = field(default=0)
    "The last answer; 0: none yet."

    @property
    def handle(self) -> str:
        """What its requests are called."""
        return f"register-{self.settings.site}-{self.settings.name}"

    @property
    def is_logged_in(self) -> bool:
        """Did the PBX take it the last time?"""
        return 200 <= self.status < 300

    def start(self, now_s: float) -> list[Output]:
        """Ask. Source: RFC 3261 section 10.2."""
        settings = self.settings
        assert settings.register_at is not None
        host, port = settings.register_at
        at_host, at_port = settings.listen
        us = f"<sip:{settings.name}@{host}:{port}>"
        return self.user_agent.request(
            self.handle,
            "REGISTER",
            SipUri.parse(f"sip:{host}:{port}"),
            Peer("udp", settings.listen, settings.register_at),
            now_s,
            from_=us,
            to=us,
            headers=[
                ("Contact", f"<sip:{settings.name}@{at_host}:{at_port}>"),
                ("Expires", str(EXPIRES_S)),
            ],
            credentials=(settings.name, settings.password),
        )

    def answered(self, event: ResponseReceived, now_s: float) -> list[Output]:
        """The PBX's word, or its silence."""
        self.status = event.status
        self.start_timer(now_s + (AGAIN_S if self.is_logged_in else RETRY_S), self.start)
        return []
