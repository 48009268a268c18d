"""Decides whether whoever registers an agent's phone knows the agent's password (RFC 3261 22).

Rule of this file: an agent with a password is asked for it always, one without never. After some
wrong answers from one address the next are not looked at for a while: passwords cannot be guessed.
"""

from __future__ import annotations

from collections.abc import Callable

from nrcli.sip.message import Request
from site_agent.adapters.sip_acd.settings import SipAcdSettings
from site_agent.sip.digest_server import DigestServer, Verdict
from site_agent.sip.signals import Header
from site_agent.sip.source_shares import Buckets

WRONG_PER_S = 0.1
WRONG_AT_ONCE = 10.0
Refusal = tuple[int, list[Header]]


class PhonePasswords:
    """Passwords of agents' phones."""

    __slots__ = ("_new_id", "_passwords", "_server", "_settings", "_wrong")

    def __init__(self, settings: SipAcdSettings, new_id: Callable[[], str]) -> None:
        self._settings = settings.digest
        self._new_id = new_id
        self._passwords = {agent.name: agent.password for agent in settings.agents}
        self._server: DigestServer | None = None
        self._wrong = Buckets(WRONG_PER_S, burst=WRONG_AT_ONCE)

    def refusal(self, agent: str, request: Request, host: str, now_s: float) -> Refusal | None:
        """What a REGISTER is refused with; None: it may go on."""
        password = self._passwords.get(agent, "")
        if not password:
            return None
        if self._server is None:
            self._server = DigestServer(self._settings, self._new_id())
        if not self._wrong.has(host, now_s):
            return 403, []
        values = request.headers.get_all("Authorization")
        verdict = self._server.check(values, agent, password, request.method, now_s)
        if verdict is Verdict.RIGHT:
            return None
        if verdict is Verdict.WRONG:
            self._wrong.take(host, now_s)
        asked = self._server.challenges(now_s, stale=verdict is Verdict.STALE)
        return 401, [("WWW-Authenticate", value) for value in asked]
