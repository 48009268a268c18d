"""Session timers (RFC 4028): who refreshes a call, how often, and what ends one that nobody does.

Rule of this file: a timer runs only where the other end asked for one. We refresh by UPDATE (RFC
4028 7.4), and leave the timer to the other end where it takes none; an end that does not refresh
in time is gone.
"""

from __future__ import annotations

from dataclasses import dataclass

from nrcli.sip.errors import MessageError
from nrcli.sip.message import Headers, Response
from site_agent.sip.leg import Leg, LegState, PendingRequest
from site_agent.sip.stack import Stack
from site_agent.sip.transaction import Transaction
from site_agent.sip.transaction_tables import Sign

AGAIN_S = 3.0
"A refresh that met something else in the dialog is tried again after this."
LATE_S_MAX = 32.0
"A session ends this long before it expires, or a third of it (RFC 4028 10)."


@dataclass(frozen=True, slots=True)
class Session:
    """A running timer, in seconds."""

    expires_s: int
    we_refresh: bool

    @property
    def due_s(self) -> float:
        """From one refresh to ours, or to the end of a call that the other end left."""
        if self.we_refresh:
            return self.expires_s / 2
        return self.expires_s - min(LATE_S_MAX, self.expires_s / 3)


def session_expires(headers: Headers) -> tuple[int, str]:
    """Seconds and refresher (uac, uas or "") of Session-Expires; 0 where there is none.

    Raises: MessageError(400).
    """
    value = headers.get("session-expires")
    if value is None:
        return 0, ""
    text, *params = (part.strip() for part in value.split(";"))
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise MessageError(400, "Malformed Session-Expires")
    told = dict(param.lower().partition("=")[::2] for param in params)
    refresher = told.get("refresher", "")
    return int(text), refresher if refresher in {"uac", "uas"} else ""


def _has(headers: Headers, name: str, word: str) -> bool:
    return any(word == w.strip().lower() for v in headers.get_all(name) for w in v.split(","))


class SessionTimers(Stack):
    """Timers of calls that stand."""

    def _check_session(self, headers: Headers) -> None:
        """Refuse a session shorter than ours with 422, where the other end can hear that."""
        expires_s, _ = session_expires(headers)
        too_short = 0 < expires_s < self.settings.session_s_min
        if too_short and _has(headers, "supported", "timer"):
            raise MessageError(422, "")

    def _refuses_session(self, pending: PendingRequest, now_s: float) -> bool:
        """A session timer that is too short: 422 with ours."""
        try:
            self._check_session(pending.request.headers)
        except MessageError as error:
            extra = self._min_se() if error.status == 422 else ""
            self._reply(pending, error.status, now_s, "", "", extra)
            return True
        return False

    def _min_se(self) -> str:
        return f"Min-SE: {self.settings.session_s_min}\r\n"

    def _session_answer(self, leg: Leg, headers: Headers, now_s: float) -> str:
        """Lines of our 2xx to an INVITE, re-INVITE or UPDATE with these headers."""
        expires_s, refresher = session_expires(headers)
        supports = _has(headers, "supported", "timer")
        self._set_session(leg, None, now_s)
        if not expires_s:
            return ""
        refresher = refresher or ("uac" if supports else "uas")
        if refresher == "uas" and not _has(headers, "allow", "update"):
            return ""
        expires_s = max(expires_s, self.settings.session_s_min)
        self._set_session(leg, Session(expires_s, refresher == "uas"), now_s)
        require = "Require: timer\r\n" if supports else ""
        return f"{require}Session-Expires: {expires_s};refresher={refresher}\r\n"

    def _session_told(self, leg: Leg, headers: Headers, now_s: float) -> None:
        """A 2xx to an INVITE, re-INVITE or UPDATE of ours: the timer as it says, or none."""
        try:
            expires_s, refresher = session_expires(headers)
        except MessageError:
            return
        session = Session(expires_s, refresher == "uac") if expires_s else None
        self._set_session(leg, session, now_s)

    def _session_lines(self, leg: Leg) -> str:
        """Lines of our re-INVITE or UPDATE: the timer stays as it is (RFC 4028 7.4)."""
        session = leg.session
        if session is None:
            return ""
        refresher = "uac" if session.we_refresh else "uas"
        return f"Session-Expires: {session.expires_s};refresher={refresher}\r\n{self._min_se()}"

    def _set_session(self, leg: Leg, session: Session | None, now_s: float) -> None:
        self._timers.stop(leg.session_timer)
        leg.session, leg.session_timer = session, None
        if session is not None:
            at_s = now_s + session.due_s
            leg.session_timer = self._timers.start(at_s, self._session_due, leg, None)

    def _resume_session(self, leg: Leg, session: Session) -> None:
        """A leg of before a restart: refreshed at once, or given a whole interval more."""
        leg.session = session
        leg.session_timer = self._timers.start(0.0, self._session_due, leg, "resumed")

    def _session_due(self, leg: Leg, sign: object, now_s: float) -> None:
        session = leg.session
        leg.session_timer = None
        if session is None or self._legs.get(leg.id) is not leg or leg.dialog is None:
            return
        if not session.we_refresh:
            if sign == "resumed":
                self._set_session(leg, session, now_s)
            elif leg.state is LegState.TALKING:
                self._end_expired(leg, now_s)
            return
        if leg.state is not LegState.TALKING:
            self._again(leg, now_s)
            return
        extra = self._contact(leg.peer, secure=leg.is_secure) + "Supported: timer\r\n"
        request = self._in_dialog(
            leg.dialog, "UPDATE", extra + self._session_lines(leg) + self._agent_line
        )
        self._launch(request, leg.dialog.next_hop(), leg, self._refreshed, now_s)

    def _refreshed(
        self, transaction: Transaction, sign: Sign, response: Response | None, now_s: float
    ) -> None:
        leg: Leg = transaction.owner
        if self._legs.get(leg.id) is not leg or leg.session is None:
            return
        if response is None or response.status in {408, 481}:
            self._end_expired(leg, now_s)
        elif response.status < 300:
            self._session_told(leg, response.headers, now_s)
        elif response.status in {491, 500}:
            self._again(leg, now_s)
        elif response.status == 422:
            least = response.headers.get("min-se") or ""
            if least.isascii() and least.isdigit() and len(least) < 7:
                leg.session = Session(max(leg.session.expires_s, int(least)), we_refresh=True)
                self._again(leg, now_s)

    def _again(self, leg: Leg, now_s: float) -> None:
        leg.session_timer = self._timers.start(now_s + AGAIN_S, self._session_due, leg, None)

    def _end_expired(self, leg: Leg, now_s: float) -> None:
        """The other end is gone; the part that ends calls says how."""
